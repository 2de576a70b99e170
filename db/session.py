"""Units: one transaction each, opened by an edge, with the wake-ups that follow its commit."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, RowMapping, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Executable

from kit.crypto import Sealer
from kit.jobs import Wake

Rows = Sequence[Mapping[str, Any]]
Insert = sqlite.Insert | postgresql.Insert


class Session:
    """What stores and services get: they can read and write, but not commit.

    Wake-ups said with `wake` are enqueued after the commit, or not at all.
    """

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer
        self.wakes: list[Wake] = []

    async def execute(
        self, statement: Executable, rows: Rows | Mapping[str, Any] | None = None
    ) -> CursorResult[Any]:
        """Run a statement, once or for each of `rows`."""
        return await self._connection.execute(statement, rows)

    async def first(self, statement: Executable) -> RowMapping | None:
        """The first row of a query by column name, or None."""
        return (await self._connection.execute(statement)).mappings().first()

    async def all(self, statement: Executable) -> Sequence[RowMapping]:
        """All rows of a query by column name."""
        return (await self._connection.execute(statement)).mappings().all()

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return await self._connection.scalar(statement)

    def insert(self, table: Table) -> Insert:
        """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @property
    def is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"

    def blind(self, value: str, purpose: str) -> bytes:
        """The fingerprint under which a `Blind` column of `purpose` keeps `value`."""
        return self._sealer.blind(value, purpose)

    def wake(self, job: str, key: str = "", at: datetime | None = None) -> None:
        """Wake a handler once this unit is committed."""
        self.wakes.append(Wake(job, key, at))


class Database:
    """Opens units. Only edges (webhook, page, command, job, tick) hold a database.

    `over` waits until nothing of what was let go of is at work any more.
    """

    def __init__(
        self,
        writer: AsyncEngine,
        reader: AsyncEngine,
        sealer: Sealer,
        over: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.writer = writer
        self.reader = reader
        self._sealer = sealer
        self._over = over
        self._wake: Callable[[Wake], None] | None = None

    def after_commit(self, wake: Callable[[Wake], None]) -> None:
        """Give each wake-up of a committed unit to `wake`."""
        self._wake = wake

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """A unit that may write; commits at the end, rolls back on any error."""
        async with self.writer.begin() as connection:
            session = Session(connection, self._sealer)
            yield session
        self._tell(session)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A unit that only reads; on SQLite it never waits for a writer."""
        async with self.reader.connect() as connection:
            session = Session(connection, self._sealer)
            yield session
        self._tell(session)

    def _tell(self, session: Session) -> None:
        if self._wake is not None:
            for wake in session.wakes:
                self._wake(wake)

    async def close(self) -> None:
        """Let go of every connection; of one that a unit still has, when that unit ends."""
        for engine in {self.writer, self.reader}:
            # A pool that is disposed of takes back what units have, and would keep it open.
            event.listen(engine.sync_engine, "checkin", _let_go)
            await engine.dispose()
        if self._over is not None:
            await self._over()


def _let_go(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    del connection
    entry.close()
