"""Work that nobody waits for, in turns: so many units at a time, and a rest after each.

A page, and a call for help, come in between. The rest is as long as the unit took, so that the more
others have to do, the more room they get.
"""

import asyncio
from collections import deque
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
        self._rests = rests
        self._timer = timer
        self._sleep = sleep
        self._room = asyncio.Semaphore(at_once)
        # When each place that nobody has may be taken again.
        self._places = deque([0.0] * at_once)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a turn, and do one unit in it. Whoever comes next waits for the rest."""
        async with self._room:
            free_at = self._places.popleft()
            try:
                rest = free_at - self._timer()
                if rest > 0:
                    await self._sleep(rest)
                began = self._timer()
                yield
                if self._rests:
                    took = self._timer() - began
                    free_at = began + took + min(max(took, LEAST_SECONDS), LONGEST_SECONDS)
            finally:
                self._places.append(free_at)
