"""Which numbers the public sees, and which one for a place."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from contacts.atlas import Place
from directory.model import EmergencyContact, Entry, Situation
from directory.rules import (
    age_ok,
    choose,
    dated,
    is_official,
    shown,
    verified_hotline,
)

TODAY = date(2026, 11, 22)
CHECKED = datetime(2026, 11, 3, tzinfo=UTC)
LOS_ANGELES = Place("US", "CA", "Los Angeles", "America/Los_Angeles")
FRESNO = Place("US", "CA", "Fresno", "America/Los_Angeles")
CALIFORNIA = Place("US", "CA", None, "America/Los_Angeles")
TIJUANA = Place("MX", "BC", "Tijuana", "America/Tijuana")


def contact(
    number: int = 1,
    kind: str = "consulate_emergency",
    *,
    city: str | None = "Los Angeles",
    state: str | None = "CA",
    country: str = "US",
    source_date: str = "2026-01",
    official: bool = False,
) -> EmergencyContact:
    phone = f"+121355501{number:02}"
    source = "https://www.gob.mx/" if official else "https://example.com/"
    entry = Entry(kind, f"Oficina {number}", country, phone, source, source_date, state, city)
    return EmergencyContact(number, entry, official)


def verified(one: EmergencyContact) -> EmergencyContact:
    return replace(one, checked_by=7, checked_at=CHECKED)


def hotline(
    number: int = 90, kind: str = "consular_hotline_24h", country: str = "US"
) -> EmergencyContact:
    return contact(number, kind, city=None, state=None, country=country)


@pytest.mark.parametrize(
    "source",
    [
        "https://consulmex.sre.gob.mx/miami/index.php",
        "https://www.gob.mx/sre",
        "http://gob.mx/x",
        "https://www.uscis.gov/x",
        "https://WWW.SRE.GOB.MX:443/",
    ],
)
def test_government_pages_are_official(source: str) -> None:
    assert is_official(source)


@pytest.mark.parametrize(
    "source",
    [
        "https://dir.md/www.usa.gov/detained-by-ice/index.html",
        "https://gob.mx.example.com/",
        "https://notgob.mx/",
        "https://www.gob.mx@example.com/",
        "https://example.com/?x=.gob.mx",
        "www.gob.mx",
        "javascript://www.gob.mx/",
        "un oficio de la SRE (gob.mx)",
        "https://[gob.mx",
        "",
    ],
)
def test_pages_that_only_name_a_government_are_not(source: str) -> None:
    assert not is_official(source)


@pytest.mark.parametrize(
    ("source_date", "day"),
    [
        ("2025-08-16", date(2025, 8, 16)),
        ("2025-08", date(2025, 8, 1)),
        ("2023", date(2023, 1, 1)),
        ("undated", None),
        ("undated; same number in informador.mx 2024-10-08", date(2024, 10, 8)),
        ("2019, again 2026-02", date(2026, 2, 1)),
        ("undated (written 01-800-590-2023)", None),
        ("undated (written 2024-590-1773)", None),
        ("2025-02-30", None),
        ("", None),
    ],
)
def test_the_date_of_a_source_is_the_newest_that_is_sure(
    source_date: str, day: date | None
) -> None:
    assert dated(source_date) == day


@pytest.mark.parametrize(
    ("source_date", "fresh"),
    [
        ("2024-11-23", True),
        ("2024-11-22", False),
        ("2024-12", True),
        ("2024-11", False),
        ("2025", True),
        ("2024", False),
        ("undated", False),
        ("2026-11-23", False),
    ],
)
def test_a_source_is_fresh_for_24_months(source_date: str, fresh: bool) -> None:
    assert age_ok(source_date, TODAY) is fresh


def test_an_old_unverified_number_is_not_shown() -> None:
    assert not shown(contact(source_date="2021-08"), TODAY)
    assert shown(verified(contact(source_date="2021-08")), TODAY)
    assert shown(contact(source_date="2021-08", official=True), TODAY)


def test_a_hidden_number_is_never_shown() -> None:
    assert not shown(replace(verified(contact()), hidden=True), TODAY)


def test_a_number_with_a_name_and_no_day_is_not_verified() -> None:
    assert not replace(contact(), checked_by=7).verified
    assert not replace(contact(), checked_at=CHECKED).verified


def test_a_verified_consulate_answers_for_its_city() -> None:
    found = choose([verified(contact())], LOS_ANGELES, TODAY)
    assert found.situation is Situation.VERIFIED
    assert found.consulate == verified(contact())


def test_an_unverified_one_comes_with_its_year_and_the_help_line() -> None:
    found = choose([contact(source_date="2025-03"), hotline()], LOS_ANGELES, TODAY)
    assert found.situation is Situation.UNVERIFIED
    assert found.year == 2025
    assert found.hotline == hotline()


def test_an_official_page_without_a_date_has_no_year() -> None:
    found = choose([contact(official=True, source_date="undated")], LOS_ANGELES, TODAY)
    assert (found.situation, found.year) == (Situation.UNVERIFIED, None)


def test_an_old_unverified_consulate_is_no_answer() -> None:
    found = choose([contact(source_date="2021-01-01"), hotline()], LOS_ANGELES, TODAY)
    assert found.situation is Situation.NOTHING
    assert found.consulate is None
    assert found.hotline == hotline()


def test_emergency_comes_before_protection_before_switchboard() -> None:
    desks = [
        contact(1, "consulate_switchboard"),
        contact(2, "consulate_protection"),
        contact(3, "consulate_emergency"),
    ]
    ids = []
    while desks:
        chosen = choose(desks, LOS_ANGELES, TODAY).consulate
        assert chosen is not None
        ids.append(chosen.id)
        desks.remove(chosen)
    assert ids == [3, 2, 1]


def test_a_verified_switchboard_comes_before_an_unverified_emergency_line() -> None:
    switchboard = verified(contact(1, "consulate_switchboard"))
    assert choose([contact(2), switchboard], LOS_ANGELES, TODAY).consulate == switchboard


def test_of_two_alike_the_newer_source_is_taken() -> None:
    desks = [contact(1, source_date="2025-01"), contact(2, source_date="2026-01")]
    found = choose(desks, LOS_ANGELES, TODAY)
    assert found.consulate == desks[1]


def test_a_state_alone_is_answered_by_a_consulate_in_it() -> None:
    assert choose([contact()], CALIFORNIA, TODAY).consulate == contact()


def test_a_city_is_never_answered_by_the_consulate_of_another() -> None:
    found = choose([verified(contact()), hotline()], FRESNO, TODAY)
    assert found.situation is Situation.NOTHING
    assert found.hotline == hotline()


def test_a_city_of_the_same_name_in_another_state_is_another() -> None:
    miami = contact(city="Miami", state="FL")
    assert choose([miami], Place("US", "FL", "Miami", "UTC"), TODAY).consulate == miami
    assert choose([miami], Place("US", "OK", "Miami", "UTC"), TODAY).consulate is None


def test_new_york_city_is_new_york() -> None:
    desk = contact(city="New York", state="NY")
    assert choose([desk], Place("US", "NY", "New York City", "UTC"), TODAY).consulate == desk


def test_a_country_alone_gets_the_help_line_and_no_consulate() -> None:
    found = choose([verified(contact()), hotline()], Place("US", None, None, "UTC"), TODAY)
    assert (found.situation, found.consulate) == (Situation.NOTHING, None)
    assert found.hotline == hotline()


def test_in_mexico_there_is_no_consulate_and_another_help_line() -> None:
    short = hotline(91, "consular_hotline_24h_shortcode", "MX")
    found = choose([hotline(), short, verified(contact())], TIJUANA, TODAY)
    assert found.situation is Situation.MEXICO
    assert (found.consulate, found.hotline) == (None, short)


def test_the_24_hour_line_comes_before_the_toll_free_one() -> None:
    free = hotline(92, "consular_hotline_tollfree")
    assert choose([free, hotline()], FRESNO, TODAY).hotline == hotline()
    assert choose([verified(free), hotline()], FRESNO, TODAY).hotline == verified(free)


def test_from_a_third_country_a_toll_free_number_is_no_help() -> None:
    guatemala = Place("GT", None, None, "UTC")
    assert choose([hotline(92, "consular_hotline_tollfree")], guatemala, TODAY).hotline is None
    assert choose([hotline()], guatemala, TODAY).hotline == hotline()


def test_a_call_for_help_may_name_a_verified_line_only() -> None:
    short = verified(hotline(91, "consular_hotline_24h_shortcode", "MX"))
    assert verified_hotline([hotline(), verified(contact()), short]) is None
    assert verified_hotline([verified(hotline())]) == verified(hotline())
    assert verified_hotline([replace(verified(hotline()), hidden=True)]) is None
