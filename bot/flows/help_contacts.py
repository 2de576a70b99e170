"""CONTACTOS: the right number now, with honest words on what is not verified."""

from bot import texts
from bot.flows.asking import ask
from bot.flows.model import ContactsFor, Input, Question, Say, Turn, View
from bot.flows.preferences import place_name
from contacts.atlas import Place
from contacts.model import DEFAULT_ZONE
from contacts.places import find_place, nearest_place
from delivery.content import Option
from directory.model import Answer, EmergencyContact, Situation
from directory.rules import dated
from locales.phrases import date_phrase
from locales.text import Phrase, _

PERSON = (Option("menu:person", texts.BUTTON_PERSON),)
OTHER_PLACE = (Option("contacts:other", texts.BUTTON_OTHER_PLACE), *PERSON)
COUNTRIES = (
    Option("contacts:mx", texts.BUTTON_IN_MEXICO),
    Option("contacts:us", texts.BUTTON_IN_UNITED_STATES),
)

NO_DATE = Phrase(_("word.year.unknown"))


def start(view: View, wanted: str) -> Turn:
    """CONTACTOS with a place, from a known place, or with the question where."""
    if wanted:
        return answer(view, Input(wanted)) or Turn((Say(texts.CONTACT_PLACE_UNKNOWN),))
    known = view.contact
    if known is not None and known.country and (known.state or known.country == "MX"):
        zone = known.zone or DEFAULT_ZONE
        return Turn(query=ContactsFor(Place(known.country, known.state, known.city, zone)))
    return where(view)


def where(view: View) -> Turn:
    """D5: where are you now?"""
    options = () if view.terse else COUNTRIES
    return ask(view, "contacts", texts.CONTACT_ASK_PLACE, options, columns=2)


def country(view: View, action: str) -> Turn:
    """The buttons of the two countries."""
    if action == "contacts:mx":
        return Turn(query=ContactsFor(Place("MX", None, None, DEFAULT_ZONE)))
    if action == "contacts:us":
        return ask(view, "contacts", texts.CONTACT_ASK_CITY)
    return where(view)


def answer(view: View, given: Input) -> Turn | None:
    """A typed place or a location; None when it is not found."""
    if given.location is not None:
        near = nearest_place(*given.location, view.gazetteer)
        return None if near is None else Turn(query=ContactsFor(near))
    found = find_place(given.text, view.gazetteer)
    if not found:
        return None
    if len(found) == 1:
        return Turn(query=ContactsFor(found[0]))
    options = tuple(Option(f"spot:{spot.city}, {spot.state}", place_name(spot)) for spot in found)
    name = found[0].city or found[0].country
    return ask(view, "contacts", texts.PLACE_WHICH, options, {"place": name})


def told(view: View, query: ContactsFor, found: Answer) -> Turn:
    """The contacts of a place, put into words (D1, D2, D3, D6)."""
    del query
    if found.situation is Situation.MEXICO:
        return _with_person(view, Say(texts.CONTACTS_IN_MEXICO, options=PERSON))
    verified_line = found.hotline if found.hotline and found.hotline.verified else None
    if found.consulate is None:
        return _with_person(view, _missing(found.hotline))
    entry, checked_at = found.consulate.entry, found.consulate.checked_at
    known: dict[str, object] = {"city": entry.city or entry.name, "phone": entry.phone}
    if checked_at is not None:
        emergency = entry.kind == "consulate_emergency"
        text = texts.CONTACT_VERIFIED if emergency else texts.CONTACT_VERIFIED_OFFICE
        filled = {**known, "date": date_phrase(checked_at.date())}
        return Turn((Say(text, filled, OTHER_PLACE),))
    year = found.year or NO_DATE
    if verified_line is None:
        return Turn((Say(texts.CONTACT_UNVERIFIED_ALONE, {**known, "year": year}, OTHER_PLACE),))
    filled = {**known, "year": year, "help_phone": verified_line.entry.phone}
    return Turn((Say(texts.CONTACT_UNVERIFIED, filled, OTHER_PLACE),))


def _missing(line: EmergencyContact | None) -> Say:
    """D3: the consular help line instead, and whether anybody has called it."""
    if line is None:
        return Say(texts.CONTACT_MISSING_ALONE, options=PERSON)
    if line.verified:
        return Say(texts.CONTACT_MISSING, {"phone": line.entry.phone}, PERSON)
    written_on = dated(line.entry.source_date)
    year = written_on.year if written_on else NO_DATE
    params = {"phone": line.entry.phone, "year": year}
    return Say(texts.CONTACT_MISSING_UNVERIFIED, params, PERSON)


def _with_person(view: View, reply: Say) -> Turn:
    actions = tuple(option.value for option in reply.options)
    return Turn((reply,), question=Question("offer", view.now, actions))
