"""The migrations make the tables of the code, and can be undone, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from app.revise import revise
from app.schema import metadata
from db.engine import async_url, open_database
from db.migrate import MIGRATIONS, is_current, upgrade
from db.scripts import config_for
from db.session import Database
from tests.databases import Postgres, keyring


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        url = async_url("sqlite:///empty.db", tmp_path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = await server.empty()
    opened = open_database(url, keyring())
    yield opened
    await opened.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    async with database.writer.connect() as connection:
        assert await connection.run_sync(differences) == []
        assert await connection.run_sync(tables) == {*metadata.tables, "alembic_version"}


async def test_an_empty_database_is_upgraded_once_and_taken_back(empty: Database) -> None:
    assert not await is_current(empty)
    await upgrade(empty)
    await upgrade(empty)
    assert await is_current(empty)
    async with empty.writer.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(config_for(sync), "base"))
    async with empty.writer.connect() as connection:
        assert await connection.run_sync(tables) == {"alembic_version"}
    await upgrade(empty)
    assert await is_current(empty)


async def test_the_newest_file_is_the_newest_schema(database: Database) -> None:
    newest = ScriptDirectory.from_config(config_for()).get_current_head()
    async with database.reader.connect() as connection:
        found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    assert found == newest
    assert await is_current(database)
    async with database.writer.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not await is_current(database)


def test_there_is_no_migration_to_write() -> None:
    before = set(MIGRATIONS.rglob("*.py"))
    try:
        assert revise("Nothing has changed.") is None
    finally:
        # One that is left here would be run by every platform that starts from this folder.
        for left in set(MIGRATIONS.rglob("*.py")) - before:
            left.unlink()
