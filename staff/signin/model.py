"""The steps of signing in, and what is known of who has come in. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from kit.errors import Refused
from locales.text import Phrase, _
from staff.model import Member


class Stage(StrEnum):
    """How far somebody has come in. Only IN opens anything but the next step."""

    ENROL = "enrol"
    SECOND = "second"
    IN = "in"


LANGUAGES = ("es", "en")
UNUSED = timedelta(hours=12)
LONGEST = timedelta(days=7)
HALF_OPEN = timedelta(minutes=30)
"""How long somebody may take from the password to being in."""

SEEN_EVERY = timedelta(minutes=1)
INVITED = timedelta(hours=72)


def second_needed(trial: bool) -> bool:
    """Whether a second factor is required: for every role, but in a trial of none."""
    return not trial


def stage_after(has_second: bool, trial: bool) -> Stage:
    """What follows the right password."""
    if has_second:
        return Stage.SECOND
    return Stage.ENROL if second_needed(trial) else Stage.IN


def language_of(wanted: str) -> str:
    """The language of pages: what was wanted if there is such a one, else Spanish."""
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def is_live(stage: Stage, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a session has not run out by itself."""
    if stage is not Stage.IN and now >= created_at + HALF_OPEN:
        return False
    return now < seen_at + UNUSED and now < created_at + LONGEST


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody comes from: an address, what their browser says of itself, a language.

    Neither of the first two is ever stored as it is.
    """

    address: str = field(default="", repr=False)
    user_agent: str = field(default="", repr=False)
    language: str = "es"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who a request comes from. `csrf` goes into their forms; `device` may be empty."""

    id: int
    member: Member
    stage: Stage
    language: str
    csrf: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    device: str

    @property
    def is_in(self) -> bool:
        return self.stage is Stage.IN

    def is_stale(self, now: datetime) -> bool:
        """Whether `sessions.seen` should be written; also after a clock was put back."""
        return abs(now - self.seen_at) >= SEEN_EVERY


@dataclass(frozen=True, slots=True)
class Entered:
    """A step was taken: the session as it is now, and the value of its cookie, which is new.

    `codes` are recovery codes made in this step, to be shown this once.
    """

    signed_in: SignedIn
    cookie: str = field(repr=False)
    codes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Open:
    """A session as its owner, or who manages staff, sees it in a list."""

    id: int
    stage: Stage
    device: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was just made; its `path` is told once."""

    id: int
    path: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """What a link is good for. Without a `member` it makes the first administrator."""

    id: int
    member: Member | None
    reset_second: bool
    expires_at: datetime


class Locked(Refused):
    """Too many failures: nothing is looked at until `wait` is over, be it right or wrong."""

    code = "locked"

    def __init__(self, key: str, wait: timedelta) -> None:
        super().__init__(key, wait=told(wait))
        self.wait = wait


def told(wait: timedelta) -> Phrase:
    """A wait in words: seconds up to a minute and a half, minutes behind that."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds == 1:
        return Phrase(_("console.signin.one_second"))
    if seconds <= SHORT:
        return Phrase(_("console.signin.seconds"), {"count": seconds})
    return Phrase(_("console.signin.minutes"), {"count": -(-seconds // 60)})


SHORT = 90
