"""Who carries how much: pages in a week, nights in a row. Nobody burns out unseen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import false, func, select

from alerts.model import EntryKind
from alerts.shifts import store
from alerts.shifts.rota import Plan, nights_in_a_row, shifts
from alerts.shifts.store import LONGEST_TURN
from alerts.store import case
from alerts.timeline import entry
from db.session import Session
from kit.zones import OAXACA

WEEK = timedelta(days=7)
LOOKS = timedelta(days=30)
"""Nights are counted so far back and ahead."""

MOST_NIGHTS = 7
MOST_PAGES = 20
"""What one person can carry: more nights in a row, or more pages in a week, is told to who
coordinates. Both are our assumption, to be set with the people on duty."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What one person carries: pages in the last 7 days, and the most nights in a row of the 30
    days behind and the 30 ahead, by the clock of Oaxaca. Exercises do not count as pages."""

    member_id: int
    pages: int = 0
    nights: int = 0

    @property
    def too_many_nights(self) -> bool:
        return self.nights > MOST_NIGHTS

    @property
    def too_many_pages(self) -> bool:
        return self.pages > MOST_PAGES


@dataclass(frozen=True, slots=True)
class Week:
    """Pages per member, in the 7 days that end at an instant."""

    ends: datetime
    pages: Mapping[int, int]


async def burdens(session: Session, now: datetime) -> tuple[Burden, ...]:
    """What everybody carries who was paged this week or is in a rota, by id."""
    plan = await store.plan(session, now - LOOKS - LONGEST_TURN)
    return _burdens(plan, await _pages(session, now - WEEK, now), now)


async def weeks(session: Session, now: datetime, count: int = 4) -> tuple[Week, ...]:
    """Pages per person and week, the last week first."""
    ends = [now - number * WEEK for number in range(count)]
    return tuple([Week(end, await _pages(session, end - WEEK, end)) for end in ends])


def _burdens(plan: Plan, pages: Mapping[int, int], now: datetime) -> tuple[Burden, ...]:
    found = shifts(plan, now - LOOKS, now + LOOKS)
    ids = {one.member_id for one in found} | set(pages)
    return tuple(
        Burden(id_, pages.get(id_, 0), nights_in_a_row(found, id_, OAXACA)) for id_ in sorted(ids)
    )


async def _pages(session: Session, since: datetime, until: datetime) -> dict[int, int]:
    rows = await session.all(
        select(entry.c.member_id, func.count().label("pages"))
        .join(case, case.c.id == entry.c.case_id)
        .where(
            entry.c.kind == EntryKind.PAGED,
            entry.c.at > since,
            entry.c.at <= until,
            entry.c.member_id.is_not(None),
            case.c.exercise == false(),
        )
        .group_by(entry.c.member_id)
    )
    return {row["member_id"]: int(row["pages"]) for row in rows}
