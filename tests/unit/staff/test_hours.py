"""When a person reads what the machine could not use. November 2026: the 23rd is a Monday."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.texts import A_PERSON_WILL_READ
from delivery.segments import measure
from locales.catalog import render
from staff.hours import Opening, reading_time


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time by the clock of Oaxaca (UTC-6), in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=6)


def said(now: datetime, opening: Opening | None = None, language: str = "es") -> str:
    key, params = reading_time(now, opening or Opening())
    return render(key, language, params)


def test_in_opening_hours_it_is_read_today() -> None:
    assert said(at(23, 9)) == "hoy, hasta las 18 h de Oaxaca"
    assert said(at(23, 17, 59)) == "hoy, hasta las 18 h de Oaxaca"


def test_before_opening_it_is_read_today_in_the_opening_hours() -> None:
    assert said(at(23, 8, 59)) == "hoy, de 9 a 18 h de Oaxaca"


def test_after_closing_it_is_read_tomorrow() -> None:
    assert said(at(23, 18)) == "mañana, de 9 a 18 h de Oaxaca"


def test_on_friday_evening_it_is_read_on_monday() -> None:
    assert said(at(27, 18)) == "el lunes 30 de noviembre, de 9 a 18 h de Oaxaca"
    assert said(at(27, 18), language="en") == "on Monday, November 30, 9 to 18 h Oaxaca time"


def test_on_sunday_monday_is_tomorrow() -> None:
    assert said(at(22, 12)) == "mañana, de 9 a 18 h de Oaxaca"


def test_the_day_is_that_of_the_office_and_not_of_utc() -> None:
    tuesday_in_utc = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert said(tuesday_in_utc) == "mañana, de 9 a 18 h de Oaxaca"
    assert said(tuesday_in_utc + timedelta(hours=4)) == "hoy, de 9 a 18 h de Oaxaca"


def test_closed_days_are_passed_over() -> None:
    holidays = Opening(closed=frozenset({date(2026, 11, 23), date(2026, 11, 24)}))
    assert said(at(23, 10), holidays) == "el miércoles 25 de noviembre, de 9 a 18 h de Oaxaca"
    assert said(at(24, 10), holidays) == "mañana, de 9 a 18 h de Oaxaca"


def test_another_office_has_its_own_hours_and_zone() -> None:
    tijuana = Opening("America/Tijuana", "Tijuana", time(8, 30), time(14), frozenset({5}))
    assert said(at(28, 10, 29), tijuana) == "hoy, de 8:30 a 14 h de Tijuana"
    assert said(at(28, 10, 30), tijuana) == "hoy, hasta las 14 h de Tijuana"


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays"),
    [
        (time(18), time(9), frozenset({0})),
        (time(9), time(9), frozenset({0})),
        (time(9), time(18), frozenset[int]()),
        (time(9), time(18), frozenset({7})),
    ],
)
def test_an_office_that_never_opens_is_refused(
    opens: time, closes: time, weekdays: frozenset[int]
) -> None:
    with pytest.raises(ValueError, match="must open"):
        Opening(opens=opens, closes=closes, weekdays=weekdays)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_answer_is_one_segment_at_every_hour_of_a_year(language: str) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    weekend_only = Opening(weekdays=frozenset({5, 6}))
    for opening in (Opening(), weekend_only):
        for hour in range(0, 365 * 24, 5):
            when = reading_time(start + timedelta(hours=hour), opening)
            text = render(A_PERSON_WILL_READ.sms, language, {"when": when})
            assert (measure(text).encoding, measure(text).segments) == ("GSM-7", 1)
