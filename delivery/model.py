"""What a message is, the states it may pass through, and how a send can fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from delivery.content import Content
from kit.channels import Channel, Endpoint
from locales.text import Phrase, _


class Lane(StrEnum):
    """Who may overtake whom: urgent before reply before bulk."""

    URGENT = "urgent"
    REPLY = "reply"
    BULK = "bulk"


class State(StrEnum):
    """Where a message stands. The last five are settled, `uncertain` waits for a person."""

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    SKIPPED = "skipped"


UNSETTLED = frozenset({State.PENDING, State.SENDING, State.UNCERTAIN})

MOVES: dict[State, frozenset[State]] = {
    # SENT: a send that was thought lost was answered after all. DELIVERED: so was an earlier one.
    State.PENDING: frozenset(
        {State.SENDING, State.SENT, State.DELIVERED, State.SKIPPED, State.FAILED}
    ),
    State.SENDING: frozenset(
        {State.SENT, State.PENDING, State.FAILED, State.SKIPPED, State.UNCERTAIN}
    ),
    # PENDING and FAILED: a person, or the provider's own list, has decided.
    State.UNCERTAIN: frozenset(
        {State.PENDING, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED}
    ),
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED}),
    # A carrier may say "undelivered" and deliver after all; never the reverse. PENDING: by another
    # address of the person, or because somebody wants the failures tried again.
    State.UNDELIVERED: frozenset({State.DELIVERED, State.PENDING}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset({State.PENDING, State.DELIVERED}),
    State.SKIPPED: frozenset(),
}


class Failure(StrEnum):
    """Why a send failed, in the words that decide what happens next."""

    CONTACT_STOPPED = "contact_stopped"
    ADDRESS_DEAD = "address_dead"
    CONTENT_REFUSED = "content_refused"
    SENDER_THROTTLED = "sender_throttled"
    SENDER_BROKEN = "sender_broken"
    TRY_LATER = "try_later"
    UNKNOWN_OUTCOME = "unknown_outcome"


class Skip(StrEnum):
    """Why a message was not sent although nothing failed."""

    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    SILENCED = "silenced"
    STALE = "stale"
    CANCELLED = "cancelled"
    NO_ADDRESS = "no_address"
    FULL = "full"


FAILURE_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        Failure.CONTACT_STOPPED: Phrase(_("word.failure.contact_stopped")),
        Failure.ADDRESS_DEAD: Phrase(_("word.failure.address_dead")),
        Failure.CONTENT_REFUSED: Phrase(_("word.failure.content_refused")),
        Failure.SENDER_THROTTLED: Phrase(_("word.failure.sender_throttled")),
        Failure.SENDER_BROKEN: Phrase(_("word.failure.sender_broken")),
        Failure.TRY_LATER: Phrase(_("word.failure.try_later")),
        Failure.UNKNOWN_OUTCOME: Phrase(_("word.failure.unknown_outcome")),
    }
)
SKIP_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        Skip.NO_CONSENT: Phrase(_("word.skip.no_consent")),
        Skip.OPTED_OUT: Phrase(_("word.skip.opted_out")),
        Skip.ERASED: Phrase(_("word.skip.erased")),
        Skip.SILENCED: Phrase(_("word.skip.silenced")),
        Skip.STALE: Phrase(_("word.skip.stale")),
        Skip.CANCELLED: Phrase(_("word.skip.cancelled")),
        Skip.NO_ADDRESS: Phrase(_("word.skip.no_address")),
        Skip.FULL: Phrase(_("word.skip.full")),
    }
)
FAULT_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "unreadable": Phrase(_("word.failure.unreadable")),
        "no_sender": Phrase(_("word.failure.no_sender")),
    }
)
"""What is wrong on our side: see `delivery.judging`."""
PROCESS_ENDED = "process_ended"
"""The reason of an uncertain row whose process was killed."""


def reason_words(reason: str | None) -> Phrase | None:
    """What a reason of the ledger means, for people; None for a code that only a provider knows."""
    if reason == PROCESS_ENDED:
        return FAILURE_WORDS[Failure.UNKNOWN_OUTCOME]
    if reason is None:
        return None
    for words in (FAILURE_WORDS, SKIP_WORDS, FAULT_WORDS):
        if reason in words:
            return words[reason]
    return None


class SendError(Exception):
    """A transport could not send. `str()` holds the failure and the provider's code, no data."""

    def __init__(
        self, failure: Failure, code: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(f"{failure}:{code}" if code else str(failure))
        self.failure = failure
        self.code = code
        self.retry_after = retry_after

    @property
    def reason(self) -> Phrase:
        """What happened, for people."""
        return FAILURE_WORDS[self.failure]

    @property
    def retryable(self) -> bool:
        """Whether the same message to the same address may succeed later."""
        return self.failure in {
            Failure.SENDER_THROTTLED,
            Failure.SENDER_BROKEN,
            Failure.TRY_LATER,
        }


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message on its own (not of a run): who gets it, in which order of endpoints, and when.

    At `withdraw_at` it is taken back, where its channel allows that: see `delivery.withdrawing`.
    """

    to: tuple[Endpoint, ...]
    content: Content
    lane: Lane
    language: str = "es"
    due_at: datetime | None = None
    about: str | None = None
    withdraw_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row taken for sending: everything a transport needs, and how to go on if it fails.

    `stale_at` is when what its run says is too old to leave, `killed` more than 0 when a
    process that held it was killed: see `delivery.recovery.suspect`.
    """

    id: int
    lane: Lane
    sender: str
    to: Endpoint
    content: Content
    attempts: int
    created_at: datetime
    due_at: datetime
    position: int
    endpoints: tuple[Endpoint, ...]
    contact_id: int | None
    address_id: int | None
    run_id: int | None
    stale_at: datetime | None = None
    about: str | None = None
    killed: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """Another way for a row: a sender, and which of its own endpoints (None: the same one)."""

    sender: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended, or why none was made, ready to be written.

    `counts` says whether it is one of the attempts that a row may have; `attempted` is False when
    the row is given back unsent. `moves` is the way by which it goes on. Until `throttled_until`
    the provider lets nothing of the sender pass.
    """

    claimed: Claimed
    state: State
    at: datetime
    reason: str | None = None
    provider_id: str | None = None
    code: str = ""
    due_at: datetime | None = None
    moves: Way | None = None
    throttled_until: datetime | None = None
    counts: bool = True
    attempted: bool = True

    @property
    def channel(self) -> Channel:
        return self.claimed.to.channel
