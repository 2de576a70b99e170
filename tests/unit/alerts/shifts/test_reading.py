"""How instants, days and hours are written on the command line."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from alerts.shifts import ical
from app.cli.roster_reading import read_day, read_file, read_hours, read_instant, read_time
from kit.errors import Invalid
from tests.unit.alerts.shifts.plans import LOS_ANGELES, OAXACA


def test_an_instant_without_an_offset_is_by_the_clock_of_the_rota() -> None:
    written = "2026-11-23T20:00"
    assert read_instant(written, OAXACA) == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert read_instant(written, LOS_ANGELES) == datetime(2026, 11, 24, 4, tzinfo=UTC)
    assert read_instant(f"{written}-05:00", OAXACA) == datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize("wrong", ["", "2026-11-23", "mañana", "2026-13-01T10:00", "20:00"])
def test_a_wrong_instant_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        read_instant(wrong, OAXACA)


def test_hours_are_two_times_with_a_dash() -> None:
    assert read_hours("20:00-8:30") == (time(20), time(8, 30))
    assert read_day(" 2026-11-23 ") == date(2026, 11, 23)


@pytest.mark.parametrize("wrong", ["", "20:00", "20-8", "25:00-08:00", "20:00-08:00-09:00"])
def test_wrong_hours_are_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        read_hours(wrong)


@pytest.mark.parametrize("wrong", ["", "8", "24:00", "8:60", "a:b"])
def test_a_wrong_time_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid):
        read_time(wrong)


def test_a_wrong_day_is_refused() -> None:
    with pytest.raises(Invalid):
        read_day("23/11/2026")


def test_of_a_huge_file_no_more_is_read_than_shows_that_it_is(tmp_path: Path) -> None:
    huge = tmp_path / "huge.ics"
    huge.write_bytes(b"x" * (ical.MOST_OCTETS * 2))
    assert len(read_file(huge)) == ical.MOST_OCTETS + 1
    with pytest.raises(Invalid):
        read_file(tmp_path / "none.ics")
    with pytest.raises(Invalid):
        read_file(tmp_path)
