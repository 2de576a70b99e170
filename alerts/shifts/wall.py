"""The clock on the wall of a place, and the instants at which it shows something."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def instant(day: date, at: time, zone: str) -> datetime:
    """The first instant, in UTC, at which a clock of the zone shows this time or a later one.

    Of an hour that comes twice it is the first; in one that the clocks jump over, the jump.
    """
    place = ZoneInfo(zone)
    wall = datetime.combine(day, at.replace(fold=0))
    found = wall.replace(tzinfo=place).astimezone(UTC)
    if found.astimezone(place).replace(tzinfo=None) == wall:
        return found
    before, after = wall.replace(tzinfo=place, fold=1).astimezone(UTC), found
    while (seconds := (after - before) // timedelta(seconds=1)) > 1:
        middle = before + timedelta(seconds=seconds // 2)
        if middle.astimezone(place).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


def days(start: datetime, end: datetime, zone: str) -> Iterator[date]:
    """The local days that a stretch of time touches."""
    day = start.astimezone(ZoneInfo(zone)).date()
    last = end.astimezone(ZoneInfo(zone)).date()
    while day <= last:
        yield day
        day += DAY
