"""Ticks come every so often, whatever happens to the machine's clock."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from engine.clock import Ticker
from engine.leases import Leases
from kit.clock import Clock
from tests.databases import sqlite_database

EVERY = timedelta(seconds=0.05)


class Machine(datetime):
    """The time of a machine whose clock somebody moves."""

    moved = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        true = datetime.now(tz) + cls.moved
        return cls.fromtimestamp(true.timestamp(), tz)


@pytest.fixture
async def ticker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ticker]:
    monkeypatch.setattr(Machine, "moved", timedelta())
    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Machine)
    monkeypatch.setattr("kit.clock.datetime", Machine)
    monkeypatch.setattr("engine.clock.FOLLOW_SECONDS", 0.05)
    database = await sqlite_database(tmp_path)
    ticker = Ticker(Leases(database, "here"))
    yield ticker
    ticker.stop()
    await ticker.over()
    await database.close()


class Counting:
    """Ticks, and whoever waits for them."""

    def __init__(self) -> None:
        self._ticked = asyncio.Event()

    async def tick(self) -> None:
        self._ticked.set()

    async def goes_on(self) -> None:
        """Two more ticks come; after thirty hours of missed ones the scheduler counts for long."""
        async with asyncio.timeout(30):
            for _ in range(2):
                self._ticked.clear()
                await self._ticked.wait()


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
async def test_a_clock_that_is_moved_stops_no_tick(
    ticker: Ticker, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    here, leased = Counting(), Counting()
    ticker.here(EVERY, "here", here.tick)
    ticker.every(EVERY, "leased", leased.tick)
    ticker.start()
    await asyncio.gather(here.goes_on(), leased.goes_on())
    monkeypatch.setattr(Machine, "moved", timedelta(hours=hours))
    assert abs(Clock().now() - datetime.now().astimezone()) > timedelta(minutes=30)
    await asyncio.gather(here.goes_on(), leased.goes_on())


async def test_a_tick_that_fails_comes_again(ticker: Ticker) -> None:
    counting = Counting()

    async def fails() -> None:
        await counting.tick()
        raise OSError("invented")

    ticker.here(EVERY, "fails", fails)
    ticker.start()
    await counting.goes_on()


async def test_after_the_end_no_tick_has_a_unit(ticker: Ticker) -> None:
    """What a tick was doing is over before anybody closes the database under it."""
    begun, done = asyncio.Event(), False

    async def slow() -> None:
        nonlocal done
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            # To roll back takes a moment.
            await asyncio.sleep(0.05)
            done = True

    ticker.here(EVERY, "slow", slow)
    ticker.start()
    await begun.wait()
    ticker.stop()
    await ticker.over()
    assert done
