import csv
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

from contacts.atlas import Region
from contacts.gazetteer import DATA, load_gazetteer
from contacts.places import find_origin, find_place

# oaxaca.gob.mx/regiones
OFFICIAL_COUNTS = {
    Region.VALLES_CENTRALES: 121,
    Region.COSTA: 50,
    Region.SIERRA_NORTE: 68,
    Region.SIERRA_SUR: 70,
    Region.CANADA: 45,
    Region.MIXTECA: 155,
    Region.ISTMO: 41,
    Region.PAPALOAPAN: 20,
}
# The border towns, just over half of its people, change their clocks with the US.
SPLIT = {("MX", "TAM")}


def _rows(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_570_municipalities_in_eight_regions_as_the_state_counts_them() -> None:
    municipalities = load_gazetteer().municipalities
    assert set(municipalities) == set(range(20001, 20571))
    assert Counter(place.region for place in municipalities.values()) == OFFICIAL_COUNTS


def test_every_region_has_its_official_name() -> None:
    assert [region.official_name for region in Region] == [
        *("Valles Centrales", "Costa", "Sierra Norte", "Sierra Sur"),
        *("Cañada", "Mixteca", "Istmo", "Papaloapan"),
    ]


def test_mexico_has_32_states_and_the_us_50_and_the_capital() -> None:
    states = _rows("states")
    assert Counter(row["country"] for row in states) == {"MX": 32, "US": 51}
    assert {row["code"] for row in states if row["country"] == "MX"} >= {"BC", "SON", "SIN", "OAX"}
    assert all(2 <= len(row["code"]) <= 4 for row in states)
    assert len({(row["country"], row["code"]) for row in states}) == len(states)


def test_every_city_lies_in_a_known_state_zone_and_on_the_continent_or_its_islands() -> None:
    states = {(row["country"], row["code"]) for row in _rows("states")}
    cities = _rows("cities")
    assert len(cities) > 9_000
    for row in cities:
        assert (row["country"], row["state"]) in states
        assert 14 < float(row["lat"]) < 72
        assert -180 < float(row["lon"]) < -66
    for zone in {row["timezone"] for row in cities}:
        assert ZoneInfo(zone).key == zone


def test_the_zone_of_a_state_keeps_the_hours_of_most_of_its_people() -> None:
    people: dict[tuple[str, str], Counter[tuple[object, ...]]] = {}
    for row in _rows("cities"):
        hours = people.setdefault((row["country"], row["state"]), Counter())
        hours[_offsets(row["timezone"])] += int(row["population"])
    for state in _rows("states"):
        key = (state["country"], state["code"])
        most, _ = people[key].most_common(1)[0]
        assert (_offsets(state["timezone"]) == most) is (key not in SPLIT), key


def _offsets(zone: str) -> tuple[object, ...]:
    """In winter and in summer."""
    return tuple(
        datetime(2026, month, 1, 12, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7)
    )


def test_the_codes_of_emergency_contacts_are_ours() -> None:
    states = {(row["country"], row["code"]) for row in _rows("states")}
    for row in _rows("emergency_contacts_unverified"):
        assert not row["state"] or (row["country"], row["state"]) in states


def test_every_other_name_finds_what_it_stands_for() -> None:
    gazetteer = load_gazetteer()
    for row in _rows("municipality_aliases"):
        found = find_origin(row["alias"], gazetteer)
        assert int(row["clave"]) in [origin.clave for origin in found], row
    for row in _rows("place_aliases"):
        places = find_place(row["alias"], gazetteer)
        meant = (row["country"], row["state"] or None)
        assert meant in [(place.country, place.state) for place in places], row


def test_the_gazetteer_is_read_once() -> None:
    assert load_gazetteer() is load_gazetteer()
