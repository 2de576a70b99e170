"""Nobody is sent faster than the provider allows, and urgent overtakes bulk."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from delivery.model import Lane
from delivery.pacing import (
    BULK_AHEAD,
    BULK_SHARE,
    Pace,
    backoff,
    block,
    follow,
    reserve,
    slice_size,
)

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)


@given(
    st.floats(0.5, 2000),
    st.lists(st.tuples(st.floats(0, 2), st.integers(1, 3)), min_size=1, max_size=60),
)
def test_reservations_never_pass_the_rate(rate: float, calls: list[tuple[float, int]]) -> None:
    pace, now, leaves = Pace(rate, NOW), NOW, []
    for wait, units in calls:
        now += timedelta(seconds=wait)
        pace, start = reserve(pace, now, units, Lane.REPLY)
        assert start >= now
        leaves.append((start, units))
    for (start, units), (after, _) in pairwise(leaves):
        assert (after - start).total_seconds() >= units / rate - 1e-5


def test_bulk_draws_on_its_share_alone() -> None:
    bulk, _ = reserve(Pace(10, NOW), NOW, 9, Lane.BULK)
    urgent, _ = reserve(Pace(10, NOW), NOW, 9, Lane.URGENT)
    assert bulk.free_at == NOW + timedelta(seconds=0.9 / BULK_SHARE)
    assert urgent.free_at == NOW + timedelta(seconds=0.9)


@given(st.floats(10, 2000))
def test_urgent_waits_for_at_most_one_slice_of_bulk(rate: float) -> None:
    pace, _ = reserve(Pace(rate, NOW), NOW, slice_size(rate), Lane.BULK)
    _, start = reserve(pace, NOW, 1, Lane.URGENT)
    assert start - NOW <= BULK_AHEAD + timedelta(seconds=1 / rate / BULK_SHARE)


def test_a_provider_that_says_wait_moves_the_shared_time_and_never_back() -> None:
    pace = block(Pace(30, NOW), NOW + timedelta(seconds=60))
    pace = block(pace, NOW + timedelta(seconds=5))
    _, start = reserve(pace, NOW, 1, Lane.URGENT)
    assert start == NOW + timedelta(seconds=60)
    assert pace.blocked(NOW)
    assert not pace.blocked(NOW + timedelta(seconds=61))


def test_waiting_after_failures_grows_and_ends_at_five_minutes() -> None:
    waits = [backoff(attempts).total_seconds() for attempts in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] == 300


@given(st.floats(3, 1e6), st.integers(1, 50))
def test_a_clock_stepped_back_makes_nobody_wait_longer(seconds: float, units: int) -> None:
    pace, _ = reserve(follow(Pace(10, NOW), NOW), NOW, units, Lane.REPLY)
    pace = block(pace, NOW + timedelta(seconds=60))
    earlier = NOW - timedelta(seconds=seconds)
    pace = follow(pace, earlier)
    assert pace.free_at - earlier == timedelta(seconds=units / 10)
    assert pace.blocked_until == earlier + timedelta(seconds=60)
    assert follow(pace, earlier) == pace


def test_time_that_passes_changes_nothing_that_was_reserved() -> None:
    before = follow(Pace(10, NOW, NOW + timedelta(seconds=9)), NOW)
    for seconds in (0, 1, -1, 3600):
        after = follow(before, NOW + timedelta(seconds=seconds))
        assert (after.free_at, after.blocked_until) == (before.free_at, before.blocked_until)
