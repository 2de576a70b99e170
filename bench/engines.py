"""The two engines that the embedded mode could have, behind one face for the benchmarks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from pgqueuer.adapters.inmemory import InMemoryDriver, InMemoryQueries
from pgqueuer.core.qm import QueueManager
from pgqueuer.models import Job

from engine.jobs import MemoryJobs
from kit.clock import Clock
from kit.jobs import Handler, Wake

Waker = Callable[[Sequence[str]], Awaitable[None]]
"""Wakes the handler once for each key."""

ENTRY = "bench"


@asynccontextmanager
async def ours(handle: Handler) -> AsyncIterator[Waker]:
    """The engine of the embedded mode."""
    jobs = MemoryJobs(Clock())
    jobs.handler(ENTRY, handle)
    running = asyncio.create_task(jobs.run())

    async def wake(keys: Sequence[str]) -> None:
        for key in keys:
            jobs.enqueue(Wake(ENTRY, key))

    yield wake
    await jobs.stop()
    await running


@asynccontextmanager
async def pgqueuer(handle: Handler, *, keyed: bool = False) -> AsyncIterator[Waker]:
    """PgQueuer's own in-memory store and queue manager, the store shared by both sides.

    With `keyed` a wake-up carries its key as deduplication key and a repetition is skipped, which
    is how it would keep one key from running twice at once.
    """
    store = InMemoryQueries(InMemoryDriver())
    manager = QueueManager(queries=store)

    @manager.entrypoint(ENTRY)
    async def run(job: Job) -> None:
        await handle((job.payload or b"").decode())

    # Batches of the size of a round: its default of 10 would be slower.
    running = asyncio.create_task(manager.run(dequeue_timeout=timedelta(seconds=1), batch_size=100))

    async def wake(keys: Sequence[str]) -> None:
        await store.enqueue(
            [ENTRY] * len(keys),
            [key.encode() for key in keys],
            [0] * len(keys),
            dedupe_key=list(keys) if keyed else None,
            on_conflict="skip",
        )

    yield wake
    manager.shutdown.set()
    await running
