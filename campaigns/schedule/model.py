"""When a campaign leaves: once, again and again, or so long after somebody joined.

Days and hours are those of a named zone, or of each recipient's own clock;
`campaigns.schedule.occurrences` makes times of them.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

Unit = Literal["hours", "days", "weeks"]

AT_TEN = time(10)
"""When a message of a series leaves that says no time."""


@dataclass(frozen=True, slots=True)
class Now:
    """It leaves when somebody starts it."""


@dataclass(frozen=True, slots=True)
class At:
    """It leaves by itself at an instant, written by the clock of `zone` (IANA)."""

    due_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class AtLocal:
    """It leaves once, when each recipient's own clock shows `at` (naive)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Cron:
    """It leaves whenever a clock shows a time of a cron expression, from the day `start` through
    the day `end`, and not on the days `skip`. The clock is that of `zone` (IANA); None is each
    recipient's own."""

    expression: str
    zone: str | None
    start: date | None = None
    end: date | None = None
    skip: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Every:
    """It leaves at `first` (naive) and every so many hours, days or weeks after it, else as `Cron`.

    Days and weeks keep the hour that the clock shows; hours of a named zone are hours that pass.
    """

    count: int
    unit: Unit
    first: datetime
    zone: str | None
    end: date | None = None
    skip: tuple[date, ...] = ()

    @property
    def step(self) -> timedelta:
        """From one time to the next."""
        return timedelta(**{self.unit: self.count})


@dataclass(frozen=True, slots=True)
class After:
    """A message of a series: it leaves to each person so many days after they joined, when their
    own clock shows `at` (ten when None), or, without a day in between, within the hour."""

    days: int
    at: time | None = None


Schedule = Now | At | AtLocal | Cron | Every | After


def packed_schedule(schedule: Schedule) -> str:
    """The form in which the database keeps a schedule."""
    match schedule:
        case Now():
            plain: dict[str, object] = {"now": True}
        case At(due_at, zone):
            plain = {"at": due_at.isoformat(), "zone": zone}
        case AtLocal(at):
            plain = {"local": at.isoformat()}
        case Cron(expression, zone, start):
            plain = {"cron": expression, "zone": zone, "start": _iso(start), **_bounds(schedule)}
        case Every(count, unit, first, zone):
            plain = {"every": count, "unit": unit, "first": first.isoformat(), "zone": zone}
            plain |= _bounds(schedule)
        case After(days, time_of_day):
            plain = {"after": days, "time": _iso(time_of_day)}
    return json.dumps(plain)


def unpacked_schedule(packed: str) -> Schedule:
    """The reverse of `packed_schedule`."""
    plain = json.loads(packed)
    if "at" in plain:
        return At(datetime.fromisoformat(plain["at"]), plain["zone"])
    if "local" in plain:
        return AtLocal(datetime.fromisoformat(plain["local"]))
    if "after" in plain:
        return After(plain["after"], plain["time"] and time.fromisoformat(plain["time"]))
    if "now" in plain:
        return Now()
    end, skip = _day(plain["end"]), tuple(map(date.fromisoformat, plain["skip"]))
    if "cron" in plain:
        return Cron(plain["cron"], plain["zone"], _day(plain["start"]), end, skip)
    first = datetime.fromisoformat(plain["first"])
    return Every(plain["every"], plain["unit"], first, plain["zone"], end, skip)


def _bounds(schedule: Cron | Every) -> dict[str, object]:
    return {"end": _iso(schedule.end), "skip": [day.isoformat() for day in schedule.skip]}


def _iso(value: date | time | None) -> str | None:
    return None if value is None else value.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
