"""The languages that people of Oaxaca speak: their codes, families and names.

Babel and CLDR know none of them, so this is the registry. Codes: `es`, `en`, the ISO 639-3 codes of
data/indigenous_languages.csv, and one word for each family (`mixteco`), because most people name
the family and not the variant. Mind that ISO's `mix` is one variant, the Mixtec of Mixtepec; Mixtec
at large is `mixteco`, as Zapotec at large is `zapoteco` (ISO's macrolanguage `zap` belongs to it).

Variants keep ISO's English names; other names of theirs are for their speakers to give.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kit.fold import fold
from kit.spelling import Vocabulary

TABLE = Path(__file__).resolve().parents[1] / "data" / "indigenous_languages.csv"

LONGEST = 200
"""Characters beyond which a text is a story and not the name of a language."""

MOST_OPTIONS = 9
"""So that the answers fit the digits of a numbered question."""

FALLBACK = "es"


@dataclass(frozen=True, slots=True)
class Language:
    """A language somebody may speak: `family` is the code of the family that a variant is of,
    `has_catalogue` says whether the platform's own texts exist in it."""

    code: str
    name: str
    family: str | None
    has_catalogue: bool


_WRITTEN = (Language("es", "español", None, True), Language("en", "English", None, True))

# The table's English word → code and Spanish name of the family.
_FAMILIES = {
    "Zapotec": ("zapoteco", "zapoteco"),
    "Mixtec": ("mixteco", "mixteco"),
    "Mixe": ("mixe", "mixe"),
    "Mazatec": ("mazateco", "mazateco"),
    "Chinantec": ("chinanteco", "chinanteco"),
    "Triqui": ("triqui", "triqui"),
    "Chatino": ("chatino", "chatino"),
    "Amuzgo": ("amuzgo", "amuzgo"),
    "Huave": ("huave", "huave"),
    "Zoque": ("zoque", "zoque"),
    "Chontal": ("chontal", "chontal de Oaxaca"),
    "Cuicatec": ("cuicateco", "cuicateco"),
    "Ixcatec": ("ixcateco", "ixcateco"),
    "Chochotec": ("chocholteco", "chocholteco"),
    "Nahuatl": ("nahuatl", "náhuatl"),
}
# Tabasco's Chontal is Mayan, no kin of Oaxaca's; the table has both under one word.
_NO_KIN = {"chf"}

# Folded words for a language besides its code: feminine, plural, English, and what its own
# speakers call it.
_WORDS = {
    "es": "espanol castellano castilla spanish",
    "en": "ingles english",
    "zapoteco": "zapoteca zapotecos zapotec diidxaza didxaza",
    "mixteco": "mixteca mixtecos mixtec savi",
    "mixe": "mixes ayuujk ayuuk ayuk",
    "mazateco": "mazateca mazatecos mazatec",
    "chinanteco": "chinanteca chinantecos chinantec",
    "triqui": "triquis trique triques",
    "chatino": "chatina chatinos",
    "amuzgo": "amuzga amuzgos nomndaa",
    "huave": "huaves ombeayiuts ikoots ikojts",
    "zoque": "zoques",
    "chontal": "chontales tequistlateco",
    "cuicateco": "cuicateca cuicatec",
    "ixcateco": "ixcateca ixcatec",
    "chocholteco": "chocholteca chocho chochos ngigua",
    "nahuatl": "nahua nahuas",
}
# A place in Spanish → as ISO's English names have it.
_PLACES = {"istmo": "isthmus", "itsmo": "isthmus"}
# Words of the names that tell no place.
_NO_PLACES = frozenset(
    {"el", "la", "las", "los", "de", "del", "san", "santa", "santo", "alta", "alto", "baja", "bajo"}
    | {"norte", "sur", "sierra", "costa", "valle", "oaxaca"}
)


@dataclass(frozen=True, slots=True)
class _Registry:
    languages: Mapping[str, Language]
    words: Mapping[str, str]
    """Folded word → code of the family or written language."""
    vocabulary: Vocabulary
    variants: Mapping[str, Sequence[tuple[frozenset[str], Language]]]
    """By the word for them: variants, each with the words of its name."""


def language_of(code: str) -> Language | None:
    """The language that has exactly this code."""
    return _registry().languages.get(code)


def language_codes() -> tuple[str, ...]:
    """Every code that a contact's language or a campaign's text may have."""
    return tuple(_registry().languages)


def find_language(text: str) -> tuple[Language, ...]:
    """The languages that a freely typed text names, in Spanish or by their code.

    "mixteco" is the family; with a place it is the variants named after that place ("zapoteco del
    istmo", "mixteco de juxtlahuaca", which has two), or the family still when none is. "mixteco y
    español" are two. Nothing when no language is named, or none of nine. Never raises.
    """
    if len(text) > LONGEST:
        return ()
    registry = _registry()
    said = fold(text)
    if said in registry.languages:
        return (registry.languages[said],)
    words = said.split()
    codes = [_code(word, registry) for word in words]
    starts = [at for at, code in enumerate(codes) if code]
    found: dict[Language, None] = {}
    for start, end in zip(starts, (*starts[1:], len(words)), strict=False):
        code = codes[start] or FALLBACK
        found.update(dict.fromkeys(_variants(code, words[start + 1 : end], registry)))
    return tuple(found) if len(found) <= MOST_OPTIONS else ()


def fallback_chain(code: str) -> tuple[str, ...]:
    """The languages to try for a person, the last one Spanish: variant, family, "es"."""
    language = language_of(code)
    if language is None or code == FALLBACK:
        return (FALLBACK,)
    return (code, language.family, FALLBACK) if language.family else (code, FALLBACK)


def _code(word: str, registry: _Registry) -> str | None:
    if word in registry.words:
        return registry.words[word]
    near = registry.vocabulary.near(word)
    codes = {registry.words[known] for known, cost in near if cost == near[0][1]}
    return codes.pop() if len(codes) == 1 else None


def _variants(code: str, words: Sequence[str], registry: _Registry) -> Sequence[Language]:
    """The variants of a family that the words behind its name tell, or the family."""
    places = {_PLACES.get(word, word) for word in words} - _NO_PLACES
    shared = [(len(places & name), variant) for name, variant in registry.variants.get(code, ())]
    most = max((count for count, _ in shared), default=0)
    told = [variant for count, variant in shared if count == most > 0]
    return told if 0 < len(told) <= MOST_OPTIONS else [registry.languages[code]]


@cache
def _registry() -> _Registry:
    families = {code: Language(code, name, None, False) for code, name in _FAMILIES.values()}
    languages = {language.code: language for language in _WRITTEN} | families
    variants: dict[str, list[tuple[frozenset[str], Language]]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row["iso639_3"]
            family = _FAMILIES[row["family"]][0]
            kin = None if code in _NO_KIN else family
            variant = languages[code] = Language(code, row["name"], kin, False)
            place = frozenset(fold(row["name"]).split()) - {fold(row["family"])}
            variants.setdefault(family, []).append((place, variant))
    words = {word: code for code, listed in _WORDS.items() for word in listed.split()}
    words |= {code: code for code in families}
    return _Registry(languages, words, Vocabulary.of(words), variants)
