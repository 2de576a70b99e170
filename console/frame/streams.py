"""Pages that change by themselves: one look a second for all who watch the same thing.

A stream says only *that* something changed; the page then asks for it, with its rights checked as
at any request. Nothing of a person travels in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from fastapi.responses import StreamingResponse

from console.frame.visit import Visit
from db.session import Database, Session

log = structlog.get_logger(__name__)

PAUSE = 0.7
"""Seconds between two looks: with the request that follows a page is true within two."""

BEATS = 20
"""Looks between two signs of life, at which the visitor's session is looked at again."""

Look = Callable[[Session], Awaitable[str]]
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(slots=True)
class _Watched:
    """What was seen last, and who waits for something else."""

    print: str = ""
    watchers: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    task: "asyncio.Task[None] | None" = None


class Streams:
    """Streams of server-sent events, which end when `stop` is set or the visitor signs out."""

    def __init__(
        self,
        database: Database,
        stop: asyncio.Event,
        still_in: Callable[[Visit], Awaitable[bool]],
    ) -> None:
        self._database = database
        self._stop = stop
        self._still_in = still_in
        self._watched: dict[str, _Watched] = {}

    def answer(self, visit: Visit, name: str, look: Look) -> StreamingResponse:
        """A stream of `changed` events, one whenever `look` gives another print.

        `name` stands for the look: those who watch the same share it. The first event comes at
        once, so that a page which was away knows that it must ask.
        """
        return StreamingResponse(
            self._events(visit, name, look), media_type="text/event-stream", headers=HEADERS
        )

    async def _events(self, visit: Visit, name: str, look: Look) -> AsyncIterator[str]:
        watched = self._watched.setdefault(name, _Watched())
        watched.watchers += 1
        seen: str | None = None
        try:
            yield "retry: 2000\n\n"
            beat = 0
            while not self._stop.is_set():
                beat += 1
                if watched.task is None or watched.task.done():
                    watched.task = asyncio.create_task(self._watch(name, watched, look))
                if watched.print and watched.print != seen:
                    seen = watched.print
                    # Not what was seen: it would tell how much there is of what they may not see.
                    yield "event: changed\ndata: \n\n"
                if beat % BEATS == 0:
                    if not await self._still_in(visit):
                        yield "event: over\ndata: \n\n"
                        return
                    yield ": still here\n\n"
                await _either(watched.changed, self._stop, PAUSE)
        finally:
            watched.watchers -= 1

    async def _watch(self, name: str, watched: _Watched, look: Look) -> None:
        """Look while anybody watches. Whatever goes wrong once may go well a moment later."""
        failing = False
        while watched.watchers and not self._stop.is_set():
            try:
                async with self._database.read() as session:
                    found = await look(session)
            except Exception as error:
                # Said once, and not every second that a database is away.
                if not failing:
                    log.warning("stream.look_failed", name=name, error=type(error).__name__)
                failing, found = True, watched.print
            else:
                failing = False
            if found != watched.print:
                watched.print = found
                async with watched.changed:
                    watched.changed.notify_all()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), PAUSE)
        self._watched.pop(name, None)


async def _either(changed: asyncio.Condition, stop: asyncio.Event, seconds: float) -> None:
    """Wait for a change, but not long: the stop must be heard, too."""
    if stop.is_set():
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), changed:
            await changed.wait()
