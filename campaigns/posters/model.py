"""Posters: where they hang, what their code sets at once, and how often it was used. Pure."""

from dataclasses import dataclass
from datetime import datetime

from contacts.atlas import Origin, Region
from contacts.model import Topic
from contacts.places import Gazetteer, find_origin
from kit.errors import Invalid
from locales.languages import language_of
from locales.text import _

LONGEST_LABEL = 60
LONGEST_PROGRAMME = 60
MOST_AT_ONCE = 600
"""Posters made by one form: the largest region has fewer municipalities, and all have 570."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new poster is to say. `clave` and `region` are where its readers' families are from:
    a municipality with its region, a region alone, or neither. Of `topic` None the usual ones.

    `programme` is only printed; `label` says where it hangs and is for the staff alone.
    """

    language: str = "es"
    clave: int | None = None
    region: Region | None = None
    topic: Topic | None = None
    programme: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Poster:
    """A poster with its code. `opened` is how often the code came to the bot, `agreed` how often
    the question that followed was answered with a yes; neither says whose."""

    id: int
    code: str
    draft: Draft
    made_at: datetime
    made_by: int
    retired_at: datetime | None = None
    opened: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the code of a poster says to the bot."""

    code: str
    language: str
    origin: Origin | None = None
    topic: Topic | None = None


def checked(draft: Draft) -> Draft:
    """A draft without needless blanks. Raises Invalid for what cannot be kept or printed."""
    label, programme = " ".join(draft.label.split()), " ".join(draft.programme.split())
    if len(label) > LONGEST_LABEL or not label.isprintable():
        raise Invalid(_("poster.label"), most=LONGEST_LABEL)
    if len(programme) > LONGEST_PROGRAMME or not programme.isprintable():
        raise Invalid(_("poster.programme"), most=LONGEST_PROGRAMME)
    known = language_of(draft.language)
    # No words are made up in a language in which nobody of ours has written any.
    if known is None or not known.has_catalogue:
        raise Invalid(_("poster.language"))
    return Draft(draft.language, draft.clave, draft.region, draft.topic, programme, label)


def origin_of(draft: Draft, gazetteer: Gazetteer) -> Origin | None:
    """The place that a poster stands for, named unlike every other."""
    if draft.clave is not None:
        found = find_origin(str(draft.clave), gazetteer)
        return found[0] if len(found) == 1 else None
    if draft.region is not None:
        return Origin(draft.region, None, draft.region.official_name)
    return None


def for_each_town(draft: Draft, gazetteer: Gazetteer) -> tuple[Draft, ...]:
    """The draft for every municipality of its region, in the order of their names."""
    towns = sorted(
        (town for town in gazetteer.municipalities.values() if town.region is draft.region),
        key=lambda town: (town.name, town.clave),
    )
    return tuple(
        Draft(draft.language, town.clave, town.region, draft.topic, draft.programme, draft.label)
        for town in towns
    )
