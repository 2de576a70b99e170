"""The reference of inbound updates, with the settings of a platform: `python -m bench.bare_inbox`.

The route and the reader of updates are the platform's. Then the statements run that the inbox
itself ran for such an update, recorded at the start with their parameters, by the bare driver in
two transactions: nothing is sealed, decided or composed any more.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiosqlite
import uvicorn
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlalchemy.engine import Connection

from app.front import Front
from app.settings import ROOT, Settings, load_settings
from app.store import open_store
from app.ways import ways_of
from bench.crowd import FIRST_CHAT
from bench.freezing import PRAGMAS
from bench.inbound import COMMAND
from bench.processes import SECRET
from bot.routes import telegram_routes
from bot.telegram import read_update
from db.engine import async_url
from db.session import Database
from kit.channels import Channel
from kit.clock import Clock
from tests.standins.telegram_updates import text_update

FAR = 7_700_000
"""An id that no other parameter happens to be."""

Value = str | int | float | bytes | None
Statement = tuple[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The statements of the two transactions of one update, and what was its own in them."""

    storing: Sequence[Statement]
    processing: Sequence[Statement]
    provider_id: str
    inbound_id: int


async def record(settings: Settings) -> Recorded:
    """What the inbox runs for one update of somebody who has written before."""
    database = await open_store(settings)
    ways = ways_of(settings, database, Clock())
    try:
        front = Front(settings, database, Clock(), ways)
        await _write(front)
        async with database.write() as session:
            await session.execute(text(f"UPDATE inbound SET id = {FAR}"))
        units = _noted(database)
        provider_id = await _write(front)
        storing, processing = units
        return Recorded(storing, processing, provider_id, FAR + 1)
    finally:
        await ways.close()
        await database.close()


async def _write(front: Front) -> str:
    update = text_update(FIRST_CHAT + 1, COMMAND)
    provider_id = str(update["update_id"])
    await front.inbox.receive(Channel.TELEGRAM, provider_id, json.dumps(update))
    return provider_id


def _noted(database: Database) -> list[list[Statement]]:
    """The statements of every unit that writes, from now on."""
    units: list[list[Statement]] = []

    @event.listens_for(database.writer.sync_engine, "before_cursor_execute")
    def note(
        connection: Connection,
        cursor: object,
        statement: str,
        parameters: tuple[Value, ...] | list[tuple[Value, ...]],
        context: object,
        many: bool,
    ) -> None:
        del connection, cursor, context, many
        if statement.startswith("BEGIN"):
            units.append([])
        elif isinstance(parameters, list):
            units[-1] += [(statement, each) for each in parameters]
        else:
            units[-1].append((statement, parameters))

    return units


class BareInbox:
    """Runs what was recorded, for each update anew."""

    def __init__(self, recorded: Recorded, connection: aiosqlite.Connection) -> None:
        self._recorded = recorded
        self._connection = connection
        self._turn = asyncio.Lock()

    async def receive(self, channel: Channel, provider_id: str, raw: str) -> None:
        """Store, then process, as the inbox does."""
        del channel
        recorded = self._recorded
        own: dict[Value, Value] = {recorded.provider_id: provider_id}
        own[recorded.inbound_id] = await self._run(recorded.storing, own)
        read_update(raw)
        await self._run(recorded.processing, own)

    async def _run(self, statements: Sequence[Statement], own: dict[Value, Value]) -> Value:
        found: Value = None
        async with self._turn:
            await self._connection.execute("BEGIN IMMEDIATE")
            for statement, given in statements:
                parameters = [own.get(value, value) for value in given]
                rows = await self._connection.execute_fetchall(statement, parameters)
                for row in rows:
                    found = row[0]
            await self._connection.execute("COMMIT")
        return found


async def _serve() -> None:
    settings = load_settings()
    recorded = await record(settings)
    path = async_url(settings.database_url, ROOT).database or ""
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        for pragma in PRAGMAS:
            await connection.execute(f"PRAGMA {pragma}")
        web = FastAPI()
        web.include_router(telegram_routes(BareInbox(recorded, connection).receive, SECRET))

        @web.get("/healthz")
        async def healthy() -> bool:
            return True

        config = uvicorn.Config(
            web,
            port=settings.port,
            log_config=None,
            access_log=False,
            lifespan="off",
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(_serve())
