"""The job engine of the embedded mode against PgQueuer's in-memory adapter (docs/adr/0001).

Each measurement runs in a process of its own, so that none inherits another's memory; figures are
medians of three. PgQueuer gets its wake-ups without keys where each must be served, because with
keys it loses some, which is a row by itself.
"""

import asyncio
import gc
import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager
from functools import partial
from statistics import median, quantiles
from time import perf_counter

import psutil

from bench.engines import Waker, ours, pgqueuer
from bench.result import Result
from kit.jobs import Handler

Engine = Callable[[Handler], AbstractAsyncContextManager[Waker]]

ENGINES: dict[str, Engine] = {
    "ours": ours,
    "pgqueuer": pgqueuer,
    "pgqueuer, keyed": partial(pgqueuer, keyed=True),
}
KEYS = [f"key {number}" for number in range(100)]
TIMES = 3
MB = 2**20


async def _serve(engine: Engine, rounds: int, at_end: Callable[[], None]) -> None:
    """Wake all keys and wait until each was served, so many times; `at_end` before the end."""
    left = 0
    over = asyncio.Event()

    async def handle(key: str) -> None:
        nonlocal left
        del key
        await asyncio.sleep(0)
        left -= 1
        if left == 0:
            over.set()

    async with engine(handle) as wake:
        for _ in range(rounds):
            left = len(KEYS)
            over.clear()
            await wake(KEYS)
            await over.wait()
        at_end()


def served_a_second(engine: str, wakes: int = 20_000) -> float:
    """Wake-ups served in a second, each by a run of its handler."""
    times: list[float] = []
    begun = perf_counter()
    asyncio.run(
        _serve(ENGINES[engine], wakes // len(KEYS), lambda: times.append(perf_counter() - begun))
    )
    return wakes / times[0]


def memory_grown(engine: str, wakes: int = 100_000) -> float:
    """What the process has grown by after so many wake-ups, in MB, nothing being pending."""
    sizes: list[int] = []

    def weigh() -> None:
        gc.collect()
        sizes.append(psutil.Process().memory_info().rss)

    async def whole() -> None:
        await _serve(ENGINES[engine], 10, weigh)
        await _serve(ENGINES[engine], wakes // len(KEYS), weigh)

    asyncio.run(whole())
    return (sizes[1] - sizes[0]) / MB


def slowest_start(engine: str, wakes: int = 1_000) -> float:
    """Milliseconds from a wake-up, while nothing else runs, to the start of its handler: p99."""
    took: list[float] = []

    async def whole() -> None:
        begun = 0.0
        started = asyncio.Event()

        async def handle(key: str) -> None:
            del key
            took.append(perf_counter() - begun)
            started.set()

        async with ENGINES[engine](handle) as wake:
            for _ in range(wakes):
                started.clear()
                begun = perf_counter()
                await wake(KEYS[:1])
                await started.wait()
                # Long enough for both to fall idle again.
                await asyncio.sleep(0.001)

    asyncio.run(whole())
    return quantiles(took, n=100)[98] * 1_000


def runs_again(engine: str) -> float:
    """1 when a wake-up that comes while its handler runs makes it run once more, else 0."""

    async def whole() -> float:
        runs = 0
        started, release, again = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def handle(key: str) -> None:
            nonlocal runs
            del key
            runs += 1
            (started if runs == 1 else again).set()
            await release.wait()

        async with ENGINES[engine](handle) as wake:
            await wake(KEYS[:1])
            await started.wait()
            await wake(KEYS[:1])
            release.set()
            try:
                await asyncio.wait_for(again.wait(), 3)
            except TimeoutError:
                return 0
        return 1

    return asyncio.run(whole())


def runs_alone(engine: str) -> float:
    """1 when one key of a job never runs twice at once, else 0."""

    async def whole() -> float:
        at_once = most = 0
        started = asyncio.Event()

        async def handle(key: str) -> None:
            nonlocal at_once, most
            del key
            at_once += 1
            most = max(most, at_once)
            started.set()
            await asyncio.sleep(0.3)
            at_once -= 1

        async with ENGINES[engine](handle) as wake:
            await wake(KEYS[:1])
            await started.wait()
            await wake(KEYS[:1])
            await asyncio.sleep(1)
        return float(most == 1)

    return asyncio.run(whole())


def _alone(measure: Callable[[str], float], engine: str) -> float:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        return process.submit(measure, engine).result()


def _median(measure: Callable[[str], float], engine: str) -> float:
    return median(_alone(measure, engine) for _ in range(TIMES))


def run() -> list[Result]:
    """Measure both engines."""
    served, their_served = (_median(served_a_second, name) for name in ("ours", "pgqueuer"))
    grown, their_grown = (_median(memory_grown, name) for name in ("ours", "pgqueuer"))
    start, their_start = (_median(slowest_start, name) for name in ("ours", "pgqueuer"))
    again, their_again = (_alone(runs_again, name) for name in ("ours", "pgqueuer, keyed"))
    alone, their_alone = (_alone(runs_alone, name) for name in ("ours", "pgqueuer"))
    at_least, at_most = "at least the reference", "at most the reference"
    return [
        Result(
            "jobs: wake-ups served (20,000 of 100 keys)",
            served,
            "a second",
            their_served,
            at_least,
            served >= their_served,
        ),
        Result(
            "jobs: memory grown after 100,000 wake-ups",
            grown,
            "MB",
            their_grown,
            at_most,
            grown <= their_grown,
        ),
        Result(
            "jobs: wake-up to start of the handler, p99",
            start,
            "ms",
            their_start,
            at_most,
            start <= their_start,
        ),
        Result(
            "jobs: a wake-up while the handler runs is not lost (reference: with keys)",
            again,
            "yes 1, no 0",
            their_again,
            "yes",
            again == 1,
        ),
        Result(
            "jobs: one key never runs twice at once (reference: without keys)",
            alone,
            "yes 1, no 0",
            their_alone,
            "yes",
            alone == 1,
        ),
    ]
