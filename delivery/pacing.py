"""Pacing: when the next units may leave a sender (GCRA), as pure reservations.

Source: ITU-T I.371, the virtual scheduling algorithm. No burst is allowed but urgent's jumps, so
that in any time T no more leaves than the rate allows in T and what may jump in T.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from delivery.model import Lane

BULK_SHARE = 0.9
BULK_AHEAD = timedelta(milliseconds=100)
"""Bulk reserves no further ahead, so that urgent waits for no more than that and one slice."""
JUMPS = timedelta(seconds=1)
"""What bulk leaves free of the rate in this time may be taken by urgent at once, before what has
been reserved already: at 30 a second three messages, at one a second none."""
REPLY_AHEAD = timedelta(seconds=1)
"""Nor do replies, however many wait: urgent comes before those after that, and they before bulk."""
STEP = timedelta(seconds=2)
"""A clock that is this much earlier than it was has been stepped back."""
LONGEST_BACKOFF = 300  # seconds
TOO_LONG = timedelta(seconds=5)
"""Of a sender that has to wait for longer, urgent leaves by another way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The state of one sender.

    `free_at` is when its next unit may leave, `bulk_at` when one of bulk may, and `jump_at` counts
    what urgent has taken out of turn. Until `blocked_until` the provider lets nothing pass, until
    `held_until` bulk stands back for urgent. `broken_at` is when it was found out of order, after
    so many `failures` in a row. `seen_at` is the latest instant at which it was looked at.
    """

    rate: float
    free_at: datetime
    bulk_at: datetime
    blocked_until: datetime | None = None
    held_until: datetime | None = None
    broken_at: datetime | None = None
    failures: int = 0
    jump_at: datetime | None = None
    seen_at: datetime | None = None

    def start(self, now: datetime, lane: Lane) -> datetime:
        """When the next unit of a lane may leave."""
        limits = [now, self.free_at, self.blocked_until]
        if lane is Lane.BULK:
            limits += [self.bulk_at, self.held_until]
        return max(limit for limit in limits if limit is not None)

    def closed_until(self, now: datetime, lane: Lane) -> datetime | None:
        """Until when a lane has to wait for more than its turn, if it has to."""
        limits = [self.blocked_until, self.held_until if lane is Lane.BULK else None]
        return max((limit for limit in limits if limit is not None and limit > now), default=None)

    def is_shut(self, now: datetime) -> bool:
        """Whether urgent should leave by another way: out of order, or blocked for long."""
        blocked = self.blocked_until is not None and self.blocked_until > now + TOO_LONG
        return blocked or self.broken_at is not None


@dataclass(frozen=True, slots=True)
class Grant:
    """The answer to a reservation: from `start` on, or not `given`: ask again when it is near."""

    start: datetime
    given: bool = True


def reserve(pace: Pace, now: datetime, units: float, lane: Lane) -> tuple[Pace, Grant]:
    """Take `units` of the sender and say from when on they may leave, one after the other.

    Bulk draws on its share of the rate and no further ahead than `BULK_AHEAD`; urgent and reply
    draw on the whole of it, urgent as far ahead as there are messages, so that bulk comes after.
    What bulk leaves free is there for urgent to leave at once: what others have reserved already
    keeps its turn, what they reserve next comes so much later.
    """
    start, cost = pace.start(now, lane), timedelta(seconds=units / pace.rate)
    if lane is Lane.URGENT and start > now and not pace.closed_until(now, lane):
        jumped = max(pace.jump_at or now, now) + cost / (1 - BULK_SHARE)
        if jumped <= now + JUMPS:
            return replace(pace, free_at=pace.free_at + cost, jump_at=jumped), Grant(now)
    if lane is Lane.BULK and start > now + BULK_AHEAD:
        return pace, Grant(start, given=False)
    taken = replace(pace, free_at=start + cost)
    if lane is Lane.BULK:
        taken = replace(taken, bulk_at=start + cost / BULK_SHARE)
    return taken, Grant(start)


def follow(pace: Pace, now: datetime) -> Pace:
    """The pace at `now`. When the clock was stepped back, what it keeps goes back as far.

    Else a sender would stand still until the clock has caught up. Smaller steps are left alone.
    """
    back = timedelta() if pace.seen_at is None else pace.seen_at - now
    if back <= STEP:
        return replace(pace, seen_at=now if pace.seen_at is None else max(now, pace.seen_at))
    return replace(
        pace,
        free_at=pace.free_at - back,
        bulk_at=pace.bulk_at - back,
        jump_at=None if pace.jump_at is None else pace.jump_at - back,
        blocked_until=None if pace.blocked_until is None else pace.blocked_until - back,
        held_until=None if pace.held_until is None else pace.held_until - back,
        seen_at=now,
    )


def block(pace: Pace, until: datetime) -> Pace:
    """Move the shared time after a provider said how long to wait; never back."""
    known = pace.blocked_until
    return replace(pace, blocked_until=until if known is None else max(known, until))


def hold(pace: Pace, until: datetime) -> Pace:
    """Let bulk stand back until then; never back."""
    known = pace.held_until
    return replace(pace, held_until=until if known is None else max(known, until))


def ahead(lane: Lane) -> timedelta:
    """How long before its turn a lane may ask for it; urgent asks without waiting."""
    return REPLY_AHEAD if lane is Lane.REPLY else BULK_AHEAD


def slice_size(rate: float) -> int:
    """How many rows of bulk, or of replies, to take at once: what leaves within `BULK_AHEAD`."""
    return max(1, int(rate * BULK_SHARE * BULK_AHEAD.total_seconds()))


def backoff(attempts: int, chance: float = 1.0) -> timedelta:
    """How long to wait after that many failed attempts: up to 1, 2, 4 … at most 300 seconds.

    `chance` in [0, 1) takes off up to half of it, so that what failed together does not come back
    together.
    """
    longest = min(2 ** min(attempts, 10) / 2, LONGEST_BACKOFF)
    return timedelta(seconds=longest * (1 + chance) / 2)
