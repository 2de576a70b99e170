"""The schedule of a campaign file: what may be written, and what is told of what may not."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.schedule.occurrences import next_occurrence
from campaigns.written.document import DocumentError, FileError, read_document
from campaigns.written.reading import Reading
from campaigns.written.timing import read_schedule
from engine.cron import CronCalendar
from kit.zones import OAXACA
from locales.catalog import render

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CALENDAR = CronCalendar()
LOS_ANGELES = "America/Los_Angeles"


def naive(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


def read(written: str) -> tuple[Schedule | None, list[FileError]]:
    source, table = read_document(f"schedule: {written}".encode())
    reading = Reading(source)
    return read_schedule(table.entries["schedule"][1], reading, NOON, CALENDAR), reading.errors


def schedule_of(written: str) -> Schedule:
    found, errors = read(written)
    assert not errors
    assert found is not None
    return found


def faults_of(written: str) -> list[tuple[int, int, str]]:
    """Line, column and last word of the key of each error."""
    found, errors = read(written)
    assert errors
    assert found is None or len(errors) > 0
    return [(error.line, error.column, error.key.split(".")[-1]) for error in errors]


def fault_of(written: str) -> str:
    ((_, _, fault),) = faults_of(written)
    return fault


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("now", Now()),
        ("NOW", Now()),
        (
            "{at: 2026-12-01 09:00, timezone: America/Mexico_City}",
            At(datetime(2026, 12, 1, 15, tzinfo=UTC), OAXACA),
        ),
        ("{at: 2026-12-01T09:00-08:00}", At(datetime(2026, 12, 1, 17, tzinfo=UTC), "UTC")),
        ("{at: 2026-12-01 10:00, timezone: recipient}", AtLocal(naive(2026, 12, 1, 10))),
        ('{cron: "0 9 * * 1", timezone: America/Tijuana}', Cron("0 9 * * 1", "America/Tijuana")),
        ('{cron: "0  9 * * mon", timezone: recipient}', Cron("0 9 * * mon", None)),
        (
            '{cron: "0 9 1 * *", timezone: America/Tijuana, start: 2026-12-01, end: 2027-12-31,'
            " skip: [2027-05-01, 2027-01-01, 2027-05-01]}",
            Cron(
                "0 9 1 * *",
                "America/Tijuana",
                date(2026, 12, 1),
                date(2027, 12, 31),
                (date(2027, 1, 1), date(2027, 5, 1)),
            ),
        ),
        (
            "{every: 2 weeks, at: 2026-12-01 10:00, timezone: recipient, end: 2027-12-31}",
            Every(2, "weeks", naive(2026, 12, 1, 10), None, date(2027, 12, 31)),
        ),
        (
            "{every: day, at: 2026-01-01 10:00, timezone: America/Mexico_City, skip: [2026-12-25]}",
            Every(1, "days", naive(2026, 1, 1, 10), OAXACA, None, (date(2026, 12, 25),)),
        ),
        (
            "{every: 12hours, at: 2026-12-01 10:00, timezone: America/Mexico_City}",
            Every(12, "hours", naive(2026, 12, 1, 10), OAXACA),
        ),
        ("{after: joined, days: 0}", After(0)),
        ("{after: joined, days: 7}", After(7)),
        ('{after: joined, days: 7, at: "18:30"}', After(7, time(18, 30))),
        ("{after: joined, days: 7, at: 10:00}", After(7, time(10))),
        # With its offset an hour that comes twice is one instant.
        (
            "{at: 2027-11-07T01:30-08:00, timezone: America/Los_Angeles}",
            At(datetime(2027, 11, 7, 9, 30, tzinfo=UTC), LOS_ANGELES),
        ),
        # Oaxaca's clocks stay as they are.
        (
            "{at: 2027-04-04 02:30, timezone: America/Mexico_City}",
            At(datetime(2027, 4, 4, 8, 30, tzinfo=UTC), OAXACA),
        ),
        # What exists for most: for the others it is the first instant after.
        ("{at: 2027-03-14 02:30, timezone: recipient}", AtLocal(naive(2027, 3, 14, 2, 30))),
    ],
)
def test_what_may_be_written(written: str, expected: Schedule) -> None:
    assert schedule_of(written) == expected


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("soon", "schedule"),
        ("[now]", "schedule"),
        ("{}", "missing"),
        ("{timezone: America/Mexico_City}", "missing"),
        ("{at: 2026-12-01T09:00Z, when: now}", "unknown_key"),
        ("{at: 2025-12-01 09:00, timezone: America/Mexico_City}", "at_past"),
        ("{at: 2026-11-23T12:00Z}", "at_past"),
        ("{at: 2026-11-23 06:00, timezone: recipient}", "at_past"),
        ("{at: 2026-12-01 09:00}", "at_naive"),
        ("{at: 2026-12-01, timezone: America/Mexico_City}", "at"),
        ("{at: 2026-02-30 09:00, timezone: America/Mexico_City}", "at"),
        ("{at: 9999-12-31T23:59, timezone: America/Mexico_City}", "at"),
        ("{at: 9999-12-31T23:59-10:00}", "at"),
        ("{at: 0001-01-01T00:00+10:00}", "at"),
        ("{at: 2026-12-01T09:00:00.5, timezone: recipient}", "at"),
        ("{at: [2026-12-01], timezone: recipient}", "not_a_text"),
        ("{at: 2026-12-01T09:00-06:00, timezone: recipient}", "at_offset"),
        ("{at: 2027-03-14 02:30, timezone: America/Los_Angeles}", "at_skipped"),
        ("{at: 2027-11-07 01:30, timezone: America/Los_Angeles}", "at_twice"),
        ("{at: 2026-12-01 09:00, timezone: America/Oaxaca}", "unknown_zone"),
        ("{at: 2026-12-01 09:00, timezone: ../../etc/passwd}", "unknown_zone"),
        ("{at: 2026-12-01 09:00, timezone: [recipient]}", "not_a_text"),
        ('{cron: "0 9 * * 1"}', "missing"),
        ('{cron: "", timezone: recipient}', "cron"),
        ("{cron: , timezone: recipient}", "missing"),
        ('{cron: "0 9 * *", timezone: recipient}', "cron"),
        ('{cron: "0 25 * * *", timezone: recipient}', "cron"),
        ('{cron: "@daily", timezone: recipient}', "cron"),
        ('{cron: "0 0 31 2 *", timezone: recipient}', "never"),
        ('{cron: "0 9 * * 1", at: 2026-12-01 09:00, timezone: recipient}', "unknown_key"),
        ('{cron: "0 9 * * 1", timezone: Nowhere}', "unknown_zone"),
        ('{cron: "0 9 * * 1", timezone: recipient, start: monday}', "day"),
        ('{cron: "0 9 * * 1", timezone: recipient, skip: 2026-12-24}', "not_a_list"),
        ('{cron: "0 9 * * 1", timezone: recipient, skip: [2026-02-30]}', "day"),
        (
            '{cron: "0 9 * * 1", timezone: recipient, start: 2027-01-02, end: 2027-01-01}',
            "end_before_start",
        ),
        ('{cron: "0 9 * * 1", timezone: recipient, end: 2026-11-22}', "end_past"),
        (
            '{cron: "0 9 24 12 *", timezone: recipient, end: 2027-06-01, skip: [2026-12-24]}',
            "never",
        ),
        ("{every: 2 weeks, timezone: recipient}", "missing"),
        ("{every: 2 weeks, at: 2026-12-01 10:00}", "missing"),
        ("{every: often, at: 2026-12-01 10:00, timezone: recipient}", "every"),
        ("{every: 0 days, at: 2026-12-01 10:00, timezone: recipient}", "every"),
        ("{every: 2 months, at: 2026-12-01 10:00, timezone: recipient}", "every"),
        ("{every: 2 weeks, at: 2026-12-01T10:00Z, timezone: recipient}", "at_offset"),
        ("{every: 2 weeks, at: 2026-12-01T10:00Z, timezone: America/Tijuana}", "at_offset"),
        ("{every: 2 weeks, at: 2027-03-14 02:30, timezone: America/Tijuana}", "at_skipped"),
        ("{every: 2 weeks, at: 2027-11-07 01:30, timezone: America/Tijuana}", "first_twice"),
        (
            "{every: 2 weeks, at: 2026-12-01 10:00, timezone: recipient, end: 2026-11-30}",
            "end_before_start",
        ),
        ("{after: joined}", "missing"),
        ("{after: , days: 1}", "missing"),
        ("{after: birth, days: 1}", "unknown_value"),
        ("{after: joined, days: -1}", "days"),
        ("{after: joined, days: 1.5}", "days"),
        ("{after: joined, days: 99999}", "days"),
        ("{after: joined, days: ٣}", "days"),
        ("{after: joined, days: 1, at: ten}", "time_of_day"),
        ("{after: joined, days: 1, at: 10}", "time_of_day"),
        ('{after: joined, days: 1, at: "10:00-06:00"}', "time_of_day"),
        ("{after: joined, days: 0, at: 10:00}", "after_at"),
        ("{after: joined, days: 1, timezone: recipient}", "unknown_key"),
    ],
)
def test_what_may_not_be_written_is_told_with_its_reason(written: str, fault: str) -> None:
    assert fault_of(written) == fault


def test_a_fault_is_told_where_it_stands() -> None:
    written = "\n".join(
        [
            "",
            '  cron: "0 99 * * *"',
            "  timezone: America/Oaxaca",
            "  end: tomorrow",
            "  skip:",
            "    - 2026-12-24",
            "    - Christmas",
        ]
    )
    assert faults_of(written) == [
        (2, 9, "cron"),
        (3, 13, "unknown_zone"),
        (4, 8, "day"),
        (7, 7, "day"),
    ]


def test_an_hour_that_exists_twice_is_told_with_both_ways_to_write_it() -> None:
    _, (error,) = read("{at: 2027-11-07 01:30, timezone: America/Los_Angeles}")
    for language in ("es", "en"):
        told = render(error.key, language, error.params)
        for written in ("2027-11-07T01:30:00-07:00", "2027-11-07T01:30:00-08:00"):
            assert written in told
            assert isinstance(schedule_of(f"{{at: {written}, timezone: {LOS_ANGELES}}}"), At)


_PIECES = [
    *("at: ", "cron: ", "every: ", "after: joined", "days: 3", "timezone: ", "recipient", "{", "}"),
    *(", ", '"0 9 * * 1"', "2 weeks", "2026-12-01 10:00", "end: ", "start: ", "skip: ", "[", "]"),
    *(
        "2027-11-07 01:30",
        "America/Los_Angeles",
        "9999-12-31",
        "0001-01-01",
        "\n",
        "  ",
        "-",
        "now",
    ),
]


@settings(max_examples=100)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(_PIECES), max_size=14).map("".join),
        st.lists(st.sampled_from(_PIECES), max_size=14).map(lambda found: f"{{{''.join(found)}}}"),
    )
)
def test_nothing_at_all_breaks_the_reader(written: str) -> None:
    try:
        found, errors = read(written)
    except (DocumentError, KeyError):
        return
    assert errors or found is not None
    if found is not None and not errors and not isinstance(found, Now):
        assert next_occurrence(found, NOON, (OAXACA,), CALENDAR) is not None
