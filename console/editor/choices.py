"""What can be chosen for each field of an audience, in people's words."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from babel import Locale

from campaigns.audience.fields import SAVED, Field, FieldError, read_value
from contacts.gazetteer import DATA, load_gazetteer
from contacts.model import Relation, Topic
from contacts.places import Region
from kit.channels import WRITTEN
from kit.fold import fold
from locales.catalog import render
from locales.languages import Language, language_codes, language_of
from locales.text import _

FIRST_COUNTRIES = ("US", "MX", "CA", "GT")
"""Where most of our people are: before the alphabet."""

FIELD_NAMES: Mapping[str, str] = {
    Field.REGION: _("console.editor.field.region"),
    Field.ORIGIN: _("console.editor.field.origin"),
    Field.COUNTRY: _("console.editor.field.country"),
    Field.STATE: _("console.editor.field.state"),
    Field.LANGUAGE: _("console.editor.field.language"),
    Field.RELATION: _("console.editor.field.relation"),
    Field.TOPIC: _("console.editor.field.topic"),
    Field.CHANNEL: _("console.editor.field.channel"),
    Field.JOINED: _("console.editor.field.joined"),
    Field.TAG: _("console.editor.field.tag"),
    Field.RECEIVED: _("console.editor.field.received"),
    SAVED: _("console.editor.field.saved"),
}
"""What is asked about somebody, in the order in which it is offered."""

TOPICS: Mapping[str, str] = {
    Topic.PROGRAMS: _("console.campaigns.topic.programs"),
    Topic.FRAUD: _("console.campaigns.topic.fraud"),
    Topic.EMERGENCY: _("console.campaigns.topic.emergency"),
}
RELATIONS: Mapping[str, str] = {
    Relation.MIGRANT: _("console.editor.relation.migrant"),
    Relation.FAMILY: _("console.editor.relation.family"),
    Relation.RETURNED: _("console.editor.relation.returned"),
    Relation.TRANSIT: _("console.editor.relation.transit"),
    Relation.OTHER: _("console.editor.relation.other"),
}
CHANNELS: Mapping[str, str] = {
    "telegram": _("cli.channel.telegram"),
    "sms": _("cli.channel.sms"),
}
SIGNS: Mapping[str, str] = {
    ">=": _("console.editor.joined.from"),
    ">": _("console.editor.joined.after"),
    "<=": _("console.editor.joined.until"),
    "<": _("console.editor.joined.before"),
    "": _("console.editor.joined.on"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, what it is called, and under which heading it stands in a long list."""

    value: str
    words: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What only the database knows of: names of saved audiences, tags, and campaigns by number,
    the newest first."""

    saved: Sequence[str] = ()
    tags: Sequence[str] = ()
    campaigns: Mapping[int, str] = field(default_factory=dict)


def choices(asked: str, language: str, known: Known) -> tuple[Choice, ...]:
    """The values of a field to choose from; none where people type."""
    match asked:
        case Field.TOPIC:
            return _named(TOPICS, language)
        case Field.RELATION:
            return _named(RELATIONS, language)
        case Field.CHANNEL:
            return _named({one: CHANNELS[one] for one in WRITTEN}, language)
        case Field.REGION:
            return tuple(Choice(one.value, one.official_name) for one in Region)
        case Field.COUNTRY:
            return _countries(language)
        case Field.STATE:
            return _states(language)
        case Field.LANGUAGE:
            return _languages(render(_("console.editor.variants"), language))
        case Field.RECEIVED:
            return tuple(
                Choice(str(one), f"{one} · {name}") for one, name in known.campaigns.items()
            )
        case _ if asked == SAVED:
            return tuple(Choice(one, one) for one in known.saved)
        case _:
            return ()


def words_of(asked: str, value: str, language: str, known: Known) -> str:
    """What a value is called; itself where it has no other name."""
    if asked == Field.ORIGIN and value.isascii() and value.isdigit():
        town = load_gazetteer().municipalities.get(int(value))
        return value if town is None else f"{town.name} ({town.region.official_name})"
    if asked == Field.JOINED:
        sign = next((one for one in SIGNS if one and value.startswith(one)), "")
        return f"{render(SIGNS[sign], language)} {value.removeprefix(sign)}"
    found = (one.words for one in choices(asked, language, known) if one.value == value)
    return next(found, value)


@cache
def towns() -> tuple[Choice, ...]:
    """Every municipality, by its name; typing a part of it finds it in the list of a browser."""
    places = load_gazetteer().municipalities.values()
    return tuple(
        Choice(f"{one.clave} {one.name}, {one.region.official_name}", one.name)
        for one in sorted(places, key=lambda place: (fold(place.name), place.clave))
    )


def _named(names: Mapping[str, str], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, render(key, language)) for value, key in names.items())


@cache
def _countries(language: str) -> tuple[Choice, ...]:
    names = {str(code): str(name) for code, name in Locale.parse(language).territories.items()}
    codes = [code for code in names if len(code) == 2 and code.isalpha() and _is_country(code)]
    others = (code for code in codes if code not in FIRST_COUNTRIES)
    ordered = (*FIRST_COUNTRIES, *sorted(others, key=lambda one: fold(names[one])))
    return tuple(Choice(code, names[code]) for code in ordered)


def _is_country(code: str) -> bool:
    try:
        return read_value(Field.COUNTRY, code) == code
    except FieldError:
        return False


@cache
def _states(language: str) -> tuple[Choice, ...]:
    countries = Locale.parse(language).territories
    with (DATA / "states.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Choice(row["code"], row[f"name_{language}"], countries[row["country"]])
        for country in ("US", "MX")
        for row in sorted(rows, key=lambda one: fold(one[f"name_{language}"]))
        if row["country"] == country
    )


@cache
def _languages(variants: str) -> tuple[Choice, ...]:
    """Families first: most people name the family of their language and not the variant."""
    known = [one for one in map(language_of, language_codes()) if one is not None]
    families = [one for one in known if len(one.code) != 3]
    single = [one for one in known if len(one.code) == 3]
    names = {one.code: one.name for one in families}

    def place(one: Language) -> tuple[str, str]:
        return names.get(one.family or "", ""), fold(one.name)

    return (
        *(Choice(one.code, one.name) for one in families),
        *(
            Choice(one.code, one.name, f"{variants} · {names.get(one.family or '', one.name)}")
            for one in sorted(single, key=place)
        ),
    )
