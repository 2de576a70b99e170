"""What stands still is told to coordinators, to readiness, and to who watches from outside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web
from sqlalchemy import update
from structlog.testing import capture_logs

from app.selfwatch import Checks, ping
from bot.inbox import store as arrivals
from delivery import senders
from delivery import store as ledger
from delivery.content import Content
from delivery.model import Lane, NewMessage
from delivery.store import message
from engine.store import lease
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.stories.duty_rig import ANA, ANAS_PHONE, MOTHER
from tests.stories.watch_rig import boss_of, look, passes, watch_of
from tests.stories.world import World

# What stands still.


async def ready(world: World) -> tuple[int, dict[str, object]]:
    answer = await world.http.get("/readyz")
    return answer.status_code, answer.json()


def hold_the_clock(world: World) -> None:
    """The ticker of this world ticks no more, so that what a story breaks stays broken."""
    ticker = vars(world.platform)["_ticker"]
    ticker.stop()


async def strand(world: World, *, seconds: int = 45) -> None:
    """An urgent message has been due for so long, and nobody sends it."""
    now = world.platform.clock.now()
    async with world.database.write() as session:
        to = Endpoint(Channel.SMS, ANAS_PHONE)
        await ledger.add(session, NewMessage((to,), Content("a", "a"), Lane.URGENT), now)
        await session.execute(update(message).values(due_at=now - timedelta(seconds=seconds)))


async def test_readiness_tells_apart_what_stands_still_and_what_is_for_people(
    world: World,
) -> None:
    hold_the_clock(world)
    status, told = await ready(world)
    assert (status, told["status"], told["warnings"]) == (200, "ok", ["roster"])
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    status, told = await ready(world)
    assert (status, told["status"], told["warnings"], told["details"]) == (200, "ok", [], {})
    async with world.database.write() as session:
        for _ in range(3):
            await senders.note_failure(session, "telegram", "401", world.platform.clock.now())
        await arrivals.keep(session, Channel.SMS, "SM1", "{}", world.platform.clock.now())
        long_ago = world.platform.clock.now() - timedelta(seconds=90)
        await session.execute(update(arrivals.inbound).values(next_try_at=long_ago))
    status, told = await ready(world)
    assert (status, told["status"]) == (200, "ok")
    assert told["warnings"] == ["senders", "inbox"]
    assert told["details"] == {
        "senders": {"senders": "telegram"},
        "inbox": {"rows": 1, "seconds": 90},
    }
    await strand(world)
    status, told = await ready(world)
    assert (status, told["status"]) == (503, "failed")
    assert told["checks"] == {"database": "ok", "clock": "ok", "lane": "failed"}
    world.twilio.take_unexpected()


async def test_readiness_tells_of_a_clock_that_stands_still(world: World) -> None:
    assert (await ready(world))[1]["checks"] == {"database": "ok", "clock": "ok", "lane": "ok"}
    hold_the_clock(world)
    async with world.database.write() as session:
        stopped = Clock().now() - timedelta(seconds=16)
        await session.execute(lease.delete())
        await session.execute(lease.insert().values(name="reconcile", holder="gone", until=stopped))
    status, told = await ready(world)
    assert status == 503
    assert told["checks"] == {"database": "ok", "clock": "failed", "lane": "ok"}


async def test_a_clock_that_stands_still_is_told_by_whoever_else_looks(world: World) -> None:
    boss = await boss_of(world)
    watch = watch_of(world, plan=False)
    hold_the_clock(world)
    async with world.database.write() as session:
        stopped = Clock().now() - timedelta(seconds=16)
        await session.execute(lease.delete())
        await session.execute(lease.insert().values(name="reconcile", holder="gone", until=stopped))
    await look(world, watch)
    await boss.reads("el reloj del sistema no avanza")
    await world.phone(ANAS_PHONE).reads("el reloj del sistema no avanza")


async def test_a_platform_that_has_just_begun_is_given_time_for_its_first_beat(
    world: World,
) -> None:
    hold_the_clock(world)
    async with world.database.write() as session:
        await session.execute(lease.delete())
    assert (await ready(world))[0] == 200
    checks = Checks(world.database, world.platform.clock)
    vars(checks)["_beat_seen"] = Clock().now() - timedelta(seconds=16)
    assert not (await checks.vital["clock"]()).good


async def test_what_readiness_tells_names_nobody(world: World) -> None:
    hold_the_clock(world)
    await world.phone(MOTHER).says("SOS mi hijo no llega a Nogales")
    world.twilio.take_unexpected()
    await strand(world, seconds=90)
    text = (await world.http.get("/readyz")).text
    assert "failed" in text
    for hidden in (MOTHER, ANAS_PHONE, "SOS", "Nogales"):
        assert hidden not in text


async def test_coordinators_are_told_once_an_hour_while_it_lasts_and_when_it_is_over(
    world: World,
) -> None:
    boss = await boss_of(world)
    await world.duty("Eva", chat=900_002)
    watch = watch_of(world, plan=False)
    hold_the_clock(world)
    await strand(world)
    await watch.look()
    await watch.look()
    await world.platform.settle()
    await boss.reads("hay mensajes urgentes que no salen desde hace 0 min")
    told = await world.phone(ANAS_PHONE).reads("hay mensajes urgentes que no salen")
    assert told.body.startswith("SISTEMA: ")
    world.twilio.take_unexpected()
    world.nothing_else()
    await passes(world, watch, 4)
    world.nothing_else()
    await passes(world, watch, 2)
    await boss.reads("ya funciona")
    await world.phone(ANAS_PHONE).reads("ya funciona")


# A sign of life for who watches from outside.


async def test_a_sign_of_life_is_given_only_while_nothing_vital_is_wrong(world: World) -> None:
    hold_the_clock(world)
    async with outside() as (url, asked):
        watch = watch_of(world, url=f"{url}/alive")
        await watch.ping()
        assert asked == ["GET /alive"]
        async with world.database.write() as session:
            for _ in range(3):
                await senders.note_failure(session, "telegram", "401", world.platform.clock.now())
        await watch.ping()
        assert len(asked) == 2, "a warning withholds nothing"
        await strand(world)
        await watch.ping()
        assert len(asked) == 2
    world.twilio.take_unexpected()


async def test_an_address_that_refuses_hangs_or_is_gone_harms_nobody_and_is_not_told(
    world: World,
) -> None:
    del world
    async with outside() as (url, asked):
        assert await ping(f"{url}/well/secret")
        with capture_logs() as logs:
            assert not await ping(f"{url}/refuses")
            assert not await ping(f"{url}/hangs", seconds=0.1)
        assert len(asked) == 3
    with capture_logs() as gone:
        assert not await ping(f"{url}/well/secret")
    assert [line["event"] for line in logs] == ["deadman.refused", "deadman.unreachable"]
    assert [line["event"] for line in gone] == ["deadman.unreachable"]
    assert all("127.0.0.1" not in str(line) for line in (*logs, *gone))


@asynccontextmanager
async def outside() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that keeps who asked; it refuses `/refuses` and hangs at `/hangs`."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.method + " " + request.path)
        if request.path == "/refuses":
            raise web.HTTPServiceUnavailable
        if request.path == "/hangs":
            await asyncio.sleep(5)
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()
