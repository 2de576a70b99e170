"""The `schedule` and `stale_after` of a campaign file."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise

from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule, Unit
from campaigns.schedule.occurrences import Occurrence, next_occurrence
from campaigns.written.dates import (
    RECIPIENT,
    is_naive,
    is_once,
    needed_text,
    needed_zone,
    read_day,
    read_days,
    read_instant,
    read_time,
    read_time_of_day,
    read_zone,
)
from campaigns.written.document import Node, Scalar, Table
from campaigns.written.lengths import length_of
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from kit import wall
from kit.zones import OAXACA
from locales.text import _

OFTENEST = timedelta(hours=1)
"""A campaign that repeats leaves at most so often."""

LOOKED_AT = 70
"""So many times of it are looked at: more than an hour has minutes."""

MOST_DAYS = 3650
_KEYS = {
    "after": ("after", "days", "at"),
    "every": ("every", "at", "timezone", "end", "skip"),
    "cron": ("cron", "timezone", "start", "end", "skip"),
    "at": ("at", "timezone"),
}
_EVERY = re.compile(r"(?:(\d{1,3}) ?)?(hour|day|week)s?", re.ASCII)
_EACH: dict[str, Unit] = {"hour": "hours", "day": "days", "week": "weeks"}


def read_schedule(
    node: Node, reading: Reading, now: datetime, calendar: Calendar
) -> Schedule | None:
    """`now`; `at` a time; at the times of a `cron` expression; `every` so often from the time `at`;
    or so long `after` somebody joined.

    `timezone` says by whose clock; an `at` that carries an offset says its instant by itself.
    What has passed, or would never come, is refused.
    """
    if isinstance(node, Scalar) and node.text.strip().lower() == "now":
        return Now()
    if not isinstance(node, Table):
        reading.refuse(node, _("campaigns.file.schedule"))
        return None
    form = next((name for name in _KEYS if name in node.entries), "at")
    reading.known_keys(node, _KEYS[form])
    if form == "after":
        return _after(node, reading)
    if form == "at":
        return _at(node, reading, now)
    repeated = _every(node, reading) if form == "every" else _cron(node, reading, calendar)
    return repeated and _coming(repeated, node, form, reading, now, calendar)


def read_stale_after(node: Node, reading: Reading) -> timedelta | None:
    """How long after its due time a message is still worth sending: `90m`, `6h`, `2d`."""
    scalar = reading.text(node, "stale_after")
    if scalar is None:
        return None
    length = length_of(scalar.text)
    if length is None:
        reading.refuse(scalar, _("campaigns.file.stale_after"), found=shown(scalar.text))
        return None
    return length


def _at(table: Table, reading: Reading, now: datetime) -> At | AtLocal | None:
    zone = read_zone(table, reading)
    scalar = needed_text(table, "at", reading)
    written = None if scalar is None else read_time(scalar, reading)
    if scalar is None or written is None or zone is None:
        return None
    found: At | AtLocal
    if zone == RECIPIENT:
        if not is_naive(written, scalar, reading):
            return None
        # Most recipients go by this clock; the clocks of the others show it hours apart at most.
        found, due_at = AtLocal(written), wall.instant_of(written, OAXACA)
    else:
        instant = read_instant(written, scalar, zone, reading)
        if instant is None:
            return None
        found, due_at = At(instant, zone or "UTC"), instant
    if due_at <= now:
        reading.refuse(scalar, _("campaigns.file.at_past"), found=shown(scalar.text))
        return None
    return found


def _cron(table: Table, reading: Reading, calendar: Calendar) -> Cron | None:
    zone = needed_zone(table, reading)
    scalar = needed_text(table, "cron", reading)
    expression = "" if scalar is None else " ".join(scalar.text.split())
    is_one = calendar.check(expression)
    if scalar is not None and not is_one:
        reading.refuse(scalar, _("campaigns.file.cron"), found=shown(scalar.text))
    start, end = read_day(table, "start", reading), read_day(table, "end", reading)
    skip = read_days(table, "skip", reading)
    if zone is None or not is_one:
        return None
    return Cron(expression, None if zone == RECIPIENT else zone, start, end, skip)


def _every(table: Table, reading: Reading) -> Every | None:
    zone = needed_zone(table, reading)
    often = needed_text(table, "every", reading)
    match = None if often is None else _EVERY.fullmatch(often.text.strip().lower())
    count = 0 if match is None else int(match[1] or 1)
    if often is not None and not count:
        reading.refuse(often, _("campaigns.file.every"), found=shown(often.text))
    scalar = needed_text(table, "at", reading)
    first = None if scalar is None else read_time(scalar, reading)
    end, skip = read_day(table, "end", reading), read_days(table, "skip", reading)
    if not (match and count and scalar and first and zone) or not is_naive(first, scalar, reading):
        return None
    if zone != RECIPIENT and not is_once(first, scalar, zone, reading):
        return None
    unit, of_zone = _EACH[match[2]], None if zone == RECIPIENT else zone
    return Every(count, unit, first, of_zone, end, skip)


def _coming(
    schedule: Cron | Every,
    table: Table,
    form: str,
    reading: Reading,
    now: datetime,
    calendar: Calendar,
) -> Schedule | None:
    """What repeats, unless it has no time to come; then the reason is told where it stands."""
    zone = schedule.zone or OAXACA
    start = schedule.start if isinstance(schedule, Cron) else schedule.first.date()
    if schedule.end is not None:
        given = table.entries["end"][1]
        if start is not None and schedule.end < start:
            reading.refuse(given, _("campaigns.file.end_before_start"))
            return None
        if schedule.end < wall.shown(now, zone).date():
            reading.refuse(given, _("campaigns.file.end_past"), found=schedule.end.isoformat())
            return None
    if next_occurrence(schedule, now, (zone,), calendar) is None:
        reading.refuse(table.entries[form][1], _("campaigns.file.never"))
        return None
    following = islice(_next_times(schedule, now, zone, calendar), LOOKED_AT)
    if any(later.due_at - one.due_at < OFTENEST for one, later in pairwise(following)):
        reading.refuse(table.entries[form][1], _("campaigns.file.too_often"))
        return None
    return schedule


def _next_times(
    schedule: Schedule, now: datetime, zone: str, calendar: Calendar
) -> Iterator[Occurrence]:
    at = next_occurrence(schedule, now, (zone,), calendar)
    while at is not None:
        yield at
        at = next_occurrence(schedule, at, (zone,), calendar)


def _after(table: Table, reading: Reading) -> After | None:
    node = reading.needed(table, "after")
    what = None if node is None else reading.choice(node, "after", ("joined",))
    days = _number_of_days(table, reading)
    node = reading.given(table, "at")
    scalar = None if node is None else reading.text(node, "at")
    at = None if scalar is None else read_time_of_day(scalar, reading)
    if what is None or days is None or (scalar is not None and at is None):
        return None
    if scalar is not None and days == 0:
        reading.refuse(scalar, _("campaigns.file.after_at"))
        return None
    return After(days, at)


def _number_of_days(table: Table, reading: Reading) -> int | None:
    scalar = needed_text(table, "days", reading)
    if scalar is None:
        return None
    text = scalar.text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= MOST_DAYS):
        reading.refuse(scalar, _("campaigns.file.days"), found=shown(text), most=MOST_DAYS)
        return None
    return int(text)
