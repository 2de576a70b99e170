"""Nobody is sent faster than the provider allows, and urgent overtakes bulk."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from delivery.model import Lane
from delivery.pacing import (
    BULK_AHEAD,
    BULK_SHARE,
    JUMPS,
    LONGEST_BACKOFF,
    TOO_LONG,
    Pace,
    ahead,
    backoff,
    block,
    follow,
    hold,
    reserve,
    slice_size,
)

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)


def fresh(rate: float) -> Pace:
    return Pace(rate, NOW, NOW)


@given(
    st.floats(0.5, 2000),
    st.lists(st.tuples(st.floats(0, 2), st.integers(1, 3)), min_size=1, max_size=60),
)
def test_reservations_never_pass_the_rate(rate: float, calls: list[tuple[float, int]]) -> None:
    pace, now, leaves = fresh(rate), NOW, []
    for wait, units in calls:
        now += timedelta(seconds=wait)
        pace, grant = reserve(pace, now, units, Lane.REPLY)
        assert grant.given
        assert grant.start >= now
        leaves.append((grant.start, units))
    for (start, units), (after, _) in pairwise(leaves):
        assert (after - start).total_seconds() >= units / rate - 1e-5


def test_bulk_draws_on_its_share_alone_and_urgent_on_the_rest_of_it() -> None:
    bulk, _ = reserve(fresh(10), NOW, 9, Lane.BULK)
    assert bulk.free_at == NOW + timedelta(seconds=0.9)
    assert bulk.bulk_at == NOW + timedelta(seconds=0.9 / BULK_SHARE)
    urgent, _ = reserve(fresh(10), NOW, 9, Lane.URGENT)
    assert (urgent.free_at, urgent.bulk_at) == (NOW + timedelta(seconds=0.9), NOW)


@given(st.floats(0.1, 2000))
def test_bulk_that_keeps_asking_gets_its_share_and_no_more(rate: float) -> None:
    pace, now, units = fresh(rate), NOW, slice_size(rate)
    left = 0
    for _ in range(60):
        pace, grant = reserve(pace, now, units, Lane.BULK)
        if grant.given:
            left += units
        now = max(now, pace.start(now, Lane.BULK) - BULK_AHEAD)
    passed = (now - NOW + BULK_AHEAD).total_seconds()
    assert left <= rate * BULK_SHARE * passed + units + 1e-3
    assert left >= rate * BULK_SHARE * (passed - 0.2) - units - 1e-3


@given(st.floats(10, 2000))
def test_urgent_waits_for_at_most_one_slice_of_bulk(rate: float) -> None:
    pace, _ = reserve(fresh(rate), NOW, slice_size(rate), Lane.BULK)
    _, grant = reserve(pace, NOW, 1, Lane.URGENT)
    assert grant.start - NOW <= BULK_AHEAD + timedelta(seconds=1 / rate)


def test_urgent_leaves_at_once_out_of_what_bulk_leaves_free() -> None:
    pace, _ = reserve(fresh(1000), NOW, slice_size(1000), Lane.BULK)
    turns = []
    for _ in range(101):
        pace, grant = reserve(pace, NOW, 1, Lane.URGENT)
        turns.append(grant.start)
    # A tenth of a second's thousand; the next one waits for its turn, after all that are reserved.
    assert turns[:100] == [NOW] * 100
    assert turns[100] == NOW + timedelta(seconds=0.19)
    # Others come so much later: nothing is sent above the rate for long.
    assert pace.free_at == NOW + timedelta(seconds=0.191)


def test_nobody_jumps_where_a_second_leaves_less_than_a_message_free() -> None:
    pace, _ = reserve(fresh(1), NOW, 1, Lane.BULK)
    assert reserve(pace, NOW, 1, Lane.URGENT)[1].start == NOW + timedelta(seconds=1)


def test_nobody_jumps_a_pause_of_the_provider() -> None:
    pace = block(fresh(1000), NOW + timedelta(seconds=3))
    assert reserve(pace, NOW, 1, Lane.URGENT)[1].start == NOW + timedelta(seconds=3)


@given(st.lists(st.tuples(st.floats(0, 0.4), st.sampled_from([*Lane]), st.integers(1, 40))))
def test_in_any_time_no_more_leaves_than_the_rate_and_the_jumps(
    calls: list[tuple[float, Lane, int]],
) -> None:
    rate, pace, now = 100.0, fresh(100), NOW
    left: list[tuple[datetime, int]] = []
    for wait, lane, units in calls:
        now += timedelta(seconds=wait)
        pace, grant = reserve(pace, now, units, lane)
        if grant.given:
            left += [(grant.start + timedelta(seconds=at / rate), 1) for at in range(units)]
    left.sort()
    for at, (begin, _) in enumerate(left):
        for count, (end, _) in enumerate(left[at:], 1):
            time = (end - begin).total_seconds()
            jumps = rate * (1 - BULK_SHARE) * (time + JUMPS.total_seconds())
            assert count <= rate * time + jumps + 1 + 1e-3


def test_bulk_is_refused_when_its_turn_is_far_and_changes_nothing() -> None:
    pace, _ = reserve(fresh(1), NOW, 1, Lane.URGENT)
    same, grant = reserve(pace, NOW, 1, Lane.BULK)
    assert same == pace
    assert (grant.given, grant.start) == (False, NOW + timedelta(seconds=1))
    _, near = reserve(pace, grant.start - BULK_AHEAD, 1, Lane.BULK)
    assert (near.given, near.start) == (True, grant.start)


def test_replies_ask_sooner_than_bulk_so_that_they_come_before_it() -> None:
    assert ahead(Lane.REPLY) > ahead(Lane.BULK) == BULK_AHEAD


def test_a_provider_that_says_wait_moves_the_shared_time_and_never_back() -> None:
    pace = block(fresh(30), NOW + timedelta(seconds=60))
    pace = block(pace, NOW + timedelta(seconds=4))
    for lane in (Lane.URGENT, Lane.REPLY):
        _, grant = reserve(pace, NOW, 1, lane)
        assert grant.start == NOW + timedelta(seconds=60)
    assert not reserve(pace, NOW, 1, Lane.BULK)[1].given
    assert pace.closed_until(NOW, Lane.URGENT) == NOW + timedelta(seconds=60)
    assert pace.closed_until(NOW + timedelta(seconds=60), Lane.URGENT) is None


def test_bulk_stands_back_and_the_others_do_not() -> None:
    pace = hold(fresh(30), NOW + timedelta(seconds=10))
    assert hold(pace, NOW) == pace
    assert pace.closed_until(NOW, Lane.BULK) == NOW + timedelta(seconds=10)
    assert pace.closed_until(NOW, Lane.REPLY) is None
    assert not reserve(pace, NOW, 1, Lane.BULK)[1].given
    assert reserve(pace, NOW, 1, Lane.URGENT)[1].start == NOW


def test_a_sender_is_shut_when_it_is_broken_or_blocked_for_long() -> None:
    assert not fresh(1).is_shut(NOW)
    assert not block(fresh(1), NOW + TOO_LONG).is_shut(NOW)
    assert block(fresh(1), NOW + TOO_LONG + timedelta(seconds=1)).is_shut(NOW)
    assert Pace(1, NOW, NOW, broken_at=NOW).is_shut(NOW)


def test_waiting_after_failures_grows_and_ends_at_five_minutes() -> None:
    waits = [backoff(attempts).total_seconds() for attempts in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] == LONGEST_BACKOFF == 300


@given(st.integers(1, 30), st.floats(0, 1, exclude_max=True))
def test_chance_takes_off_at_most_half_of_a_wait(attempts: int, chance: float) -> None:
    assert backoff(attempts) / 2 <= backoff(attempts, chance) <= backoff(attempts)


@given(st.floats(3, 1e6), st.integers(1, 50))
def test_a_clock_stepped_back_makes_nobody_wait_longer(seconds: float, units: int) -> None:
    pace, _ = reserve(follow(fresh(10), NOW), NOW, units, Lane.BULK)
    pace = hold(block(pace, NOW + timedelta(seconds=60)), NOW + timedelta(seconds=70))
    earlier = NOW - timedelta(seconds=seconds)
    pace = follow(pace, earlier)
    assert pace.free_at - earlier == timedelta(seconds=units / 10)
    assert pace.bulk_at - earlier == timedelta(seconds=units / 10 / BULK_SHARE)
    assert pace.blocked_until == earlier + timedelta(seconds=60)
    assert pace.held_until == earlier + timedelta(seconds=70)
    assert follow(pace, earlier) == pace


def test_time_that_passes_changes_nothing_that_was_reserved() -> None:
    before = follow(Pace(10, NOW, NOW, NOW + timedelta(seconds=9)), NOW)
    for seconds in (0, 1, -1, 3600):
        after = follow(before, NOW + timedelta(seconds=seconds))
        assert (after.free_at, after.blocked_until) == (before.free_at, before.blocked_until)
