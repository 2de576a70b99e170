"""How places are named, and finding a name by the part of it that people say."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from kit.spelling import ONE_EDIT, SAME_SOUND, Vocabulary


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PARTICLES = _words("de del el la las los lo y")
ARTICLES = ("el ", "la ", "los ", "las ")

_ABBREVIATIONS = {"sta": "santa", "sto": "santo", "sn": "san", "gpe": "guadalupe", "cd": "ciudad"}
_HONORIFICS = _words("heroica heroico ciudad villa")
_SAINT = _words("san santa santo santos")
_SAINT_ALONE = _words("santiago magdalena asuncion concepcion candelaria trinidad guadalupe reyes")
_SAINT_TITLE = _words("bautista evangelista martir apostol")
# Heads that name nothing by themselves: what follows "de" is the name.
_COMMON_HEADS = _words("barrio sitio playa colonia ejido fraccionamiento")
# Words that cannot tell one place from another.
_COMMON = (PARTICLES | _HONORIFICS | _SAINT | _COMMON_HEADS) | _words(
    "alto alta bajo bajos grande chico chica mar rio agua valle puerto camino monte estado centro "
    "pueblo rancho arroyo piedra barra rincon real loma lomas llano cerro nuevo nueva viejo tierra "
    "seccion estacion zona city town north south east west lake park"
)
# Half the country is named after them: a place is not known by their name alone.
_HONOURED = _words(
    "allende cardenas carranza cuauhtemoc diaz guerrero hidalgo juarez madero morelos obregon "
    "victoria zapata zaragoza"
)
RIVAL = ONE_EDIT
"""A spelling that costs this much more than the best one, or less, is as near as that: the person
is asked, nothing is guessed."""

_SHORTEST = 4
_MOST_MISSPELT = 3
_MOST_SPELLINGS = 6
_MOST_WORDS = 12


def spelled_out(folded: str, **more: str) -> str:
    """A folded text with its usual abbreviations, and `more`, written in full: "sta maria" →
    "santa maria"."""
    written = _ABBREVIATIONS | more
    return " ".join(written.get(word, word) for word in folded.split())


def without_article(name: str) -> str:
    """ "la crucecita" → "crucecita"."""
    return name.split(" ", 1)[1] if name.startswith(ARTICLES) else name


def core(words: Sequence[str], *, saints: bool, surname: bool) -> tuple[str, ...]:
    """The part of a folded name that people say: heroica ciudad de TLAXIACO, san juan bautista
    TUXTEPEC, HUAJUAPAN de leon.

    `saints` says whether a saint in front is left out, `surname` whether "de …" behind is. Empty
    when the name is only a saint's, or a saint's and a surname (santa cruz de bravo).
    """
    rest = _without_honorific(tuple(words))
    if saints:
        rest = _without_saint(rest)
        if rest[:2] == ("villa", "de"):
            rest = rest[2:]
    if rest[:1] == ("de",) and not (rest[1:2] and rest[1] in PARTICLES):
        return ()
    while rest and rest[0] in PARTICLES:
        rest = rest[1:]
    if surname and rest and rest[0] not in _COMMON_HEADS | _SAINT_ALONE:
        for mark in (("villa", "de"), ("de",), ("del",)):
            for at in range(1, len(rest)):
                if rest[at : at + len(mark)] == mark and not set(rest[:at]) <= _SAINT:
                    rest = rest[:at]
                    break
    return rest


def _without_honorific(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and (words[at] in _HONORIFICS or (at and words[at] in PARTICLES)):
        at += 1
    return words[at:]


def _without_saint(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 2 if words[:1] and words[0] in _SAINT else int(bool(words) and words[0] in _SAINT_ALONE)
    if words[at : at + 2] == ("y", "san"):
        at += 3
    while at and at < len(words) and words[at] in _SAINT_TITLE:
        at += 1
    return words[at:]


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    strong: frozenset[str]
    """The words of its core that tell it from others."""

    def says(self, said: Sequence[str]) -> bool:
        words = [word for word in self.words if word not in PARTICLES]
        rest = iter(words)
        in_order = all(word in rest for word in said)
        return in_order and (not self.strong.isdisjoint(said) or words == list(said))


class NameIndex:
    """Folded names, found whole or by what people say of them. Answers are positions."""

    def __init__(self, names: Sequence[str], *, saints: bool, surname: bool) -> None:
        self._names: list[_Name] = []
        self._whole: dict[str, list[int]] = {}
        self._cores: dict[str, list[int]] = {}
        self._squashed: dict[str, list[int]] = {}
        self._holding: dict[str, set[int]] = {}
        for position, name in enumerate(names):
            words = tuple(name.split())
            heart = core(words, saints=saints, surname=surname)
            self._names.append(_Name(words, frozenset(heart) - _COMMON - _HONOURED))
            self._whole.setdefault(name, []).append(position)
            if heart != words and frozenset(heart) - _COMMON - _SAINT_ALONE:
                self._cores.setdefault(" ".join(heart), []).append(position)
            for said in {words, heart if len(heart) > 1 else words}:
                self._squashed.setdefault("".join(said), []).append(position)
            for word in words:
                self._holding.setdefault(word, set()).add(position)

    @property
    def words(self) -> Collection[str]:
        """Every word of every name."""
        return self._holding.keys()

    def whole(self, name: str) -> list[int]:
        """Names that are exactly this."""
        return self._whole.get(name, [])

    def named(self, name: str) -> list[int]:
        """Names of which this is the whole or the core."""
        return [*self.whole(name), *self._cores.get(name, [])]

    def run_together(self, name: str) -> list[int]:
        """Names that are this when the spaces are left out of both."""
        return self._squashed.get(name.replace(" ", ""), [])

    def saying(self, name: str) -> list[int]:
        """Names that hold these words in this order, one of them at least in their core; or that
        are these words but for the particles."""
        said = [word for word in name.split() if word not in PARTICLES]
        if max(map(len, said), default=0) < _SHORTEST:
            return []
        holding = reduce(set.intersection, (self._holding.get(word, set()) for word in said))
        return [position for position in sorted(holding) if self._names[position].says(said)]

    def starting(self, name: str) -> list[int]:
        """Names that begin with these words; two at least, or one that is not common."""
        said = tuple(name.split())
        if not said or (len(said) == 1 and (said[0] in _COMMON or len(said[0]) < _SHORTEST)):
            return []
        holding = reduce(set.intersection, (self._holding.get(word, set()) for word in said))
        return [at for at in sorted(holding) if self._names[at].words[: len(said)] == said]


def spellings(vocabulary: Vocabulary, name: str) -> Iterator[tuple[int, str]]:
    """What a misspelt name may have been meant to be, with a cost, cheapest first.

    A known word stays as it is, or becomes another that sounds the same; a word like no known one
    leaves nothing to try. The name as it stands is not among them.
    """
    words = name.split()
    misspelt = [word for word in words if word not in vocabulary.known]
    if len(misspelt) > _MOST_MISSPELT or len(words) > _MOST_WORDS:
        return iter(())
    choices = [
        vocabulary.near(word)[:_MOST_SPELLINGS]
        if word in misspelt
        else [(word, 0), *((same, SAME_SOUND) for same in vocabulary.sounding_like(word))]
        for word in words
    ]
    tried = (
        (sum(cost for _, cost in combination), " ".join(word for word, _ in combination))
        for combination in product(*choices)
    )
    return iter(sorted(spelling for spelling in tried if spelling[0]))
