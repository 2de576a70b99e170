"""Pacing: when the next units may leave a sender (GCRA), as a pure reservation."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delivery.model import Lane

BULK_SHARE = 0.9
BULK_AHEAD = timedelta(milliseconds=100)
STEP = timedelta(seconds=2)
"""A clock that is this much earlier than it was has been stepped back."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The state of one sender: `free_at` is when its next unit may leave.

    `seen_at` is the latest instant at which it was looked at.
    """

    rate: float
    free_at: datetime
    blocked_until: datetime | None = None
    seen_at: datetime | None = None

    def blocked(self, now: datetime) -> bool:
        """Whether the provider has told this sender to wait."""
        return self.blocked_until is not None and self.blocked_until > now


def follow(pace: Pace, now: datetime) -> Pace:
    """The pace at `now`. When the clock was stepped back, what it keeps goes back as far.

    Else a sender would stand still until the clock has caught up. Smaller steps are left alone.
    """
    back = timedelta() if pace.seen_at is None else pace.seen_at - now
    if back <= STEP:
        return replace(pace, seen_at=now if pace.seen_at is None else max(now, pace.seen_at))
    pause = pace.blocked_until
    return replace(
        pace,
        free_at=pace.free_at - back,
        blocked_until=None if pause is None else pause - back,
        seen_at=now,
    )


def reserve(pace: Pace, now: datetime, units: int, lane: Lane) -> tuple[Pace, datetime]:
    """Take `units` of the sender and say when they may leave.

    Bulk draws on its share of the rate; urgent and reply draw on the whole of it.
    """
    start = max(now, pace.free_at)
    if pace.blocked_until is not None:
        start = max(start, pace.blocked_until)
    rate = pace.rate * (BULK_SHARE if lane is Lane.BULK else 1.0)
    return replace(pace, free_at=start + timedelta(seconds=units / rate)), start


def block(pace: Pace, until: datetime) -> Pace:
    """Move the shared time after a provider said how long to wait; never back."""
    known = pace.blocked_until
    return replace(pace, blocked_until=until if known is None else max(known, until))


def slice_size(rate: float) -> int:
    """How many bulk rows to take at once: what leaves within `BULK_AHEAD`, at least one."""
    return max(1, int(rate * BULK_SHARE * BULK_AHEAD.total_seconds()))


def backoff(attempts: int) -> timedelta:
    """How long to wait after that many failed attempts: 1, 2, 4 … at most 300 seconds."""
    return timedelta(seconds=min(2 ** min(attempts, 10) / 2, 300))
