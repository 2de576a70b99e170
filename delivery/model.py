"""What a message is, the states it may pass through, and how a send can fail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from delivery.content import Content
from kit.channels import Channel, Endpoint


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
    State.PENDING: frozenset({State.SENDING, State.SKIPPED, State.FAILED}),
    State.SENDING: frozenset(
        {State.SENT, State.PENDING, State.FAILED, State.SKIPPED, State.UNCERTAIN}
    ),
    State.UNCERTAIN: frozenset({State.PENDING, State.SENT, State.DELIVERED, State.UNDELIVERED}),
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED}),
    # A carrier may say "undelivered" and deliver after all; never the reverse.
    State.UNDELIVERED: frozenset({State.DELIVERED}),
    State.DELIVERED: frozenset(),
    State.FAILED: frozenset(),
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

    OPTED_OUT = "opted_out"
    ERASED = "erased"
    SILENCED = "silenced"
    STALE = "stale"
    CANCELLED = "cancelled"
    NO_ADDRESS = "no_address"


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
    def retryable(self) -> bool:
        """Whether the same message to the same address may succeed later."""
        return self.failure in {
            Failure.SENDER_THROTTLED,
            Failure.SENDER_BROKEN,
            Failure.TRY_LATER,
        }


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message on its own (not of a run): who gets it, in which order of endpoints, and when."""

    to: tuple[Endpoint, ...]
    content: Content
    lane: Lane
    language: str = "es"
    due_at: datetime | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row taken for sending: everything a transport needs, and how to go on if it fails."""

    id: int
    lane: Lane
    to: Endpoint
    content: Content
    attempts: int
    created_at: datetime
    position: int
    endpoints: tuple[Endpoint, ...]
    contact_id: int | None
    run_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended, ready to be written."""

    claimed: Claimed
    state: State
    at: datetime
    reason: str | None = None
    provider_id: str | None = None
    code: str = ""
    due_at: datetime | None = None
    next_position: int | None = None
    counts: bool = True

    @property
    def channel(self) -> Channel:
        return self.claimed.to.channel
