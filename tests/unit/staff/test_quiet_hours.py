"""Quiet hours end on time, whatever midnight and daylight saving do to the clock.

In Los Angeles clocks went forward on 8 March 2026 (2:00 became 3:00, 10:00 UTC) and back on
1 November 2026 (2:00 became 1:00, 9:00 UTC).
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kit.zones import OAXACA
from staff.model import Member, Quiet, Role

LOS_ANGELES = "America/Los_Angeles"
NIGHT = Quiet(time(22), time(7))
SIESTA = Quiet(time(14), time(16))

ZONES = st.sampled_from(
    [
        OAXACA,
        LOS_ANGELES,
        "America/Tijuana",
        "America/Havana",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "UTC",
    ]
)
CLOCK = st.builds(time, st.integers(0, 23), st.integers(0, 59))
# No zone has left out a whole day since, as Apia did two days before.
MINUTES = st.builds(
    lambda minutes: datetime(2012, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(0, 16 * 365 * 1440),
)
# Around the jumps of the clocks, where mistakes are.
JUMPS = st.sampled_from(
    [
        datetime(2026, 3, 8, 10, tzinfo=UTC),
        datetime(2026, 11, 1, 9, tzinfo=UTC),
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 4, 4, 15, tzinfo=UTC),
    ]
)
NEAR_JUMPS = st.builds(
    lambda jump, minutes: jump + timedelta(minutes=minutes), JUMPS, st.integers(-2000, 2000)
)
INSTANTS = st.one_of(MINUTES, NEAR_JUMPS)


@st.composite
def quiets(draw: st.DrawFn) -> Quiet:
    begins, ends = draw(CLOCK), draw(CLOCK)
    assume(begins != ends)
    return Quiet(begins, ends)


def local(year: int, month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """A time by the clock of Los Angeles, in UTC."""
    there = ZoneInfo(LOS_ANGELES)
    return datetime(year, month, day, hour, minute, tzinfo=there, fold=fold).astimezone(UTC)


def test_a_night_ends_on_the_next_morning() -> None:
    assert NIGHT.over_at(local(2026, 6, 1, 22), LOS_ANGELES) == local(2026, 6, 2, 7)
    assert NIGHT.over_at(local(2026, 6, 2, 6, 59), LOS_ANGELES) == local(2026, 6, 2, 7)


def test_outside_of_the_hours_nothing_waits() -> None:
    for now in (local(2026, 6, 1, 21, 59), local(2026, 6, 2, 7), local(2026, 6, 2, 12)):
        assert NIGHT.over_at(now, LOS_ANGELES) == now
        assert SIESTA.over_at(now, LOS_ANGELES) == now


def test_hours_of_one_day_end_on_that_day() -> None:
    assert SIESTA.over_at(local(2026, 6, 1, 15), LOS_ANGELES) == local(2026, 6, 1, 16)


def test_the_night_before_clocks_go_forward_is_an_hour_shorter() -> None:
    begins = local(2026, 3, 7, 22)
    assert NIGHT.over_at(begins, LOS_ANGELES) - begins == timedelta(hours=8)


def test_the_night_before_clocks_go_back_is_an_hour_longer() -> None:
    begins = local(2026, 10, 31, 22)
    assert NIGHT.over_at(begins, LOS_ANGELES) - begins == timedelta(hours=10)


def test_an_end_that_the_clock_leaves_out_comes_an_hour_later() -> None:
    until_half_past_two = Quiet(time(22), time(2, 30))
    over = until_half_past_two.over_at(local(2026, 3, 8, 1), LOS_ANGELES)
    assert over == local(2026, 3, 8, 3, 30)
    assert until_half_past_two.over_at(over - timedelta(minutes=1), LOS_ANGELES) == over


def test_an_end_that_comes_twice_is_the_first() -> None:
    until_half_past_one = Quiet(time(22), time(1, 30))
    first, second = local(2026, 11, 1, 1, 30), local(2026, 11, 1, 1, 30, fold=1)
    assert second - first == timedelta(hours=1)
    assert until_half_past_one.over_at(local(2026, 11, 1, 1), LOS_ANGELES) == first
    again_one = local(2026, 11, 1, 1, 15, fold=1)
    assert until_half_past_one.over_at(again_one, LOS_ANGELES) == again_one


def test_a_night_that_begins_before_the_last_one_is_over_prolongs_it() -> None:
    all_but_an_hour = Quiet(time(3), time(2))
    over = all_but_an_hour.over_at(local(2026, 3, 7, 12), LOS_ANGELES)
    # From two to three, when nothing is held back, clocks were put forward.
    assert over == local(2026, 3, 9, 2)


@given(quiet=quiets(), now=INSTANTS, zone=ZONES)
def test_what_waits_is_told_later_than_now_and_then_waits_no_more(
    quiet: Quiet, now: datetime, zone: str
) -> None:
    over = quiet.over_at(now, zone)
    assert over == now or now < over
    # Where a jump makes one night run into the next, as many hours as two have.
    assert over - now <= timedelta(hours=2 * 24 + 1)
    assert quiet.over_at(over, zone) == over


@given(quiet=quiets(), now=INSTANTS, zone=ZONES, part=st.floats(0, 1, exclude_max=True))
def test_nobody_is_told_before_the_hours_are_over(
    quiet: Quiet, now: datetime, zone: str, part: float
) -> None:
    over = quiet.over_at(now, zone)
    assume(over > now)
    assert quiet.over_at(now + part * (over - now), zone) == over


@given(quiet=quiets(), now=INSTANTS, zone=ZONES)
def test_on_a_day_without_a_jump_the_wall_clock_decides(
    quiet: Quiet, now: datetime, zone: str
) -> None:
    there = ZoneInfo(zone)
    offsets = {
        (now + timedelta(hours=hours)).astimezone(there).utcoffset() for hours in range(-30, 31)
    }
    assume(len(offsets) == 1)
    wall = now.astimezone(there).time()
    # Walk from the beginning to the end around the clock: is the hand met on the way?
    minute = wall.hour * 60 + wall.minute
    begins = quiet.begins.hour * 60 + quiet.begins.minute
    length = (quiet.ends.hour * 60 + quiet.ends.minute - begins) % 1440
    over = quiet.over_at(now, zone)
    assert (over > now) is ((minute - begins) % 1440 < length)
    if over > now:
        assert over.astimezone(there).time() == quiet.ends
        assert over - now <= timedelta(hours=24)


def test_hours_that_never_end_are_none() -> None:
    with pytest.raises(ValueError, match="never end"):
        Quiet(time(7), time(7))
    with pytest.raises(ValueError, match="clock"):
        Quiet(time(22, tzinfo=UTC), time(7))


def test_somebody_without_quiet_hours_is_told_at_once() -> None:
    now = local(2026, 6, 1, 23)
    somebody = Member(1, Role.DUTY, True, "Luz", "", "", zone=LOS_ANGELES)
    assert somebody.told_at(now) == now
    asleep = Member(1, Role.DUTY, True, "Luz", "", "", zone=LOS_ANGELES, quiet=NIGHT)
    assert asleep.told_at(now) == local(2026, 6, 2, 7)
