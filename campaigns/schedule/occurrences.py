"""When a schedule leaves: its times, one after the other.

Days and hours are those of a named zone, or of each recipient's own clock. A time that clocks are
put forward over is the first instant after it, and one that comes twice is the first
(`kit.wall`), so that a change of the clock never makes a campaign leave twice or not at all.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import chain

from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import AT_TEN, After, At, AtLocal, Cron, Every, Now, Schedule
from kit.wall import instant_of, shown
from kit.zones import OAXACA

LAST = datetime(2999, 12, 31)  # noqa: DTZ001 — on every wall
"""Nothing is looked for beyond it: the calendar of Python ends."""

COMMITTED = timedelta(minutes=1)
"""So long after the instant at which somebody joined everybody sees that they did."""

_SECOND = timedelta(seconds=1)

_HOUR = timedelta(hours=1)

_DAY = timedelta(days=1)

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which a campaign leaves, as an instant in UTC.

    Where each recipient's clock decides, `local` is what it must show, and `due_at` is when the
    first of them shows it.
    """

    due_at: datetime
    local: datetime | None = None


def next_occurrence(
    schedule: Schedule,
    after: datetime | Occurrence,
    zones: Collection[str],
    calendar: Calendar,
) -> Occurrence | None:
    """The first time strictly after an instant or another time of the schedule; None when there is
    none, and of `Now` never.

    `zones` (IANA) are those of the recipients. Whoever goes from one time to the next gives the
    last one as it was: by its instant alone, a time that has left by the clock of a zone in the
    east would be found again when nobody of that zone is left.
    """
    if isinstance(after, datetime):
        return next(_later(schedule, after, None, zones, calendar), None)
    return next(_later(schedule, after.due_at, after.local, zones, calendar), None)


def between(
    schedule: Schedule,
    first: Occurrence,
    now: datetime,
    zones: Collection[str],
    calendar: Calendar,
    most: int = 100,
) -> tuple[Occurrence, ...]:
    """`first` and all later times that have come by `now`; of very many the last `most`."""
    if first.due_at > now:
        return ()
    back = most * timedelta(minutes=1)
    while now - back > first.due_at:
        # Years of a campaign that leaves every minute need not be gone through.
        found = deque(_come(_later(schedule, now - back, None, zones, calendar), now), most)
        if len(found) == most:
            return tuple(found)
        back *= 8
    later = _later(schedule, first.due_at, first.local, zones, calendar)
    return tuple(deque(chain((first,), _come(later, now)), most))


def instants(occurrence: Occurrence, zones: Collection[str]) -> Mapping[str, datetime]:
    """When it leaves to recipients of each zone, in UTC."""
    local = occurrence.local
    if local is None:
        return dict.fromkeys(zones, occurrence.due_at)
    return {zone: instant_of(local, zone) for zone in zones}


def last_instant(occurrence: Occurrence, zones: Collection[str]) -> datetime:
    """When it leaves to the last of the recipients' zones, in UTC."""
    return max(instants(occurrence, zones).values(), default=occurrence.due_at)


def window(schedule: Schedule, occurrence: Occurrence) -> tuple[datetime, datetime] | None:
    """Whom a time of a series is for: those who joined from the one instant until before the other.

    The windows of two times that follow each other touch and never overlap. None: for everybody.
    """
    if not isinstance(schedule, After):
        return None
    if schedule.days == 0:
        until = occurrence.due_at - COMMITTED
        return until - _HOUR, until
    if occurrence.local is None:
        raise ValueError("which day it is for stands in what the clocks show")
    joined = occurrence.local.date() - schedule.days * _DAY
    return _midnight(joined), _midnight(joined + _DAY)


def _midnight(day: date) -> datetime:
    return instant_of(datetime.combine(day, time()), OAXACA)


def _come(found: Iterator[Occurrence], now: datetime) -> Iterator[Occurrence]:
    for one in found:
        if one.due_at > now:
            return
        yield one


