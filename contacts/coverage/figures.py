"""What coverage comes to, from the counted cells, with every small count hidden. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contacts.coverage.cells import FEWEST, UNKNOWN, Cell, Tree, shown, shown_tree
from contacts.coverage.dimensions import (
    CASES,
    CHANNEL,
    GIVEN,
    LANGUAGE,
    MEANS,
    MONTH,
    PLACE,
    POPULATION,
    REACHED,
    REGION,
    RELATION,
    SEX,
    SUBSCRIBED,
    WHOLE,
    of_year,
)
from contacts.coverage.model import Day, Means, Population, Target, population_of

HOME = "MX"
_ABROAD = Population.ABROAD.value


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Those who can be written to. `reached` is how many of them a campaign has reached in the last
    thirty days. States are `US-CA`; `US-` are people of whom only the country is known."""

    people: int
    reached: int
    regions: tuple[Cell, ...]
    populations: tuple[Cell, ...]
    countries: tuple[Cell, ...]
    states: tuple[Cell, ...]
    relations: tuple[Cell, ...]
    languages: tuple[Cell, ...]
    channels: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Attended:
    """Those to whom a person gave a service in a year. At the window and by phone each service
    counts, for nobody's name is kept; a call for help counts once, when it is closed. Cells are of
    window and phone. `months` are January to December, everything together."""

    window: int
    phone: int
    cases: int
    months: tuple[int, ...]
    given: tuple[Cell, ...]
    regions: tuple[Cell, ...]
    populations: tuple[Cell, ...]
    sexes: tuple[Cell, ...]

    @property
    def people(self) -> int:
        """All of them."""
        return self.window + self.phone + self.cases


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a year. `counted_at` is None while nothing has been counted yet; who is
    subscribed is as it stood then, whatever the year. `days` are the last ones, in order."""

    year: int
    target: Target
    counted_at: datetime | None
    subscribed: Subscribed
    attended: Attended
    days: tuple[Day, ...]

    @property
    def of_population(self) -> float:
        """The share of the target population that is subscribed."""
        return self.subscribed.people / self.target.population

    @property
    def of_attended(self) -> float:
        """The share of the people to be attended in the year who were."""
        return self.attended.people / self.target.attended


Cells = Mapping[str, Mapping[str, int]]
"""What was counted, by dimension and cell."""


def coverage(
    year: int, target: Target, cells: Cells, counted_at: datetime | None, days: Sequence[Day]
) -> Coverage:
    """The coverage of a year."""
    return Coverage(year, target, counted_at, subscribed(cells), attended(cells, year), (*days,))


def subscribed(cells: Cells) -> Subscribed:
    """Who is subscribed."""
    whole = cells.get(WHOLE, {})
    places = shown_tree(tree_of(cells.get(PLACE, {})))
    return Subscribed(
        people=whole.get(SUBSCRIBED, 0),
        reached=whole.get(REACHED, 0),
        regions=shown(cells.get(REGION, {})),
        populations=ranked((*_not(places, "", HOME), *places.get(HOME, ()))),
        countries=ranked((*_not(places, "", _ABROAD), *places.get(_ABROAD, ()))),
        states=ranked(_states(places)),
        relations=shown(cells.get(RELATION, {})),
        languages=shown(cells.get(LANGUAGE, {})),
        channels=shown(cells.get(CHANNEL, {})),
    )


def attended(cells: Cells, year: int) -> Attended:
    """Who was attended in a year."""

    def of(dimension: str) -> Mapping[str, int]:
        return cells.get(of_year(dimension, year), {})

    means, months = of(MEANS), of(MONTH)
    return Attended(
        window=means.get(Means.WINDOW, 0),
        phone=means.get(Means.PHONE, 0),
        cases=means.get(CASES, 0),
        months=tuple(months.get(f"{month:02}", 0) for month in range(1, 13)),
        given=shown(of(GIVEN)),
        regions=shown(of(REGION)),
        populations=shown(of(POPULATION)),
        sexes=shown(of(SEX)),
    )


def tree_of(places: Mapping[str, int]) -> Tree:
    """Places inside of those whose sums are shown, too: states in the programme's populations and
    countries, countries in Mexico and abroad. `places` are by `dimensions.place_key`.

    A country of few people counts with those of whom no country is known: where it is the only one
    beside a large one, hiding it would hide the large one too.
    """
    home: dict[str, Counter[str]] = {}
    abroad: dict[str, Counter[str]] = {}
    nowhere = 0
    for key, people in places.items():
        country, _, state = key.partition("-")
        if not country:
            nowhere += people
        elif country == HOME:
            home.setdefault(population_of(country, state).value, Counter())[state] += people
        else:
            abroad.setdefault(country, Counter())[state] += people
    few = [country for country, states in abroad.items() if states.total() < FEWEST]
    nowhere += sum(abroad.pop(country).total() for country in few)
    return {HOME: home, _ABROAD: abroad, UNKNOWN: nowhere}


def ranked(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The most people first; the hidden ones after them, by key."""
    return tuple(sorted(cells, key=lambda one: (one.people is None, -(one.people or 0), one.key)))


def _states(places: Mapping[str, Sequence[Cell]]) -> tuple[Cell, ...]:
    return tuple(
        Cell(f"{country}-{cell.key}", cell.people)
        for path, cells in places.items()
        if (country := _country(path)) is not None
        for cell in cells
    )


def _country(path: str) -> str | None:
    """The country of a branch whose cells are states."""
    above, _, last = path.partition("/")
    if not last:
        return None
    return HOME if above == HOME else last


def _not(places: Mapping[str, Sequence[Cell]], path: str, key: str) -> Iterator[Cell]:
    """The cells of a branch but one, which is shown by what is in it."""
    return (cell for cell in places.get(path, ()) if cell.key != key)
