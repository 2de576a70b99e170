"""Jobs of the embedded mode: an asyncio loop over wake-ups, in memory.

The tables are the truth and the reconciler asks them, so nothing here needs to last. Why not
PgQueuer in memory: docs/adr/0001.
"""

import asyncio
import heapq
from datetime import datetime

import structlog

from kit.clock import Clock
from kit.jobs import Handler, Wake

log = structlog.get_logger(__name__)

STOPPING_SECONDS = 4
"""How long a handler may go on once the process is to end."""

CANCELLING_SECONDS = 4
"""How long a cancelled one is waited for: SQLite cannot be interrupted while it is locked out."""


class MemoryJobs:
    """Implements `kit.jobs.Jobs` in one process.

    One key of one job runs once at a time. A wake-up that comes while it runs makes it run again,
    so none is lost. Timers follow the clock, also when it is moved; of several for one key only the
    earliest is kept, because the handler asks the tables when it has to come again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._handlers: dict[str, Handler] = {}
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._again: set[tuple[str, str]] = set()
        self._timers: list[tuple[datetime, str, str]] = []
        self._earliest: dict[tuple[str, str], datetime] = {}
        self._changed = asyncio.Event()
        self._stopping = False
        clock.on_move(self._changed.set)

    def handler(self, job: str, handle: Handler) -> None:
        self._handlers[job] = handle

    def take(self, wake: Wake) -> None:
        """Enqueue or schedule, as the wake-up says."""
        if wake.at is not None and wake.at > self._clock.now():
            self.schedule(wake)
        else:
            self.enqueue(wake)

    def enqueue(self, wake: Wake) -> None:
        if self._stopping:
            return
        what = (wake.job, wake.key)
        if what in self._running:
            self._again.add(what)
            return
        task = asyncio.create_task(self._run_one(what), name=f"job {wake.job}")
        self._running[what] = task

    def schedule(self, wake: Wake) -> None:
        if wake.at is None:
            raise ValueError("a scheduled wake-up needs its instant")
        known = self._earliest.get((wake.job, wake.key))
        if known is not None and known <= wake.at:
            return
        self._earliest[wake.job, wake.key] = wake.at
        heapq.heappush(self._timers, (wake.at, wake.job, wake.key))
        self._changed.set()

    async def run(self) -> None:
        while not self._stopping:
            self._changed.clear()
            self._fire()
            wait = None
            if self._timers:
                wait = max(0.0, (self._timers[0][0] - self._clock.now()).total_seconds())
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """Take nothing new. What still runs after `STOPPING_SECONDS` is cancelled: its unit is
        rolled back, and the tables still say that it is due.
        """
        self._stopping = True
        self._changed.set()
        await self._ended(STOPPING_SECONDS)
        for task in self._running.values():
            task.cancel()
        await self._ended(CANCELLING_SECONDS)

    @property
    def busy(self) -> bool:
        """Whether a handler runs."""
        return bool(self._running)

    async def idle(self) -> None:
        """Wait until nothing runs and no timer is due."""
        self._fire()
        while self._running:
            await asyncio.wait(list(self._running.values()))
            self._fire()

    async def _ended(self, seconds: float) -> None:
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=seconds)

    def _fire(self) -> None:
        now = self._clock.now()
        while self._timers and self._timers[0][0] <= now:
            at, job, key = heapq.heappop(self._timers)
            if self._earliest.get((job, key)) == at:
                del self._earliest[job, key]
                self.enqueue(Wake(job, key))

    async def _run_one(self, what: tuple[str, str]) -> None:
        job, key = what
        try:
            await self._handlers[job](key)
        except Exception as error:
            # The rows are as they were, so the reconciler wakes it again. Only the kind of the
            # error is said: its text could hold what a person wrote.
            log.error("job.failed", job=job, error=type(error).__name__)
        finally:
            del self._running[what]
            if what in self._again:
                self._again.discard(what)
                self.enqueue(Wake(job, key))
