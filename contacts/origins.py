"""Finding the municipality or region of Oaxaca that somebody typed in their own way."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from contacts.atlas import Locality, Municipality, Origin, Region
from contacts.toponyms import PARTICLES, RIVAL, NameIndex, spelled_out, spellings, without_article
from kit.fold import fold
from kit.spelling import Vocabulary

LONGEST = 300
"""Characters beyond which a text is a story and not the name of a place."""

MOST_OPTIONS = 9
"""So that the answers fit the digits of a numbered question."""

# Abroad the state is meant, at home its capital: no guess between them.
_ONLY_THE_STATE = ("", "oaxaca")

_REGION_WORDS: Mapping[str, tuple[Region, ...]] = {
    "valles centrales": (Region.VALLES_CENTRALES,),
    "valle central": (Region.VALLES_CENTRALES,),
    "valles": (Region.VALLES_CENTRALES,),
    "costa": (Region.COSTA,),
    "sierra norte": (Region.SIERRA_NORTE,),
    "sierra juarez": (Region.SIERRA_NORTE,),
    "sierra de juarez": (Region.SIERRA_NORTE,),
    "sierra mixe": (Region.SIERRA_NORTE,),
    "sierra sur": (Region.SIERRA_SUR,),
    "sierra": (Region.SIERRA_NORTE, Region.SIERRA_SUR),
    "canada": (Region.CANADA,),
    "mixteca": (Region.MIXTECA,),
    "mixteca alta": (Region.MIXTECA,),
    "mixteca baja": (Region.MIXTECA,),
    "istmo": (Region.ISTMO,),
    "istmo de tehuantepec": (Region.ISTMO,),
    "papaloapan": (Region.PAPALOAPAN,),
    "cuenca": (Region.PAPALOAPAN,),
    "cuenca del papaloapan": (Region.PAPALOAPAN,),
}
_NO_NAMES = ("Ninguno", "Zona Urbana Ejidal")
_LEAD_IN = re.compile(
    r"^(?:(?:hola|buen[oa]s(?: dias| tardes| noches)?|yo|nosotros|mi familia|mis papas|mis padres"
    r"|soy|somos|es|son|vengo|venimos|naci|nacimos|originari[oa]s?|se llama"
    r"|(?:mi|nuestro|nuestra) (?:pueblo|municipio|comunidad)"
    r"|(?:el |la )?(?:pueblo|comunidad|localidad|poblacion|agencia|region)(?= de )"
    r"|(?:el )?(?:municipio|mpio)|(?:la )?region|del?|en) )+"
)
_STATE = re.compile(
    r"(?:(?: (?:de|del|en|el))*(?: estado de)? (?:oaxaca|oax|mexico|mex|mx))+$|^(?:oaxaca|oax)$"
)


class OriginIndex:
    """The municipalities, localities and regions of Oaxaca, ready to be looked up."""

    def __init__(
        self,
        municipalities: Sequence[Municipality],
        localities: Iterable[Locality],
        aliases: Mapping[str, int],
    ) -> None:
        known = tuple(_readable(localities))
        self._by_clave = {place.clave: place for place in municipalities}
        self._claves = tuple(self._by_clave)
        self._aliases = aliases
        names = [fold(place.name) for place in municipalities]
        self._towns = NameIndex(names, saints=True, surname=True)
        self._repeated = {name for name in names if names.count(name) > 1}
        # A seat that is called like its municipality adds nothing to it.
        self._localities = tuple(
            place for place in known if fold(place.name) != fold(self._by_clave[place.clave].name)
        )
        villages = [fold(place.name) for place in self._localities]
        self._villages = NameIndex(villages, saints=True, surname=False)
        self._whole_names = Vocabulary.of([*names, *villages])
        regions = {word for name in _REGION_WORDS for word in name.split()}
        self._vocabulary = Vocabulary.of({*self._towns.words, *self._villages.words, *regions})
        self._people: dict[int, int] = {}
        for place in known:
            self._people[place.clave] = max(self._people.get(place.clave, 0), place.population)

    def find(self, text: str, *, misspelt: bool = True) -> tuple[Origin, ...]:
        """See contacts.places.find_origin. `misspelt=False` takes only what is spelled right."""
        if len(text) > LONGEST:
            return ()
        said = fold(text)
        if said.isdecimal():
            return self._origins([int(said)] if int(said) in self._by_clave else [])
        head, _, tail = text.partition(",")
        for look in (self._known, self._meant)[: 1 + misspelt]:
            found = look(said) or self._narrowed(_name(said), look)
            if not found and tail:
                found = self._within(_name(fold(head)), _name(fold(tail)), look)
            if found:
                return found if len(found) <= MOST_OPTIONS else ()
        return ()

    def _known(self, said: str) -> tuple[Origin, ...]:
        """Spelled as we have it, with the lead-in and the state left out if need be."""
        name = _name(said)
        return (
            self._exactly(spelled_out(said))
            or self._named(name)
            or self._named(without_article(name))
            or self._origins([], self._villages.saying(name))
            or self._origins(
                [self._claves[at] for at in self._towns.run_together(name)],
                self._villages.run_together(name),
            )
        )

    def _exactly(self, name: str) -> tuple[Origin, ...]:
        regions = _REGION_WORDS.get(without_article(name), ())
        whole = [self._claves[at] for at in self._towns.whole(name)]
        if name in self._aliases:
            whole.append(self._aliases[name])
        if whole or regions:
            return self._origins(whole, self._villages.whole(name), regions)
        return ()

    def _named(self, name: str) -> tuple[Origin, ...]:
        """By the whole name or what people say of it; localities by the whole name alone."""
        if name in _ONLY_THE_STATE:
            return ()
        exactly = self._exactly(name)
        if exactly:
            return exactly
        villages = self._villages.whole(name)
        said = [self._claves[at] for at in self._towns.saying(name)]
        if said or villages:
            return self._origins(said, villages)
        return self._origins([self._claves[at] for at in self._towns.starting(name)])

    def _meant(self, said: str) -> tuple[Origin, ...]:
        """What a misspelling may stand for: the nearest, and all that are about as near. Words
        one by one, then the whole name for a slip in a short word or a space ("San Jun Mixtepec").
        """
        name = _name(said)
        words = spellings(self._vocabulary, name)
        return self._nearest(words) or self._nearest(
            (cost, near) for near, cost in self._whole_names.near(name, most_edits=1)
        )

    def _nearest(self, meant: Iterable[tuple[int, str]]) -> tuple[Origin, ...]:
        found: dict[Origin, None] = {}
        best: int | None = None
        for cost, name in meant:
            if best is not None and cost > best + RIVAL:
                break
            near = self._named(name)
            if near and best is None:
                best = cost
            found.update(dict.fromkeys(near))
        return tuple(found)

    def _narrowed(self, name: str, look: Callable[[str], tuple[Origin, ...]]) -> tuple[Origin, ...]:
        """ "san juan mixtepec de la mixteca": a region behind a name says which."""
        words = name.split()
        for at in range(1, len(words)):
            tail = words[at:]
            while tail and (tail[0] in PARTICLES or tail[0] in ("en", "region")):
                tail = tail[1:]
            regions = _REGION_WORDS.get(" ".join(tail))
            if regions:
                found = look(" ".join(words[:at]))
                return tuple(origin for origin in found if origin.region in regions)
        return ()

    def _within(
        self, head: str, tail: str, look: Callable[[str], tuple[Origin, ...]]
    ) -> tuple[Origin, ...]:
        """ "puerto escondido, san pedro mixtepec": what follows the comma says in which one."""
        around = self._known(tail)
        claves = {origin.clave for origin in around if origin.clave is not None}
        regions = {origin.region for origin in around if origin.clave is None}
        found = look(head)
        return tuple(
            origin for origin in found if origin.clave in claves or origin.region in regions
        )

    def _origins(
        self,
        claves: Iterable[int],
        villages: Iterable[int] = (),
        regions: Iterable[Region] = (),
    ) -> tuple[Origin, ...]:
        """Regions first, then municipalities, the more populous town first, then localities of
        other municipalities."""
        towns = sorted(set(claves), key=lambda clave: (-self._people.get(clave, 0), clave))
        others = {
            self._locality(self._localities[at])
            for at in villages
            if self._localities[at].clave not in towns
        }
        return (
            *(Origin(region, None, region.official_name) for region in regions),
            *(self._municipality(self._by_clave[clave]) for clave in towns),
            *sorted(others, key=lambda origin: (origin.clave or 0, origin.label)),
        )

    def _municipality(self, place: Municipality) -> Origin:
        """Names that repeat are told apart by their region; a title behind the name (Tezoatlán's,
        of 38 characters) is left out."""
        name = place.name.split(",")[0]
        repeated = fold(place.name) in self._repeated
        label = f"{name} ({place.region.official_name})" if repeated else name
        return Origin(place.region, place.clave, label)

    def _locality(self, place: Locality) -> Origin:
        around = self._by_clave[place.clave]
        return Origin(around.region, place.clave, f"{place.name}, {around.name}")


def _name(said: str) -> str:
    """What is left of a folded text without "soy de" in front and the state behind."""
    return spelled_out(_STATE.sub("", _LEAD_IN.sub("", said)), ma="maria", col="colonia")


def _readable(localities: Iterable[Locality]) -> Iterator[Locality]:
    """Without the census's remarks ("Distrito 08", "[Colonia]"), one entry for each of two names
    ("Río Grande o Piedra Parada"), and the capitals that its transcription lost ("Puerto angel").
    """
    for place in localities:
        if place.name in _NO_NAMES:
            continue
        name = re.sub(r"\s*(?:[\[(].*|Distrito \d+)$", "", place.name)
        for one in name.split(" o "):
            words = [_capital(word) for word in one.split()]
            yield Locality(place.clave, " ".join(words), place.population)


def _capital(word: str) -> str:
    return word if word in PARTICLES else word[:1].upper() + word[1:]
