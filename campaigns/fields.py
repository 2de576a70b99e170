"""The fields of the audience language, and how a value of each is written."""

import re
from collections.abc import Iterable
from enum import StrEnum

from campaigns.quoting import shown
from contacts.gazetteer import load_gazetteer
from contacts.import_place import PlaceReader, read_state
from contacts.model import Relation, Topic
from contacts.places import Region
from kit.channels import WRITTEN
from kit.fold import fold
from locales.languages import language_codes, language_of
from locales.text import Phrase, _


class Field(StrEnum):
    """What a term of an audience asks about a contact."""

    TOPIC = "topic"
    REGION = "region"
    ORIGIN = "origin"
    COUNTRY = "country"
    STATE = "state"
    LANGUAGE = "language"
    RELATION = "relation"
    CHANNEL = "channel"
    JOINED = "joined"
    TAG = "tag"
    RECEIVED = "received"


LATER = frozenset({Field.JOINED, Field.TAG, Field.RECEIVED})
"""Fields of the language that cannot be asked yet."""

FIELDS = {str(field): field for field in Field}

_COUNTRIES_WITH_STATES = ("MX", "US")
# Of other countries only the form of the code can be checked (ISO 3166-2).
_CODE_ELSEWHERE = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)


class FieldError(Exception):
    """A field has no such value; `reason` says what was expected."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason.key)
        self.reason = reason


def read_value(field: Field, written: str) -> str:
    """The value in the form in which the tables hold it; raises FieldError.

    Capital letters, accents, hyphens and underscores do not matter: `region:valles-centrales`. A
    misspelling is never guessed at, for it would choose other people.
    """
    match field:
        case Field.TOPIC:
            return _one_of(field, written, Topic)
        case Field.REGION:
            return _one_of(field, written, Region)
        case Field.RELATION:
            return _one_of(field, written, Relation)
        case Field.CHANNEL:
            return _one_of(field, written, WRITTEN)
        case Field.ORIGIN:
            return _origin(written)
        case Field.COUNTRY:
            return _country(written)
        case Field.STATE:
            return _state(written)
        case Field.LANGUAGE:
            return _language(written)
        case _:
            raise FieldError(Phrase(_("campaigns.audience.not_yet"), {"field": field}))


def _one_of(field: Field, written: str, values: Iterable[str]) -> str:
    choices = {fold(value): str(value) for value in values}
    found = choices.get(fold(written))
    if found is None:
        raise _unknown(field, written, ", ".join(choices.values()))
    return found


def _origin(written: str) -> str:
    """A municipality by its clave or its name; one name of several is refused with their claves."""
    gazetteer = load_gazetteer()
    towns = gazetteer.municipalities
    said = fold(written)
    claves = {clave for clave, town in towns.items() if fold(town.name) == said}
    if not claves:
        found = gazetteer.origins.find(written, misspelt=False)
        claves = {origin.clave for origin in found if origin.clave is not None}
    if len(claves) == 1:
        return str(claves.pop())
    if not claves:
        raise _unknown(Field.ORIGIN, written, Phrase(_("campaigns.audience.origin_expected")))
    choices = (
        f"{clave} ({towns[clave].name}, {towns[clave].region.official_name})"
        for clave in sorted(claves)
    )
    params = {"found": shown(written), "choices": "; ".join(choices)}
    raise FieldError(Phrase(_("campaigns.audience.origin_ambiguous"), params))


def _country(written: str) -> str:
    found = PlaceReader(load_gazetteer()).country(written)
    if found is None:
        raise _unknown(Field.COUNTRY, written, Phrase(_("campaigns.audience.country_expected")))
    return found


def _state(written: str) -> str:
    for country in _COUNTRIES_WITH_STATES:
        found = read_state(written, country)
        if found is not None:
            return found[0]
    if _CODE_ELSEWHERE.fullmatch(written.upper()):
        return written.upper()
    raise _unknown(Field.STATE, written, Phrase(_("campaigns.audience.state_expected")))


def _language(written: str) -> str:
    code = fold(written)
    if language_of(code) is None:
        raise _unknown(Field.LANGUAGE, written, known_languages())
    return code


def known_languages() -> Phrase:
    """The languages somebody may write, in short: families and not each of their variants, whose
    codes have three letters."""
    short = (code for code in language_codes() if len(code) != 3)
    return Phrase(_("campaigns.language_expected"), {"codes": ", ".join(short)})


def _unknown(field: Field, written: str, expected: object) -> FieldError:
    params = {"field": field, "found": shown(written), "expected": expected}
    return FieldError(Phrase(_("campaigns.audience.unknown_value"), params))
