"""Days, times and zones as a campaign file writes them, each with what can be wrong with it."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from campaigns.schedule.occurrences import LAST
from campaigns.written.document import Node, Scalar, Table
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from kit import wall
from locales.text import _

RECIPIENT = "recipient"
"""In place of a zone: each recipient's own clock."""

FIRST_YEAR = 2000


def needed_text(table: Table, name: str, reading: Reading) -> Scalar | None:
    """A text that must be there."""
    node = reading.needed(table, name)
    return None if node is None else reading.text(node, name)


def needed_zone(table: Table, reading: Reading) -> str | None:
    """The name of the zone or RECIPIENT; None and an error when there is none."""
    if reading.needed(table, "timezone") is None:
        return None
    return read_zone(table, reading)


def read_zone(table: Table, reading: Reading) -> str | None:
    """The name of the zone or RECIPIENT, "" when none is given, None when it is wrong."""
    node = reading.given(table, "timezone")
    if node is None:
        return ""
    scalar = reading.text(node, "timezone")
    if scalar is None:
        return None
    name = scalar.text.strip()
    if name != RECIPIENT and name not in _zones():
        reading.refuse(scalar, _("campaigns.file.unknown_zone"), found=shown(name))
        return None
    return name


def read_time(scalar: Scalar, reading: Reading) -> datetime | None:
    """A day with its hour, aware when it was written with an offset."""
    try:
        written = datetime.fromisoformat(scalar.text.strip())
        if ":" not in scalar.text or written.microsecond:
            raise ValueError("a day without its hour, or finer than a second")
        if not FIRST_YEAR <= written.year <= LAST.year:
            raise ValueError("of another age")
    except ValueError:
        reading.refuse(scalar, _("campaigns.file.at"), found=shown(scalar.text))
        return None
    return written


def is_naive(written: datetime, scalar: Scalar, reading: Reading) -> bool:
    """Whether a time leaves it to `timezone` by whose clock it is; if not, that is told."""
    if written.tzinfo is not None:
        reading.refuse(scalar, _("campaigns.file.at_offset"), found=shown(scalar.text))
    return written.tzinfo is None


def read_instant(written: datetime, scalar: Scalar, zone: str, reading: Reading) -> datetime | None:
    """The one instant of a written time in UTC; None and an error when there is none, or two."""
    if written.tzinfo is not None:
        return written.astimezone(UTC)
    if not zone:
        reading.refuse(scalar, _("campaigns.file.at_naive"), found=shown(scalar.text))
        return None
    instants = wall.instants_of(written, zone)
    if len(instants) == 1:
        return instants[0] if is_once(written, scalar, zone, reading) else None
    first, second = (at.astimezone(ZoneInfo(zone)).isoformat() for at in instants)
    found = shown(scalar.text)
    reading.refuse(scalar, _("campaigns.file.at_twice"), found=found, first=first, second=second)
    return None


def is_once(written: datetime, scalar: Scalar, zone: str, reading: Reading) -> bool:
    """Whether clocks of a zone show a naive time once on its day; if not, that is told."""
    if not wall.is_shown(written, zone):
        # Clocks are put forward over it: that hour does not exist on that day.
        reading.refuse(scalar, _("campaigns.file.at_skipped"), found=shown(scalar.text))
        return False
    if len(wall.instants_of(written, zone)) > 1:
        reading.refuse(scalar, _("campaigns.file.first_twice"), found=shown(scalar.text))
        return False
    return True


def read_time_of_day(scalar: Scalar, reading: Reading) -> time | None:
    """What a clock shows on any day."""
    try:
        found = time.fromisoformat(scalar.text.strip())
        if ":" not in scalar.text or found.microsecond or found.tzinfo is not None:
            raise ValueError("an hour alone, finer than a second, or with an offset")
    except ValueError:
        reading.refuse(scalar, _("campaigns.file.time_of_day"), found=shown(scalar.text))
        return None
    return found


def read_day(table: Table, name: str, reading: Reading) -> date | None:
    """A day, None when it is not given or wrong."""
    node = reading.given(table, name)
    return None if node is None else _date(node, name, reading)


def read_days(table: Table, name: str, reading: Reading) -> tuple[date, ...]:
    """A list of days, in order."""
    node = reading.given(table, name)
    listing = None if node is None else reading.listing(node, name)
    items = () if listing is None else listing.items
    days = (_date(item, name, reading) for item in items)
    return tuple(sorted({day for day in days if day is not None}))


def _date(node: Node, name: str, reading: Reading) -> date | None:
    scalar = reading.text(node, name)
    if scalar is None:
        return None
    try:
        day = date.fromisoformat(scalar.text.strip())
        if not FIRST_YEAR <= day.year <= LAST.year:
            raise ValueError("no day of anybody's")
        return day
    except ValueError:
        reading.refuse(scalar, _("campaigns.file.day"), found=shown(scalar.text))
        return None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
