"""The geography in data/, read once for the life of the process."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from contacts.areas import Alias
from contacts.atlas import City, Locality, Municipality, Region, State
from contacts.nearby import CityMap
from contacts.origins import OriginIndex
from contacts.places import Gazetteer
from contacts.whereabouts import PlaceIndex
from kit.fold import fold

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def load_gazetteer() -> Gazetteer:
    """The one gazetteer. Takes about half a second the first time; raises OSError when a file is
    missing and ValueError or KeyError when one is broken, so that the start stops."""
    regions = {fold(region.official_name): region for region in Region}
    municipalities = tuple(
        Municipality(int(row["cve_mun"]), row["name"], regions[fold(row["region"])])
        for row in _rows("oaxaca_municipalities")
    )
    origins = OriginIndex(
        municipalities,
        [
            Locality(int(row["cve_mun"]), row["name"], int(row["pop2020"]))
            for row in _rows("oaxaca_localities")
        ],
        {row["alias"]: int(row["clave"]) for row in _rows("municipality_aliases")},
    )
    states = [
        State(row["country"], row["code"], row["name_es"], row["name_en"], row["timezone"])
        for row in _rows("states")
    ]
    cities = [_city(row) for row in _rows("cities")]
    aliases = [
        Alias(row["alias"], row["country"], row["state"] or None, row["city"] or None)
        for row in _rows("place_aliases")
    ]
    return Gazetteer(
        {place.clave: place for place in municipalities},
        origins,
        PlaceIndex(states, cities, aliases),
        CityMap(cities),
    )


def _city(row: dict[str, str]) -> City:
    return City(
        row["country"],
        row["state"],
        row["name"],
        float(row["lat"]),
        float(row["lon"]),
        int(row["population"] or 0),
        row["timezone"],
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
