"""A connection that comes back by itself leaves none behind, whenever somebody lets go of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asyncpg import Connection
from sqlalchemy import text
from sqlalchemy.engine import URL

from db.engine import open_database
from db.session import Database
from engine.link import Link, Lost
from tests.databases import Postgres, keyring
from tests.patience import PATIENCE

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tequio'"
OPEN = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tequio'"


@pytest.fixture
async def url(postgres: Postgres) -> URL:
    return await postgres.fresh()


@pytest.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    opened = open_database(url, keyring())
    yield opened
    await opened.close()


class Gate:
    """Holds up each connection that listens anew, as a slow server does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.opens = asyncio.Event(), asyncio.Event()
        listen = Connection.add_listener

        async def held_up(connection: object, channel: object, callback: object) -> None:
            self.reached.set()
            await self.opens.wait()
            await listen(connection, channel, callback)

        monkeypatch.setattr(Connection, "add_listener", held_up)


async def none_is_open(database: Database) -> None:
    """Within a moment the server has no connection of a link."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.read() as session:
                if not await session.scalar(text(OPEN)):
                    return
            await asyncio.sleep(0.01)


async def listening(url: URL) -> Link:
    link = Link(url)
    await link.open()
    await link.add_listener("news", lambda payload: None)
    return link


async def cut(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text(CUT))


async def test_closed_while_it_comes_back_it_leaves_nothing_open(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await listening(url)
    gate = Gate(monkeypatch)
    await cut(database)
    await gate.reached.wait()
    await link.close()
    await none_is_open(database)


async def test_a_statement_that_is_cancelled_while_it_comes_back_leaves_nothing_open(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await listening(url)
    await link.close()
    again = Link(url)
    again._listeners = link._listeners
    gate = Gate(monkeypatch)
    asked = asyncio.create_task(again.execute("SELECT 1"))
    await gate.reached.wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await none_is_open(database)


async def test_closed_while_a_statement_brings_it_back_it_leaves_nothing_open(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await listening(url)
    await link.close()
    again = Link(url)
    again._listeners = link._listeners
    gate = Gate(monkeypatch)
    asked = asyncio.create_task(again.execute("SELECT 1"))
    await gate.reached.wait()
    await again.close()
    gate.opens.set()
    with pytest.raises(Lost):
        await asked
    await none_is_open(database)
