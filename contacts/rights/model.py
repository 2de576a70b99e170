"""A request of somebody about their own data, and what was done about a contact."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """The four rights, ARCO: to see, to correct, to erase, to oppose."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    CANCELLATION = "cancellation"
    OPPOSITION = "opposition"


class Way(StrEnum):
    """How a request came."""

    WINDOW = "window"
    PHONE = "phone"
    LETTER = "letter"
    EMAIL = "email"
    MESSAGE = "message"


class Identity(StrEnum):
    """How it was checked that somebody is who the data are about."""

    NOT_YET = "not_yet"
    # A no is a no, whoever says it: opposing asks for no proof.
    NOT_NEEDED = "not_needed"
    DOCUMENT = "document"
    # They wrote or called from the very number or chat that is kept.
    OWN_LINE = "own_line"
    REPRESENTATIVE = "representative"


PROOFS = (Identity.DOCUMENT, Identity.OWN_LINE, Identity.REPRESENTATIVE)
"""What counts as checked."""


class State(StrEnum):
    """Where a request stands."""

    # Waits for our answer.
    OPEN = "open"
    # Something was missing in it: waits for the person.
    DEFECTIVE = "defective"
    # We said yes: waits to be carried out.
    GRANTED = "granted"
    DONE = "done"
    REFUSED = "refused"
    # The person did not mend it in time.
    LAPSED = "lapsed"


OVER = frozenset({State.DONE, State.REFUSED, State.LAPSED})


class Step(StrEnum):
    """What is done to a request."""

    IDENTITY = "identity"
    DEFECTS = "defects"
    MENDED = "mended"
    LAPSE = "lapse"
    EXTEND = "extend"
    GRANT = "grant"
    REFUSE = "refuse"
    DONE = "done"


class Act(StrEnum):
    """What was done about a contact: a line of the history that their page shows."""

    RECEIVED = "received"
    IDENTITY = "identity"
    DEFECTS = "defects"
    MENDED = "mended"
    LAPSED = "lapsed"
    EXTENDED = "extended"
    GRANTED = "granted"
    REFUSED = "refused"
    DONE = "done"
    REVEALED = "revealed"
    CORRECTED = "corrected"
    EXPORTED = "exported"
    STOPPED = "stopped"
    ERASED = "erased"


OF_CODES = frozenset({Act.IDENTITY, Act.CORRECTED, Act.STOPPED})
"""Acts whose words are names of ours, and not somebody's."""


class Look(StrEnum):
    """What staff may do only so many times an hour, so that nobody walks through people."""

    SEARCH = "search"
    SHOW = "show"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Request:
    """A request. Days are those of Oaxaca's calendar.

    `contact_id` is None when we hold nothing of who asks. `counted_from` is the day from which the
    term of our answer runs: that of the request, or of its mending. `due_on` is when the next step
    is due, ours or theirs; None once it is over. `version` counts its changes.
    """

    id: int
    kind: Kind
    way: Way
    identity: Identity
    state: State
    received_on: date
    counted_from: date
    due_on: date | None
    contact_id: int | None = None
    extended: bool = False
    defects_on: date | None = None
    decided_on: date | None = None
    closed_on: date | None = None
    member_id: int | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in OVER

    @property
    def is_proven(self) -> bool:
        """Whether it may be carried out as far as identity goes."""
        return self.kind is Kind.OPPOSITION or self.identity in PROOFS


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the history of a contact. `words` are of staff, or said by the person."""

    id: int
    act: Act
    at: datetime
    member_id: int | None
    contact_id: int | None = None
    request_id: int | None = None
    words: str = field(default="", repr=False)
