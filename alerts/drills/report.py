"""How fast each step of a played case was. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model import Case, Entry, EntryKind

PAGES = frozenset({EntryKind.PAGED, EntryKind.BUNDLED})
OWNED = frozenset({EntryKind.ACKNOWLEDGED, EntryKind.TAKEN_OVER})
ACTS = frozenset({EntryKind.REPLIED, EntryKind.ACTED, EntryKind.REFERRAL})


@dataclass(frozen=True, slots=True)
class Course:
    """What happened in one played case: waits are counted from the first word of the reporter.

    `page_taken` is when a provider took the first page. None is what has not happened.
    """

    folio: str
    opened_at: datetime
    first_page: timedelta | None
    page_taken: timedelta | None
    accepted: timedelta | None
    first_act: timedelta | None
    closed: timedelta | None
    pages: int
    people: int
    lost_pages: int
    leases_lost: int
    numbers_sent: bool


def course(case: Case, timeline: Sequence[Entry], taken_at: Collection[datetime]) -> Course:
    """The course of a case from its timeline and the instants at which its pages were taken."""

    def first(kinds: Collection[EntryKind]) -> timedelta | None:
        at = min((line.at for line in timeline if line.kind in kinds), default=None)
        return None if at is None else at - case.opened_at

    def count(*kinds: EntryKind) -> int:
        return sum(line.kind in kinds for line in timeline)

    taken = min(taken_at, default=None)
    return Course(
        folio=case.folio,
        opened_at=case.opened_at,
        first_page=first(PAGES),
        page_taken=None if taken is None else taken - case.opened_at,
        accepted=first(OWNED),
        first_act=first(ACTS),
        closed=first({EntryKind.CLOSED}),
        pages=count(*PAGES),
        people=len({line.member_id for line in timeline if line.kind in PAGES}),
        lost_pages=count(EntryKind.PAGE_LOST),
        leases_lost=count(EntryKind.LEASE_LOST),
        numbers_sent=count(EntryKind.NUMBERS_SENT) > 0,
    )
