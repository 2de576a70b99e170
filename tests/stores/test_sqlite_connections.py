"""A connection to a file of SQLite that somebody stops while it is being closed."""

import asyncio
import threading
import time
from contextlib import suppress
from pathlib import Path

import aiosqlite
import pytest
from sqlalchemy import text

from db.sqlite import Connections
from tests.databases import sqlite_database

BUSY_SECONDS = 0.3


async def busy_on(connection: aiosqlite.Connection) -> "asyncio.Task[aiosqlite.Cursor]":
    """Its thread has something to do for a while."""
    await connection.create_function("nap", 1, time.sleep)
    busy = asyncio.create_task(_nap(connection))
    await asyncio.sleep(0)
    return busy


async def _nap(connection: aiosqlite.Connection) -> aiosqlite.Cursor:
    return await connection.execute("SELECT nap(?)", (BUSY_SECONDS,))


async def stopped_while_it_closes(connection: aiosqlite.Connection) -> None:
    """As SQLAlchemy does with a unit that is cancelled: close, lose patience, stop."""
    busy = await busy_on(connection)
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    await busy
    done, _ = await asyncio.wait({closing}, timeout=5)
    if not done:
        closing.cancel()
    assert done, "the closing never ends"
    await asyncio.to_thread(connection._thread.join, 5)
    with suppress(ValueError):
        closing.result()


async def test_stopping_ends_a_closing_that_is_under_way(tmp_path: Path) -> None:
    await stopped_while_it_closes(await Connections(str(tmp_path / "a.db"), 1)())


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_what_was_stopped_can_be_closed(tmp_path: Path, times: int) -> None:
    connection = await Connections(str(tmp_path / "a.db"), 1)()
    busy = await busy_on(connection)
    for _ in range(times):
        connection.stop()
    with suppress(ValueError):
        await asyncio.wait_for(connection.close(), 5)
    await busy
    connection._thread.join(5)
    assert not connection._thread.is_alive()
    with pytest.raises(ValueError, match="connection"):
        await connection.execute("SELECT 1")


async def _insert(connection: aiosqlite.Connection) -> None:
    await connection.execute("INSERT INTO seen VALUES (1)")


async def test_closing_waits_until_everything_is_written(tmp_path: Path) -> None:
    path = str(tmp_path / "a.db")
    connection = await Connections(path, 1)()
    await connection.execute("CREATE TABLE seen (n)")
    writing = asyncio.create_task(_insert(connection))
    await asyncio.sleep(0)
    await connection.close()
    await writing
    again = await Connections(path, 1)()
    rows = list(await again.execute_fetchall("SELECT n FROM seen"))
    await again.close()
    assert rows == [(1,)]


async def test_who_waits_for_the_end_finds_no_thread_of_what_was_stopped(tmp_path: Path) -> None:
    connections = Connections(str(tmp_path / "a.db"), 1)
    stopped, open_still = await connections(), await connections()
    busy = await busy_on(stopped)
    stopped.stop()
    await connections.over()
    assert not stopped._thread.is_alive()
    assert open_still._thread.is_alive()
    await open_still.close()
    await busy


async def test_a_unit_that_is_cancelled_has_no_thread_after_the_closing(tmp_path: Path) -> None:
    before, begun = set(threading.enumerate()), asyncio.Event()
    database = await sqlite_database(tmp_path)

    async def nap() -> None:
        async with database.write() as session:
            raw = await session._connection.get_raw_connection()
            assert isinstance(raw.driver_connection, aiosqlite.Connection)
            await raw.driver_connection.create_function("nap", 1, time.sleep)
            begun.set()
            await session.execute(text(f"SELECT nap({BUSY_SECONDS})"))

    unit = asyncio.create_task(nap())
    await begun.wait()
    await asyncio.sleep(BUSY_SECONDS / 3)
    # The second time in the middle of what the first has begun.
    for _ in range(2):
        unit.cancel()
        await asyncio.sleep(0)
    await asyncio.wait({unit})
    await database.close()
    left = [one.name for one in threading.enumerate() if one not in before]
    assert not [name for name in left if "_connection_worker" in name]
