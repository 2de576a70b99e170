"""How fast a campaign leaves: from what was seen in the last minute. Pure.

Only what somebody looks at is measured, in the process that shows it: nothing is written for it.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
LEAST = timedelta(seconds=3)
"""Of a shorter time nothing is said."""

MOST_CAMPAIGNS = 200


@dataclass(frozen=True, slots=True)
class Speed:
    """Messages a second, and how long the others take at that; None where nothing moves."""

    rate: float
    remaining: timedelta | None


@dataclass(slots=True)
class Pace:
    """What was seen lately of each campaign."""

    _seen: dict[int, deque[tuple[datetime, int]]] = field(default_factory=dict)

    def seen(self, campaign_id: int, settled: int, waiting: int, now: datetime) -> Speed | None:
        """Note how many rows have settled by now; the speed, once enough has been seen."""
        marks = self._seen.pop(campaign_id, deque[tuple[datetime, int]]())
        while marks and (
            now - marks[0][0] > WINDOW or marks[-1][0] > now or marks[-1][1] > settled
        ):
            # Too long ago, or the clock was moved, or rows were taken up again.
            marks.popleft()
        if not marks or now > marks[-1][0]:
            marks.append((now, settled))
        self._seen[campaign_id] = marks
        while len(self._seen) > MOST_CAMPAIGNS:
            del self._seen[next(iter(self._seen))]
        first, count = marks[0]
        length = now - first
        if length < LEAST:
            return None
        rate = (settled - count) / length.total_seconds()
        return Speed(rate, timedelta(seconds=round(waiting / rate)) if rate > 0 else None)
