"""Calendar files: written by the standard, read with suspicion."""

import time as clock
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.shifts import ical
from alerts.shifts.rota import Plan, Shift, shifts
from kit.errors import Invalid
from tests.unit.alerts.shifts.plans import ALBA, LUZ, at, rota

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = "DTSTART:20261123T140000Z"
END = "DTEND:20261124T140000Z"


def event(*lines: str) -> bytes:
    return calendar("BEGIN:VEVENT", *lines, "END:VEVENT")


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def refused(data: bytes) -> tuple[str, object]:
    with pytest.raises(Invalid) as caught:
        ical.read(data)
    return caught.value.key, caught.value.params.get("line")


def instants(data: bytes) -> tuple[datetime, datetime]:
    (only,) = ical.read(data)
    return only.starts, only.ends


def test_shifts_are_written_by_pseudonym_with_a_stable_uid() -> None:
    plan = Plan((rota(ALBA, LUZ),))
    found = shifts(plan, at(1, 8), at(2, 8))
    text = ical.write(found, plan.rotas, {ALBA: "Alba"}, NOW)
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tequio//Guardia//ES",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        "UID:7-1-20261101T140000Z@tequio",
        "DTSTAMP:20261122T120000Z",
        "DTSTART:20261101T140000Z",
        "DTEND:20261102T140000Z",
        "SUMMARY:Guardia Noche: Alba",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_lines_are_short_and_whatever_a_rota_is_called_comes_back(name: str) -> None:
    named = replace(rota(ALBA), name=name)
    shift = Shift(7, ALBA, at(1, 8), at(2, 8))
    text = ical.write([shift], [named], {ALBA: "Alba"}, NOW)
    data = text.encode()
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= ical.OCTETS for line in data.split(b"\r\n"))
    (read,) = ical.read(data)
    assert (read.starts, read.ends) == (shift.starts, shift.ends)
    plain = "".join(char for char in name if char.isprintable())
    assert read.people == (f"Guardia {plain}: Alba",)


def test_an_empty_plan_is_an_empty_calendar() -> None:
    assert "VEVENT" not in ical.write([], [], {}, NOW)


def test_times_are_read_in_utc_and_by_a_zone() -> None:
    assert instants(event(START, END)) == (
        datetime(2026, 11, 23, 14, tzinfo=UTC),
        datetime(2026, 11, 24, 14, tzinfo=UTC),
    )
    zoned = 'DTSTART;TZID="America/Los_Angeles":20261123T200000'
    assert instants(event(zoned, END))[0] == datetime(2026, 11, 24, 4, tzinfo=UTC)


def test_an_hour_that_the_clocks_jump_over_is_read_as_the_standard_says() -> None:
    skipped = "DTSTART;TZID=America/Los_Angeles:20260308T023000"
    twice = "DTSTART;TZID=America/Los_Angeles:20261101T013000"
    assert instants(event(skipped, END))[0] == datetime(2026, 3, 8, 10, 30, tzinfo=UTC)
    assert instants(event(twice, END))[0] == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_people_are_those_invited_and_then_the_title() -> None:
    data = event(
        START,
        END,
        "SUMMARY:Guardia\\, Noche:",
        " Alba",
        'ATTENDEE;CN="a:b;c";ROLE=REQ-PARTICIPANT:MAILTO:alba@example.org',
        "ATTENDEE:urn:x",
    )
    (only,) = ical.read(data)
    assert only.people == ("alba@example.org", "Guardia, Noche:Alba")


def test_what_stands_around_the_entries_is_passed_over() -> None:
    data = calendar(
        "X-WR-CALNAME:x",
        "BEGIN:VTIMEZONE",
        "BEGIN:STANDARD",
        "DTSTART:19701101T020000",
        "RRULE:FREQ=YEARLY",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        START,
        "BEGIN:VALARM",
        "DTSTART:x",
        "END:VALARM",
        END,
        "END:VEVENT",
    )
    assert len(ical.read(data)) == 1


def test_files_of_other_systems_are_read() -> None:
    plain = event(START, END).replace(b"\r\n", b"\n")
    assert ical.read(b"\xef\xbb\xbf" + plain) == ical.read(event(START, END))
    assert ical.read(plain.replace(b"\n", b"\r")) == ical.read(plain)
    assert ical.read(plain.replace(b"\n", b"\n\n")) != ()


