"""The jobs of the distributed mode, on a real PostgreSQL: no wake-up is lost, whatever dies."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from db.engine import open_database
from db.session import Database
from engine import pg_tables
from engine.pg_jobs import PgJobs
from kit.clock import Clock
from kit.jobs import Handler, Wake
from tests.databases import Postgres, keyring
from tests.patience import PATIENCE

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tequio'"


@pytest.fixture
async def url(postgres: Postgres) -> URL:
    return await postgres.fresh()


@pytest.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    opened = open_database(url, keyring())
    yield opened
    await opened.close()


@asynccontextmanager
async def worker(url: URL, **handlers: Handler) -> AsyncIterator[PgJobs]:
    """A worker of the handlers, or without any one that only passes wake-ups on."""
    jobs = PgJobs(url, Clock(), unkeyed={"page"})
    for name, handle in handlers.items():
        jobs.handler(name, handle)
    await jobs.open()
    running = asyncio.create_task(jobs.run())
    try:
        yield jobs
    finally:
        await jobs.stop()
        await asyncio.wait_for(running, PATIENCE)


async def until(holds: Callable[[], bool], seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.01)


def counting() -> tuple[list[str], Handler]:
    runs: list[str] = []

    async def handle(key: str) -> None:
        runs.append(key)

    return runs, handle


async def rows(database: Database, what: str = "count(*)", where: str = "true") -> object:
    async with database.read() as session:
        return await session.scalar(text(f"SELECT {what} FROM jobs.pgqueuer WHERE {where}"))


async def test_a_wake_up_of_one_process_runs_in_another(url: URL, database: Database) -> None:
    runs, handle = counting()
    async with worker(url, look=handle, page=handle), worker(url) as other:
        other.take(Wake("look", "a"))
        other.take(Wake("page", "b"))
        await until(lambda: sorted(runs) == ["a", "b"])
    assert await rows(database) == 0


@pytest.mark.parametrize("job", ["look", "page"])
async def test_a_wake_up_while_its_handler_runs_makes_it_run_again_and_never_twice_at_once(
    url: URL, job: str
) -> None:
    runs, gate, at_once, most = 0, asyncio.Event(), 0, 0

    async def handle(key: str) -> None:
        nonlocal runs, at_once, most
        runs, at_once = runs + 1, at_once + 1
        most = max(most, at_once)
        await gate.wait()
        at_once -= 1

    async with worker(url, **{job: handle}) as jobs:
        jobs.take(Wake(job, "a"))
        await until(lambda: runs == 1)
        for _ in range(5):
            jobs.take(Wake(job, "a"))
            await asyncio.sleep(0.05)
        gate.set()
        await until(lambda: runs >= 2)
        await until(lambda: not jobs.busy)
        await asyncio.sleep(0.2)
    assert most == 1
    assert 2 <= runs <= 6


async def test_many_wake_ups_of_a_kind_are_one_row_while_nobody_serves(
    url: URL, database: Database
) -> None:
    async with worker(url) as jobs:
        for _ in range(20):
            jobs.take(Wake("look", "a"))
            await asyncio.sleep(0.005)
        await until(lambda: not jobs.busy)
        assert await rows(database) == 1
        # A timer does not stand for what is meant now, nor the reverse.
        jobs.take(Wake("look", "a", Clock().now() + timedelta(hours=1)))
        await until(lambda: not jobs.busy)
    assert await rows(database) == 2


async def test_a_timer_runs_at_its_time(url: URL) -> None:
    runs, handle = counting()
    async with worker(url, page=handle) as jobs:
        begun = asyncio.get_running_loop().time()
        jobs.take(Wake("page", "later", Clock().now() + timedelta(seconds=0.7)))
        await until(lambda: runs == ["later"])
        assert 0.6 < asyncio.get_running_loop().time() - begun < 3


async def test_a_job_whose_worker_is_gone_runs_again_elsewhere_and_a_long_one_keeps_its_place(
    url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.pg_jobs.HEARTBEAT", timedelta(seconds=1))
    runs, handle = counting()
    long_runs: list[str] = []

    async def long(key: str) -> None:
        long_runs.append(key)
        await asyncio.sleep(3)

    connection = await asyncpg.connect(
        host=url.query["host"], user="postgres", database=url.database
    )
    async with worker(url, long=long) as jobs, worker(url, long=long, look=handle):
        jobs.take(Wake("long", "a"))
        await until(lambda: long_runs == ["a"])
        # As a worker leaves it that was killed.
        await connection.execute(
            "INSERT INTO jobs.pgqueuer (priority, entrypoint, payload, status, queue_manager_id)"
            " VALUES (0, 'look', 'a', 'picked', gen_random_uuid())"
        )
        await until(lambda: runs == ["a"])
        await asyncio.sleep(1.5)
    await connection.close()
    assert long_runs == ["a"]


async def test_a_failed_job_is_tried_again_then_held_and_can_be_queued_anew(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.pg_jobs.RETRY_AFTER", (timedelta(), timedelta()))
    monkeypatch.setattr("engine.pg_jobs.LOOK_EVERY", timedelta(seconds=0.1))
    runs, broken = 0, True

    async def handle(key: str) -> None:
        nonlocal runs
        runs += 1
        if broken:
            raise RuntimeError("what somebody wrote")

    async with worker(url, look=handle) as jobs:
        jobs.take(Wake("look", "a"))
        await until(lambda: runs == 3)
        async with asyncio.timeout(PATIENCE):
            while True:
                if await rows(database, where="status = 'failed'"):
                    break
                await asyncio.sleep(0.02)
        async with database.read() as session:
            (found,) = await pg_tables.failed(session)
            assert await pg_tables.counts(session) == {"queued": 0, "picked": 0, "failed": 1}
            log = await session.scalar(
                text("SELECT string_agg(l::text, '') FROM jobs.pgqueuer_log l")
            )
        assert (found.job, found.key, found.error, found.attempts) == (
            "look",
            "a",
            "RuntimeError",
            3,
        )
        assert "somebody wrote" not in log
        broken = False
        async with database.write() as session:
            assert await pg_tables.retry(session, [found.id]) == 1
        await until(lambda: runs == 4)
    assert await rows(database) == 0


async def test_after_the_server_cuts_every_connection_all_goes_on(
    url: URL, database: Database
) -> None:
    runs, handle = counting()
    async with worker(url, look=handle) as jobs:
        jobs.take(Wake("look", "before"))
        await until(lambda: runs == ["before"])
        async with database.write() as session:
            await session.execute(text(CUT))
        for number in range(5):
            jobs.take(Wake("look", str(number)))
        await until(lambda: len(runs) == 6)
        # The listener is back too: this is quicker than the next look.
        begun = asyncio.get_running_loop().time()
        jobs.take(Wake("look", "after"))
        await until(lambda: "after" in runs)
        assert asyncio.get_running_loop().time() - begun < 1.5


async def test_a_job_table_that_was_dropped_is_made_anew(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.pg_jobs.LOOK_EVERY", timedelta(seconds=0.1))
    runs, handle = counting()
    async with worker(url, look=handle) as jobs:
        async with database.write() as session:
            await session.execute(text("DROP SCHEMA jobs CASCADE"))
        async with asyncio.timeout(PATIENCE):
            while not runs:
                jobs.take(Wake("look", "a"))
                await asyncio.sleep(0.1)


async def test_at_the_stop_a_handler_that_does_not_end_goes_back(
    url: URL, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.pg_jobs.STOPPING_SECONDS", 0.1)
    started, ends = asyncio.Event(), []

    async def handle(key: str) -> None:
        started.set()
        try:
            await asyncio.sleep(60)
        finally:
            ends.append(key)

    async with worker(url, look=handle) as jobs:
        jobs.take(Wake("look", "a"))
        await asyncio.wait_for(started.wait(), 10)
    assert ends == ["a"]
    assert await rows(database, "status::text") == "queued"


async def test_processes_that_start_at_once_make_the_tables_once(url: URL) -> None:
    async with AsyncExitStack() as stack:
        opening: list[Awaitable[PgJobs]] = [
            stack.enter_async_context(worker(url)) for _ in range(4)
        ]
        await asyncio.gather(*opening)


async def test_the_log_is_cleared_and_what_piles_up_is_taken_away(
    url: URL, database: Database
) -> None:
    async with worker(url) as jobs:
        for _ in range(30):
            jobs.take(Wake("page", "a"))
            await until(lambda: not jobs.busy)
    async with database.write() as session:
        await session.execute(text("UPDATE jobs.pgqueuer SET created = now() - interval '1 hour'"))
        await session.execute(
            text("UPDATE jobs.pgqueuer_log SET created = now() - interval '1 hour'")
        )
        await pg_tables.tidy(session)
    assert await rows(database) == 1
    async with database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM jobs.pgqueuer_log")) == 0
