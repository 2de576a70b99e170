"""The periodic clock: APScheduler drives ticks, a lease lets one process do each of them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from engine.leases import Leases
from kit.clock import Clock

FOLLOW_SECONDS = 1.0
"""How often it is asked whether the machine's clock was put back."""

log = structlog.get_logger(__name__)

Tick = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Every:
    """Times a period apart. After a clock that was put forward, or a machine that slept, the next
    one is the last that was missed: to count all of them, one by one, would hold up everything
    else."""

    period: timedelta

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """The first is a period from now, the others after the one before."""
        if previous is None:
            return now + self.period
        missed = (now - previous) // self.period
        return previous + max(missed, 1) * self.period


# The scheduler asks for one of its own kind, whose classes are not typed.
BaseTrigger.register(_Every)


class Ticker:
    """Calls ticks every so often: `every` in one process at a time, `here` in this one anyway."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._following: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[object]] = set()

    def every(self, period: timedelta, name: str, tick: Tick) -> None:
        """Call `tick` every `period`, in whichever process holds the lease of that name."""

        async def leased() -> None:
            if await self._leases.take(name, 2 * period):
                await tick()

        self.here(period, name, leased)

    def here(self, period: timedelta, name: str, tick: Tick) -> None:
        """Call `tick` every `period`; one that is still at work is not called again."""

        async def guarded() -> None:
            task = cast("asyncio.Task[object]", asyncio.current_task())
            self._under_way.add(task)
            try:
                await tick()
            except asyncio.CancelledError:
                # The scheduler stops, and would tell of what it ends as of a fault.
                log.info("tick.ended", tick=name)
            except Exception as error:
                log.error("tick.failed", tick=name, error=type(error).__name__)
            finally:
                self._under_way.discard(task)

        self._scheduler.add_job(
            guarded,
            _Every(period),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()
        self._following = asyncio.create_task(self._follow(), name="ticker")

    def stop(self) -> None:
        """Tick no more; ticks under way are cancelled, and `over` waits for them."""
        if self._following is not None:
            self._following.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def over(self) -> None:
        """Wait until what was under way has let go of its unit; to be called after `stop`."""
        if self._under_way:
            await asyncio.wait(tuple(self._under_way))

    async def _follow(self) -> None:
        """The scheduler goes by the machine's clock. When that is put back, every tick would wait
        until the hour comes again."""
        clock = Clock()
        while True:
            before = clock.now()
            await asyncio.sleep(FOLLOW_SECONDS)
            now = clock.now()
            if now < before:
                log.warning("clock.put_back", seconds=round((before - now).total_seconds()))
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=now)
