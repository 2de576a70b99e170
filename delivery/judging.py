"""What a failed attempt means for its row: again, by the next endpoint, by a person, or never."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from delivery import pacing
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State
from kit.channels import Channel

STALE_AFTER = timedelta(hours=24)
"""An urgent message or a reply that could not leave for this long has failed."""

BULK_ATTEMPTS = 8
"""So often a row of a run is tried. Its age says nothing: a run may last for days."""

REPEATS = 2
"""How often an urgent message or a reply goes again although it may have arrived."""

UNREADABLE = "unreadable"
"""The reason of a row that cannot be opened: a lost key, damaged or missing content."""

NO_SENDER = "no_sender"
"""The reason of a row for channels of which none is configured here."""

FIRST_PAUSE = timedelta(seconds=1)
"""How long a sender waits when its provider throttles it without saying for how long."""


def judge(row: Claimed, error: SendError, now: datetime, channels: Collection[Channel]) -> Outcome:
    """The outcome of an attempt that ended with `error`; `channels` are those configured."""
    failure, code = error.failure, error.code
    if failure is Failure.UNKNOWN_OUTCOME and row.lane is Lane.BULK:
        return Outcome(row, State.UNCERTAIN, now, failure, code=code)
    if failure is Failure.SENDER_THROTTLED:
        until = now + (error.retry_after or FIRST_PAUSE)
        return Outcome(row, State.PENDING, now, failure, code=code, due_at=until, counts=False)
    if error.retryable or failure is Failure.UNKNOWN_OUTCOME:
        due_at = now + pacing.backoff(row.attempts + 1)
        if _may_go_again(row, due_at):
            return Outcome(row, State.PENDING, now, failure, code=code, due_at=due_at)
        return Outcome(row, State.FAILED, now, failure, code=code)
    following = next_position(row, channels)
    if following is None:
        return Outcome(row, State.FAILED, now, failure, code=code)
    return Outcome(row, State.PENDING, now, failure, code=code, due_at=now, next_position=following)


def after_unknowns(outcome: Outcome, before: int) -> Outcome:
    """The outcome of a row that has had `before` unknown outcomes: at last a person decides."""
    again = outcome.state is State.PENDING and outcome.reason == Failure.UNKNOWN_OUTCOME
    if again and before >= REPEATS:
        return replace(outcome, state=State.UNCERTAIN, due_at=None)
    return outcome


def next_position(row: Claimed, channels: Collection[Channel]) -> int | None:
    """The next endpoint of a row on a configured channel, or None."""
    later = range(row.position + 1, len(row.endpoints))
    return next((at for at in later if row.endpoints[at].channel in channels), None)


def _may_go_again(row: Claimed, due_at: datetime) -> bool:
    if row.lane is Lane.BULK:
        return row.attempts + 1 < BULK_ATTEMPTS
    return due_at < row.created_at + STALE_AFTER
