"""Emergency contacts, where they were read, and who called them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as a source gives it. `phone` is E.164 or a short code (911, 079).

    `source` is the page it was read on, `source_date` that page's date as far as it is known:
    "2025-08-16", "2025-08", "2023", "undated".
    """

    kind: str
    name: str
    country: str
    phone: str
    source: str
    source_date: str
    state: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """An entry of the directory. Somebody who works here has called it, or nobody has yet."""

    id: int
    entry: Entry
    official: bool
    """Whether the source is a government's own page."""
    checked_by: int | None = None
    """Id of the member who called the number."""
    checked_at: datetime | None = None
    hidden: bool = False

    @property
    def verified(self) -> bool:
        """Whether it is known who called the number, and when."""
        return self.checked_by is not None and self.checked_at is not None


class Standing(StrEnum):
    """What the public sees of a number."""

    VERIFIED = "verified"
    MARKED = "marked"
    """Nobody has called it; it is shown, and said to be so."""
    KEPT_BACK = "kept_back"
    """Nobody has called it, and its source is too old to be shown."""
    HIDDEN = "hidden"
    """Somebody called it, and it was not theirs."""


class Heard(StrEnum):
    """What somebody heard who called a number."""

    THEM = "them"
    OTHERS = "others"
    NOBODY = "nobody"


class Situation(StrEnum):
    """Which of the four answers to CONTACTOS is the true one."""

    VERIFIED = "verified"
    """D1: a consulate whose number was called."""
    UNVERIFIED = "unverified"
    """D2: a consulate whose number nobody has called."""
    NOTHING = "nothing"
    """D3: no number for the area."""
    MEXICO = "mexico"
    """D6: in Mexico there is no Mexican consulate; 911, 089 and 079."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What CONTACTOS may say for a place."""

    situation: Situation
    consulate: EmergencyContact | None = None
    """With VERIFIED and UNVERIFIED only."""
    hotline: EmergencyContact | None = None
    """The consular help line that can be dialled from there; None when none may be shown."""
    year: int | None = None
    """Of the source of `consulate`, for D2; None when its page has no date."""
