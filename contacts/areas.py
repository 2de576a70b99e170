"""Countries and states as people name them, alone or behind the name of a city."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from contacts.atlas import City, Place, State
from kit.fold import fold

# Where no state is known. Mexico: the zone of most of its people. The US: seen from Mountain
# time, 9:00 to 20:00 is within the lawful 8:00 to 21:00 of the Pacific and Central zones too.
_COUNTRY_ZONES = {"MX": "America/Mexico_City", "US": "America/Denver"}

# Codes that are words by themselves: read only behind the name of a city.
_WORDS = "al co col de hi id in la ma me mi mo mor oh ok or pa sin son tab ver"
_LONGEST = 4
_SHORTEST_ALONE = 4


@dataclass(frozen=True, slots=True)
class Alias:
    """Another folded name of a country, of a state (`state` given) or of a city (`city` given)."""

    name: str
    country: str
    state: str | None
    city: str | None


@dataclass(frozen=True, slots=True)
class Area:
    """A country, or a state of it."""

    country: str
    state: str | None

    def covers(self, other: "Area | City") -> bool:
        return self.country == other.country and self.state in (None, other.state)


class AreaNames:
    """What countries and states are called, in Spanish, in English and by their codes."""

    def __init__(self, states: Iterable[State], aliases: Iterable[Alias]) -> None:
        self._zones = {Area(country, None): zone for country, zone in _COUNTRY_ZONES.items()}
        self._names: dict[str, list[Area]] = {"estados unidos": [Area("US", None)]}
        self._codes: dict[str, list[Area]] = {}
        for state in states:
            area = Area(state.country, state.code)
            self._zones[area] = state.zone
            for name in {fold(state.name_es), fold(state.name_en)}:
                self._names.setdefault(name, []).append(area)
            code = state.code.lower()
            for written in (code, " ".join(code)):
                self._codes.setdefault(written, []).append(area)
        for alias in aliases:
            if alias.city is None:
                self._names.setdefault(alias.name, []).append(Area(alias.country, alias.state))

    @property
    def words(self) -> Collection[str]:
        """Every word of every name, and the codes."""
        return {*(word for name in self._names for word in name.split()), *self._codes}

    def place(self, area: Area) -> Place:
        return Place(area.country, area.state, None, self._zones[area])

    def named(self, name: str) -> list[Area]:
        """Areas of which this is a name, or a code that is no word."""
        codes = [] if name in _WORDS.split() else self._codes.get(name, [])
        return [*self._names.get(name, ()), *codes]

    def around(
        self, words: Sequence[str], within: Area | None
    ) -> Iterator[tuple[Sequence[str], Area]]:
        """Ways to read words as a name and the area that it is in ("salinas" + California), the
        longest area first. Areas that contradict `within` are left out."""
        for size in range(min(_LONGEST, len(words) - 1), 0, -1):
            tail, head = " ".join(words[-size:]), " ".join(words[:size])
            behind = (*self._names.get(tail, ()), *self._codes.get(tail, ()))
            for rest, areas in ((words[:-size], behind), (words[size:], self._names.get(head, ()))):
                for area in areas:
                    if within is None or within.covers(area):
                        yield rest, area
                    elif area.covers(within):
                        yield rest, within

    def ending(self, words: Sequence[str]) -> list[Area]:
        """The areas that a few words end with by name: "un rancho de california"."""
        for size in range(min(_LONGEST, len(words) - 1), 0, -1):
            tail = " ".join(words[-size:])
            if len(words) - size <= _LONGEST and len(tail) >= _SHORTEST_ALONE:
                areas = self._names.get(tail)
                if areas:
                    return areas
        return []
