"""The things of geography that the rest speaks of: regions, municipalities, states, cities."""

from dataclasses import dataclass
from enum import StrEnum


class Region(StrEnum):
    """The eight regions of Oaxaca (oaxaca.gob.mx/regiones)."""

    VALLES_CENTRALES = "valles_centrales"
    COSTA = "costa"
    SIERRA_NORTE = "sierra_norte"
    SIERRA_SUR = "sierra_sur"
    CANADA = "canada"
    MIXTECA = "mixteca"
    ISTMO = "istmo"
    PAPALOAPAN = "papaloapan"

    @property
    def official_name(self) -> str:
        """As the state writes it: "Cañada", "Valles Centrales"."""
        return "Cañada" if self is Region.CANADA else self.value.replace("_", " ").title()


@dataclass(frozen=True, slots=True)
class Municipality:
    """One of the 570 municipalities; `clave` is INEGI's, 20001 to 20570. Names repeat."""

    clave: int
    name: str
    region: Region


@dataclass(frozen=True, slots=True)
class Locality:
    """A town of 1,000 people or more inside a municipality, with its population in 2020."""

    clave: int
    name: str
    population: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in Oaxaca somebody's family is from: a municipality, or only a region.

    `label` is unlike that of every other origin, and typing it finds this origin again.
    """

    region: Region | None
    clave: int | None
    label: str


@dataclass(frozen=True, slots=True)
class State:
    """A state of the US or Mexico, with its main IANA zone."""

    country: str
    code: str
    name_es: str
    name_en: str
    zone: str


@dataclass(frozen=True, slots=True)
class City:
    """A city of the US or Mexico: degrees, inhabitants, IANA zone (GeoNames)."""

    country: str
    state: str
    name: str
    lat: float
    lon: float
    population: int
    zone: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is now, as exactly as they said: ISO country, usual code of the state
    ("CA", "OAX"), city. `zone` (IANA) is a guess when no state is known: a phone's area may tell
    more."""

    country: str
    state: str | None
    city: str | None
    zone: str
