"""The `schedule` and `stale_after` of a campaign file."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from campaigns.document import Node, Scalar, Table
from campaigns.quoting import shown
from campaigns.reading import Reading
from campaigns.schedule import At, Now, Schedule
from locales.text import _

KEYS = ("at", "cron", "timezone")
RECIPIENT = "recipient"
_STALE = re.compile(r"(\d{1,4}) ?(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def read_schedule(node: Node, reading: Reading, now: datetime) -> Schedule | None:
    """`now`, or `at` with the `timezone` by whose clock it is written.

    An `at` that carries an offset says its instant by itself.
    """
    if isinstance(node, Scalar) and node.text.strip().lower() == "now":
        return Now()
    if not isinstance(node, Table):
        reading.refuse(node, _("campaigns.file.schedule"))
        return None
    reading.known_keys(node, KEYS)
    cron = node.entries.get("cron")
    if cron is not None:
        reading.refuse(cron[0], _("campaigns.file.cron_not_yet"))
        return None
    zone = _zone(node, reading)
    at = reading.needed(node, "at")
    written = None if at is None else reading.text(at, "at")
    if written is None or zone is None:
        return None
    due_at = _instant(written, zone, reading)
    if due_at is None:
        return None
    if due_at <= now:
        reading.refuse(written, _("campaigns.file.at_past"), found=shown(written.text))
        return None
    return At(due_at, zone or "UTC")


def read_stale_after(node: Node, reading: Reading) -> timedelta | None:
    """How long after its due time a message is still worth sending: `90m`, `6h`, `2d`."""
    scalar = reading.text(node, "stale_after")
    if scalar is None:
        return None
    match = _STALE.fullmatch(scalar.text.strip().lower())
    length = _UNITS[match[2]] * int(match[1]) if match else timedelta()
    if not length:
        reading.refuse(scalar, _("campaigns.file.stale_after"), found=shown(scalar.text))
        return None
    return length


def _zone(table: Table, reading: Reading) -> str | None:
    """The name of the zone, "" when none is given, None when it is wrong."""
    node = reading.given(table, "timezone")
    if node is None:
        return ""
    scalar = reading.text(node, "timezone")
    if scalar is None:
        return None
    name = scalar.text.strip()
    if name == RECIPIENT:
        reading.refuse(scalar, _("campaigns.file.recipient_not_yet"))
        return None
    if name not in _zones():
        reading.refuse(scalar, _("campaigns.file.unknown_zone"), found=shown(name))
        return None
    return name


def _instant(scalar: Scalar, zone: str, reading: Reading) -> datetime | None:
    """The instant in UTC of a written time; None and an error when there is none."""
    try:
        written = datetime.fromisoformat(scalar.text.strip())
        if ":" not in scalar.text:
            raise ValueError("a day without its hour")
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        if not zone:
            reading.refuse(scalar, _("campaigns.file.at_naive"), found=shown(scalar.text))
            return None
        instant = written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        again = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        reading.refuse(scalar, _("campaigns.file.at"), found=shown(scalar.text))
        return None
    if again != written:
        # Clocks are put forward over it: that hour does not exist on that day.
        reading.refuse(scalar, _("campaigns.file.at_skipped"), found=shown(scalar.text))
        return None
    return instant


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
