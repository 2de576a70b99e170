"""Fixtures that every kind of test shares."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import app.schema
from db.engine import open_database
from db.session import Database
from tests.databases import Postgres, keyring, postgres_server, sqlite_database

assert app.schema.metadata.tables


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database; every test that takes it runs on both kinds."""
    if request.param == "sqlite":
        opened = await sqlite_database(tmp_path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        opened = open_database(await server.fresh(), keyring())
    yield opened
    await opened.close()
