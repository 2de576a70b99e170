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
from transports.handset.views import Sight, clock_view

PAUSE = 0.25
"""Seconds between two looks: a person does not notice it, the database neither."""

LOOKS_PER_BEAT = 60


class Events:
    """Streams of server-sent events, which end when `stop` is set."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stop: asyncio.Event,
    ) -> None:
        self._database = database
        self._clock = clock
        self._stop = stop

    async def stream(self, gone: Callable[[], Awaitable[bool]], sight: Sight) -> AsyncIterator[str]:
        """`ready` once, then what changes (`phone`, `line`, `gone`, `clock`), until `gone()` or the
        stop; a `beat` now and then says that the line still holds.

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
            for event in await self._news(seen, sight):
                yield event
            if looks % LOOKS_PER_BEAT == 0:
                yield _event("beat", {})

    async def _stopped(self) -> bool:
        """Wait until the next look is due or the server stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                await self._stop.wait()
        return self._stop.is_set()

    async def _news(self, seen: dict[int, int], sight: Sight) -> list[str]:
        """Events for what changed since `seen`, which is brought up to date."""
        events: list[str] = []
        async with self._database.read() as session:
            counts = await store.changes(session)
            for phone_id in seen.keys() - counts.keys():
                del seen[phone_id]
                events.append(_event("gone", {"id": phone_id}))
            for phone_id, count in counts.items():
                before = seen.get(phone_id)
                if before == count:
                    continue
                phone = await store.phone(session, phone_id)
                for view in await sight.phones(session, [phone] if phone else []):
                    events.append(_event("phone", view))
                for line in await store.lines(session, phone_id, before or 0):
                    events.append(_event("line", sight.line(line)))
                seen[phone_id] = count
        return events


def _event(name: str, data: dict[str, object]) -> str:
    # JSON escapes line breaks, so the data is always one line.
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"
