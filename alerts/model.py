"""Cases: calls for help, from the first word to the close."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kit.channels import Endpoint
from kit.zones import OAXACA
from staff.hours import OFFICE, Opening
from staff.model import Quiet

REOPENS_WITHIN = timedelta(days=30)
"""A message that comes this soon after the close opens the case again."""


class CaseState(StrEnum):
    """Whether somebody owns the case."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Kind(StrEnum):
    """What happened, as the reporter or the owner puts it."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    DETAINED = "detained"
    ILLNESS = "illness"
    EXTORTION = "extortion"
    CAPTIVE = "captive"
    UNPAID = "unpaid"
    VIOLENCE = "violence"
    DEATH = "death"
    OTHER = "other"
    CANARY = "canary"


MAY_WAIT = frozenset({Kind.DEATH, Kind.UNPAID})
"""What a reporter may call for at night without anybody's being woken, if nothing sounds of
danger."""


def ends_waiting(kind: Kind) -> bool:
    """Whether a case that was left for the office waits no more once this is named."""
    return kind not in (*MAY_WAIT, Kind.OTHER)


class Urgency(StrEnum):
    """What the page says of the haste. Nothing but a person makes a case less urgent.

    `CAN_WAIT` pages at opening, all others at any hour.
    """

    CAN_WAIT = "can_wait"
    UNSORTED = "unsorted"
    POSSIBLE = "possible"
    LIFE = "life"


class MayWrite(StrEnum):
    """What the reporter answered to "may we write to this phone?"."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class Minor(StrEnum):
    """Whether the person concerned is under age, as staff have found out."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


class Outcome(StrEnum):
    """How a case ended."""

    LOCATED = "located"
    LOCATED_NO_CONTACT = "located_alone"
    REPATRIATED = "repatriated"
    REFERRED = "referred"
    ATTENDED = "attended"
    NO_CONTACT = "no_contact"
    FALSE_ALARM = "false_alarm"
    DUPLICATE = "duplicate"
    OTHER = "other"


class EntryKind(StrEnum):
    """What a line of the timeline tells."""

    CALLED = "called"
    SAID = "said"
    MEDIA = "media"
    LOCATION = "location"
    KIND = "kind"
    DANGER = "danger"
    FALSE_ALARM = "false_alarm"
    SILENCED = "silenced"
    MAY_WRITE = "may_write"
    PAGED = "paged"
    PAGE_LOST = "page_lost"
    NOBODY_TO_PAGE = "nobody_to_page"
    NUMBERS_SENT = "numbers_sent"
    NOT_REACHED = "not_reached"
    BUNDLED = "bundled"
    WAITS = "waits"
    CAN_WAIT = "can_wait"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_OVER = "taken_over"
    HELPER = "helper"
    ACTED = "acted"
    SNOOZED = "snoozed"
    LEASE_SOON = "lease_soon"
    LEASE_LOST = "lease_lost"
    SHOWN = "shown"
    REVEALED = "revealed"
    SAFE_HOURS = "safe_hours"
    POLICY = "policy"
    PERSON = "person"
    REFERRAL = "referral"
    FOLLOW_UP = "follow_up"
    MERGED = "merged"
    PASSED_ON = "passed_on"
    REPLIED = "replied"
    CLOSED = "closed"
    REOPENED = "reopened"


class Timer(StrEnum):
    """What a case waits for."""

    PAGE = "page"
    REPORTER = "reporter"
    LEASE = "lease"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Case:
    """A call for help. `paged` is its place since it last had an owner: see
    `alerts.escalation.Step`."""

    id: int
    folio: str
    state: CaseState
    kind: Kind
    urgency: Urgency
    reporter: Endpoint
    language: str
    may_write: MayWrite
    word: str = field(repr=False)
    opened_at: datetime
    paged: int = 0
    owner_id: int | None = None
    closed_at: datetime | None = None
    policy_id: int | None = None
    minor: Minor = Minor.UNKNOWN
    exercise: bool = False
    unsafe: Quiet | None = None
    """Hours in which nothing of ours may come to the reporter, by the clock of `safe_zone`."""
    safe_zone: str = OAXACA

    def safe_at(self, now: datetime) -> datetime:
        """When something of ours may come to the reporter: `now`, or when their hours begin."""
        return now if self.unsafe is None else self.unsafe.over_at(now, self.safe_zone)

    @property
    def silenced(self) -> bool:
        """Whether no automatic message may go to the reporter any more."""
        return self.may_write is MayWrite.NO

    def live(self, now: datetime) -> bool:
        """Whether what the reporter says now belongs to this case."""
        return self.closed_at is None or now < self.closed_at + REOPENS_WITHIN


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody in need said, by whatever means."""

    reporter: Endpoint
    language: str
    at: datetime
    text: str = field(default="", repr=False)
    media: tuple[str, ...] = field(default=(), repr=False)
    location: tuple[float, float] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    at: datetime
    kind: EntryKind
    member_id: int | None = None
    body: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Times:
    """What the settings fix: two waits, for how many cases a minute somebody is paged one by one,
    and when what can wait is looked at."""

    page: timedelta = timedelta(seconds=300)
    reporter: timedelta = timedelta(seconds=600)
    opening: Opening = OFFICE
    alone: int = 3