def _later(
    schedule: Schedule,
    after: datetime,
    local: datetime | None,
    zones: Collection[str],
    calendar: Calendar,
) -> Iterator[Occurrence]:
    """All times after an instant, or after what clocks showed then, in order."""
    if isinstance(schedule, Now):
        return iter(())
    if isinstance(schedule, At):
        return iter(()) if schedule.due_at <= after else iter((Occurrence(schedule.due_at),))
    if isinstance(schedule, After) and schedule.days == 0:
        return _hours(after)
    if isinstance(schedule, Every) and schedule.unit == "hours" and schedule.zone is not None:
        return _passing(schedule, schedule.zone, after)
    if isinstance(schedule, Cron | Every) and schedule.zone is not None:
        return _in_zone(_walls(schedule, calendar), schedule.zone, after)
    return _everywhere(schedule, after, local, zones or (OAXACA,), calendar)


def _hours(after: datetime) -> Iterator[Occurrence]:
    at = after.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while True:
        at += _HOUR
        yield Occurrence(at)


def _passing(schedule: Every, zone: str, after: datetime) -> Iterator[Occurrence]:
    """Hours that pass, whatever the clock shows meanwhile."""
    start = instant_of(schedule.first, zone)
    at = start + max(0, (after - start) // schedule.step + 1) * schedule.step
    last = schedule.end or LAST.date()
    while (day := shown(at, zone).date()) <= last:
        if day in schedule.skip:
            behind = instant_of(datetime.combine(day + _DAY, time()), zone) - _MOMENT
            at = start + ((behind - start) // schedule.step + 1) * schedule.step
            continue
        yield Occurrence(at)
        at += schedule.step


Walls = Callable[[datetime], datetime | None]
"""What a clock shows next: the first naive time of a schedule strictly after another."""


def _in_zone(walls: Walls, zone: str, after: datetime) -> Iterator[Occurrence]:
    # No earlier time on the wall can come after this instant: that of a time never falls behind
    # that of an earlier one.
    wall = walls(shown(after, zone))
    while wall is not None:
        at = instant_of(wall, zone)
        if at > after:
            yield Occurrence(at)
            after = at
        wall = walls(wall)


def _everywhere(
    schedule: Cron | Every | AtLocal | After,
    after: datetime,
    local: datetime | None,
    zones: Collection[str],
    calendar: Calendar,
) -> Iterator[Occurrence]:
    """By each recipient's clock. After another time (`local`), what clocks show decides: the zones
    may not be those of then, and the instants must still go upwards."""
    walls = _walls(schedule, calendar)
    if local is None:
        local_now = max(shown(after, zone) for zone in zones)
        if isinstance(schedule, After):
            local_now = min(local_now, shown(after, OAXACA))
    wall = walls(local_now if local is None else local)
    while wall is not None:
        at = min(instant_of(wall, zone) for zone in zones)
        if isinstance(schedule, After):
            # East of Oaxaca the hour comes before the day is over on which people joined.
            at = max(at, _midnight(wall.date() - (schedule.days - 1) * _DAY))
        if local is not None:
            at = max(at, after + _SECOND)
        if at > after:
            yield Occurrence(at, wall)
            after, local = at, wall
        wall = walls(wall)


def _walls(schedule: Cron | Every | AtLocal | After, calendar: Calendar) -> Walls:
    if isinstance(schedule, AtLocal):
        once = schedule.at
        return lambda after: once if once > after else None
    if isinstance(schedule, After):
        at = datetime.combine(date.min, schedule.at or AT_TEN)
        return partial(_stepped, Every(1, "days", at, None))
    if isinstance(schedule, Every):
        return partial(_allowed, partial(_stepped, schedule), schedule, None)
    matches = partial(calendar.next_match, schedule.expression)
    return partial(_allowed, matches, schedule, schedule.start)


def _allowed(
    walls: Walls, schedule: Cron | Every, start: date | None, after: datetime
) -> datetime | None:
    """Only on days that the schedule leaves in."""
    if start is not None:
        after = max(after, datetime.combine(start, time()) - _MOMENT)
    while after < LAST:
        found = walls(after)
        if found is None or found > LAST or (schedule.end and found.date() > schedule.end):
            return None
        if found.date() not in schedule.skip:
            return found
        after = datetime.combine(found, time.max)
    return None


def _stepped(schedule: Every, after: datetime) -> datetime:
    """The first time strictly after another, on a wall."""
    steps = max(0, (after - schedule.first) // schedule.step + 1)
    return schedule.first + steps * schedule.step
