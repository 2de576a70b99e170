"""A unit is one transaction: nothing half written, nothing lost, wake-ups after the commit."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from contacts import store as contacts
from contacts.store import contact
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.jobs import Wake
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.SMS, "+12135550101")


async def test_400_concurrent_units_that_read_and_then_write_lose_no_update(
    database: Database,
) -> None:
    async with database.write() as session:
        counted = await contacts.create(session, [PHONE], "es", NOW)
        await contacts.change(session, counted, {"origin_clave": 0})

    async def add_one() -> None:
        async with database.write() as session:
            query = select(contact.c.origin_clave).where(contact.c.id == counted)
            if not session.is_sqlite:
                query = query.with_for_update()
            seen = await session.scalar(query)
            await asyncio.sleep(0)
            await session.execute(
                update(contact).where(contact.c.id == counted).values(origin_clave=seen + 1)
            )

    await asyncio.gather(*(add_one() for _ in range(400)))
    async with database.read() as session:
        found = await contacts.get(session, counted)
    assert found is not None
    assert found.origin_clave == 400


async def test_an_error_leaves_nothing_written_and_wakes_nobody(database: Database) -> None:
    woken: list[Wake] = []
    database.after_commit(woken.append)

    async def fail() -> None:
        async with database.write() as session:
            await contacts.create(session, [PHONE], "es", NOW)
            session.wake("look", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.read() as session:
        assert await contacts.find(session, PHONE) is None
    assert woken == []


async def test_wake_ups_come_after_the_commit(database: Database) -> None:
    seen: list[bool] = []
    pending: list[asyncio.Task[None]] = []

    async def look() -> None:
        async with database.read() as session:
            seen.append(await contacts.find(session, PHONE) is not None)

    database.after_commit(lambda wake: pending.append(asyncio.create_task(look())))
    async with database.write() as session:
        await contacts.create(session, [PHONE], "es", NOW)
        session.wake("look")
    await asyncio.gather(*pending)
    assert seen == [True]


async def test_an_error_of_the_database_shows_no_values(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with database.write() as session:
            await session.execute(
                contact.insert().values(language=None, city="Tlaxiaco", joined_at=NOW)
            )
    assert "Tlaxiaco" not in str(refused.value)


async def test_a_unit_that_reads_does_not_wait_for_one_that_writes(database: Database) -> None:
    async with database.write() as writing:
        await contacts.create(writing, [PHONE], "es", NOW)
        async with asyncio.timeout(PATIENCE), database.read() as reading:
            assert await contacts.find(reading, PHONE) is None


async def test_a_naive_datetime_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"):
        async with database.write() as session:
            await contacts.create(session, [PHONE], "es", NOW.replace(tzinfo=None))
