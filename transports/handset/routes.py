"""The routes of the handset: its page, its state, its events, and what a person does."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from contacts.model import DEFAULT_ZONE
from db.session import Database
from kit.clock import Clock
from kit.errors import NotFound
from locales.text import _
from transports.handset import bodies, store
from transports.handset.acts import Acts
from transports.handset.bodies import BASE64_BYTES, asked
from transports.handset.control import PutBack, control_routes
from transports.handset.duty import Duty, Nobody
from transports.handset.events import Events
from transports.handset.model import Spot
from transports.handset.page import HEADERS, page, static_files
from transports.handset.pictures import Pictures
from transports.handset.problems import DATA_HEADERS, problem_route
from transports.handset.speech import Voice
from transports.handset.views import Sight, View, clock_view
from transports.intake import Intake

PhoneId = Annotated[int, Path(ge=1, le=2**53)]


def handset_routes(
    database: Database,
    intake: Intake,
    clock: Clock,
    stop: asyncio.Event,
    *,
    language: str = "es",
    zone: str = DEFAULT_ZONE,
    voice: Voice | None = None,
    pictures: Pictures | None = None,
    duty: Duty | None = None,
    put_back: PutBack | None = None,
) -> APIRouter:
    """Routes under `/handset`; mount them in trial mode alone.

    Set `stop` when the server is told to end: uvicorn waits for open event streams, which end
    within a quarter of a second of it. `zone` is the IANA time zone that the page shows, and
    `voice` answers the keys of calls. `pictures` are where photos are kept, for who shows them too.
    Without `duty` nobody is on duty here, and without `put_back` the clock only goes forward.
    """
    router = APIRouter(
        prefix="/handset", route_class=problem_route(language), include_in_schema=False
    )
    sight = Sight(pictures or Pictures(), duty or Nobody(), language)
    _read_routes(router, Events(database, clock, stop), sight, zone)
    _state_routes(router, database, clock, sight)
    acts = Acts(database, intake, clock, sight.pictures, voice)
    _act_routes(router, acts, database, sight)
    _call_routes(router, acts, sight)
    control_routes(router, database, clock, sight, put_back)
    return router


def _read_routes(router: APIRouter, events: Events, sight: Sight, zone: str) -> None:
    """The page, its files and its event stream."""
    files = static_files()

    @router.get("")
    async def show(request: Request) -> HTMLResponse:
        asked_in = sight.of(request).language
        return HTMLResponse(page(asked_in, zone), headers=HEADERS | {"Vary": "Accept-Language"})

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        file = files.get(name)
        if file is None:
            raise NotFound(_("handset.error.unknown"))
        return Response(file.content, media_type=file.kind, headers=HEADERS)

    @router.get("/events")
    async def stream(request: Request) -> StreamingResponse:
        return StreamingResponse(
            events.stream(request.is_disconnected, sight.of(request)),
            media_type="text/event-stream",
            headers=DATA_HEADERS | {"X-Accel-Buffering": "no"},
        )


def _state_routes(router: APIRouter, database: Database, clock: Clock, sight: Sight) -> None:
    """What stands on every screen."""

    @router.get("/state")
    async def state(request: Request) -> JSONResponse:
        async with database.read() as session:
            empty = not await store.changes(session)
        if empty:
            async with database.write() as session:
                await store.ensure_phones(session)
        async with database.read() as session:
            phones = await store.phones(session)
            seen = await sight.phones(session, phones)
            lines = [line for phone in phones for line in await store.recent(session, phone.id)]
        shown = sorted(lines, key=lambda line: line.id)
        return _json(
            {
                "clock": clock_view(clock),
                "phones": seen,
                "lines": [sight.of(request).line(line) for line in shown],
            }
        )

    @router.get("/pictures/{line_id}")
    async def picture(line_id: PhoneId) -> Response:
        found = sight.pictures.find(line_id)
        if found is None:
            raise NotFound(_("handset.error.unknown"))
        return Response(found.content, media_type=found.kind, headers=HEADERS)


def _act_routes(router: APIRouter, acts: Acts, database: Database, sight: Sight) -> None:
    """What a person does with a phone; each answers with the new line, or with the phone."""

    @router.post("/phones/{phone_id}/text")
    async def text(phone_id: PhoneId, request: Request) -> JSONResponse:
        typed = await asked(request, bodies.Typed)
        line = await acts.write(phone_id, typed.channel, typed.text, typed.reply_to)
        return _json(sight.of(request).line(line), 201)

    @router.post("/phones/{phone_id}/press")
    async def press(phone_id: PhoneId, request: Request) -> JSONResponse:
        pressed = await asked(request, bodies.Pressed)
        line = await acts.press(phone_id, pressed.line_id, pressed.data)
        return _json(sight.of(request).line(line), 201)

    @router.post("/phones/{phone_id}/location")
    async def location(phone_id: PhoneId, request: Request) -> JSONResponse:
        shared = await asked(request, bodies.Shared)
        line = await acts.share(phone_id, Spot(shared.lat, shared.lon), shared.reply_to)
        return _json(sight.of(request).line(line), 201)

    @router.post("/phones/{phone_id}/photo")
    async def photo(phone_id: PhoneId, request: Request) -> JSONResponse:
        pictured = await asked(request, bodies.Pictured, BASE64_BYTES)
        line = await acts.photograph(phone_id, pictured.channel, pictured.image, pictured.reply_to)
        return _json(sight.of(request).line(line), 201)

    @router.post("/phones/{phone_id}/voice")
    async def voice(phone_id: PhoneId, request: Request) -> JSONResponse:
        voiced = await asked(request, bodies.Voiced)
        line = await acts.speak(phone_id, voiced.channel, voiced.reply_to)
        return _json(sight.of(request).line(line), 201)

    @router.post("/phones/{phone_id}/switch")
    async def switch(phone_id: PhoneId, request: Request) -> JSONResponse:
        wanted = await asked(request, bodies.Switched)
        phone = await acts.switch(phone_id, wanted.blocked, wanted.no_signal)
        async with database.read() as session:
            (view,) = await sight.phones(session, [phone])
        return _json(view)


def _call_routes(router: APIRouter, acts: Acts, sight: Sight) -> None:
    """What a person does with a call; each answers with the line that it changed or wrote."""

    @router.post("/phones/{phone_id}/answer")
    async def answer(phone_id: PhoneId, request: Request) -> JSONResponse:
        called = await asked(request, bodies.Called)
        line = await acts.answer(phone_id, called.line_id)
        return _json(sight.of(request).line(line))

    @router.post("/phones/{phone_id}/hang-up")
    async def hang_up(phone_id: PhoneId, request: Request) -> JSONResponse:
        called = await asked(request, bodies.Called)
        line = await acts.hang_up(phone_id, called.line_id)
        return _json(sight.of(request).line(line))

    @router.post("/phones/{phone_id}/key")
    async def key(phone_id: PhoneId, request: Request) -> JSONResponse:
        keyed = await asked(request, bodies.Keyed)
        line = await acts.dial(phone_id, keyed.line_id, keyed.digit)
        return _json(sight.of(request).line(line))


def _json(content: View, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers=DATA_HEADERS)
