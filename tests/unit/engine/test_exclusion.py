"""One `tequio run`, or any number of separate processes, on whatever machines they are."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from db.engine import open_database
from engine.exclusion import Taken, holding
from tests.databases import Postgres, keyring

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    " AND pid <> pg_backend_pid()"
)


def nobody() -> None:
    raise AssertionError("the database was lost")


@pytest.fixture
async def url(postgres: Postgres) -> URL:
    return await postgres.fresh()


async def test_who_works_alone_excludes_everybody_and_the_others_only_him(url: URL) -> None:
    async with holding(url, nobody, alone=True):
        for alone in (True, False):
            with pytest.raises(Taken):
                async with holding(url, nobody, alone=alone):
                    pass
    async with holding(url, nobody, alone=False), holding(url, nobody, alone=False):
        with pytest.raises(Taken):
            async with holding(url, nobody, alone=True):
                pass
    async with holding(url, nobody, alone=True):
        pass


async def test_two_databases_of_one_server_have_nothing_to_do_with_each_other(
    postgres: Postgres, url: URL
) -> None:
    other = await postgres.fresh()
    async with holding(url, nobody, alone=True), holding(other, nobody, alone=True):
        pass


@pytest.mark.parametrize("somebody_comes_first", [False, True])
async def test_a_lock_that_was_lost_with_its_connection_is_taken_again_or_the_process_is_told(
    url: URL, monkeypatch: pytest.MonkeyPatch, somebody_comes_first: bool
) -> None:
    monkeypatch.setattr("engine.exclusion.LOOK_SECONDS", 0.3)
    lost = asyncio.Event()
    database = open_database(url, keyring())
    async with holding(url, lost.set, alone=True):
        async with database.write() as session:
            await session.execute(CUT)
        if somebody_comes_first:
            async with holding(url, nobody, alone=True):
                await asyncio.wait_for(lost.wait(), 5)
        else:
            await asyncio.sleep(1)
            assert not lost.is_set()
            with pytest.raises(Taken):
                async with holding(url, nobody, alone=False):
                    pass
    await database.close()
