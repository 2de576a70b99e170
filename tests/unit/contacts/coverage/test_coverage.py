"""Targets by year, the programme's populations, and what coverage comes to."""

from datetime import date

import pytest

from contacts.coverage.cells import Cell
from contacts.coverage.dimensions import place_key
from contacts.coverage.figures import attended, coverage, subscribed
from contacts.coverage.model import (
    DIAGNOSIS,
    Population,
    Target,
    check_day,
    check_target,
    population_of,
    target_of,
)
from kit.errors import Invalid

TODAY = date(2026, 11, 23)


def test_a_year_without_a_target_takes_the_last_one_before_it() -> None:
    early, late = Target(2025, 900_000, 70_000), Target(2028, 1_100_000, 80_000)
    assert target_of(2024, (early, late)) == DIAGNOSIS
    assert [target_of(year, (late, early)) for year in (2025, 2027, 2028, 2040)] == [
        early,
        early,
        late,
        late,
    ]
    assert (DIAGNOSIS.population, DIAGNOSIS.attended) == (1_030_645, 77_520)


@pytest.mark.parametrize(
    ("year", "population", "people"),
    [(1999, 1, 1), (2101, 1, 1), (2026, 0, 1), (2026, 1, 0), (2026, 10**9, 1), (2026, 1, -5)],
)
def test_a_target_of_no_sense_is_refused(year: int, population: int, people: int) -> None:
    with pytest.raises(Invalid):
        check_target(year, population, people)


def test_an_attention_is_of_today_or_of_the_last_two_years() -> None:
    check_day(TODAY, TODAY)
    check_day(date(2024, 11, 23), TODAY)
    for day in (date(2026, 11, 24), date(2024, 11, 21), date(1926, 1, 1)):
        with pytest.raises(Invalid):
            check_day(day, TODAY)


def test_where_somebody_lives_tells_the_population() -> None:
    assert [
        population_of(*place)
        for place in (
            (None, None),
            ("US", "CA"),
            ("GT", None),
            ("MX", None),
            ("MX", "OAX"),
            ("MX", "BC"),
            ("MX", "SIN"),
            ("MX", "CDMX"),
        )
    ] == [
        Population.UNKNOWN,
        Population.ABROAD,
        Population.ABROAD,
        Population.MEXICO,
        Population.IN_OAXACA,
        Population.NORTH_WEST,
        Population.NORTH_WEST,
        Population.ELSEWHERE,
    ]


def places(**people: int) -> dict[str, dict[str, int]]:
    """Counted places: `US_CA=7`."""
    return {
        "place": {place_key(*name.split("_")): so_many for name, so_many in people.items()},
        "whole": {"subscribed": sum(people.values()), "reached": 1},
    }


def test_people_are_shown_by_population_country_and_state() -> None:
    found = subscribed(places(MX_BC=40, MX_SON=6, MX_OAX=30, MX_CDMX=9, US_CA=50, US_=8, GT_=5))
    assert (found.people, found.reached) == (148, 1)
    assert found.populations == (
        Cell("abroad", 63),
        Cell("north_west", 46),
        Cell("in_oaxaca", 30),
        Cell("elsewhere", 9),
    )
    assert found.countries == (Cell("MX", 85), Cell("US", 58), Cell("GT", 5))
    assert found.states == (
        Cell("US-CA", 50),
        Cell("MX-BC", 40),
        Cell("MX-OAX", 30),
        Cell("MX-CDMX", 9),
        Cell("US-", 8),
        Cell("MX-SON", 6),
        Cell("GT-", 5),
    )


def test_a_small_state_hides_a_neighbour_and_a_small_population_all_its_states() -> None:
    small_state = subscribed(places(MX_BC=40, MX_SON=3, MX_SIN=12, MX_OAX=30, US_CA=50))
    assert {cell.key: cell.people for cell in small_state.states} == {
        "MX-BC": 40,
        "MX-SON": None,
        "MX-SIN": None,
        "MX-OAX": 30,
        "US-CA": 50,
    }
    # Three people in Oaxaca: with what else is known of Mexico, the north-west would tell.
    small_group = subscribed(places(MX_BC=40, MX_SON=20, MX_OAX=3, MX_CDMX=99, US_CA=50))
    assert {cell.key: cell.people for cell in small_group.populations} == {
        "elsewhere": 99,
        "abroad": 50,
        "in_oaxaca": None,
        "north_west": None,
    }
    shown_states = {cell.key: cell.people for cell in small_group.states}
    assert shown_states == {"MX-CDMX": 99, "US-CA": 50}


def test_a_country_of_few_people_hides_no_large_one() -> None:
    found = subscribed(places(MX_OAX=30, US_CA=50, GT_=4, CA_ON=2))
    assert found.countries == (Cell("US", 50), Cell("MX", 30), Cell("", 6))
    assert Cell("US-CA", 50) in found.states
    few = subscribed(places(MX_OAX=30, US_CA=50, GT_=4))
    assert few.countries == (Cell("US", 50), Cell("MX", 30))
    # All that is abroad is few.
    assert subscribed(places(MX_OAX=30, GT_=4)).populations == (Cell("in_oaxaca", 30),)


def test_the_attended_of_a_year_are_those_of_window_phone_and_cases() -> None:
    cells = {
        "attended.2026.means": {"window": 30, "phone": 10, "case": 2},
        "attended.2026.month": {"01": 40, "11": 2},
        "attended.2026.region": {"mixteca": 37, "istmo": 3},
        "attended.2025.means": {"window": 1},
    }
    found = attended(cells, 2026)
    assert (found.people, found.window, found.phone, found.cases) == (42, 30, 10, 2)
    assert (found.months[0], found.months[10], sum(found.months)) == (40, 2, 42)
    assert found.regions == (Cell("istmo", None), Cell("mixteca", None))
    assert coverage(2026, DIAGNOSIS, cells, None, ()).of_attended == 42 / 77_520
    assert attended({}, 2026).people == 0
