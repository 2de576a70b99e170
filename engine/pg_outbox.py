"""Wake-ups on their way into PgQueuer's table: taken after a commit, written in batches."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from engine.link import Link, Lost
from engine.pg_tables import queries_on
from kit.clock import Clock
from kit.jobs import Wake

log = structlog.get_logger(__name__)

BATCH = 500
MOST = 10_000
"""Wake-ups kept while the database is away. What goes beyond, the reconciler finds."""


class Outbox:
    """Writes wake-ups over a connection of its own.

    A wake-up of an ordinary job carries a key, so that many of one kind are one row. It counts only
    while the row is queued: `engine.pg_jobs` takes the key away before the handler starts, so the
    next wake-up is written, and nothing is missed. `unkeyed` jobs, which somebody waits for, carry
    none.
    """

    def __init__(self, link: Link, clock: Clock, unkeyed: Collection[str]) -> None:
        self._queries = queries_on(link)
        self._link = link
        self._clock = clock
        self._unkeyed = frozenset(unkeyed)
        self._waiting: dict[Wake, None] = {}
        self._changed = asyncio.Event()
        self._closed = False
        self._writing = False

    def put(self, wake: Wake) -> None:
        """Take a wake-up; it is written within a moment."""
        if self._closed:
            return
        if len(self._waiting) >= MOST:
            log.warning("jobs.wake_dropped", job=wake.job)
            return
        self._waiting[wake] = None
        self._changed.set()

    @property
    def empty(self) -> bool:
        """Whether all that was taken is written."""
        return not (self._waiting or self._writing)

    async def run(self) -> None:
        """Write what is put, until `close`."""
        while not (self._closed and not self._waiting):
            await self._changed.wait()
            self._changed.clear()
            while self._waiting:
                await self._write()

    async def close(self, running: asyncio.Task[None], seconds: float) -> None:
        """Take nothing new; what is there has so long to be written."""
        self._closed = True
        self._changed.set()
        _, late = await asyncio.wait({running}, timeout=seconds)
        if late:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _write(self) -> None:
        wakes = list(self._waiting)[:BATCH]
        for wake in wakes:
            del self._waiting[wake]
        self._writing = True
        now = self._clock.now()
        try:
            await self._queries.enqueue(
                [wake.job for wake in wakes],
                [wake.key.encode() for wake in wakes],
                [0] * len(wakes),
                [self._delay(wake, now) for wake in wakes],
                [self._key(wake, now) for wake in wakes],
                on_conflict="skip",
            )
        except Lost:
            pass
        except Exception as error:
            log.error("jobs.not_enqueued", error=type(error).__name__)
        finally:
            self._writing = False

    def _delay(self, wake: Wake, now: datetime) -> timedelta | None:
        """How long from now, because PgQueuer counts on the server's clock."""
        if wake.at is None or wake.at <= now:
            return None
        return wake.at - now

    def _key(self, wake: Wake, now: datetime) -> str | None:
        if wake.job in self._unkeyed:
            return None
        if wake.at is None or wake.at <= now:
            return f"{wake.job} {wake.key}"
        # One for each second: a timer must not stand for a wake-up that is meant now.
        return f"{wake.job} {wake.key} {wake.at:%Y%m%d%H%M%S}"
