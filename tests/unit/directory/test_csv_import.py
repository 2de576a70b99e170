"""Rows of a file of emergency contacts."""

import pytest

from contacts.csv_file import Record, RowError, open_csv, read_rows
from directory.csv_import import COLUMNS, parse_row
from directory.importing import FIRST_FILE
from directory.model import Entry

GOOD = {
    "kind": "consulate_emergency",
    "name": "Consulado de México en Fresno",
    "country": "US",
    "state": "CA",
    "city": "Fresno",
    "phone_e164": "+12135550101",
    "source": "https://consulmex.sre.gob.mx/fresno",
    "source_date": "2026-10",
}


def parsed(**cells: str) -> Entry | list[RowError]:
    return parse_row(Record(3, GOOD | cells))


def test_a_whole_row_is_read() -> None:
    assert parsed() == Entry(
        kind="consulate_emergency",
        name="Consulado de México en Fresno",
        country="US",
        phone="+12135550101",
        source="https://consulmex.sre.gob.mx/fresno",
        source_date="2026-10",
        state="CA",
        city="Fresno",
    )


def test_state_and_city_may_be_empty() -> None:
    entry = parsed(state="", city="")
    assert isinstance(entry, Entry)
    assert (entry.state, entry.city) == (None, None)


@pytest.mark.parametrize("phone", ["911", "079", "233733", "+528001084724"])
def test_short_codes_and_e_164_are_numbers(phone: str) -> None:
    assert isinstance(parsed(phone_e164=phone), Entry)


@pytest.mark.parametrize(
    ("column", "cell", "key"),
    [
        ("phone_e164", "2135550101", "directory.phone_wrong"),
        ("phone_e164", "+1 213 555 0101", "directory.phone_wrong"),
        ("phone_e164", "+1213555010l", "directory.phone_wrong"),
        ("phone_e164", "11", "directory.phone_wrong"),
        ("phone_e164", "", "import.needed"),
        ("kind", "Consulado", "directory.kind_wrong"),
        ("kind", "", "import.needed"),
        ("country", "us", "import.country_wrong"),
        ("state", "California", "import.too_long"),
        ("state", "ca", "import.state_wrong"),
        ("name", "=1+1", "import.formula"),
        ("name", "a\0b", "import.control_character"),
        ("name", "a" * 201, "import.too_long"),
        ("source", "", "import.needed"),
        ("source_date", "", "import.needed"),
    ],
)
def test_a_bad_cell_is_named(column: str, cell: str, key: str) -> None:
    assert parsed(**{column: cell}) == [RowError(3, column, key)]


def test_every_row_that_comes_with_the_platform_is_good() -> None:
    with open_csv(FIRST_FILE) as file:
        rows = list(read_rows(file, COLUMNS))
    assert len(rows) == 38
    for row in rows:
        assert isinstance(row, Record)
        assert isinstance(parse_row(row), Entry), row.line
