"""The page's event stream: what has changed on the phones, from the tables alone.

The tables are asked and no process is, so that the page also shows what another process sent.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from db.session import Database
from kit.clock import Clock
from transports.handset import store
from transports.handset.pictures import Pictures
from transports.handset.views import clock_view, line_view, phone_view

PAUSE = 0.25
"""Seconds between two looks: a person does not notice it, the database neither."""

LOOKS_PER_BEAT = 60


class Events:
    """Streams of server-sent events, which end when `stop` is set."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        pictures: Pictures,
        language: str,
        stop: asyncio.Event,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pictures = pictures
        self._language = language
        self._stop = stop

    async def stream(self, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
        """`ready` once, then `phone`, `line` and `clock` events, until `gone()` or the stop.

        After `ready` nothing is missed: whoever reads the state then has all that came before.
        """
        async with self._database.read() as session:
            seen = await store.changes(session)
        moved = self._clock.offset
        yield "retry: 1000\n" + _event("ready", {})
        looks = 0
        while not await self._stopped() and not await gone():
            looks += 1
            if moved != self._clock.offset:
                moved = self._clock.offset
                yield _event("clock", clock_view(self._clock))
            for event in await self._news(seen):
                yield event
            if looks % LOOKS_PER_BEAT == 0:
                yield ": still here\n\n"

    async def _stopped(self) -> bool:
        """Wait until the next look is due or the server stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await self._stop.wait()
        return self._stop.is_set()

    async def _news(self, seen: dict[int, int]) -> list[str]:
        """Events for what changed since `seen`, which is brought up to date."""
        events: list[str] = []
        async with self._database.read() as session:
            for phone_id, count in (await store.changes(session)).items():
                before = seen.get(phone_id)
                if before == count:
                    continue
                phone = await store.phone(session, phone_id)
                if phone is not None:
                    events.append(_event("phone", phone_view(phone)))
                for line in await store.lines(session, phone_id, before or 0):
                    view = line_view(line, self._pictures, self._language)
                    events.append(_event("line", view))
                seen[phone_id] = count
        return events


def _event(name: str, data: dict[str, object]) -> str:
    # JSON escapes line breaks, so the data is always one line.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
