"""Bring a database to the newest schema."""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from db.session import Database

MIGRATIONS = Path(__file__).parent / "migrations"

UPGRADING = 0x7E90_10
"""The key of PostgreSQL's lock on upgrading; any number that nothing else here uses."""


async def upgrade(database: Database) -> None:
    """Run what is missing, each migration in one transaction; nothing when all is there.

    Of several processes that start at once one does it, and the others wait.
    """
    async with database.writer.begin() as connection:
        if await connection.run_sync(_current) == _head():
            return
        if connection.dialect.name == "postgresql":
            # Instead of the usual few seconds: a migration may take its time.
            await connection.execute(text("SET LOCAL lock_timeout = '10min'"))
            await connection.execute(select(func.pg_advisory_xact_lock(UPGRADING)))
        # Here, because it takes a while to load.
        from db.scripts import run_missing

        await connection.run_sync(run_missing)


async def is_current(database: Database) -> bool:
    """Whether the database has the newest schema."""
    async with database.reader.connect() as connection:
        return await connection.run_sync(_current) == _head()


@cache
def _head() -> str:
    """The newest schema that this process knows: revisions are numbers, with which the names of
    their files begin."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _current(connection: Connection) -> str | None:
    """The schema of a database; None for one without any."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)
