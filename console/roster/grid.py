"""A week of shifts as a grid: for each day and rota a row of quarters of an hour. Pure.

The columns are those of a clock on the wall. When clocks are put back, the hour that comes twice is
as wide as any other; when they are put forward, the hour that is left out belongs to what follows.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from alerts.shifts.rota import Rota, Shift, Stretch
from alerts.shifts.wall import DAY, instant
from alerts.shifts.week import Week

QUARTERS = 96


class Is(StrEnum):
    """What a block is: a shift, hours of a rota without one, hours without anybody at all."""

    SHIFT = "shift"
    FREE = "free"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a row: `at` and `wide` in quarters of an hour, and the true instants of it.

    `before` and `after`: the shift began on an earlier day, or goes on on the next.
    """

    what: Is
    at: int
    wide: int
    starts: datetime
    ends: datetime
    shift: Shift | None = None
    before: bool = False
    after: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A rota on one day, or the hours without anybody, whose `rota` is None."""

    rota: Rota | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week. `longer` by an hour or more when the clocks are put back, negative when
    they are put forward."""

    day: date
    begins: datetime
    ends: datetime
    rows: tuple[Row, ...]
    longer: timedelta

    @property
    def listed(self) -> tuple[tuple[Rota | None, Block], ...]:
        """Shifts and gaps of the day in the order in which they begin, with their rotas."""
        found = [
            (row.rota, block)
            for row in self.rows
            for block in row.blocks
            if block.what is not Is.FREE
        ]
        return tuple(sorted(found, key=lambda one: (one[1].starts, one[1].ends)))


def grid(week: Week) -> tuple[Day, ...]:
    """The seven days of a week, each with a row for each rota, after one of gaps if it has any."""
    return tuple(_day(week, week.monday + number * DAY) for number in range(7))


def _day(week: Week, day: date) -> Day:
    marks = [
        instant(day, time(quarter // 4, quarter % 4 * 15), week.zone) for quarter in range(QUARTERS)
    ]
    marks.append(instant(day + DAY, time(), week.zone))
    begins, ends = marks[0], marks[-1]
    rows = [
        Row(rota, tuple(_blocks([one for one in week.shifts if one.rota_id == rota.id], marks)))
        for rota in week.rotas
    ]
    gaps = tuple(_gaps(week.gaps, marks))
    if any(one.what is Is.GAP for one in gaps):
        rows.insert(0, Row(None, gaps))
    return Day(day, begins, ends, tuple(rows), (ends - begins) - DAY)


def _blocks(shifts: Sequence[Shift], marks: Sequence[datetime]) -> Iterable[Block]:
    """The shifts of one rota, which never overlap, and between them what is free."""
    begins, ends = marks[0], marks[-1]
    found = []
    for one in shifts:
        if one.starts < ends and begins < one.ends:
            starts, stops = max(one.starts, begins), min(one.ends, ends)
            block = _block(Is.SHIFT, starts, stops, marks)
            before, after = one.starts < begins, one.ends > ends
            found.append(replace(block, shift=one, before=before, after=after))
    return _filled(found, Is.FREE, marks)


def _gaps(stretches: Sequence[Stretch], marks: Sequence[datetime]) -> Iterable[Block]:
    begins, ends = marks[0], marks[-1]
    found = [
        replace(
            _block(Is.GAP, max(starts, begins), min(stops, ends), marks),
            before=starts < begins,
            after=stops > ends,
        )
        for starts, stops in stretches
        if starts < ends and begins < stops
    ]
    return _filled(found, Is.FREE, marks)


def _filled(found: Iterable[Block], rest: Is, marks: Sequence[datetime]) -> Iterable[Block]:
    """Blocks in order with what lies between them; what is shorter than a quarter is left out."""
    at, since = 0, marks[0]
    for block in sorted(found, key=lambda one: one.starts):
        if block.at > at:
            yield Block(rest, at, block.at - at, since, block.starts)
        if block.wide > 0:
            yield block
        at, since = block.at + block.wide, block.ends
    if at < QUARTERS:
        yield Block(rest, at, QUARTERS - at, since, marks[-1])


def _block(what: Is, starts: datetime, ends: datetime, marks: Sequence[datetime]) -> Block:
    at = bisect_left(marks, starts)
    return Block(what, at, bisect_left(marks, ends) - at, starts, ends)


def monday_of(typed: str, today: date) -> date | None:
    """The Monday of "2026-W48", or of today when nothing was typed; None for what is no week."""
    if not typed:
        return today - today.weekday() * DAY
    year, _w, number = typed.partition("-W")
    if not (year + number).isascii() or not (year.isdigit() and number.isdigit()):
        return None
    if len(year) != 4 or len(number) != 2:
        return None
    try:
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        return None


def week_name(monday: date) -> str:
    """How a week stands in an address: "2026-W48"."""
    year, number, _day_of_week = monday.isocalendar()
    return f"{year:04}-W{number:02}"
