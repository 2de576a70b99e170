"""What somebody asks of the audit, as it stands in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from console.frame.visit import Visit
from locales.text import _
from staff.audit.reading import LONGEST_FILTER, MACHINE

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the audit. `since` and `until` are days by the reader's clock, both within;
    `faults` are keys of sentences by field."""

    act: str = ""
    about: str = ""
    member_id: int | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None
    zone: str = "UTC"
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def since_at(self) -> datetime | None:
        """The first instant that is asked for."""
        return None if self.since is None else _midnight(self.since, self.zone)

    @property
    def until_at(self) -> datetime | None:
        """The first instant that is not."""
        if self.until is None or self.until == date.max:
            return None
        return _midnight(self.until + DAY, self.zone)

    @property
    def narrows(self) -> bool:
        """Whether anything but the place in the list is asked for."""
        return any(
            one is not None and one != ""
            for one in (self.act, self.about, self.member_id, self.since, self.until)
        )

    def address(self, path: str, before: int | None = None) -> str:
        """Where the same is asked of another page."""
        asked = {
            "quien": "" if self.member_id is None else str(self.member_id),
            "acto": self.act,
            "cosa": self.about,
            "desde": "" if self.since is None else self.since.isoformat(),
            "hasta": "" if self.until is None else self.until.isoformat(),
            "antes": "" if before is None else str(before),
        }
        asked = {name: value for name, value in asked.items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path


def asked(visit: Visit) -> Asked:
    """What an address asks; what it says that cannot be is a fault and asks for nothing."""
    faults: dict[str, str] = {}
    act, about = visit.query("acto").strip(), visit.query("cosa").strip()
    # PostgreSQL takes no NUL, and nothing has one.
    if len(about) > LONGEST_FILTER or not about.isprintable():
        faults["cosa"] = _("console.audit.too_long")
        about = ""
    since, until = _day(visit, "desde", faults), _day(visit, "hasta", faults)
    if since is not None and until is not None and until < since:
        faults["hasta"] = _("console.audit.ends_before")
    return Asked(
        act if len(act) <= LONGEST_FILTER and act.isprintable() else "",
        about,
        _who(visit),
        since,
        until,
        visit.asked_id("antes"),
        visit.member.zone,
        faults,
    )


def _who(visit: Visit) -> int | None:
    return MACHINE if visit.query("quien") == str(MACHINE) else visit.asked_id("quien")


def _day(visit: Visit, name: str, faults: dict[str, str]) -> date | None:
    typed = visit.query(name).strip()
    if not typed:
        return None
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2999:
        faults[name] = _("console.audit.day_wrong")
        return None
    return found


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
