"""Work that nobody waits for, in turns: so many units at a time, and a rest after each.

A page, and a call for help, come in between. The rest is as long as the unit took, so that the more
others have to do, the more room they get.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter

LEAST_SECONDS = 0.02
LONGEST_SECONDS = 1.0
"""What a unit that waited for somebody else's took tells nothing."""


class Turns:
    """Turns that several kinds of work share in one process; first come, first served. Where nobody
    else is about, nothing `rests`."""

    def __init__(
        self,
        at_once: int = 1,
        *,
        rests: bool = True,
        timer: Callable[[], float] = perf_counter,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._room = asyncio.Semaphore(at_once)
        self._rests = rests
        self._timer = timer
        self._sleep = sleep

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a turn, do one unit in it, and rest before the next may have it."""
        async with self._room:
            began = self._timer()
            yield
            took = self._timer() - began
            await self._sleep(min(max(took, LEAST_SECONDS), LONGEST_SECONDS) * self._rests)
