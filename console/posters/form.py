"""What the form of a new poster says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.posters.model import Draft
from console.frame.forms import Form
from contacts.atlas import Origin
from contacts.model import Topic
from contacts.places import Gazetteer, find_origin
from locales.text import _

FIELDS = ("place", "topic", "language", "programme", "label")
LONGEST_PLACE = 200

TOPICS: Mapping[str, str] = {
    "": _("console.posters.topic.usual"),
    Topic.PROGRAMS: _("console.posters.topic.programs"),
    Topic.FRAUD: _("console.posters.topic.fraud"),
    Topic.EMERGENCY: _("console.posters.topic.emergency"),
}
LANGUAGES: Mapping[str, str] = {
    "es": _("console.posters.language.es"),
    "en": _("console.posters.language.en"),
}


class Many(StrEnum):
    """How many posters a form makes."""

    ONE = "one"
    EACH = "each"


@dataclass(slots=True)
class Written:
    """What a form says: a draft, or what is wrong with which field. `towns` are those that the
    place may mean. `many`: one poster, or one for each municipality of the region."""

    draft: Draft | None = None
    many: Many = Many.ONE
    faults: dict[str, str] = field(default_factory=dict)
    towns: Sequence[Origin] = ()


def read(form: Form, gazetteer: Gazetteer) -> Written:
    """A draft from a form; the keys of sentences for what cannot be read."""
    written = Written(many=Many.EACH if form["many"] == Many.EACH else Many.ONE)
    origin = _origin(form, gazetteer, written)
    topic, language = form["topic"], form["language"]
    if topic not in TOPICS:
        written.faults["topic"] = _("console.posters.choose")
    if language not in LANGUAGES:
        written.faults["language"] = _("console.posters.choose")
    is_region = origin is not None and origin.clave is None
    if written.many is Many.EACH and not is_region and "place" not in written.faults:
        written.faults["place"] = _("poster.region")
    if written.faults:
        return written
    written.draft = Draft(
        language,
        None if origin is None else origin.clave,
        None if origin is None else origin.region,
        Topic(topic) if topic else None,
        form["programme"],
        form["label"],
    )
    return written


def _origin(form: Form, gazetteer: Gazetteer, written: Written) -> Origin | None:
    """The place that was typed, or which of several was then chosen; None for no place."""
    typed = form["place"].strip()
    if not typed:
        return None
    found = () if len(typed) > LONGEST_PLACE else find_origin(typed, gazetteer)
    if len(found) == 1:
        return found[0]
    for one in found:
        if form["chosen"] and form["chosen"] == value_of(one):
            return one
    written.towns = found
    written.faults["place"] = (
        _("console.posters.several_places") if found else _("console.posters.place_unknown")
    )
    return None


def value_of(origin: Origin) -> str:
    """How one of several places is sent back: its clave, or a region's name."""
    return origin.label if origin.clave is None else str(origin.clave)
