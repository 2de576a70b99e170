"""What only one process of all may do, one does; also when the clocks of machines differ."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from db.engine import open_database
from db.session import Database
from engine.leases import Leases
from kit.clock import Clock
from tests.databases import Postgres, keyring, sqlite_database
from tests.patience import PATIENCE

LASTS = timedelta(seconds=30)


async def test_one_of_two_holds_a_lease_until_it_is_given_back_or_runs_out(
    database: Database,
) -> None:
    first, second = Leases(database, "first"), Leases(database, "second")
    assert await first.take("reconcile", LASTS)
    assert await first.take("reconcile", LASTS), "it renews its own"
    assert not await second.take("reconcile", LASTS)
    assert await second.take("other", LASTS)
    await first.give_back()
    assert await second.take("reconcile", timedelta(seconds=0.05))
    await asyncio.sleep(0.1)
    assert await first.take("reconcile", LASTS)


async def test_a_machine_whose_clock_is_ahead_takes_no_lease_of_another(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(await postgres.fresh(), keyring())
    assert await Leases(database, "first").take("reconcile", LASTS)
    true_time = Clock.now
    monkeypatch.setattr(Clock, "now", lambda clock: true_time(clock) + timedelta(hours=1))
    assert not await Leases(database, "second").take("reconcile", LASTS)
    await database.close()


async def test_a_lease_of_a_clock_that_was_put_back_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = await sqlite_database(tmp_path)
    assert await Leases(database, "dead").take("reconcile", LASTS)
    true_time = Clock.now
    monkeypatch.setattr(Clock, "now", lambda clock: true_time(clock) - timedelta(hours=1))
    assert await Leases(database, "second").take("reconcile", LASTS)
    assert not await Leases(database, "third").take("reconcile", LASTS)
    await database.close()


async def test_work_that_one_does_alone_goes_to_another_when_the_first_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.leases.RENEW_SECONDS", 0.02)
    at_work: list[str] = []
    stops = {name: asyncio.Event() for name in ("first", "second")}
    tasks: list[asyncio.Task[None]] = []
    for name, stop in stops.items():

        async def work(over: asyncio.Event, name: str = name) -> None:
            at_work.append(name)
            await over.wait()
            at_work.remove(name)

        leases = Leases(database, name)
        tasks.append(asyncio.create_task(leases.alone("polling", work, stop)))
        await asyncio.sleep(0.3)
    assert at_work == ["first"]
    stops["first"].set()
    await tasks[0]
    assert at_work == []
    await Leases(database, "first").give_back()
    await asyncio.sleep(0.3)
    assert at_work == ["second"]
    stops["second"].set()
    await tasks[1]
    assert at_work == []


async def test_work_that_fails_is_begun_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.leases.RENEW_SECONDS", 0.01)
    begun, stop = 0, asyncio.Event()

    async def work(over: asyncio.Event) -> None:
        nonlocal begun
        begun += 1
        if begun == 3:
            stop.set()
        raise RuntimeError

    async with asyncio.timeout(PATIENCE):
        await Leases(database, "first").alone("polling", work, stop)
    assert begun == 3
