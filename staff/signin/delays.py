"""How long somebody waits after failures: nothing after two, then ever longer. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 2
"""So many failures cost nothing."""

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
"""Failures are forgotten when none has followed for so long."""

_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Failures of an account, or from an address, and when the last one was."""

    failures: int
    last_at: datetime

    def standing(self, now: datetime) -> int:
        """How many still count."""
        return 0 if now - self.last_at >= FORGOTTEN else self.failures

    def wait(self, now: datetime) -> timedelta:
        """What is left of the delay at an instant; nothing when there is none.

        A failure that lies further ahead than any delay is from before the clock was put back, and
        keeps nobody out. One just ahead is from a try at the same time.
        """
        pause = delay(self.standing(now))
        if not pause or self.last_at - now > LONGEST:
            return timedelta()
        return max(timedelta(), self.last_at + pause - now)


def delay(failures: int) -> timedelta:
    """The delay that follows the last of so many failures."""
    if failures <= FREE:
        return timedelta()
    doubled: int = 2 ** min(failures - FREE - 1, _DOUBLINGS)
    return min(LONGEST, FIRST * doubled)