@pytest.mark.parametrize(
    ("data", "key", "line"),
    [
        (b"", "ical.not_calendar", None),
        (b"\r\n\r\n", "ical.not_calendar", None),
        (b"hola", "ical.not_calendar", None),
        (b"PK\x03\x04", "ical.not_calendar", None),
        ("BEGIN:VCALENDAR é".encode("latin-1"), "ical.encoding", None),
        ("BEGIN:VCALENDAR".encode("utf-16"), "ical.encoding", None),
        (b" " * 1_000_001, "ical.too_large", None),
        (calendar(), "ical.empty", None),
        (b"BEGIN:VCALENDAR\r\n", "ical.cut", None),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "ical.broken", 3),
        (event(START, "sin dos puntos"), "ical.broken", 5),
        (event(START, ":x"), "ical.broken", 5),
        (event(START, "END:VALARM"), "ical.broken", 5),
        (event(START, END) + b"MORE:x\r\n", "ical.broken", 8),
        (event(START), "ical.missing", 3),
        (event(END), "ical.missing", 3),
        (event(START, "DURATION:PT12H"), "ical.missing", 3),
        (event(START, START, END), "ical.twice", 5),
        (event(END.replace("END", "START"), START.replace("START", "END")), None, 3),
        (event(START, START.replace("START", "END")), "ical.ends_before_starts", 3),
        (event(START, END, "RRULE:FREQ=DAILY"), "ical.repeats", 6),
        (event(START, END, "RECURRENCE-ID:20261123T140000Z"), "ical.repeats", 6),
        (event("DTSTART;VALUE=DATE:20261123", END), "ical.whole_day", 4),
        (event("DTSTART:20261123T140000", END), "ical.no_zone", 4),
        (event("DTSTART;TZID=Eastern Standard Time:20261123T140000", END), "ical.zone", 4),
        (event("DTSTART;TZID=../../etc/passwd:20261123T140000", END), "ical.zone", 4),
        (event("DTSTART;TZID=America:20261123T140000", END), "ical.zone", 4),
        (event("DTSTART:20261323T140000Z", END), "ical.time", 4),
        (event("DTSTART:20261123T250000Z", END), "ical.time", 4),
        (event("DTSTART:00010101T000000Z", END), "ical.time", 4),
        (event("DTSTART;TZID=Asia/Tokyo:00010101T000000", END), "ical.time", 4),
        (event("DTSTART:٢٠٢٦١١٢٣T140000Z", END), "ical.time", 4),
        (event("DTSTART:mañana", END), "ical.time", 4),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    data: bytes, key: str | None, line: int | None
) -> None:
    assert refused(data) == (key or "ical.ends_before_starts", line)


def test_too_many_entries_are_refused() -> None:
    one = ["BEGIN:VEVENT", START, END, "END:VEVENT"]
    assert len(ical.read(calendar(*one * 2000))) == 2000
    assert refused(calendar(*one * 2001))[0] == "ical.too_many"


@pytest.mark.parametrize(
    "hostile",
    [
        b"A" + b";" * 900_000 + b":x",
        b'A="' * 300_000,
        b"\r\n " * 300_000,
        b"BEGIN:VEVENT\r\n" * 60_000,
        b"ATTENDEE:mailto:a@b\r\n" * 45_000,
        b"SUMMARY:" + b"\\" * 900_000,
    ],
)
def test_a_hostile_file_costs_little(hostile: bytes) -> None:
    begin, end = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    times = f"{START}\r\n{END}\r\n".encode()
    begun = clock.process_time()
    try:
        (only,) = ical.read(begin + times + hostile + end)
        assert len(only.people) <= ical.MOST_INVITED + 1
    except Invalid:
        pass
    assert clock.process_time() - begun < 3


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_nothing_that_is_read_breaks_it(data: bytes) -> None:
    for given_ in (data, event(START, END, data.decode("latin-1")), calendar() + data):
        with suppress(Invalid):
            ical.read(given_)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", START, END,
             "SUMMARY:x", " y", "RRULE:x", "BEGIN:VALARM", "END:VALARM", "", "DTSTART;TZID=:1"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_pieces_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    try:
        found = ical.read("\n".join(["BEGIN:VCALENDAR", *lines]).encode())
    except Invalid:
        return
    assert all(one.starts < one.ends for one in found)


def test_days_of_a_plan_come_back() -> None:
    plan = Plan((rota(ALBA, LUZ),))
    found = shifts(plan, at(1, 8), at(1, 8) + timedelta(days=30))
    data = ical.write(found, plan.rotas, {ALBA: "Alba", LUZ: "Luz"}, NOW).encode()
    back = [(one.starts, one.ends) for one in ical.read(data)]
    assert back == [(one.starts, one.ends) for one in found]
    assert date(2026, 11, 1) == found[0].starts.date()
