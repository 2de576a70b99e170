"""A campaign reaches people at a decent hour of their own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.quiet import Hours, opening
from kit.wall import shown
from kit.zones import OAXACA

NEW_YORK = "America/New_York"
LOS_ANGELES = "America/Los_Angeles"


def at(zone: str, text: str, fold: int = 0) -> datetime:
    """The instant at which clocks of a zone show a time."""
    written = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return written.astimezone(UTC)


@pytest.mark.parametrize("zone", [OAXACA, NEW_YORK, LOS_ANGELES, "America/Tijuana"])
@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T19:59:59", "2026-11-23T19:59:59"),
        ("2026-11-23T20:00", "2026-11-24T09:00"),
        ("2026-11-23T23:30", "2026-11-24T09:00"),
        ("2026-11-23T00:30", "2026-11-23T09:00"),
        ("2026-11-23T08:59:59", "2026-11-23T09:00"),
        # A Sunday.
        ("2026-11-22T09:00", "2026-11-22T12:00"),
        ("2026-11-22T12:00", "2026-11-22T12:00"),
        ("2026-11-21T20:00", "2026-11-22T12:00"),
        ("2026-11-22T20:00", "2026-11-23T09:00"),
    ],
)
def test_what_is_due_at_night_waits_for_the_morning(zone: str, due: str, leaves: str) -> None:
    assert opening(at(zone, due), zone) == at(zone, leaves)


def test_the_morning_after_a_change_of_the_clock_is_at_nine_too() -> None:
    night = at(LOS_ANGELES, "2027-03-13T22:00")
    assert opening(night, LOS_ANGELES) - night == timedelta(hours=13)
    weekday = Hours(sunday_opens=time(9))
    assert opening(night, LOS_ANGELES, weekday) - night == timedelta(hours=10)
    night = at(LOS_ANGELES, "2027-11-06T22:00")
    assert opening(night, LOS_ANGELES, weekday) - night == timedelta(hours=12)


def test_hours_that_open_in_an_hour_that_is_left_out_open_right_after_it() -> None:
    early = Hours(opens=time(2, 30), sunday_opens=time(2, 30))
    assert opening(at(LOS_ANGELES, "2027-03-14T01:00"), LOS_ANGELES, early) == at(
        LOS_ANGELES, "2027-03-14T03:00"
    )


def test_hours_that_open_in_an_hour_that_comes_twice_never_open_in_the_past() -> None:
    early = Hours(opens=time(1, 30), sunday_opens=time(1, 30))
    # The clock has shown 1:30 once, was put back to 1:00 and shows 1:10 now.
    asked = at(LOS_ANGELES, "2027-11-07T01:10", fold=1)
    assert opening(asked, LOS_ANGELES, early) == at(LOS_ANGELES, "2027-11-07T01:30", fold=1)


def test_a_zone_that_does_not_exist_counts_as_oaxaca() -> None:
    night = at(OAXACA, "2026-11-23T22:00")
    assert opening(night, "Mars/Olympus") == opening(night, OAXACA)


@pytest.mark.parametrize(
    ("opens", "closes", "sunday"), [(9, 9, 9), (20, 9, 12), (9, 12, 12), (9, 20, 21)]
)
def test_hours_that_never_open_are_refused(opens: int, closes: int, sunday: int) -> None:
    with pytest.raises(ValueError):
        Hours(time(opens), time(closes), time(sunday))


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    opens, sunday = draw(st.integers(0, 1438)), draw(st.integers(0, 1438))
    closes = draw(st.integers(max(opens, sunday) + 1, 1439))
    return Hours(_clock(opens), _clock(closes), _clock(sunday))


@settings(max_examples=80)
@given(
    st.datetimes(
        datetime(2026, 1, 1),  # noqa: DTZ001
        datetime(2029, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.sampled_from([OAXACA, NEW_YORK, "America/Tijuana", "Australia/Lord_Howe"]),
    st.one_of(st.just(Hours()), hours()),
)
def test_it_leaves_as_soon_as_it_is_decent(due: datetime, zone: str, hours: Hours) -> None:
    leaves = opening(due, zone, hours)
    assert leaves >= due
    assert hours.allow(shown(leaves, zone))
    assert opening(leaves, zone, hours) == leaves
    if leaves > due:
        assert not hours.allow(shown(due, zone))
        assert not hours.allow(shown(leaves - timedelta(seconds=1), zone))
        assert leaves - due <= timedelta(hours=49)
