"""Coverage: the programme's target population, and who of it is subscribed and attended. Pure.

*Subscribed*: can be written to, and wants to be. *Reached*: a message was delivered. *Attended*: a
person gave a service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kit.errors import Invalid
from locales.text import _

Counts = Mapping[str, int]
"""People by the key of a cell; "" is what nobody knows."""

POPULATION = 1_030_645
ATTENDED = 77_520
"""The programme's own diagnosis, until somebody sets a target."""

FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_PEOPLE = 100_000_000

OLDEST = timedelta(days=731)
"""An attention of an earlier day is not registered any more: two years, a leap day included."""


class Population(StrEnum):
    """The programme's populations. The first ones say where somebody lives, and each lives in one
    place; who returned or is in transit is also counted where they are."""

    NORTH_WEST = "north_west"
    ABROAD = "abroad"
    IN_OAXACA = "in_oaxaca"
    ELSEWHERE = "elsewhere"
    MEXICO = "mexico"
    UNKNOWN = ""
    RETURNED = "returned"
    TRANSIT = "transit"


NORTH_WEST = frozenset({"BC", "BCS", "SIN", "SON"})
"""North-west Mexico: "el Noroeste (Baja California, Baja California Sur, Sinaloa y Sonora)", where
day labourers from the south work (El Colegio de la Frontera Norte, "Los jornaleros agrícolas en el
noroeste de México", colef.mx/opinion, 2022). The institute has not confirmed it as its own line."""

HOME = "OAX"

GIVEN = (
    Population.IN_OAXACA,
    Population.NORTH_WEST,
    Population.ELSEWHERE,
    Population.ABROAD,
    Population.RETURNED,
    Population.TRANSIT,
)
"""What an attention may say of somebody."""


def population_of(country: str | None, state: str | None) -> Population:
    """By where somebody lives now: ISO country, usual code of the state."""
    if not country:
        return Population.UNKNOWN
    if country != "MX":
        return Population.ABROAD
    if not state:
        return Population.MEXICO
    if state == HOME:
        return Population.IN_OAXACA
    return Population.NORTH_WEST if state in NORTH_WEST else Population.ELSEWHERE


class Given(StrEnum):
    """The service that somebody was given: what the institute's public pages name, then what is
    done for whoever comes in. The institute has not confirmed the list."""

    REMAINS = "remains"
    LOCATING = "locating"
    GOZONA = "gozona"
    PERMIT = "permit"
    WELCOME = "welcome"
    PAPERS = "papers"
    ADVICE = "advice"
    REFERRAL = "referral"
    OTHER = "other"


class Means(StrEnum):
    """How somebody came to be attended."""

    WINDOW = "window"
    PHONE = "phone"


class Sex(StrEnum):
    """As somebody said it, if they did."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attention:
    """A service given to somebody whose name is not kept. `clave` is of a municipality of Oaxaca:
    where they or their family are from; `region` the region that it is in."""

    day: date
    given: Given
    clave: int
    means: Means
    sex: Sex | None = None
    population: Population | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """An attention with its number, and when it was registered and taken back, if it was."""

    id: int
    attention: Attention
    at: datetime
    taken_back_at: datetime | None = None


def check_day(day: date, today: date) -> None:
    """Raises Invalid for a day to come, or one too long ago."""
    if day > today:
        raise Invalid(_("console.attention.day_to_come"))
    if day < today - OLDEST:
        raise Invalid(_("console.attention.day_too_old"))


@dataclass(frozen=True, slots=True)
class Target:
    """What a year aims at. `year` is the year that it was set for, None for the diagnosis."""

    year: int | None
    population: int
    attended: int


DIAGNOSIS = Target(None, POPULATION, ATTENDED)


def target_of(year: int, targets: Sequence[Target]) -> Target:
    """The target of a year: its own, else that of the last year before it that has one."""
    before = [one for one in targets if one.year is not None and one.year <= year]
    return max(before, key=lambda one: one.year or 0, default=DIAGNOSIS)


def check_target(year: int, population: int, attended: int) -> Target:
    """A target with sensible figures. Raises Invalid."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(_("console.coverage.year_wrong"), first=FIRST_YEAR, last=LAST_YEAR)
    if not (0 < population <= MOST_PEOPLE and 0 < attended <= MOST_PEOPLE):
        raise Invalid(_("console.coverage.people_wrong"), most=MOST_PEOPLE)
    return Target(year, population, attended)


@dataclass(frozen=True, slots=True)
class Day:
    """How things stood at the end of a day, or stand now: people subscribed, and attended since
    the year began; None of a day on which nothing was counted."""

    day: date
    subscribed: int | None
    attended: int | None
