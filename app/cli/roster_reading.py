"""How instants, days and hours are written on the command line."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from alerts.shifts import ical
from alerts.shifts.wall import instant
from kit.errors import Invalid
from locales.text import _


def read_instant(text: str, zone: str) -> datetime:
    """An instant in UTC. Without an offset it is by the clock of the zone. Raises Invalid."""
    try:
        written = datetime.fromisoformat(text.strip())
        if ":" not in text:
            raise ValueError("a day without its hour")
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        return instant(written.date(), written.time(), zone)
    except (ValueError, OverflowError):
        raise Invalid(_("roster.instant")) from None


def read_day(text: str) -> date:
    """A day. Raises Invalid."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(_("roster.day")) from None


def read_time(text: str) -> time:
    """A time of day, in whole minutes. Raises Invalid."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007
    except ValueError:
        raise Invalid(_("roster.time")) from None


def read_hours(text: str) -> tuple[time, time]:
    """Hours of a day, 20:00-08:00. Raises Invalid."""
    opens, _dash, closes = text.partition("-")
    return read_time(opens), read_time(closes)


def read_file(path: Path) -> bytes:
    """No more of a file than is needed to see that it is too large. Raises Invalid."""
    try:
        with path.open("rb") as file:
            return file.read(ical.MOST_OCTETS + 1)
    except OSError:
        raise Invalid(_("roster.file")) from None
