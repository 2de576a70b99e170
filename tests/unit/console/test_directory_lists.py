"""Which numbers a list of the directory shows, and what a form makes of one."""

import csv
import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from console.directory.form import cells_of, differences, read
from console.directory.lists import PAGE, Show, Wanted, listed
from console.directory.words import source_date
from console.frame.forms import Form
from contacts.gazetteer import DATA
from directory.model import EmergencyContact, Entry, Standing
from directory.rules import (
    CALL_AGAIN_AFTER,
    age_ok,
    is_due_again,
    print_of,
    shown_until,
    standing,
)

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ENTRY = Entry(
    "consulate_emergency",
    "Consulado en Fresno",
    "US",
    "+12135550101",
    "https://x.example/",
    "2025-12-01",
    "CA",
    "Fresno",
)


def contact(
    number: int = 1,
    entry: Entry = ENTRY,
    *,
    official: bool = False,
    hidden: bool = False,
    checked: bool = False,
) -> EmergencyContact:
    at = NOW - timedelta(days=200) if checked else None
    return EmergencyContact(number, entry, official, 7 if checked else None, at, hidden)


def test_a_number_stands_where_the_promise_says() -> None:
    assert standing(contact(), TODAY) is Standing.MARKED
    assert standing(contact(checked=True), TODAY) is Standing.VERIFIED
    assert standing(contact(checked=True, hidden=True), TODAY) is Standing.HIDDEN
    assert standing(contact(), date(2027, 12, 1)) is Standing.KEPT_BACK
    assert shown_until(contact()) == date(2027, 12, 1)
    assert shown_until(contact(official=True)) is None
    assert is_due_again(contact(checked=True), NOW)
    assert not is_due_again(contact(checked=True), NOW - CALL_AGAIN_AFTER)
    assert len({print_of(contact()), print_of(contact(checked=True)), print_of(contact(2))}) == 2


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_last_day_on_which_an_old_number_is_shown_is_the_one_before(day: date) -> None:
    entry = Entry("inm", "a", "MX", "911", "x", day.isoformat())
    until = shown_until(contact(entry=entry))
    assert until is not None
    assert age_ok(entry.source_date, until - timedelta(days=1))
    assert not age_ok(entry.source_date, until)


def test_a_list_is_narrowed_and_turned_page_by_page() -> None:
    mexico = Entry("inm", "INM Tijuana", "MX", "+526645550101", "x", "2026-01", "BC", "Tijuana")
    all_of = [contact(1), contact(2, mexico), contact(3, hidden=True)]
    found = listed(all_of, Wanted(), TODAY, NOW)
    assert (len(found.rows), found.places) == (3, ("MX", "MX-BC", "US", "US-CA"))
    assert found.counts == {Show.ALL: 3, Show.TO_CALL: 2, Show.VERIFIED: 0, Show.OUT: 1}
    for wanted, ids in (
        (Wanted(text="tijuána"), [2]),
        (Wanted(text="5550101 fresno"), [1, 3]),
        (Wanted(place="US"), [1, 3]),
        (Wanted(place="MX-CA"), []),
        (Wanted(kind="inm"), [2]),
        (Wanted(Show.OUT), [3]),
        (Wanted(Show.TO_CALL), [1, 2]),
    ):
        shown = listed(all_of, wanted, TODAY, NOW)
        assert [row.contact.id for row in shown.rows] == ids, wanted
    many = [contact(number) for number in range(PAGE * 2 + 1)]
    assert [len(listed(many, Wanted(page=page), TODAY, NOW).rows) for page in (0, 1, 3, 99)] == [
        PAGE,
        PAGE,
        1,
        1,
    ]


def test_a_date_that_nobody_knows_is_told_in_the_language_of_the_page() -> None:
    for written, es in {
        "2025-12-01": "2025-12-01",
        "undated": "sin fecha",
        "undated (third-party site)": "sin fecha (no es la página oficial)",
        "undated (mirror of x.example/help)": "sin fecha (copia de x.example/help)",
        "undated (written 01-800-555-0100)": "sin fecha (ahí se escribe 01-800-555-0100)",
        "undated; same number in x.example 2024-10-08": (
            "sin fecha (el mismo número está en x.example, 2024-10-08)"
        ),
        "undated (según su ventanilla)": "sin fecha (según su ventanilla)",
    }.items():
        assert source_date(written, "es") == es
        assert "undated" in source_date(written, "en") or written[0] == "2"


def test_no_date_of_the_directory_stands_in_english_on_a_spanish_page() -> None:
    with (DATA / "emergency_contacts_unverified.csv").open(encoding="utf-8", newline="") as file:
        dates = {row["source_date"] for row in csv.DictReader(file)}
    english = re.compile(r"undated|third-party|mirror|written|same number")
    assert any(english.search(date) for date in dates)
    assert not any(english.search(source_date(date, "es")) for date in dates)


def test_a_form_is_read_as_strictly_as_a_file_and_phones_as_they_are_dialled() -> None:
    cells = dict(cells_of(contact()))
    assert read(Form(list(cells.items()))).entry == ENTRY
    for typed, kept in (("(213) 555-0101", "+12135550101"), ("911", "911"), ("9-1-1", "911")):
        written = read(Form(list({**cells, "phone_e164": typed, "country": "us"}.items())))
        assert written.entry is not None
        assert written.entry.phone == kept
    for name, wrong in (
        ("phone_e164", "12"),
        ("phone_e164", "=1+1"),
        ("country", "USA"),
        ("kind", "Consulado"),
        ("name", ""),
        ("name", "x" * 201),
        ("name", "=cmd()"),
        ("source", ""),
        ("state", "California"),
    ):
        assert name in read(Form(list({**cells, name: wrong}.items()))).faults, (name, wrong)
    assert set(read(Form([])).faults) >= {"name", "kind", "country", "source", "source_date"}
    (other,) = differences(cells, {**cells, "city": "Tulare"})
    assert (other.theirs, other.ours) == ("Fresno", "Tulare")
