"""What a form says that corrects a person: read, with what cannot be read of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alerts.rights.fulfil import Correction
from console.frame.forms import Form
from contacts.atlas import Origin, Place
from contacts.model import Contact, Relation, Topic
from contacts.places import Gazetteer, find_origin, find_place
from contacts.rights.profile import unpacked
from locales.languages import language_of
from locales.text import _

LONGEST = 200


@dataclass(slots=True)
class Typed:
    """A form as it was read. `origins` and `places` are those that a word may mean; `fields` the
    two of them that were written anew."""

    values: Mapping[str, object]
    language: str
    relation: Relation | None
    topics: frozenset[Topic]
    topic_words: str = field(repr=False)
    origin: Origin | None = None
    place: Place | None = None
    fields: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)
    origins: Sequence[Origin] = ()
    places: Sequence[Place] = ()

    @property
    def correction(self) -> Correction:
        """What is to stand."""
        return Correction(
            language=self.language,
            relation=self.relation,
            topics=self.topics,
            topic_words=self.topic_words,
            origin=self.origin,
            place=self.place,
            fields=frozenset(self.fields),
        )


def shown(contact: Contact, origin: str, place: str) -> Mapping[str, object]:
    """What the form holds before anything was typed."""
    return {
        "language": contact.language,
        "origin": origin,
        "place": place,
        "relation": contact.relation or "",
        "topics": contact.topics,
    }


def met(
    form: Form, typed: Typed, contact: Contact, origin: str, place: str
) -> Mapping[str, object]:
    """What the form holds when somebody else has changed the contact meanwhile: what was typed
    where something was, and what stands now where nothing was."""
    was, now = unpacked(form["seen"]), shown(contact, origin, place)
    left = {name for name in ("language", "relation") if typed.values[name] == was.get(name)}
    left |= {"origin", "place"} - typed.fields
    before = {one for one in Topic if one in was.get("topics", "").split()}
    topics = (contact.topics | (typed.topics - before)) - (before - typed.topics)
    return {**typed.values, **{name: now[name] for name in left}, "topics": topics}


def read(form: Form, gazetteer: Gazetteer) -> Typed:
    """A form, and the keys of sentences for what cannot be read.

    `origin_was` and `place_was` are what stood in the fields: what is not written anew is left.
    """
    relation, topics = form["relation"], set(form.several("topic"))
    typed = Typed(
        values={
            "language": form["language"],
            "origin": form["origin"],
            "place": form["place"],
            "relation": relation,
            "topics": topics,
        },
        language=form["language"],
        relation=Relation(relation) if relation in list(Relation) else None,
        topics=frozenset(one for one in Topic if one in topics),
        topic_words=form["topic_words"],
    )
    if language_of(form["language"]) is None:
        typed.faults["language"] = _("console.contacts.language_unknown")
    if relation and typed.relation is None:
        typed.faults["relation"] = _("console.contacts.choose")
    _read_origin(form, gazetteer, typed)
    _read_place(form, gazetteer, typed)
    return typed


def _read_origin(form: Form, gazetteer: Gazetteer, typed: Typed) -> None:
    said = form["origin"].strip()
    if said == form["origin_was"].strip():
        return
    typed.fields.add("origin")
    if not said:
        return
    found = find_origin(said, gazetteer) if len(said) <= LONGEST else ()
    chosen = [one for one in found if one.label == form["origin_choice"]]
    # Offered again also when one was chosen: something else may be wrong with the form.
    typed.origins = found if len(found) > 1 else ()
    if len(found) == 1 or chosen:
        typed.origin = chosen[0] if chosen else found[0]
        return
    typed.faults["origin"] = (
        _("console.contacts.several_origins") if found else _("console.contacts.origin_unknown")
    )


def _read_place(form: Form, gazetteer: Gazetteer, typed: Typed) -> None:
    said = form["place"].strip()
    if said == form["place_was"].strip():
        return
    typed.fields.add("place")
    if not said:
        return
    found = find_place(said, gazetteer) if len(said) <= LONGEST else ()
    choice = form["place_choice"]
    chosen = [one for number, one in enumerate(found) if str(number) == choice]
    # Offered again also when one was chosen: something else may be wrong with the form.
    typed.places = found if len(found) > 1 else ()
    if len(found) == 1 or chosen:
        typed.place = chosen[0] if chosen else found[0]
        return
    typed.faults["place"] = (
        _("console.contacts.several_places") if found else _("console.contacts.place_unknown")
    )
