"""The calendar of campaigns: what left, what is to leave, and what waits for a yes, day by day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select

from campaigns.conduct import Conduct
from campaigns.model import CampaignState
from campaigns.schedule.model import At, AtLocal, unpacked_schedule
from campaigns.schedule.occurrences import Occurrence, between
from campaigns.store import campaign
from contacts.zones import zones_present
from db.session import Session
from delivery.runs import RunState, run
from kit.errors import Invalid
from kit.wall import instant_of, shown
from kit.zones import OAXACA
from locales.text import _
from staff.model import Member, Right
from staff.rules import require

FIRST_YEAR, LAST_YEAR = 2020, 2100

MOST_RUNS = 750
"""Past runs of a month: one that leaves every hour of it."""

MOST_CAMPAIGNS = 200
"""Campaigns with a schedule that are looked at, and as many that wait for a yes."""

_DAY = timedelta(days=1)


class Mark(StrEnum):
    """What a line of the calendar says of its campaign."""

    WISHED = "wished"
    PLANNED = "planned"
    PAUSED = "paused"
    UNDER_WAY = "under_way"
    LEFT = "left"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Entry:
    """A campaign on a day: `times` times, the first when the institute's clock shows `at`.

    `by_recipient`: `at` is what each recipient's own clock shows.
    """

    campaign_id: int
    title: str
    day: date
    at: time
    mark: Mark
    times: int = 1
    by_recipient: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the institute's calendar; days without an entry are left out. `cut`: there was
    more than is shown."""

    first: date
    days: Mapping[date, tuple[Entry, ...]]
    cut: bool = False

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - _DAY).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return _next(self.first)

    @property
    def weeks(self) -> tuple[tuple[date, ...], ...]:
        """Weeks from Monday to Sunday that hold the month, also days of its neighbours."""
        begin = self.first - self.first.weekday() * _DAY
        count = (self.after - begin + 6 * _DAY) // (7 * _DAY)
        return tuple(
            tuple(begin + (7 * week + day) * _DAY for day in range(7)) for week in range(count)
        )


def month_of(typed: str, today: date) -> date:
    """The first day of a month as it stands in an address (`2026-11`); that of today for none.

    Raises Invalid for anything else.
    """
    if not typed:
        return today.replace(day=1)
    year, _dash, number = typed.partition("-")
    plain = len(typed) == 7 and year.isascii() and number.isascii()
    if not (plain and year.isdecimal() and number.isdecimal()):
        raise Invalid(_("campaigns.agenda.month"))
    if not (FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(number) <= 12):
        raise Invalid(_("campaigns.agenda.month"))
    return date(int(year), int(number), 1)


async def month(session: Session, member: Member, first: date, conduct: Conduct) -> Month:
    """What leaves and left in the month that begins with `first`, by the clock of Oaxaca.

    Refused for whoever does not see campaigns.
    """
    require(member, Right.SEE_CAMPAIGNS)
    last = _next(first) - _DAY
    ran = await _ran(session, first, last)
    armed, more_armed = await _armed(session, first, last, conduct)
    wished, more_wished = await _wished(session, first, last)
    cut = len(ran) > MOST_RUNS or more_armed or more_wished
    return Month(first, _by_day([*ran[:MOST_RUNS], *armed, *wished]), cut)


async def _ran(session: Session, first: date, last: date) -> list[Entry]:
    begin, end = _instant(first), _instant(last + _DAY)
    rows = await session.all(
        select(run.c.campaign_id, run.c.due_at, run.c.local_due, run.c.state, campaign.c.title)
        .join(campaign, campaign.c.id == run.c.campaign_id)
        .where(run.c.due_at >= begin - _DAY, run.c.due_at < end + _DAY)
        .order_by(run.c.due_at.desc())
        .limit(MOST_RUNS + 1)
    )
    found = []
    for row in rows:
        local = None if row["local_due"] is None else datetime.fromisoformat(row["local_due"])
        time_ = Occurrence(row["due_at"], local)
        entry = _entry(row["campaign_id"], row["title"], time_, _mark(RunState(row["state"])))
        if first <= entry.day <= last:
            found.append(entry)
    return found


