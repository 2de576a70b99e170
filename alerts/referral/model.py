"""Referrals of a case to others who can help, and the days on which somebody asks how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from alerts.model import Outcome
from staff.hours import Opening


class Body(StrEnum):
    """What kind of place a case is referred to."""

    CONSULATE = "consulate"
    GRUPOS_BETA = "grupos_beta"
    PROSECUTOR = "prosecutor"
    SEARCH_COMMISSION = "search_commission"
    CIVIL_ASSOCIATION = "civil_association"
    HOSPITAL = "hospital"
    OTHER = "other"


class ReferralState(StrEnum):
    """How far it has come."""

    TO_DO = "to_do"
    ASKED = "asked"
    ACCEPTED = "accepted"
    ATTENDED = "attended"
    REFUSED = "refused"
    CLOSED = "closed"


_GOES_ON = (
    ReferralState.ASKED,
    ReferralState.ACCEPTED,
    ReferralState.ATTENDED,
    ReferralState.REFUSED,
    ReferralState.CLOSED,
)
NEXT: Mapping[ReferralState, frozenset[ReferralState]] = MappingProxyType(
    {
        ReferralState.TO_DO: frozenset(_GOES_ON),
        ReferralState.ASKED: frozenset(_GOES_ON[1:]),
        ReferralState.ACCEPTED: frozenset(_GOES_ON[2:]),
        # Who has refused can be asked again, and who has attended may have to be.
        ReferralState.ATTENDED: frozenset({ReferralState.ASKED, ReferralState.CLOSED}),
        ReferralState.REFUSED: frozenset({ReferralState.ASKED, ReferralState.CLOSED}),
        ReferralState.CLOSED: frozenset(),
    }
)
"""Where each state may lead."""


class Means(StrEnum):
    """By what somebody was spoken with."""

    PHONE = "phone"
    MESSAGE = "message"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    OTHER = "other"


class PaperState(StrEnum):
    """How it stands with a paper."""

    MISSING = "missing"
    ASKED = "asked"
    RECEIVED = "received"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Talk:
    """One line of the contact log: a member of ours spoke with somebody there."""

    at: datetime
    member_id: int
    means: Means
    whom: str = field(repr=False)
    said: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Referral:
    """A case referred to somebody. `directory_id` is an entry of the directory, if it has one."""

    id: int
    case_id: int
    body: Body
    state: ReferralState
    made_at: datetime
    made_by: int
    name: str = field(repr=False)
    directory_id: int | None = None
    talks: tuple[Talk, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a referral needs. One that staff have added has no `source`."""

    code: str
    name: str
    state: PaperState
    source: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A day on which somebody of ours asks how it went, `day` days after the close or referral."""

    id: int
    case_id: int
    day: int
    due_at: datetime
    referral_id: int | None = None
    notice_at: datetime | None = None
    done_at: datetime | None = None
    done_by: int | None = None
    result: str = field(default="", repr=False)


DAYS = (1, 7, 30)

AGAIN_AFTER = timedelta(days=1)
"""Until it is done, it is told again after so long."""

FOLLOWED = (Outcome.LOCATED, Outcome.REPATRIATED, Outcome.REFERRED, Outcome.ATTENDED)
"""The outcomes after which somebody asks how it went. Who wants no contact is left alone."""

DAYTIME = Opening(weekdays=frozenset(range(7)))
"""Hours in which a follow-up is told, on every day of the week: it wakes nobody."""


def due_times(at: datetime, opening: Opening = DAYTIME) -> tuple[tuple[int, datetime], ...]:
    """The days of the follow-ups of something that happened at `at`, each with the first instant
    of that day's round, or after it, that lies in `opening`."""
    return tuple((day, opening.opens_at(at + timedelta(days=day))) for day in DAYS)
