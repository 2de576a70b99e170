"""Fixtures that every kind of test shares."""

import gc
import itertools
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main
import typer.testing
from xdist.remote import Producer

import app.schema
import db.engine
from db.engine import open_database
from db.session import Database
from tests.cluster.nursery import Nursery, nursery
from tests.databases import Postgres, keyring, knowing, postgres_server, sqlite_database
from tests.patience import PATIENCE
from tests.scheduling import Punctual, stand_back

assert app.schema.metadata.tables

# Typer builds all commands anew for each call of one: that is half of the time of such a test.
vars(typer.testing)["_get_command"] = cache(typer.main.get_command)

# Two databases of one test that share a file get the processor in turns: on a busy machine one can
# be locked out for longer than a process would wait that has to end soon. Less than what tests wait
# for what has to come, so that they tell of a lock and not of a time that is over.
LOCKED_SECONDS = db.engine.LOCKED_SECONDS
vars(db.engine)["LOCKED_SECONDS"] = PATIENCE / 2

FREEZE_EVERY = 200
"""Tests. What they all use is made by some of them: statements, routes, catalogues."""

# Until the tests begin: nothing of what is imported goes away again.
gc.disable()
_ended = itertools.count(1)


def pytest_configure() -> None:
    stand_back()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Punctual:
    return Punctual(config, log)


def pytest_collection_finish() -> None:
    """What has been imported by now stays: each look of the collector at it takes half a second,
    and what tests leave behind is found as before."""
    gc.enable()
    _freeze()


def pytest_runtest_logfinish() -> None:
    if next(_ended) % FREEZE_EVERY == 0:
        _freeze()


def _freeze() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_of_worker() -> Iterator[Postgres]:
    with postgres_server() as started:
        yield started


@pytest.fixture
def postgres(postgres_of_worker: Postgres) -> Iterator[Postgres]:
    """A server that makes databases for the time of a test."""
    yield postgres_of_worker
    postgres_of_worker.leave()


@pytest.fixture(scope="session")
def born() -> Iterator[Nursery]:
    """Where processes come from that a test starts many of."""
    with nursery() as opened:
        yield opened


@pytest.fixture
def as_in_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is locked out waits no longer than a process does; asked for before the database."""
    monkeypatch.setattr(db.engine, "LOCKED_SECONDS", LOCKED_SECONDS)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database; every test that takes it runs on both kinds."""
    if request.param == "sqlite":
        opened = await sqlite_database(tmp_path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        opened = knowing(open_database(await server.fresh(), keyring()))
    yield opened
    await opened.close()
