"""The hours at which a campaign may reach somebody, by their own clock.

The law of the US allows 8 to 21, in Texas from 12 on Sundays, in Oklahoma to 20; in Mexico 21 to 9
is to be avoided. Nine to twenty, on Sundays from twelve, keeps all of them.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kit.wall import instants_of, shown

SUNDAY = 6
_PACKED = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)/(\d\d:\d\d)", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, closing excluded. Raises ValueError when some day never opens."""

    opens: time = time(9)
    closes: time = time(20)
    sunday_opens: time = time(12)

    def __post_init__(self) -> None:
        if max(self.opens, self.sunday_opens) >= self.closes:
            raise ValueError("the hours must open before they close, on Sundays too")

    def packed(self) -> str:
        """As settings and the database keep them: `09:00-20:00/12:00`, Sundays behind the slash."""
        days = (self.opens, self.closes, self.sunday_opens)
        return "{:%H:%M}-{:%H:%M}/{:%H:%M}".format(*days)

    @staticmethod
    def unpacked(packed: str) -> "Hours":
        """The reverse of `packed`. Raises ValueError."""
        found = _PACKED.fullmatch(packed.strip())
        if found is None:
            raise ValueError("hours are written 09:00-20:00/12:00")
        return Hours(*(time.fromisoformat(part) for part in found.groups()))

    def opens_on(self, day: date) -> time:
        """When a day opens."""
        return self.sunday_opens if day.weekday() == SUNDAY else self.opens

    def allow(self, wall: datetime) -> bool:
        """Whether a clock that shows this (naive) is within the hours."""
        return self.opens_on(wall.date()) <= wall.time() < self.closes


DECENT = Hours()


def opening(at: datetime, zone: str, hours: Hours = DECENT) -> datetime:
    """The first instant from `at` on that is within the hours of a zone (IANA): `at` itself, or
    when they open next, in UTC. A zone that no database knows counts as Oaxaca."""
    wall = shown(at, zone)
    if hours.allow(wall):
        return at
    day = wall.date()
    while True:
        for found in instants_of(datetime.combine(day, hours.opens_on(day)), zone):
            if found > at and hours.allow(shown(found, zone)):
                return found
        day += _DAY
