"""Counting coverage in the background: a few rows at a time, the whole of it every ten minutes.

A million people take about a minute, in units that only read; what was counted lies in memory until
it is whole, and is then put in the place of the last count in one unit. A process that ends
meanwhile costs nothing but that minute.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from alerts import attended
from alerts.coverage import tries
from contacts.coverage import counting, store
from contacts.coverage.counting import Counted
from contacts.coverage.dimensions import MEANS, SUBSCRIBED, WHOLE, of_year
from contacts.coverage.model import Day
from contacts.gazetteer import load_gazetteer
from db.session import Database, Session
from kit.clock import Clock
from kit.turns import Turns

FRESH = timedelta(minutes=10)
"""How long a count is good for."""

LOOK_EVERY = timedelta(seconds=2)

BATCH = 1_000
"""Rows that one unit counts: some 15 ms on SQLite."""

STEPS = 25
"""Units of one look: about a second, so that SIGTERM soon finds it over."""

LEFT_ALONE = timedelta(minutes=5)
"""A count that nobody went on with for so long began in another time: by another process's turn,
or before the clock was moved."""


@dataclass(slots=True)
class _Count:
    """A count under way. `stage` is the place in `_STAGES`, `through` the last row of it."""

    began: datetime
    went_on: datetime
    stage: int = 0
    through: int = 0
    counted: Counted = field(default_factory=Counter)


class Counting:
    """Counts coverage. One of all processes does it at a time: `Ticker.every(LOOK_EVERY,
    "coverage", counting.look)`."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        batch: int = BATCH,
        steps: int = STEPS,
        turns: Turns | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._batch = batch
        self._steps = steps
        self._turns = turns or Turns()
        self._count: _Count | None = None

    async def look(self) -> None:
        """Go on counting for about a second, if there is something to count."""
        await tries.note(self._database, self._clock.now(), self._turns)
        if await self._under_way():
            await self._go_on(self._steps)

    async def whole(self) -> None:
        """Count all of it now."""
        now = self._clock.now()
        self._count = _Count(now, now)
        while self._count is not None:
            await self._go_on(self._steps)

    async def _under_way(self) -> bool:
        now = self._clock.now()
        count = self._count
        if count is not None and abs(now - count.went_on) < LEFT_ALONE:
            return True
        async with self._database.read() as session:
            at = await store.counted_at(session)
        # One that was made before the clock was put back is old, too.
        fresh = at is not None and now - FRESH < at <= now
        self._count = None if fresh else _Count(now, now)
        return not fresh

    async def _go_on(self, steps: int) -> None:
        count = self._count
        # Half a second the first time, which must not fall into a unit.
        regions = await asyncio.to_thread(_regions)
        for _step in range(steps):
            if count is None:
                return
            count.went_on = self._clock.now()
            if count.stage == len(_STAGES):
                await self._keep(count)
                self._count = count = None
                return
            async with self._turns.one(), self._database.read() as session:
                step = await _STAGES[count.stage](session, count, self._batch, regions)
            count.counted.update(step.counted)
            if step.through is None:
                count.stage, count.through = count.stage + 1, 0
            else:
                count.through = step.through

    async def _keep(self, count: _Count) -> None:
        """In one unit: the cells, and what they mean for today."""
        async with self._database.write() as session:
            await store.replace(session, count.counted, count.began)
            await store.note_day(session, standing(count.counted, tries.day_of(count.began)))


def standing(counted: Mapping[tuple[str, str], int], on: date) -> Day:
    """What a count says of the day on which it was made."""
    of = of_year(MEANS, on.year)
    this_year = sum(people for (dimension, _cell), people in counted.items() if dimension == of)
    return Day(on, counted.get((WHOLE, SUBSCRIBED), 0), this_year)


def _regions() -> Mapping[int, str]:
    places = load_gazetteer().municipalities
    return {clave: place.region.value for clave, place in places.items()}


async def _people(
    session: Session, count: _Count, limit: int, regions: Mapping[int, str]
) -> counting.Step:
    reaches = await tries.reaches(session, count.began)
    return await counting.people(session, count.through, limit, reaches)


async def _attentions(
    session: Session, count: _Count, limit: int, regions: Mapping[int, str]
) -> counting.Step:
    return await counting.attentions(session, count.through, limit, regions)


async def _cases(
    session: Session, count: _Count, limit: int, regions: Mapping[int, str]
) -> counting.Step:
    return await attended.closed(session, count.through, limit)


_STAGES = (_people, _attentions, _cases)
