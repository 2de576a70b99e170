"""Bring a database to the newest schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from db.session import Database

MIGRATIONS = Path(__file__).parent / "migrations"

UPGRADING = 0x7E90_10
"""The key of PostgreSQL's lock on upgrading; any number that nothing else here uses."""


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: the migrations stand beside this module."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database) -> None:
    """Run what is missing, each migration in one transaction; nothing when all is there.

    Of several processes that start at once one does it, and the others wait.
    """
    async with database.writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Instead of the usual few seconds: a migration may take its time.
            await connection.execute(text("SET LOCAL lock_timeout = '10min'"))
            await connection.execute(select(func.pg_advisory_xact_lock(UPGRADING)))
        await connection.run_sync(lambda sync: command.upgrade(config_for(sync), "head"))


@cache
def _head() -> str | None:
    """The newest schema that this process knows: the scripts are read once, for health is asked for
    every few seconds."""
    return ScriptDirectory.from_config(config_for()).get_current_head()


async def is_current(database: Database) -> bool:
    """Whether the database has the newest schema."""
    head = _head()
    async with database.reader.connect() as connection:
        current = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    return current == head
