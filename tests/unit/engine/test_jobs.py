"""The jobs of the embedded mode lose no wake-up and follow a moved clock."""

import asyncio
from datetime import timedelta

import pytest

from engine.jobs import MemoryJobs
from kit.clock import Clock
from kit.jobs import Wake


async def test_a_wake_up_while_its_handler_runs_makes_it_run_again() -> None:
    jobs, runs, gate = MemoryJobs(Clock()), [], asyncio.Event()

    async def handle(key: str) -> None:
        runs.append(key)
        await gate.wait()

    jobs.handler("look", handle)
    jobs.enqueue(Wake("look", "a"))
    await asyncio.sleep(0)
    for _ in range(5):
        jobs.enqueue(Wake("look", "a"))
    gate.set()
    await jobs.idle()
    assert runs == ["a", "a"]


async def test_keys_run_side_by_side_and_one_key_never_twice_at_once() -> None:
    jobs, now, most = MemoryJobs(Clock()), 0, 0

    async def handle(key: str) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    jobs.handler("look", handle)
    for key in "ababab":
        jobs.enqueue(Wake("look", key))
    await jobs.idle()
    assert most == 2


async def test_a_timer_fires_when_the_clock_is_moved_past_it() -> None:
    clock = Clock()
    jobs, runs = MemoryJobs(clock), []

    async def handle(key: str) -> None:
        runs.append(key)

    jobs.handler("look", handle)
    working = asyncio.create_task(jobs.run())
    jobs.take(Wake("look", "later", clock.now() + timedelta(hours=1)))
    await asyncio.sleep(0.01)
    assert runs == []
    clock.move(timedelta(hours=2))
    await asyncio.sleep(0.01)
    await jobs.idle()
    assert runs == ["later"]
    await jobs.stop()
    await working


async def test_of_several_timers_for_one_key_only_the_earliest_is_kept() -> None:
    clock = Clock()
    jobs, runs = MemoryJobs(clock), []

    async def handle(key: str) -> None:
        runs.append(key)

    jobs.handler("look", handle)
    for minutes in (50, 30, 40, 30, 60):
        jobs.schedule(Wake("look", "a", clock.now() + timedelta(minutes=minutes)))
    jobs.schedule(Wake("look", "b", clock.now() + timedelta(minutes=90)))
    clock.move(timedelta(minutes=35))
    await jobs.idle()
    assert runs == ["a"]
    clock.move(timedelta(minutes=60))
    await jobs.idle()
    assert runs == ["a", "b"]
    jobs.schedule(Wake("look", "a", clock.now() + timedelta(minutes=1)))
    clock.move(timedelta(minutes=2))
    await jobs.idle()
    assert runs == ["a", "b", "a"]


async def test_a_handler_that_does_not_end_is_cancelled_when_all_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.jobs.STOPPING_SECONDS", 0.05)
    jobs, ends = MemoryJobs(Clock()), []

    async def handle(key: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ends.append(key)

    jobs.handler("look", handle)
    jobs.enqueue(Wake("look", "a"))
    await asyncio.sleep(0)
    await asyncio.wait_for(jobs.stop(), 2)
    assert ends == ["a"]
    assert not jobs.busy


async def test_a_handler_that_fails_stops_no_other(capsys: object) -> None:
    del capsys
    jobs, runs = MemoryJobs(Clock()), []

    async def handle(key: str) -> None:
        if key == "bad":
            raise RuntimeError("what somebody wrote")
        runs.append(key)

    jobs.handler("look", handle)
    for key in ("bad", "good"):
        jobs.enqueue(Wake("look", key))
    await jobs.idle()
    assert runs == ["good"]


async def test_after_stop_nothing_new_is_taken() -> None:
    jobs, runs = MemoryJobs(Clock()), []

    async def handle(key: str) -> None:
        runs.append(key)

    jobs.handler("look", handle)
    await jobs.stop()
    jobs.enqueue(Wake("look", "a"))
    await jobs.idle()
    assert runs == []
