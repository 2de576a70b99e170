"""Finding the city, state or country that somebody typed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from contacts.areas import Alias, Area, AreaNames
from contacts.atlas import City, Place, State
from contacts.toponyms import RIVAL, NameIndex, spelled_out, spellings
from kit.fold import fold
from kit.spelling import ONE_EDIT, Vocabulary

LONGEST = 300
"""Characters beyond which a text is a story and not the name of a place."""

MOST_PLACES = 5

_OAXACA = Area("MX", "OAX")
_SMALLER_BY = 10
# A misspelt word is not taken for a town smaller than this, unless its state was said.
_KNOWN_TOWN = 50_000
# Countries that share their name with a town: nobody who says them means the town.
_ELSEWHERE = {
    *("belice", "canada", "colombia", "cuba", "ecuador", "el salvador", "espana", "guatemala"),
    *("honduras", "nicaragua", "panama", "peru", "venezuela"),
}
_LEAD_IN = re.compile(
    r"^(?:(?:hola|yo|ahora|ahorita|aqui|aca|hoy|nosotros|mi familia|estoy|estamos|esta|estan|ando"
    r"|andamos|vivo|vivimos|vive|viven|radico|radicamos|trabajo|trabajamos|llegue|llegamos"
    r"|por|cerca de|en|a|(?:el )?estado de|la ciudad de) )+"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    people: int
    cost: int = 0
    """Of the misspelling."""
    whole: bool = True
    """Whether the whole name was said, and not the best known part of it."""
    placed: bool = False
    """Whether its state or country was said too."""

    def credible(self) -> bool:
        return self.cost < ONE_EDIT or self.placed or self.people >= _KNOWN_TOWN


class PlaceIndex:
    """The cities, states and countries, ready to be looked up."""

    def __init__(
        self, states: Iterable[State], cities: Sequence[City], aliases: Sequence[Alias]
    ) -> None:
        self._areas = AreaNames(states, aliases)
        self._cities = tuple(cities)
        self._index = NameIndex(
            [_spelled(fold(city.name)) for city in cities], saints=False, surname=True
        )
        known = {(city.country, city.state, city.name): city for city in cities}
        self._also_called: dict[str, list[City]] = {}
        for alias in aliases:
            if alias.state and alias.city:
                city = known[alias.country, alias.state, alias.city]
                self._also_called.setdefault(alias.name, []).append(city)
        self._people: dict[Area, int] = {}
        for city in cities:
            for area in (Area(city.country, city.state), Area(city.country, None)):
                self._people[area] = self._people.get(area, 0) + city.population
        aliased = {word for name in self._also_called for word in name.split()}
        self._vocabulary = Vocabulary.of({*self._index.words, *self._areas.words, *aliased})

    def find(self, text: str) -> tuple[Place, ...]:
        """Places spelled as we have them; nothing when none is."""
        for name in _readings(text):
            found = self._read(name.split(), None)
            if found:
                return _ranked(found)
        return ()

    def find_misspelt(self, text: str) -> tuple[Place, ...]:
        """The nearest spellings and all about as near; failing that, the state or country that
        ends the text."""
        for name in _readings(text):
            found: list[_Candidate] = []
            for cost, spelling in spellings(self._vocabulary, name):
                if found and cost > found[0].cost + RIVAL:
                    break
                near = self._read(spelling.split(), None)
                meant = (replace(one, cost=cost) for one in near)
                found.extend(one for one in meant if one.credible())
            if found:
                return _ranked(found)
        for name in _readings(text):
            areas = self._areas.ending(name.split())
            if areas:
                return tuple(map(self._areas.place, areas))
        return ()

    def in_oaxaca(self, names: Iterable[str]) -> tuple[Place, ...]:
        """Municipalities of Oaxaca as places."""
        zone = self._areas.place(_OAXACA).zone
        return tuple(Place(_OAXACA.country, _OAXACA.state, name, zone) for name in names)

    def _read(self, words: Sequence[str], within: Area | None) -> list[_Candidate]:
        """Words as a state or country, else as a city, by its whole name or a part of it, else as
        one of these with the area that it is in."""
        name = " ".join(words)
        areas = [area for area in self._areas.named(name) if within is None or within.covers(area)]
        # "puebla, puebla" is the city: the state has been said already.
        areas = [area for area in areas if area != within]
        also = self._also_called.get(name, [])
        if areas:
            elsewhere = [city for city in also if not any(area.covers(city) for area in areas)]
            return [*map(self._area, areas), *_inside(within, elsewhere)]
        whole = _inside(within, [*also, *self._at(self._index.whole(name))])
        parts = {*self._index.named(name), *self._index.starting(name)}
        found = [*whole, *_inside(within, self._at(sorted(parts)), whole=False)]
        if whole or 0 < len(_worth_asking(found)) <= MOST_PLACES:
            return found
        for rest, area in self._areas.around(words, within):
            found = self._read(rest, area)
            if found:
                return found
        return []

    def _area(self, area: Area) -> _Candidate:
        return _Candidate(self._areas.place(area), self._people.get(area, 0))

    def _at(self, positions: Iterable[int]) -> list[City]:
        return [self._cities[at] for at in positions]


def _inside(within: Area | None, cities: Iterable[City], *, whole: bool = True) -> list[_Candidate]:
    return [
        _Candidate(
            Place(city.country, city.state, city.name, city.zone),
            city.population,
            whole=whole,
            placed=within is not None,
        )
        for city in cities
        if within is None or within.covers(city)
    ]


def _ranked(found: Sequence[_Candidate]) -> tuple[Place, ...]:
    """Best spelling first, then the most populous; no place twice."""
    order = sorted(_worth_asking(found), key=lambda one: (one.cost, -one.people))
    return tuple(dict.fromkeys(one.place for one in order))[:MOST_PLACES]


def _worth_asking(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that no other, as well spelled or better, makes unlikely."""
    return [one for one in found if not any(_outweighs(other, one) for other in found)]


def _outweighs(other: _Candidate, one: _Candidate) -> bool:
    """By ten times the people; a whole name by being larger than a part of a name, and never the
    other way round (Lázaro Cárdenas in Baja California is not lost to Ciudad Lázaro Cárdenas)."""
    if other.cost > one.cost or one.whole > other.whole:
        return False
    factor = _SMALLER_BY if other.whole == one.whole else 1
    return other.people > one.people * factor


def _readings(text: str) -> list[str]:
    """As it stands, and without "vivo en" in front."""
    if len(text) > LONGEST:
        return []
    said = fold(text)
    if said in _ELSEWHERE:
        return []
    return [*dict.fromkeys((_spelled(said), _spelled(_LEAD_IN.sub("", said))))]


def _spelled(folded: str) -> str:
    return spelled_out(folded, st="saint", ft="fort", mt="mount")
