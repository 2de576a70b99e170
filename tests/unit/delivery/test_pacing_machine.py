"""Any sequence of reservations, pauses and clock steps keeps what pacing promises."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from delivery import pacing
from delivery.model import Lane
from delivery.pacing import BULK_AHEAD, BULK_SHARE, JUMPS, Pace, slice_size

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
SLACK = 1e-3
"""Instants are kept to a microsecond; a thousand of them add up."""

LANES = st.sampled_from([Lane.URGENT, Lane.REPLY])


class Pacing(RuleBasedStateMachine):
    """One sender; `left` holds start, units and lane of each message since the clock last jumped.

    Every message of a grant leaves at its own turn, one after the other at the rate.
    """

    @initialize(rate=st.sampled_from([0.5, 1, 3, 30, 1000]))
    def begin(self, rate: float) -> None:
        self.now = NOW
        self.rate = rate
        self.pace = Pace(rate, NOW, NOW)
        self.left: list[tuple[datetime, float, Lane]] = []
        self.blocked = self.held = NOW

    def ask(self, lane: Lane, messages: list[int]) -> None:
        self.pace = pacing.follow(self.pace, self.now)
        before = self.pace
        self.pace, grant = pacing.reserve(self.pace, self.now, sum(messages), lane)
        if not grant.given:
            assert lane is Lane.BULK
            assert (self.pace, grant.start > self.now + BULK_AHEAD) == (before, True)
            return
        assert grant.start >= max(self.now, self.blocked)
        if lane is Lane.BULK:
            assert grant.start >= self.held
            assert grant.start <= self.now + BULK_AHEAD
        turn = grant.start
        for units in messages:
            self.left.append((turn, units, lane))
            turn += timedelta(seconds=units / self.rate)

    @rule(lane=LANES, messages=st.lists(st.integers(1, 4), min_size=1, max_size=5))
    def somebody_writes(self, lane: Lane, messages: list[int]) -> None:
        self.ask(lane, messages)

    @rule(units=st.integers(1, 4))
    def a_slice_of_bulk_asks(self, units: int) -> None:
        self.ask(Lane.BULK, [units] * min(slice_size(self.rate), 8))

    @rule(lane=LANES)
    def urgent_asks_right_after_bulk(self, lane: Lane) -> None:
        others = self.pace.start(self.now, lane)
        size = min(slice_size(self.rate), 8)
        self.ask(Lane.BULK, [1] * size)
        # Whatever bulk has taken: no more than what it may reserve ahead, and one slice.
        longest = BULK_AHEAD + timedelta(seconds=size / self.rate + SLACK)
        assert self.pace.start(self.now, lane) <= max(others, self.now + longest)
        self.ask(lane, [1])

    @rule(seconds=st.sampled_from([0.001, 0.03, 0.1, 0.5, 2, 30]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(seconds=st.integers(1, 100))
    def the_provider_says_wait(self, seconds: int) -> None:
        self.blocked = max(self.blocked, self.now + timedelta(seconds=seconds))
        self.pace = pacing.block(pacing.follow(self.pace, self.now), self.blocked)

    @rule(seconds=st.integers(1, 100))
    def bulk_stands_back(self, seconds: int) -> None:
        self.held = max(self.held, self.now + timedelta(seconds=seconds))
        self.pace = pacing.hold(pacing.follow(self.pace, self.now), self.held)

    @rule(seconds=st.sampled_from([5, 3600]))
    def the_clock_is_stepped_back(self, seconds: int) -> None:
        self.pace = pacing.follow(self.pace, self.now)
        waits = self.pace.start(self.now, Lane.URGENT) - self.now
        back = timedelta(seconds=seconds)
        self.now -= back
        self.pace = pacing.follow(self.pace, self.now)
        assert self.pace.start(self.now, Lane.URGENT) - self.now == waits
        # What was promised by the old clock counts by the new one.
        self.blocked, self.held = self.blocked - back, self.held - back
        self.left = [(at - back, units, lane) for at, units, lane in self.left]

    @invariant()
    def no_window_holds_more_than_the_rate_and_what_may_jump(self) -> None:
        self.fits(self.left, self.rate, jumps=self.rate * (1 - BULK_SHARE))
        self.fits([one for one in self.left if one[2] is Lane.REPLY], self.rate)

    @invariant()
    def bulk_is_never_above_its_share(self) -> None:
        bulk = [one for one in self.left if one[2] is Lane.BULK]
        largest = 4 * min(slice_size(self.rate), 8)
        self.fits(bulk, self.rate * BULK_SHARE, largest)

    def fits(
        self,
        left: list[tuple[datetime, float, Lane]],
        rate: float,
        largest: float | None = None,
        jumps: float = 0,
    ) -> None:
        """In any window from one message to another: its length at the rate, one message, and at
        the rate of `jumps` what urgent may take out of turn."""
        left = sorted(left, key=lambda one: one[0])
        one = max((units for _, units, _ in left), default=0) if largest is None else largest
        for first in range(len(left)):
            total = 0.0
            for at, units, _ in left[first:]:
                total += units
                seconds = (at - left[first][0]).total_seconds()
                jumped = jumps * (seconds + JUMPS.total_seconds())
                assert total <= rate * (seconds + SLACK) + one + jumped


Pacing.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, derandomize=True, deadline=None
)
TestPacing = Pacing.TestCase