async def _armed(
    session: Session, first: date, last: date, conduct: Conduct
) -> tuple[list[Entry], bool]:
    """What is to leave, and whether there are more campaigns than were looked at."""
    marks = {
        CampaignState.SCHEDULED: Mark.PLANNED,
        CampaignState.SENDING: Mark.PLANNED,
        CampaignState.PAUSED: Mark.PAUSED,
    }
    until = _instant(last + _DAY) + _DAY
    rows = await session.all(
        select(
            campaign.c.id,
            campaign.c.title,
            campaign.c.state,
            campaign.c.schedule,
            campaign.c.due_at,
            campaign.c.local_due,
        )
        .where(campaign.c.state.in_(marks), campaign.c.due_at < until)
        .order_by(campaign.c.due_at)
        .limit(MOST_CAMPAIGNS + 1)
    )
    zones = await zones_present(session) if rows else ()
    found = []
    for row in rows[:MOST_CAMPAIGNS]:
        local = None if row["local_due"] is None else datetime.fromisoformat(row["local_due"])
        due = Occurrence(row["due_at"], local)
        schedule, mark = unpacked_schedule(row["schedule"]), marks[CampaignState(row["state"])]
        times = between(schedule, due, until, zones, conduct.calendar, MOST_RUNS + 48)
        entries = (_entry(row["id"], row["title"], one, mark) for one in times)
        found += [entry for entry in entries if first <= entry.day <= last]
    return found, len(rows) > MOST_CAMPAIGNS


async def _wished(session: Session, first: date, last: date) -> tuple[list[Entry], bool]:
    """When those that nobody has approved yet want to leave, if they do so once; and whether there
    are more of them than were looked at."""
    rows = await session.all(
        select(campaign.c.id, campaign.c.title, campaign.c.schedule)
        .where(campaign.c.state == CampaignState.REVIEW)
        .order_by(campaign.c.id.desc())
        .limit(MOST_CAMPAIGNS + 1)
    )
    found = []
    for row in rows[:MOST_CAMPAIGNS]:
        match unpacked_schedule(row["schedule"]):
            case At(due_at, _zone):
                wish = Occurrence(due_at)
            case AtLocal(at):
                wish = Occurrence(instant_of(at, OAXACA), at)
            case _other:
                continue
        entry = _entry(row["id"], row["title"], wish, Mark.WISHED)
        if first <= entry.day <= last:
            found.append(entry)
    return found, len(rows) > MOST_CAMPAIGNS


def _entry(campaign_id: int, title: str, when: Occurrence, mark: Mark) -> Entry:
    wall = shown(when.due_at, OAXACA) if when.local is None else when.local
    at = wall.time().replace(second=0, microsecond=0)
    return Entry(campaign_id, title, wall.date(), at, mark, by_recipient=when.local is not None)


def _mark(state: RunState) -> Mark:
    match state:
        case RunState.MISSED:
            return Mark.MISSED
        case RunState.CANCELLED:
            return Mark.CANCELLED
        case RunState.DONE:
            return Mark.LEFT
        case RunState.PAUSED:
            return Mark.PAUSED
    return Mark.UNDER_WAY


def _by_day(entries: Iterable[Entry]) -> dict[date, tuple[Entry, ...]]:
    """Entries by day and time; those of one campaign on a day that say the same are one line."""
    days: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.day, one.at, one.campaign_id)):
        days.setdefault(entry.day, []).append(entry)
    return {day: tuple(_together(found)) for day, found in days.items()}


def _together(entries: Iterable[Entry]) -> Iterator[Entry]:
    lines: dict[tuple[int, Mark], Entry] = {}
    for entry in entries:
        key = (entry.campaign_id, entry.mark)
        first = lines.get(key)
        lines[key] = entry if first is None else replace(first, times=first.times + 1)
    yield from lines.values()


def _next(first: date) -> date:
    return (first.replace(day=1) + 31 * _DAY).replace(day=1)


def _instant(day: date) -> datetime:
    return instant_of(datetime.combine(day, time()), OAXACA).astimezone(UTC)
