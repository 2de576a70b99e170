"""Messages of a series: so many days after somebody joined, to each once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.schedule.model import After, Cron, Now
from campaigns.schedule.occurrences import COMMITTED, Occurrence, instants, next_occurrence, window
from engine.cron import CronCalendar
from kit.zones import OAXACA

CALENDAR = CronCalendar()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def first_of(series: After, after: datetime, *zones: str) -> Occurrence:
    found = next_occurrence(series, after, zones or (OAXACA,), CALENDAR)
    assert found is not None
    return found


def window_of(series: After, one: Occurrence) -> tuple[datetime, datetime]:
    found = window(series, one)
    assert found is not None
    return found


def test_a_welcome_leaves_within_the_hour() -> None:
    one = first_of(After(0), NOON + timedelta(minutes=20))
    assert one == Occurrence(NOON + HOUR)
    # Whoever joined within the last minute may not be seen by everybody yet.
    assert window(After(0), one) == (NOON - COMMITTED, NOON + HOUR - COMMITTED)


def test_the_message_of_day_seven_leaves_at_ten_to_those_who_joined_that_day_in_oaxaca() -> None:
    one = first_of(After(7), NOON)
    assert one.local == datetime(2026, 11, 23, 10)  # noqa: DTZ001
    assert one.due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)
    joined = datetime(2026, 11, 16, 6, tzinfo=UTC)
    assert window(After(7), one) == (joined, joined + DAY)


def test_each_gets_it_at_the_time_that_their_own_clock_shows() -> None:
    zones = ("America/Tijuana", "America/New_York")
    one = first_of(After(1, time(18, 30)), NOON, *zones)
    leaving = instants(one, zones)
    assert leaving["America/New_York"] == one.due_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert leaving["America/Tijuana"] == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def test_it_waits_until_the_day_is_over_on_which_they_joined() -> None:
    one = first_of(After(1), NOON, "Pacific/Auckland")
    assert one.local == datetime(2026, 11, 24, 10)  # noqa: DTZ001
    # In Auckland it is ten nine hours before Oaxaca's day ends.
    assert one.due_at == window_of(After(1), one)[1] == datetime(2026, 11, 24, 6, tzinfo=UTC)
    # Also when it is past ten there already.
    assert first_of(After(1), NOON + 10 * HOUR, "Pacific/Auckland") == one


def test_what_is_no_series_is_for_everybody() -> None:
    assert window(Now(), Occurrence(NOON)) is None
    assert window(Cron("0 9 * * *", None), Occurrence(NOON)) is None


def test_a_day_without_what_the_clocks_show_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError):
        window(After(3), Occurrence(NOON))


zones = st.sets(
    st.sampled_from([OAXACA, "America/Tijuana", "America/New_York", "Pacific/Auckland"]), min_size=1
)


@settings(max_examples=60)
@given(
    st.builds(After, st.integers(0, 40), st.none() | st.times()),
    st.datetimes(
        datetime(1995, 1, 1),  # noqa: DTZ001
        datetime(2040, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.lists(zones, min_size=4, max_size=4),
)
def test_nobody_is_left_out_or_written_to_twice(
    series: After, start: datetime, crowds: list[set[str]]
) -> None:
    one = first_of(series, start, *crowds[0])
    since, until = window_of(series, one)
    assert since < until <= one.due_at
    for zones in crowds[1:]:
        one_more = next_occurrence(series, one, zones, CALENDAR)
        assert one_more is not None
        assert one_more.due_at > one.due_at
        since, following = window_of(series, one_more)
        # It begins where the one before ended, whatever changes of the clock lie between.
        assert since == until < following <= one_more.due_at
        one, until = one_more, following
