"""The routes of the handset: its page, its state, its events, and what a person does."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from contacts.model import DEFAULT_ZONE
from db.session import Database
from kit.clock import Clock
from kit.errors import NotFound, Refused
from locales.text import _
from transports.handset import bodies, store
from transports.handset.acts import Acts
from transports.handset.bodies import BASE64_BYTES, asked
from transports.handset.events import Events
from transports.handset.model import Spot
from transports.handset.page import HEADERS, page, static_files
from transports.handset.pictures import Pictures
from transports.handset.problems import DATA_HEADERS, problem_route
from transports.handset.speech import Voice
from transports.handset.views import View, clock_view, line_view, phone_view
from transports.intake import Intake

PhoneId = Annotated[int, Path(ge=1, le=2**53)]
FARTHEST = timedelta(days=3660)
"""How far the clock may be moved in all: ten years, far from where datetimes end."""


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
) -> APIRouter:
    """Routes under `/handset`; mount them in trial mode alone.

    Set `stop` when the server is told to end: uvicorn waits for open event streams, which end
    within a quarter of a second of it. `zone` is the IANA time zone that the page shows, and
    `voice` answers the keys of calls. `pictures` are where photos are kept, for who shows them too.
    """
    router = APIRouter(
        prefix="/handset", route_class=problem_route(language), include_in_schema=False
    )
    pictures = pictures or Pictures()
    _read_routes(router, Events(database, clock, pictures, language, stop), language, zone)
    _state_routes(router, database, clock, pictures, language)
    acts = Acts(database, intake, clock, pictures, voice)
    _act_routes(router, acts, pictures, language)
    _call_routes(router, acts, pictures, language)
    _control_routes(router, database, clock)
    return router


def _read_routes(router: APIRouter, events: Events, language: str, zone: str) -> None:
    """The page, its files and its event stream."""
    files = static_files()

    @router.get("")
    async def show() -> HTMLResponse:
        return HTMLResponse(page(language, zone), headers=HEADERS)

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        file = files.get(name)
        if file is None:
            raise NotFound(_("handset.error.unknown"))
        return Response(file.content, media_type=file.kind, headers=HEADERS)

    @router.get("/events")
    async def stream(request: Request) -> StreamingResponse:
        return StreamingResponse(
            events.stream(request.is_disconnected),
            media_type="text/event-stream",
            headers=DATA_HEADERS | {"X-Accel-Buffering": "no"},
        )


def _state_routes(
    router: APIRouter, database: Database, clock: Clock, pictures: Pictures, language: str
) -> None:
    """What stands on every screen."""

    @router.get("/state")
    async def state() -> JSONResponse:
        async with database.read() as session:
            phones = await store.phones(session)
            lines = await store.lines(session)
        if not phones:
            async with database.write() as session:
                await store.ensure_phones(session)
                phones = await store.phones(session)
        return _json(
            {
                "clock": clock_view(clock),
                "phones": [phone_view(phone) for phone in phones],
                "lines": [line_view(line, pictures, language) for line in lines],
            }
        )

    @router.get("/pictures/{line_id}")
    async def picture(line_id: PhoneId) -> Response:
        found = pictures.find(line_id)
        if found is None:
            raise NotFound(_("handset.error.unknown"))
        return Response(found.content, media_type=found.kind, headers=HEADERS)


def _act_routes(router: APIRouter, acts: Acts, pictures: Pictures, language: str) -> None:
    """What a person does with a phone; each answers with the new line, or with the phone."""

    @router.post("/phones/{phone_id}/text")
    async def text(phone_id: PhoneId, request: Request) -> JSONResponse:
        typed = await asked(request, bodies.Typed)
        line = await acts.write(phone_id, typed.channel, typed.text, typed.reply_to)
        return _json(line_view(line, pictures, language), 201)

    @router.post("/phones/{phone_id}/press")
    async def press(phone_id: PhoneId, request: Request) -> JSONResponse:
        pressed = await asked(request, bodies.Pressed)
        line = await acts.press(phone_id, pressed.line_id, pressed.data)
        return _json(line_view(line, pictures, language), 201)

    @router.post("/phones/{phone_id}/location")
    async def location(phone_id: PhoneId, request: Request) -> JSONResponse:
        shared = await asked(request, bodies.Shared)
        line = await acts.share(phone_id, Spot(shared.lat, shared.lon), shared.reply_to)
        return _json(line_view(line, pictures, language), 201)

    @router.post("/phones/{phone_id}/photo")
    async def photo(phone_id: PhoneId, request: Request) -> JSONResponse:
        pictured = await asked(request, bodies.Pictured, BASE64_BYTES)
        line = await acts.photograph(phone_id, pictured.channel, pictured.image, pictured.reply_to)
        return _json(line_view(line, pictures, language), 201)

    @router.post("/phones/{phone_id}/voice")
    async def voice(phone_id: PhoneId, request: Request) -> JSONResponse:
        voiced = await asked(request, bodies.Voiced)
        line = await acts.speak(phone_id, voiced.channel, voiced.reply_to)
        return _json(line_view(line, pictures, language), 201)

    @router.post("/phones/{phone_id}/switch")
    async def switch(phone_id: PhoneId, request: Request) -> JSONResponse:
        wanted = await asked(request, bodies.Switched)
        return _json(phone_view(await acts.switch(phone_id, wanted.blocked, wanted.no_signal)))


def _call_routes(router: APIRouter, acts: Acts, pictures: Pictures, language: str) -> None:
    """What a person does with a call; each answers with the line that it changed or wrote."""

    @router.post("/phones/{phone_id}/answer")
    async def answer(phone_id: PhoneId, request: Request) -> JSONResponse:
        called = await asked(request, bodies.Called)
        line = await acts.answer(phone_id, called.line_id)
        return _json(line_view(line, pictures, language))

    @router.post("/phones/{phone_id}/hang-up")
    async def hang_up(phone_id: PhoneId, request: Request) -> JSONResponse:
        called = await asked(request, bodies.Called)
        line = await acts.hang_up(phone_id, called.line_id)
        return _json(line_view(line, pictures, language))

    @router.post("/phones/{phone_id}/key")
    async def key(phone_id: PhoneId, request: Request) -> JSONResponse:
        keyed = await asked(request, bodies.Keyed)
        line = await acts.dial(phone_id, keyed.line_id, keyed.digit)
        return _json(line_view(line, pictures, language))


def _control_routes(router: APIRouter, database: Database, clock: Clock) -> None:
    """What changes the world around the phones: one more of them, and the time."""

    @router.post("/phones")
    async def add(request: Request) -> JSONResponse:
        new = await asked(request, bodies.NewPhone)
        async with database.write() as session:
            await store.ensure_phones(session)
            phone = await store.add_phone(session, new.name)
        if phone is None:
            raise Refused(_("handset.error.no_more"))
        return _json(phone_view(phone), 201)

    @router.get("/clock")
    async def time() -> JSONResponse:
        return _json(clock_view(clock))

    @router.post("/clock")
    async def later(request: Request) -> JSONResponse:
        wanted = await asked(request, bodies.Later)
        by = timedelta(minutes=wanted.minutes)
        if clock.offset + by > FARTHEST:
            raise Refused(_("handset.error.minutes"))
        clock.move(by)
        return _json(clock_view(clock))


def _json(content: View, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers=DATA_HEADERS)
