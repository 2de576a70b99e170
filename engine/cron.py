"""Cron expressions of five fields, as cron itself reads them, matched by APScheduler.

Minute, hour, day of the month, month, day of the week: numbers, English names of three letters,
`*`, ranges, lists and steps. APScheduler counts weekdays from Monday, takes any letters behind a
name, and wants both days to match; cron counts from Sunday (0 or 7), and where both days are given
either of them is enough (crontab(5)). So each field is read here, and handed over as plain numbers.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

LOOK_AHEAD = timedelta(days=5 * 366)
"""What does not match for so long never does: 29 February comes every four years."""

LONGEST = 200
_ITEM = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,3}))?", re.ASCII)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five: its lowest and highest number, and names for numbers from the lowest."""

    lowest: int
    highest: int
    names: Mapping[str, int] = field(default_factory=dict)


def _named(names: str, first: int) -> dict[str, int]:
    return {name: number for number, name in enumerate(names.split(), first)}


_MONTHS = _named("jan feb mar apr may jun jul aug sep oct nov dec", 1)
_WEEKDAYS = _named("sun mon tue wed thu fri sat", 0)
_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31),
    _Field(1, 12, _MONTHS),
    _Field(0, 7, _WEEKDAYS),
)


class CronCalendar:
    """The `Calendar` of campaigns."""

    def check(self, expression: str) -> bool:
        """Whether this is an expression at all."""
        try:
            _triggers(expression)
        except ValueError:
            return False
        return True

    def next_match(self, expression: str, after: datetime) -> datetime | None:
        """The first naive time strictly after `after`, within five years of it, else None.

        Raises ValueError for what is no expression.
        """
        start = after.replace(tzinfo=UTC) + _MOMENT
        last = start + LOOK_AHEAD
        found = [_next(trigger, start, last) for trigger in _triggers(expression)]
        return min((at for at in found if at is not None), default=None)


def _next(trigger: CronTrigger, start: datetime, last: datetime) -> datetime | None:
    # A copy with an end: without one, 31 February would be looked for up to the year 9999.
    bounded = CronTrigger(timezone=UTC, end_date=last)
    bounded.fields = trigger.fields
    found: datetime | None = bounded.get_next_fire_time(None, start)
    return None if found is None else found.replace(tzinfo=None)


@lru_cache(maxsize=256)
def _triggers(expression: str) -> tuple[CronTrigger, ...]:
    """One trigger, or two where either of the days is enough."""
    parts = expression.split() if len(expression) <= LONGEST else []
    if len(parts) != len(_FIELDS):
        raise ValueError("five fields are needed")
    minute, hour, day, month, weekday = (
        _numbers(part.lower(), one) for part, one in zip(parts, _FIELDS, strict=True)
    )
    given = {"minute": _listed(minute, 60), "hour": _listed(hour, 24), "month": _listed(month, 12)}
    days = _listed(day, 31)
    # Counted from Monday over there; 0 and 7 are both Sunday here.
    weekdays = _listed({(number - 1) % 7 for number in weekday}, 7)
    if parts[2].startswith("*") or parts[4].startswith("*"):
        return (CronTrigger(timezone=UTC, day=days, day_of_week=weekdays, **given),)
    return (
        CronTrigger(timezone=UTC, day=days, **given),
        CronTrigger(timezone=UTC, day_of_week=weekdays, **given),
    )


def _listed(numbers: Set[int], all_of_them: int) -> str:
    return "*" if len(numbers) == all_of_them else ",".join(map(str, sorted(numbers)))


def _numbers(text: str, one: _Field) -> set[int]:
    found: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError("not a list, range or step")
        anything, first, last, step = match.groups()
        if anything:
            low, high = one.lowest, one.highest
        else:
            low = _number(first, one)
            high = low if step is None else one.highest
            if last is not None:
                high = _number(last, one)
            if high < low and high == 0 and one.names is _WEEKDAYS:
                # As the end of a range (`fri-sun`) Sunday is the seventh day.
                high = 7
        if low > high or (step is not None and not 0 < int(step) <= high - low + 1):
            raise ValueError("a range or step that leads nowhere")
        found.update(range(low, high + 1, int(step or 1)))
    return found


def _number(text: str, one: _Field) -> int:
    number = one.names.get(text)
    if number is None:
        if not text.isdigit() or len(text) > 2:
            raise ValueError("neither a number nor a name")
        number = int(text)
    if not one.lowest <= number <= one.highest:
        raise ValueError("out of range")
    return number
