"""The fields of the audience language, and how a value of each is written."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from campaigns.written.quoting import shown
from contacts.gazetteer import load_gazetteer
from contacts.import_place import PlaceReader, read_state
from contacts.labels import LONGEST, read_label
from contacts.model import Relation, Topic
from contacts.places import Region
from kit.channels import WRITTEN
from kit.fold import fold
from kit.zones import OAXACA
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


FIELDS = {str(field): field for field in Field}

SAVED = "saved"
"""Names another audience in the place of a field: `saved:mixteca-us`."""

LARGEST_ID = 2**63 - 1

_COUNTRIES_WITH_STATES = ("MX", "US")
# Of other countries only the form of the code can be checked (ISO 3166-2).
_CODE_ELSEWHERE = re.compile(r"[A-Z0-9]{1,3}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_JOINED = re.compile(
    r"(?P<sign>[<>]=?|=)?\s*(?P<day>\d{4}-\d\d-\d\d)"
    r"(?P<clock>[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)? ?(Z|[+-]\d\d:\d\d))?",
    re.ASCII | re.IGNORECASE,
)
_YEARS = range(1970, 3000)
# The finest step of both databases.
_STEP = timedelta(microseconds=1)
_DAY = timedelta(days=1)


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
        case Field.JOINED:
            return _joined(written)
        case Field.TAG:
            return _label(field, written)
        case Field.RECEIVED:
            return _received(written)


def read_saved(written: str) -> str:
    """The name of a saved audience; raises FieldError when none can be named so."""
    return _label(SAVED, written)


def joined_between(value: str) -> tuple[datetime | None, datetime | None]:
    """The instants of a `joined` value as `read_value` gave it: from the first, which counts, to
    the second, which does not; None where there is no end.

    A day is one by Oaxaca's clock: `>2026-01-01` begins with the 2nd of January there.
    """
    sign, begins, ends = _span(value)
    match sign:
        case ">":
            return ends, None
        case ">=":
            return begins, None
        case "<":
            return None, begins
        case "<=":
            return None, ends
        case _:
            return begins, ends


def _joined(written: str) -> str:
    try:
        sign, begins, ends = _span(written.strip())
    except ValueError:
        expected = Phrase(_("campaigns.audience.joined_expected"))
        raise _unknown(Field.JOINED, written, expected) from None
    if ends - begins == _STEP:
        said = begins.replace(tzinfo=None).isoformat() + "Z"
    else:
        said = begins.astimezone(ZoneInfo(OAXACA)).date().isoformat()
    return ("" if sign == "=" else sign) + said


def _span(written: str) -> tuple[str, datetime, datetime]:
    """The sign of a `joined` value, and where what follows it begins and ends: a day, or the
    shortest time that the tables tell apart."""
    found = _JOINED.fullmatch(written)
    if found is None:
        raise ValueError("neither a day nor an instant")
    day = date.fromisoformat(found["day"])
    if day.year not in _YEARS:
        raise ValueError("out of bounds")
    sign = found["sign"] or "="
    if found["clock"]:
        clock = found["clock"].replace(" ", "").upper().removeprefix("T")
        instant = datetime.fromisoformat(f"{day}T{clock}").astimezone(UTC)
        if instant.year not in _YEARS:
            raise ValueError("out of bounds")
        return sign, instant, instant + _STEP
    zone = ZoneInfo(OAXACA)
    begins, ends = (datetime.combine(one, time(), zone) for one in (day, day + _DAY))
    return sign, begins.astimezone(UTC), ends.astimezone(UTC)


def _received(written: str) -> str:
    said = written.strip()
    if _NUMBER.fullmatch(said) and 0 < int(said) <= LARGEST_ID:
        return str(int(said))
    expected = Phrase(_("campaigns.audience.received_expected"))
    raise _unknown(Field.RECEIVED, written, expected)


def _label(field: str, written: str) -> str:
    label = read_label(written)
    if label is None:
        expected = Phrase(_("campaigns.audience.label_expected"), {"most": LONGEST})
        raise _unknown(field, written, expected)
    return label


def _one_of(field: Field, written: str, values: Iterable[str]) -> str:
    choices = {fold(value): str(value) for value in values}
    found = choices.get(fold(written))
    if found is None:
        raise _unknown(field, written, ", ".join(choices.values()))
    return found


def _origin(written: str) -> str:
    """A municipality by its clave or its name; one name of several is refused with their claves."""
    towns = load_gazetteer().municipalities
    claves = _claves(written)
    if len(claves) == 1:
        return str(*claves)
    if not claves:
        raise _unknown(Field.ORIGIN, written, Phrase(_("campaigns.audience.origin_expected")))
    choices = (
        f"{clave} ({towns[clave].name}, {towns[clave].region.official_name})"
        for clave in sorted(claves)
    )
    params = {"found": shown(written), "choices": "; ".join(choices)}
    raise FieldError(Phrase(_("campaigns.audience.origin_ambiguous"), params))


@lru_cache(maxsize=1024)
def _claves(written: str) -> frozenset[int]:
    """Kept, for a run reads its audience again for every thousand contacts."""
    gazetteer = load_gazetteer()
    said = fold(written)
    towns = gazetteer.municipalities.items()
    claves = frozenset(clave for clave, town in towns if fold(town.name) == said)
    if claves:
        return claves
    found = gazetteer.origins.find(written, misspelt=False)
    return frozenset(origin.clave for origin in found if origin.clave is not None)


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


def _unknown(field: str, written: str, expected: object) -> FieldError:
    params = {"field": field, "found": shown(written), "expected": expected}
    return FieldError(Phrase(_("campaigns.audience.unknown_value"), params))
