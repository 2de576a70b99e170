"""The page of the system: what stands still is told, and may be tried again by who supervises."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.canary import store as canaries
from app import system_queries as queries
from app.selfwatch import Checks
from app.system import SystemWatch
from bot.inbox import store as arrivals
from bot.inbox.store import InboundState
from console.system.model import MOST, Pace
from console.system.pages import size
from db.session import Database
from delivery import senders
from delivery import service as delivery
from delivery.content import Content
from delivery.model import Lane, NewMessage
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.errors import Refused
from staff import store as members
from staff.model import Role
from tests.console_stage import Console, console_stage

CHAT = Endpoint(Channel.TELEGRAM, "900077")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def test_what_waits_and_what_is_out_of_order_is_told(stage: Console) -> None:
    now = stage.clock.now()
    admin = await stage.member(Role.ADMIN)
    watch = SystemWatch(stage.database, Checks(stage.database, stage.clock))
    async with stage.database.write() as session:
        await senders.pause(session, "sms", now + timedelta(hours=1))
        for _refusal in range(20):
            await senders.note_failure(session, "telegram", "bot_blocked", now)
        await senders.note_failure(session, "voice", "busy", now)
        for late in (30, 90):
            new = NewMessage((CHAT,), Content(chat="a", sms="a"), Lane.REPLY)
            await delivery.queue(session, new, now - timedelta(seconds=late))
        # Before they leave.
        waiting = {one.lane: one for one in await queries.queues(session, now)}
        await canaries.add(session, Channel.SMS, "A" * 24, now - timedelta(hours=1))
    look = await watch.look(admin, now)
    paces = {one.name: one.pace for one in look.senders}
    assert (paces["sms"], paces["telegram"], paces["voice"], paces["sms-urgent"]) == (
        Pace.BLOCKED,
        Pace.BROKEN,
        Pace.STUMBLES,
        Pace.WORKS,
    )
    assert "console.home.alarm.senders" in {one.key for one in look.troubles}
    reply = waiting[Lane.REPLY]
    assert (reply.due, reply.oldest) == (2, now - timedelta(seconds=90))
    assert (waiting[Lane.URGENT].due, waiting[Lane.URGENT].oldest) == (0, None)
    assert [(one.channel, one.missing) for one in look.canaries] == [(Channel.SMS, True)]
    assert (look.is_current, look.together, look.store.kind) == (True, True, "SQLite")
    assert look.store.size > 100_000
    # What is looked at at once again is what was seen a moment ago.
    assert await watch.look(admin, now) is look
    assert [size(many) for many in (0, 999, 12_400_000, 10**18)] == [
        "0 B",
        "999 B",
        "12.4 MB",
        "1000000 TB",
    ]


async def test_both_databases_tell_the_same_of_themselves(database: Database) -> None:
    clock = Clock()
    now = clock.now()
    async with database.write() as session:
        made = await members.add(session, "Eva", "eva@example.org", Role.AUDITOR, "Sol", [], now)
        auditor = await members.get(session, made)
        new = NewMessage((CHAT,), Content(chat="a", sms="a"), Lane.URGENT)
        await delivery.queue(session, new, now)
    assert auditor is not None
    look = await SystemWatch(database, Checks(database, clock)).look(auditor, now)
    async with database.read() as session:
        on_sqlite = session.is_sqlite
    assert (look.jobs is None, look.together) == (on_sqlite, on_sqlite)
    assert [one.due for one in look.queues] == [1, 0, 0]
    assert look.store.size > 100_000
    assert (look.processes, look.arrivals_failed, look.is_current) == ((), 0, True)


async def test_arrivals_that_failed_are_processed_again_by_who_supervises(stage: Console) -> None:
    now = stage.clock.now()
    async with stage.database.write() as session:
        for number in range(3):
            made = await arrivals.keep(session, Channel.TELEGRAM, str(number), '{"a": 1}', now)
            assert made is not None
            await arrivals.give_up(session, made, 6, "KeyError", None)
        count, some = await queries.arrivals(session)
        assert (count, [one.error for one in some]) == (3, ["KeyError"] * 3)
    watch = SystemWatch(stage.database, Checks(stage.database, stage.clock))
    for role in (Role.DUTY, Role.COMMUNICATOR, Role.AUDITOR):
        member = await stage.member(role)
        with pytest.raises(Refused):
            await watch.retry_arrivals(member, now)
        with pytest.raises(Refused):
            await watch.retry_jobs(member, now)
        if role is not Role.AUDITOR:
            with pytest.raises(Refused):
                await watch.look(member, now)
    async with stage.browser(Role.COORDINATOR) as browser:
        page = (await browser.get("/sistema")).text
        assert "no se pudieron procesar: 3." in page
        assert '{"a"' not in page
        assert (await browser.post("/sistema/mensajes")).status_code == 303
        # Nothing is there to be tried on SQLite, whose jobs are in memory.
        assert (await browser.post("/sistema/trabajos")).status_code == 303
    await stage.platform.settle()
    async with stage.database.read() as session:
        rows = await session.all(arrivals.inbound.select())
    assert {row["state"] for row in rows} <= {InboundState.IGNORED, InboundState.PROCESSED}
    async with stage.browser(Role.AUDITOR) as browser:
        page = (await browser.get("/sistema")).text
    assert "Todo lo que llegó se procesó" in page
    assert "/sistema/mensajes" not in page
    assert MOST == 1_000
