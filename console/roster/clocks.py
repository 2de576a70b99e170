"""Instants, days and hours in addresses and forms: by the visitor's clock, or exact."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from alerts.shifts.wall import instant
from kit.errors import Invalid
from locales.text import _

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""What lies outside is a slip of the hand, or worse."""


def shown(at: datetime, zone: str) -> str:
    """How a field for a day and a time has it: "2026-11-23T20:00"."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def exact(at: datetime) -> str:
    """An instant for an address: "20261123T140000Z"."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def read_exact(typed: str) -> datetime | None:
    """An instant of our time from an address; None for what is none."""
    try:
        found = datetime.strptime(typed, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def read(typed: str, zone: str, meant: str = "") -> datetime:
    """An instant in UTC, from a field by the clock of a zone. Raises Invalid.

    `meant` is the exact instant that the field showed at first: while it was not changed it holds,
    also in an hour that comes twice.
    """
    before = read_exact(meant) if meant else None
    if before is not None and typed == shown(before, zone):
        return before
    if (found := read_exact(typed)) is not None:
        return found
    try:
        written = datetime.fromisoformat(typed.strip())
        if (
            written.tzinfo is not None
            or ":" not in typed
            or not FIRST_YEAR <= written.year <= LAST_YEAR
        ):
            raise ValueError("not as a field has it")
        return instant(written.date(), written.time(), zone)
    except (ValueError, OverflowError):
        raise Invalid(_("roster.instant")) from None


def read_day(typed: str) -> date:
    """A day. Raises Invalid."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Invalid(_("roster.day")) from None


def read_time(typed: str) -> time:
    """A time of day, to the minute. Raises Invalid."""
    try:
        return datetime.strptime(typed.strip(), "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        raise Invalid(_("roster.time")) from None
