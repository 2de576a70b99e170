"""Rows of a file of contacts, good and bad."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.csv_file import Record, RowError
from contacts.csv_import import COLUMNS, parse_row
from contacts.gazetteer import load_gazetteer
from contacts.import_place import PlaceReader
from contacts.merging import ImportRow
from contacts.model import Relation, Topic
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACES = PlaceReader(load_gazetteer())
GOOD = {
    "phone": "+12135550101",
    "telegram_id": "987654321",
    "language": "es",
    "origin": "20397",
    "country": "US",
    "state": "CA",
    "relation": "migrant",
    "topics": "programs;fraud",
    "consented_at": "2026-03-01",
    "consent_source": "Asamblea de Tlaxiaco",
}


def parsed(**cells: str) -> ImportRow | list[RowError]:
    return parse_row(Record(7, GOOD | cells), PLACES, NOW)


def good(**cells: str) -> ImportRow:
    row = parsed(**cells)
    assert isinstance(row, ImportRow), row
    return row


def faults(**cells: str) -> list[tuple[str, str]]:
    row = parsed(**cells)
    assert not isinstance(row, ImportRow)
    assert {error.line for error in row} == {7}
    return [(error.column, error.key.removeprefix("import.")) for error in row]


def test_a_whole_row_is_read() -> None:
    row = good()
    assert row.endpoints == (
        Endpoint(Channel.SMS, "+12135550101"),
        Endpoint(Channel.TELEGRAM, "987654321"),
    )
    assert row.profile.language == "es"
    assert row.profile.origin_clave == 20397
    assert row.profile.origin_region == "mixteca"
    assert (row.profile.country, row.profile.state) == ("US", "CA")
    assert row.profile.zone == "America/Los_Angeles"
    assert row.profile.relation is Relation.MIGRANT
    assert row.topics == {Topic.PROGRAMS, Topic.FRAUD}
    assert row.consented_at == datetime(2026, 3, 1, tzinfo=UTC)
    assert row.consent_source == "Asamblea de Tlaxiaco"


def test_only_an_address_and_a_consent_are_required() -> None:
    empty = dict.fromkeys(COLUMNS, "")
    row = good(**empty | {key: GOOD[key] for key in ("phone", "consented_at", "consent_source")})
    assert row.profile.language is None
    assert row.topics == frozenset()
    assert row.profile.country is None


@pytest.mark.parametrize("missing", ["consented_at", "consent_source"])
def test_a_row_without_consent_is_rejected(missing: str) -> None:
    assert faults(**{missing: ""}) == [(missing, "consent_needed")]


def test_a_row_with_neither_phone_nor_telegram_is_rejected() -> None:
    assert faults(phone="", telegram_id="") == [("phone", "nobody")]


def test_every_fault_of_a_row_is_named_in_the_order_of_the_columns() -> None:
    assert faults(phone="12", relation="primo", topics="futbol", consented_at="") == [
        ("phone", "phone_wrong"),
        ("relation", "relation_wrong"),
        ("topics", "topic_wrong"),
        ("consented_at", "consent_needed"),
    ]


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("+5219515550101", "", "+529515550101"),
        ("+52 1 951 555 0101", "", "+529515550101"),
        ("951 555 0101", "", "+529515550101"),
        ("951 555 0101", "MX", "+529515550101"),
        ("(213) 555-0101", "US", "+12135550101"),
        ("\u202a+1 213 555 0101\u202c", "", "+12135550101"),
    ],
)
def test_phones_become_e_164(typed: str, country: str, stored: str) -> None:
    row = good(phone=typed, telegram_id="", country=country, state="")
    assert row.endpoints == (Endpoint(Channel.SMS, stored),)


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("911", "phone_wrong"),
        ("5.29516E+11", "phone_scientific"),
        ("5,29516E+11", "phone_scientific"),
        ("no tiene", "phone_wrong"),
        ("=CMD()", "phone_wrong"),
        ("+1213555\x000101", "control_character"),
        ("+1" + "2" * 60, "too_long"),
        ("٠١٢٣", "phone_wrong"),
    ],
)
def test_a_bad_phone_is_rejected_with_its_column(cell: str, fault: str) -> None:
    assert faults(phone=cell, country="", state="") == [("phone", fault)]


@pytest.mark.parametrize("cell", ["0", "12a", "1.5", "١٢٣", "9007199254740993", "9" * 19])
def test_a_telegram_id_is_a_positive_number_of_52_bits(cell: str) -> None:
    assert faults(telegram_id=cell) == [("telegram_id", "telegram_id_wrong")]


def test_a_telegram_group_is_rejected() -> None:
    assert faults(telegram_id="-1001234567890") == [("telegram_id", "telegram_id_wrong")]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("mixteco", "mixteco"), ("Español", "es"), ("MIX", "mix"), ("zoque", "zoque")],
)
def test_languages_are_read_by_code_or_name(typed: str, code: str) -> None:
    assert good(language=typed).profile.language == code


def test_an_unknown_language_is_rejected() -> None:
    assert faults(language="klingon") == [("language", "language_unknown")]


def test_an_ambiguous_language_is_rejected() -> None:
    assert faults(language="mixteco y zapoteco") == [("language", "language_ambiguous")]


@pytest.mark.parametrize(
    ("typed", "clave"), [("20397", 20397), ("Tlaxiaco", 20397), ("putla de guerrero", 20073)]
)
def test_an_origin_is_read_by_clave_or_name(typed: str, clave: int) -> None:
    assert good(origin=typed).profile.origin_clave == clave


def test_an_origin_that_two_municipalities_share_is_rejected() -> None:
    assert faults(origin="San Juan Mixtepec") == [("origin", "origin_ambiguous")]
    assert good(origin="San Juan Mixtepec (Mixteca)").profile.origin_region == "mixteca"


@pytest.mark.parametrize("cell", ["Atlantis", "20571", "0"])
def test_an_unknown_origin_is_rejected(cell: str) -> None:
    assert faults(origin=cell) == [("origin", "origin_unknown")]


@pytest.mark.parametrize(
    ("country", "state", "stored"),
    [
        ("MX", "BC", ("MX", "BC")),
        ("mx", "Baja California", ("MX", "BC")),
        ("México", "oax", ("MX", "OAX")),
        ("USA", "Oregón", ("US", "OR")),
        ("US", "", ("US", None)),
        ("GT", "HU", ("GT", "HU")),
        ("CA", "BC", ("CA", "BC")),
    ],
)
def test_places_are_read_by_code_or_name(
    country: str, state: str, stored: tuple[str, str | None]
) -> None:
    profile = good(country=country, state=state).profile
    assert (profile.country, profile.state) == stored


@pytest.mark.parametrize(
    ("country", "state", "fault"),
    [
        ("XX", "", ("country", "country_wrong")),
        ("California", "", ("country", "country_wrong")),
        ("US", "BC", ("state", "state_wrong")),
        ("MX", "ZZ", ("state", "state_wrong")),
        ("", "CA", ("state", "state_alone")),
    ],
)
def test_a_place_that_is_not_is_rejected(country: str, state: str, fault: tuple[str, str]) -> None:
    assert faults(country=country, state=state) == [fault]


def test_without_a_state_the_phone_tells_the_zone() -> None:
    assert good(phone="+12135550101", state="").profile.zone == "America/Los_Angeles"
    assert good(phone="", state="").profile.zone == "America/Denver"


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2026-11-22T05:59:59-06:00", datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC)),
        ("2026-11-22 11:59:59", datetime(2026, 11, 22, 11, 59, 59, tzinfo=UTC)),
        ("2026-11-22T11:00:00Z", datetime(2026, 11, 22, 11, tzinfo=UTC)),
    ],
)
def test_a_consent_is_an_instant_in_utc(cell: str, instant: datetime) -> None:
    assert good(consented_at=cell).consented_at == instant


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2026-11-23", "date_future"),
        ("2026-11-22T12:00:01Z", "date_future"),
        ("9999-12-31T23:59:59-23:00", "date_future"),
        ("1999-12-31", "date_too_old"),
        ("0001-01-01T00:00:00+23:00", "date_too_old"),
        ("22/11/2026", "date_wrong"),
        ("2026-02-30", "date_wrong"),
        ("ayer", "date_wrong"),
    ],
)
def test_a_consent_in_the_future_or_in_no_calendar_is_rejected(cell: str, fault: str) -> None:
    assert faults(consented_at=cell) == [("consented_at", fault)]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("=HYPERLINK(1)", "formula"),
        ("a\tb", "control_character"),
        ("a\0", "control_character"),
        ("a" * 201, "too_long"),
        ("\u202ehoja", "control_character"),
    ],
)
def test_a_hostile_consent_source_is_rejected(cell: str, fault: str) -> None:
    assert faults(consent_source=cell) == [("consent_source", fault)]


def test_topics_are_separated_by_semicolons_and_may_repeat() -> None:
    row = good(topics=" Programs ; fraud;;programs ")
    assert row.topics == {Topic.PROGRAMS, Topic.FRAUD}


def test_neither_phone_nor_source_shows_when_a_row_is_printed() -> None:
    assert "555" not in repr(good())
    assert "Tlaxiaco" not in repr(good())


@given(st.fixed_dictionaries({column: st.text(max_size=50) for column in COLUMNS}))
def test_no_row_whatever_breaks_the_import(cells: dict[str, str]) -> None:
    row = parse_row(Record(1, cells), PLACES, NOW)
    assert row
