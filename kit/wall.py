"""What the clock on a wall shows, and when it shows it: a day with a change of the clock included.

Where an hour is left out in spring, a time inside it means the first instant after it; where an
hour comes twice in autumn, a time inside it means the first of the two.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kit.zones import OAXACA

SECOND = timedelta(seconds=1)


def shown(at: datetime, zone: str) -> datetime:
    """The naive time that clocks of a zone show at an instant."""
    return at.astimezone(_clock(zone)).replace(tzinfo=None)


def instant_of(wall: datetime, zone: str) -> datetime:
    """The instant, in UTC, that a naive time of a zone means."""
    return instants_of(wall, zone)[0]


def instants_of(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """One instant in UTC, or the two of an hour that comes twice, the first of them first."""
    clock = _clock(zone)
    first = wall.replace(tzinfo=clock, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=clock, fold=1).astimezone(UTC)
    if first == second:
        return (first,)
    if first < second:
        return (first, second)
    # No clock shows it: `second` lies before the change and `first` after it.
    return (_change(second, first, clock),)


def is_shown(wall: datetime, zone: str) -> bool:
    """Whether clocks of a zone ever show a time, or are put forward over it."""
    return shown(instant_of(wall, zone), zone) == wall


def _change(before: datetime, after: datetime, clock: ZoneInfo) -> datetime:
    """The first instant of the offset that holds `after`; changes fall on whole seconds."""
    offset = after.astimezone(clock).utcoffset()
    before = before.replace(microsecond=0)
    low, high = 0, int((after - before) / SECOND) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * SECOND).astimezone(clock).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return before + high * SECOND


@lru_cache(maxsize=1024)
def _clock(zone: str) -> ZoneInfo:
    """The zone of that name. One that no database knows, an old import's, counts as Oaxaca."""
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return ZoneInfo(OAXACA)
