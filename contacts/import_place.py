"""Countries and states as a file writes them: by code, or by name."""

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from contacts.gazetteer import DATA
from contacts.places import Gazetteer, Origin, find_origin, find_place
from kit.fold import fold

State = tuple[str, str | None]
"""The usual code of a state, and the IANA zone in which most of its people live."""

# Of other countries only the form of the code can be checked (ISO 3166-2).
_CODE_ELSEWHERE = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)
_COUNTRY_NAMES = {"MX": "Mexico", "US": "Estados Unidos"}


class PlaceReader:
    """Reads the cells of one file, which names the same few hundred places again and again."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.origins = lru_cache(maxsize=4096)(self._origins)
        """Where in Oaxaca a cell says: none, one, or several to choose from."""
        self.country = lru_cache(maxsize=1024)(self._country)
        """The ISO code of a country: any by its code, Mexico and the US by name too."""
        self.zone = cache(self._zone)
        """The zone to go by in Mexico or the US when no state is known; elsewhere there is none."""

    def _origins(self, cell: str) -> tuple[Origin, ...]:
        return find_origin(cell, self._gazetteer)

    def _country(self, cell: str) -> str | None:
        if cell.upper() in _countries():
            return cell.upper()
        found = find_place(cell, self._gazetteer)
        return found[0].country if len(found) == 1 and found[0].state is None else None

    def _zone(self, country: str) -> str | None:
        name = _COUNTRY_NAMES.get(country)
        return find_place(name, self._gazetteer)[0].zone if name else None


def read_state(cell: str, country: str) -> State | None:
    """A state by its code; of Mexico and the US also by name, and only one that there is."""
    states = _states()
    if country in states:
        return states[country].get(fold(cell))
    return (cell.upper(), None) if _CODE_ELSEWHERE.fullmatch(cell.upper()) else None


@cache
def _countries() -> frozenset[str]:
    """ISO 3166, from the time zone database."""
    table = files("tzdata") / "zoneinfo" / "iso3166.tab"
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(line[:2] for line in lines if line and not line.startswith("#"))


@cache
def _states() -> dict[str, dict[str, State]]:
    states: dict[str, dict[str, State]] = {}
    with (DATA / "states.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = states.setdefault(row["country"], {})
            for name in (row["code"], row["name_es"], row["name_en"]):
                named[fold(name)] = row["code"], row["timezone"]
    return states
