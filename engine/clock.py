"""The periodic clock: APScheduler drives ticks, a lease lets one process do each of them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from db.session import Database
from engine import store
from kit.clock import Clock

log = structlog.get_logger(__name__)

Tick = Callable[[], Awaitable[None]]


class Ticker:
    """Calls ticks every so often, each in at most one process at a time."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        # The machine's own time: a lease taken by a moved clock would outlive a restart.
        self._clock = Clock()
        self._holder = holder
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, period: timedelta, name: str, tick: Tick) -> None:
        """Call `tick` every `period`; one that is still at work is not called again."""

        async def leased() -> None:
            try:
                if await self._may(name, period):
                    await tick()
            except Exception as error:
                log.error("tick.failed", tick=name, error=type(error).__name__)

        self._scheduler.add_job(
            leased,
            IntervalTrigger(seconds=period.total_seconds(), timezone="UTC"),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick under way goes on."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _may(self, name: str, period: timedelta) -> bool:
        now = self._clock.now()
        async with self._database.write() as session:
            return await store.take(session, name, self._holder, now + 2 * period, now)
