"""A warning as staff write it, and a message as the public gets it.

The words are those of the Common Alerting Protocol 1.2 (OASIS Standard, 1 July 2010,
docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, section 3.2).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contacts.model import Topic
from locales.languages import FALLBACK, fallback_chain

MOST_REFERENCES = 20
"""Earlier messages that one names, the latest ones; a chain of updates must not grow for ever."""

_UNWRITABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Said = Mapping[str, str]
"""Language to text. Spanish is always there, for the languages that have no text of their own."""


class Status(StrEnum):
    """Whether it is meant: only what is `actual` asks anybody to act."""

    ACTUAL = "Actual"
    TEST = "Test"
    EXERCISE = "Exercise"


class MessageKind(StrEnum):
    """What a message does: warn, take the place of earlier messages, take them back."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Category(StrEnum):
    """What kind of thing happens."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Urgency(StrEnum):
    """How soon somebody has to act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it is."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class Warning:
    """The `warning` of a campaign file.

    It stands for `expires` after it was published. Without a `headline` the campaign's title is
    the Spanish one. `updates` is the campaign whose warning this one takes the place of.
    """

    event: Said
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    expires: timedelta
    area: Said
    status: Status = Status.ACTUAL
    headline: Said = field(default_factory=dict)
    instruction: Said = field(default_factory=dict)
    web: str | None = None
    updates: int | None = None


@dataclass(frozen=True, slots=True)
class Info:
    """What a message says in one language.

    `headline`, `description` and `instruction` are empty where nobody wrote them in it. CAP asks
    for an `event` and an `area` in every block: those may be the Spanish ones.
    """

    language: str
    headline: str
    event: str
    area: str
    description: str = ""
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message, by what identifies it."""

    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One published message. It never changes; another message takes its place.

    `campaign_id` and `number` (from 1) name it in the address of its page, `identifier` names it
    everywhere. `sent` and `expires` are whole seconds. It holds nothing about any contact.
    """

    campaign_id: int
    number: int
    identifier: str
    kind: MessageKind
    status: Status
    sent: datetime
    expires: datetime
    category: Category
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    infos: tuple[Info, ...]
    note: str = ""
    web: str | None = None
    references: tuple[Reference, ...] = ()

    @property
    def name(self) -> str:
        """What stands in its address: `12`, then `12-2` for the second message of campaign 12."""
        return f"{self.campaign_id}-{self.number}" if self.number > 1 else str(self.campaign_id)

    @property
    def chain(self) -> tuple[Reference, ...]:
        """What a message that takes its place refers to: what this one replaced, and this one."""
        return (*self.references, Reference(self.identifier, self.sent))[-MOST_REFERENCES:]

    def in_language(self, language: str) -> Info:
        """What it says to somebody, by variant, family, then Spanish."""
        known = {info.language: info for info in self.infos}
        chain = fallback_chain(language)
        return next((known[code] for code in chain if code in known), self.infos[0])

    def says_the_same(self, other: "Bulletin") -> bool:
        """Whether both ask the same of people, for as long; what identifies them and when they
        were sent does not count."""
        as_this = replace(
            other,
            number=self.number,
            identifier=self.identifier,
            kind=self.kind,
            sent=self.sent,
            expires=self.sent + (other.expires - other.sent),
            references=self.references,
        )
        return as_this == self


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who warns: the institute's name, and the address of this platform without a slash behind."""

    name: str
    url: str


def may_warn(topic: Topic, *, emergency: bool) -> bool:
    """Whether a campaign may be a public warning: one about fraud, or of class `emergency`."""
    return emergency or topic is Topic.FRAUD


def text_in(said: Said, language: str) -> str:
    """The text for a language, by variant, family, then Spanish; "" when there is none at all."""
    return next((said[code] for code in fallback_chain(language) if code in said), "")


def written_in(said: Said, language: str) -> str:
    """The text that somebody wrote in a language, by variant, then family; "" when nobody did."""
    chain = (language, *(code for code in fallback_chain(language) if code != FALLBACK))
    return next((said[code] for code in chain if code in said), "")


def writable(text: str) -> str:
    """A text without the signs that XML 1.0 cannot hold (its production 2), its lines ended by
    a line feed. A YAML file can name such signs by an escape."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def packed(warning: Warning) -> str:
    """The form in which the database keeps a warning; the same for the same warning."""
    plain = asdict(warning) | {"expires": int(warning.expires.total_seconds())}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def unpacked(kept: str) -> Warning:
    """The reverse of `packed`."""
    plain = json.loads(kept)
    return Warning(
        event=plain["event"],
        category=Category(plain["category"]),
        urgency=Urgency(plain["urgency"]),
        severity=Severity(plain["severity"]),
        certainty=Certainty(plain["certainty"]),
        expires=timedelta(seconds=plain["expires"]),
        area=plain["area"],
        status=Status(plain["status"]),
        headline=plain["headline"],
        instruction=plain["instruction"],
        web=plain["web"],
        updates=plain["updates"],
    )


def said_in_spanish(text: str) -> Said:
    """One text for all languages."""
    return {FALLBACK: text}
