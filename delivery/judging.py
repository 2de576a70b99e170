"""What a failed attempt means for its row: again, by another way, by a person, or never."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delivery import pacing
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State, Way
from kit.channels import Channel

STALE_AFTER = timedelta(hours=24)
"""An urgent message or a reply that could not leave for this long has failed."""

BULK_ATTEMPTS = 8
"""So often a row of a run is tried. Its age says nothing: a run may last for days."""

REPEATS = 2
"""How often an urgent message or a reply goes again although it may have arrived."""

KILLS = 3
"""A message that was sent alone so often, and its process killed each time, is set aside."""

UNREADABLE = "unreadable"
"""The reason of a row that cannot be opened: a lost key, damaged or missing content."""

NO_SENDER = "no_sender"
"""The reason of a row for channels of which none is configured here."""

FIRST_PAUSE = timedelta(seconds=1)
"""How long a sender waits when its provider throttles it without saying for how long."""


@dataclass(frozen=True, slots=True)
class Roads:
    """The senders of this platform: name to channel, the ones kept for urgent apart."""

    ordinary: Mapping[str, Channel]
    urgent_only: Mapping[str, Channel]

    def of(self, channel: Channel, lane: Lane) -> tuple[str, ...]:
        """Who can write to an endpoint of a channel, the ordinary ones first."""
        found = [name for name, serves in self.ordinary.items() if serves is channel]
        if lane is not Lane.BULK:
            found += [name for name, serves in self.urgent_only.items() if serves is channel]
        return tuple(found)


def judge(
    row: Claimed, error: SendError, now: datetime, roads: Roads, chance: float = 1.0
) -> Outcome:
    """The outcome of an attempt that ended with `error`; `chance` in [0, 1) spreads what is tried
    again."""
    failure, code = error.failure, error.code
    if failure is Failure.UNKNOWN_OUTCOME and row.lane is Lane.BULK:
        return Outcome(row, State.UNCERTAIN, now, failure, code=code)
    if failure is Failure.SENDER_THROTTLED:
        until = now + (error.retry_after or FIRST_PAUSE)
        told = Outcome(
            row, State.PENDING, now, failure, code=code, throttled_until=until, counts=False
        )
        # An urgent one stays due: it may leave by another way.
        return told if row.lane is Lane.URGENT else replace(told, due_at=until)
    if error.retryable or failure is Failure.UNKNOWN_OUTCOME:
        due_at = now + pacing.backoff(row.attempts + 1, chance)
        # What is wrong with the sender is no fault of the row, which waits until it is mended.
        counts = failure is not Failure.SENDER_BROKEN or row.lane is not Lane.BULK
        if _may_go_again(row, due_at, counts=counts):
            return Outcome(
                row, State.PENDING, now, failure, code=code, due_at=due_at, counts=counts
            )
        return Outcome(row, State.FAILED, now, failure, code=code)
    following = another_way(row, failure, roads)
    if following is None:
        return Outcome(row, State.FAILED, now, failure, code=code)
    return Outcome(row, State.PENDING, now, failure, code=code, due_at=now, moves=following)


def after_unknowns(outcome: Outcome, before: int) -> Outcome:
    """The outcome of a row that has had `before` unknown outcomes: at last a person decides."""
    again = outcome.state is State.PENDING and outcome.reason == Failure.UNKNOWN_OUTCOME
    if again and before >= REPEATS:
        return replace(outcome, state=State.UNCERTAIN, due_at=None)
    return outcome


def another_way(row: Claimed, failure: Failure, roads: Roads) -> Way | None:
    """How a row on its own goes on after a refusal for good, or None.

    Somebody who stopped one number is written to from the one for urgent; then comes the next of
    the row's endpoints. Of a run, the next address is the ledger's business.
    """
    if row.lane is not Lane.BULK and failure is Failure.CONTACT_STOPPED:
        for name, channel in roads.urgent_only.items():
            if channel is row.to.channel and name != row.sender:
                return Way(name)
    return next_endpoint(row, roads)


def next_endpoint(row: Claimed, roads: Roads, shut: Collection[str] = ()) -> Way | None:
    """The next endpoint of a row that a sender which is not `shut` serves, or None."""
    for at in range(row.position + 1, len(row.endpoints)):
        for name in roads.of(row.endpoints[at].channel, Lane.BULK):
            if name not in shut:
                return Way(name, at)
    return None


def around(row: Claimed, roads: Roads, shut: Collection[str]) -> Way | None:
    """How an urgent row leaves while its sender is `shut`: another of the channel, or another
    endpoint of its own."""
    for name in roads.of(row.to.channel, row.lane):
        if name not in shut and name != row.sender:
            return Way(name)
    return next_endpoint(row, roads, shut)


def _may_go_again(row: Claimed, due_at: datetime, *, counts: bool) -> bool:
    if row.stale_at is not None and due_at >= row.stale_at:
        return False
    if row.lane is Lane.BULK:
        return not counts or row.attempts + 1 < BULK_ATTEMPTS
    return due_at < row.created_at + STALE_AFTER
