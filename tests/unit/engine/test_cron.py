"""Cron expressions mean what cron makes of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cron import LOOK_AHEAD, CronCalendar

CALENDAR = CronCalendar()
MONDAY = datetime(2026, 11, 23, 12, tzinfo=UTC).replace(tzinfo=None)


def days_of(expression: str, number: int = 4) -> list[tuple[int, int]]:
    """Month and day of the next matches."""
    found, after = [], MONDAY
    for _ in range(number):
        match = CALENDAR.next_match(expression, after)
        assert match is not None
        found.append((match.month, match.day))
        after = match
    return found


@pytest.mark.parametrize("sunday", ["0", "7", "sun", "SUN", "0-0", "7-7"])
def test_the_week_begins_on_sunday(sunday: str) -> None:
    assert days_of(f"0 9 * * {sunday}", 2) == [(11, 29), (12, 6)]


@pytest.mark.parametrize(
    ("weekdays", "expected"),
    [
        ("1", [(11, 30), (12, 7), (12, 14), (12, 21)]),
        ("1-5", [(11, 24), (11, 25), (11, 26), (11, 27)]),
        ("mon-fri", [(11, 24), (11, 25), (11, 26), (11, 27)]),
        ("fri-sun", [(11, 27), (11, 28), (11, 29), (12, 4)]),
        ("5-7", [(11, 27), (11, 28), (11, 29), (12, 4)]),
        ("5-0", [(11, 27), (11, 28), (11, 29), (12, 4)]),
        ("sat,sun", [(11, 28), (11, 29), (12, 5), (12, 6)]),
        ("*/2", [(11, 24), (11, 26), (11, 28), (11, 29)]),
        ("*", [(11, 24), (11, 25), (11, 26), (11, 27)]),
    ],
)
def test_days_of_the_week_are_read_as_cron_reads_them(
    weekdays: str, expected: list[tuple[int, int]]
) -> None:
    assert days_of(f"0 9 * * {weekdays}") == expected


def test_of_two_kinds_of_days_either_is_enough() -> None:
    assert days_of("0 9 1,15 * 1") == [(11, 30), (12, 1), (12, 7), (12, 14)]
    # With a star in one of them only the other counts.
    assert days_of("0 9 1,15 * *", 2) == [(12, 1), (12, 15)]


def test_a_match_lies_strictly_after() -> None:
    nine = MONDAY.replace(hour=9) + timedelta(days=1)
    moment = timedelta(microseconds=1)
    assert CALENDAR.next_match("0 9 * * *", nine) == nine + timedelta(days=1)
    assert CALENDAR.next_match("0 9 * * *", nine - moment) == nine


def test_the_twenty_ninth_of_february_comes_and_the_thirty_first_never() -> None:
    assert days_of("0 9 29 2 *", 1) == [(2, 29)]
    for never in ("0 0 31 2 *", "0 0 30 feb *", "0 0 31 4,6,9,11 *"):
        assert CALENDAR.check(never)
        assert CALENDAR.next_match(never, MONDAY) is None


@pytest.mark.parametrize(
    "expression",
    [
        *("", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *"),
        *("* * * 13 *", "* * * * 8", "-1 * * * *", "5-1 * * * *", "* * * * sat-mon", "a * * * *"),
        *(
            "*/0 * * * *",
            "*/90 * * * *",
            "1,,2 * * * *",
            ", * * * *",
            "1- * * * *",
            "1/2/3 * * * *",
        ),
        *("@daily", "0 9 * * mon-fri-x", "0 9 * * lunes", "0 9 L * *", "0 9 * * 1#2", "0 9 ? * 1"),
        *("0 9 last * *", "0 9 * * 1st", "٠ 9 * * *", "²  9 * * *", "0 9 * * " + "1," * 200 + "1"),
    ],
)
def test_what_is_no_expression_is_refused(expression: str) -> None:
    assert not CALENDAR.check(expression)
    with pytest.raises(ValueError):
        CALENDAR.next_match(expression, MONDAY)


@given(st.one_of(st.text(max_size=30), st.text("0123456789*/,- monsun", max_size=40)))
def test_no_text_breaks_the_check(text: str) -> None:
    if CALENDAR.check(text):
        match = CALENDAR.next_match(text, MONDAY)
        assert match is None or MONDAY < match <= MONDAY + LOOK_AHEAD + timedelta(days=1)


def _part(lowest: int, highest: int) -> st.SearchStrategy[tuple[str, frozenset[int] | None]]:
    """How a field is written, with the numbers it means; None for a star."""
    number = st.integers(lowest, highest)
    each = st.frozensets(number, min_size=1, max_size=4)
    listed = each.map(lambda found: (",".join(map(str, sorted(found))), found))
    ranged = (
        st.tuples(number, number)
        .map(sorted)
        .map(lambda ends: (f"{ends[0]}-{ends[1]}", frozenset(range(ends[0], ends[1] + 1))))
    )
    return st.one_of(st.just(("*", None)), listed, ranged)


@settings(max_examples=50)
@given(
    st.tuples(_part(0, 59), _part(0, 23), _part(1, 28), _part(1, 12), _part(0, 7)),
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1)),  # noqa: DTZ001
)
def test_the_first_match_is_that_of_a_plain_reading(
    parts: tuple[tuple[str, frozenset[int] | None], ...], after: datetime
) -> None:
    minutes, hours, days, months, weekdays = (numbers for _, numbers in parts)

    def on(day: datetime) -> bool:
        by_month = days is None or day.day in days
        weekday = (day.weekday() + 1) % 7
        by_week = weekdays is None or weekday in weekdays or (weekday == 0 and 7 in weekdays)
        either = days is not None and weekdays is not None
        right = by_month or by_week if either else by_month and by_week
        return right and (months is None or day.month in months)

    expected = None
    start = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    midnight = start.replace(hour=0, minute=0)
    for number in range(366):
        day = midnight + timedelta(days=number)
        if on(day):
            found = [
                at
                for hour in sorted(hours or range(24))
                for minute in sorted(minutes or range(60))
                if (at := day.replace(hour=hour, minute=minute)) > after
            ]
            if found:
                expected = found[0]
                break
    expression = " ".join(text for text, _ in parts)
    assert CALENDAR.next_match(expression, after) == expected
