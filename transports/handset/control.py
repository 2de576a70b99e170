"""Routes that change the world around the phones: which there are, and the time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse

from db.session import Database
from kit.clock import Clock
from kit.errors import Refused
from locales.text import _
from transports.handset import bodies, lessons, store
from transports.handset.bodies import asked
from transports.handset.keeping import Keeper
from transports.handset.model import Phone
from transports.handset.problems import DATA_HEADERS
from transports.handset.views import Sight, View, clock_view

PhoneId = Annotated[int, Path(ge=1, le=2**53)]
Since = Annotated[int, Query(ge=0, le=2**53)]

FARTHEST = timedelta(days=3660)
"""How far the clock may be moved in all: ten years, far from where datetimes end."""

MOST_WATCHED = 2_000
"""Lines that are looked through for the steps of an exercise: one that takes more is over."""

PutBack = Callable[[], Awaitable[None]]
"""Puts the clock back to the machine's time, with everything that waits."""


def control_routes(
    router: APIRouter, database: Database, clock: Clock, sight: Sight, put_back: PutBack | None
) -> None:
    """Add them to the handset's router."""
    _phone_routes(router, database, clock, sight)
    _clock_routes(router, clock, put_back)
    _lesson_routes(router, database, sight)


def _phone_routes(router: APIRouter, database: Database, clock: Clock, sight: Sight) -> None:
    keeper = Keeper(database, clock, sight.duty)

    async def shown(phone: Phone, status: int = 200) -> JSONResponse:
        async with database.read() as session:
            (view,) = await sight.phones(session, [phone])
        return _json(view, status)

    @router.post("/phones")
    async def add(request: Request) -> JSONResponse:
        new = await asked(request, bodies.Named)
        return await shown(await keeper.add(new.name), 201)

    @router.post("/phones/{phone_id}/name")
    async def rename(phone_id: PhoneId, request: Request) -> JSONResponse:
        named = await asked(request, bodies.Named)
        return await shown(await keeper.rename(phone_id, named.name))

    @router.post("/phones/{phone_id}/duty")
    async def duty(phone_id: PhoneId, request: Request) -> JSONResponse:
        wanted = await asked(request, bodies.OnDuty)
        return await shown(await keeper.put(phone_id, on_duty=wanted.on_duty))

    @router.post("/phones/{phone_id}/remove")
    async def remove(phone_id: PhoneId, request: Request) -> JSONResponse:
        await asked(request, bodies.Nothing)
        await keeper.remove(phone_id)
        return _json({"id": phone_id})


def _clock_routes(router: APIRouter, clock: Clock, put_back: PutBack | None) -> None:
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

    @router.post("/clock/back")
    async def back(request: Request) -> JSONResponse:
        await asked(request, bodies.Nothing)
        if put_back is None:
            raise Refused(_("handset.error.back"))
        if clock.offset:
            await put_back()
        return _json(clock_view(clock))


def _lesson_routes(router: APIRouter, database: Database, sight: Sight) -> None:
    @router.get("/lessons")
    async def progress(since: Since = 0) -> JSONResponse:
        async with database.read() as session:
            newest = await store.newest(session)
            found = await store.written_after(session, since, MOST_WATCHED)
            phones = {phone.id: phone for phone in await store.phones(session)}
            on_duty = await sight.duty.numbers(session)
        guards = {one.id for one in phones.values() if one.number in on_duty}
        return _json({"newest": newest, "done": dict(lessons.progress(found, guards))})


def _json(content: View, status: int = 200) -> JSONResponse:
    return JSONResponse(content, status, headers=DATA_HEADERS)
