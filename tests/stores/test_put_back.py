"""Putting the clock of a trial back in the tables, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from alerts import timers
from alerts.model import Timer
from app.put_back import MovedTime
from contacts import service as contacts
from contacts import store
from contacts.service import Words
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.audit.store import audit
from tests.stores.case_rig import a_case

PHONE = Endpoint(Channel.SMS, "+12135550101")


async def test_what_was_written_in_the_moved_time_is_past_and_the_audit_is_as_it_was(
    database: Database,
) -> None:
    clock = Clock()
    moved = MovedTime(database, clock)
    clock.move(timedelta(days=400))
    there = clock.now()
    async with database.write() as session:
        contact = await contacts.subscribe(session, Words(PHONE, "SI", there), "es")
        # A table whose key is a blind index.
        await contacts.stop(session, Words(PHONE, "BAJA", there))
        await staff.log(session, None, "staff.add", "member:1", there)
    await moved.put_back()
    assert clock.offset == timedelta()
    really = there - timedelta(days=400)
    async with database.read() as session:
        stopped = await session.scalar(select(store.opt_out.c.at))
        joined = await session.scalar(
            select(store.contact.c.joined_at).where(store.contact.c.id == contact.id)
        )
        logged = await session.scalar(select(func.max(audit.c.at)))
    for at in (stopped, joined):
        assert abs(at - really) < timedelta(seconds=1)
    assert abs(logged - there) < timedelta(seconds=1)


async def test_a_clock_that_cannot_be_put_back_stays_where_it_was(
    database: Database,
) -> None:
    clock = Clock()
    moved = MovedTime(database, clock)
    clock.move(timedelta(days=1))
    there = clock.now()
    async with database.write() as session:
        await contacts.stop(session, Words(PHONE, "BAJA", there))

    def fail() -> None:
        if not clock.offset:
            raise OSError

    clock.on_move(fail)
    with pytest.raises(OSError):
        await moved.put_back()
    clock.off_move(fail)
    assert clock.offset == timedelta(days=1)
    await moved.put_back()
    async with database.read() as session:
        stopped = await session.scalar(select(store.opt_out.c.at))
    assert stopped < clock.now()


async def test_a_clock_that_is_put_back_twice_at_once_goes_back_once(database: Database) -> None:
    clock = Clock()
    moved = MovedTime(database, clock)
    clock.move(timedelta(days=2))
    async with database.write() as session:
        now = clock.now()
        case = await a_case(session, PHONE, at=now)
        await timers.put(session, case.id, Timer.PAGE, now + timedelta(minutes=5), now)
    await asyncio.gather(moved.put_back(), moved.put_back())
    assert clock.offset == timedelta()
    async with database.read() as session:
        due = (await timers.of_case(session, case.id))[Timer.PAGE]
    # The next page of a case that nobody has comes when it would have come.
    assert timedelta(minutes=3) < due - clock.now() <= timedelta(minutes=5)
