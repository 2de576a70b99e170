"""A database that is closed holds no connection, whatever units are still under way."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from contacts.store import contact
from db.session import Database


def holds(database: Database) -> Callable[[], int]:
    """How many connections it has, of those that it makes from now on."""
    made, gone = [], []
    for engine in {database.writer, database.reader}:
        event.listen(engine.sync_engine, "connect", lambda *_: made.append(1))
        for end in ("close", "close_detached"):
            event.listen(engine.sync_engine, end, lambda *_: gone.append(1))
    return lambda: len(made) - len(gone)


async def reads(database: Database, under_way: asyncio.Event, goes_on: asyncio.Event) -> None:
    async with database.read() as session:
        await session.all(select(contact.c.id))
        under_way.set()
        await goes_on.wait()
        await session.all(select(contact.c.id))


async def test_connections_that_nobody_uses_are_kept_until_it_is_closed(
    database: Database,
) -> None:
    held = holds(database)
    async with database.write(), database.read():
        pass
    assert held() == 2
    await database.close()
    assert held() == 0


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_a_unit_has_at_the_close_goes_when_the_unit_ends(
    database: Database, cancelled: bool
) -> None:
    held, under_way, goes_on = holds(database), asyncio.Event(), asyncio.Event()
    unit = asyncio.create_task(reads(database, under_way, goes_on))
    await under_way.wait()
    await database.close()
    assert held() == 1
    if cancelled:
        unit.cancel()
    goes_on.set()
    (ended,) = await asyncio.gather(unit, return_exceptions=True)
    assert (ended is not None) == cancelled
    assert held() == 0


async def test_a_unit_that_comes_too_late_leaves_nothing_open(database: Database) -> None:
    held = holds(database)
    await database.close()
    async with database.write() as session:
        await session.all(select(contact.c.id))
        assert held() == 1
    assert held() == 0
