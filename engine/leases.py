"""Leases: what only one process of all may do at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from db.session import Database
from engine import store

log = structlog.get_logger(__name__)

LASTS = timedelta(seconds=12)
RENEW_SECONDS = 3.0
"""Three tries may fail before the lease is another's."""


Work = Callable[[asyncio.Event], Awaitable[None]]


class Leases:
    """The leases of one process, which is known by `holder`."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    async def take(self, name: str, lasts: timedelta) -> bool:
        """Take or renew one; False while another process holds it."""
        async with self._database.write() as session:
            return await store.take(session, name, self._holder, lasts)

    async def give_back(self) -> None:
        """Let others take at once what this process held."""
        try:
            async with self._database.write() as session:
                await store.give_back(session, self._holder)
        except Exception as error:
            # They run out by themselves.
            log.warning("lease.not_given_back", error=type(error).__name__)

    async def alone(self, name: str, work: Work, stop: asyncio.Event) -> None:
        """Do `work` while no other process does, until `stop`.

        `work` ends when the event that it is given is set: at the stop, or when the lease is lost.
        """
        while not stop.is_set():
            if await self._try(name):
                await self._hold(name, work, stop)
            await _pause(stop)

    async def _hold(self, name: str, work: Work, stop: asyncio.Event) -> None:
        over = asyncio.Event()
        working = asyncio.ensure_future(work(over))
        renewed = asyncio.get_running_loop().time()
        try:
            while not (stop.is_set() or working.done()):
                await _pause(stop, working)
                now = asyncio.get_running_loop().time()
                if await self._try(name):
                    renewed = now
                elif now - renewed > LASTS.total_seconds() - 2 * RENEW_SECONDS:
                    log.warning("lease.lost", lease=name)
                    break
        finally:
            over.set()
            (failed,) = await asyncio.gather(working, return_exceptions=True)
            if isinstance(failed, Exception):
                log.error("lease.work_failed", lease=name, error=type(failed).__name__)

    async def _try(self, name: str) -> bool:
        try:
            return await self.take(name, LASTS)
        except Exception as error:
            log.warning("lease.unreachable", lease=name, error=type(error).__name__)
            return False


async def _pause(stop: asyncio.Event, *others: asyncio.Future[None]) -> None:
    async def stopped() -> None:
        await stop.wait()

    stopping = asyncio.ensure_future(stopped())
    await asyncio.wait(
        {stopping, *others}, timeout=RENEW_SECONDS, return_when=asyncio.FIRST_COMPLETED
    )
    stopping.cancel()
