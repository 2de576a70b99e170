"""What the pages of people call things: keys of the catalogue for codes, and names of places."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from babel.dates import format_date

from campaigns.standing import ROW_STATES, why
from console.campaigns.words import CHANNELS, TOPICS
from console.frame.words import REGIONS, language_name
from console.home.words import RELATIONS, country_name, region_name, state_name
from contacts.model import Contact
from contacts.places import Gazetteer
from contacts.rights.model import Act, Identity, Kind, State, Step, Way
from locales.languages import language_codes
from locales.text import _

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ACCESS: _("console.contacts.kind.access"),
        Kind.RECTIFICATION: _("console.contacts.kind.rectification"),
        Kind.CANCELLATION: _("console.contacts.kind.cancellation"),
        Kind.OPPOSITION: _("console.contacts.kind.opposition"),
    }
)
WAYS: Mapping[Way, str] = MappingProxyType(
    {
        Way.WINDOW: _("console.contacts.way.window"),
        Way.PHONE: _("console.contacts.way.phone"),
        Way.LETTER: _("console.contacts.way.letter"),
        Way.EMAIL: _("console.contacts.way.email"),
        Way.MESSAGE: _("console.contacts.way.message"),
    }
)
IDENTITIES: Mapping[Identity, str] = MappingProxyType(
    {
        Identity.NOT_YET: _("console.contacts.identity.not_yet"),
        Identity.NOT_NEEDED: _("console.contacts.identity.not_needed"),
        Identity.DOCUMENT: _("console.contacts.identity.document"),
        Identity.OWN_LINE: _("console.contacts.identity.own_line"),
        Identity.REPRESENTATIVE: _("console.contacts.identity.representative"),
    }
)
STATES: Mapping[State, str] = MappingProxyType(
    {
        State.OPEN: _("console.contacts.state.open"),
        State.DEFECTIVE: _("console.contacts.state.defective"),
        State.GRANTED: _("console.contacts.state.granted"),
        State.DONE: _("console.contacts.state.done"),
        State.REFUSED: _("console.contacts.state.refused"),
        State.LAPSED: _("console.contacts.state.lapsed"),
    }
)
DUES: Mapping[State, str] = MappingProxyType(
    {
        State.OPEN: _("console.contacts.due_label.open"),
        State.DEFECTIVE: _("console.contacts.due_label.defective"),
        State.GRANTED: _("console.contacts.due_label.granted"),
    }
)
"""What is due while a request stands so."""
STEPS: Mapping[Step, str] = MappingProxyType(
    {
        Step.IDENTITY: _("console.contacts.step.identity"),
        Step.DEFECTS: _("console.contacts.step.defects"),
        Step.MENDED: _("console.contacts.step.mended"),
        Step.LAPSE: _("console.contacts.step.lapse"),
        Step.EXTEND: _("console.contacts.step.extend"),
        Step.GRANT: _("console.contacts.step.grant"),
        Step.REFUSE: _("console.contacts.step.refuse"),
        Step.DONE: _("console.contacts.step.done"),
    }
)
HINTS: Mapping[Step, str] = MappingProxyType(
    {
        Step.DEFECTS: _("console.contacts.hint.defects"),
        Step.MENDED: _("console.contacts.hint.mended"),
        Step.LAPSE: _("console.contacts.hint.lapse"),
        Step.EXTEND: _("console.contacts.hint.extend"),
        Step.GRANT: _("console.contacts.hint.grant"),
        Step.REFUSE: _("console.contacts.hint.refuse"),
        Step.DONE: _("console.contacts.hint.done"),
    }
)
ACTS: Mapping[Act, str] = MappingProxyType(
    {
        Act.RECEIVED: _("console.contacts.act.received"),
        Act.IDENTITY: _("console.contacts.act.identity"),
        Act.DEFECTS: _("console.contacts.act.defects"),
        Act.MENDED: _("console.contacts.act.mended"),
        Act.LAPSED: _("console.contacts.act.lapsed"),
        Act.EXTENDED: _("console.contacts.act.extended"),
        Act.GRANTED: _("console.contacts.act.granted"),
        Act.REFUSED: _("console.contacts.act.refused"),
        Act.DONE: _("console.contacts.act.done"),
        Act.REVEALED: _("console.contacts.act.revealed"),
        Act.CORRECTED: _("console.contacts.act.corrected"),
        Act.EXPORTED: _("console.contacts.act.exported"),
        Act.STOPPED: _("console.contacts.act.stopped"),
        Act.ERASED: _("console.contacts.act.erased"),
    }
)
SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "self": _("console.contacts.source.self"),
        "staff": _("console.contacts.source.staff"),
        "import": _("console.contacts.source.import"),
    }
)
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "language": _("console.contacts.language"),
        "origin": _("console.contacts.origin"),
        "place": _("console.contacts.place"),
        "relation": _("console.contacts.relation"),
        "topics": _("console.contacts.topics"),
    }
)


def dated(on: date, language: str) -> str:
    """A day with its year: "23 nov 2026"."""
    form = "d MMM y" if language == "es" else "MMM d, y"
    return str(format_date(on, form, locale=REGIONS[language]))


def origin_of(contact: Contact, gazetteer: Gazetteer, language: str) -> str:
    """Where the family is from: "Santiago Juxtlahuaca (Mixteca)", a region alone, or nothing."""
    if contact.origin_clave is not None:
        town = gazetteer.municipalities.get(contact.origin_clave)
        return f"{town.name} ({town.region.official_name})" if town else str(contact.origin_clave)
    return region_name(contact.origin_region, language) if contact.origin_region else ""


def place_of(contact: Contact, language: str) -> str:
    """Where somebody is now: "Fresno, California, Estados Unidos", or nothing."""
    return place_name(contact.city, contact.state, contact.country, language)


def place_name(city: str | None, state: str | None, country: str | None, language: str) -> str:
    """A place as exactly as it is known."""
    parts = [city]
    if country and state:
        parts.append(state_name(f"{country}-{state}", language))
    if country:
        parts.append(country_name(country, language))
    return ", ".join(part for part in parts if part)


def languages(language: str) -> list[tuple[str, str]]:
    """Every language that somebody may want to be written in, code and name, families first."""
    return [(code, language_name(code, language)) for code in language_codes()]


WORDS: Mapping[str, object] = MappingProxyType(
    {
        "KINDS": KINDS,
        "WAYS": WAYS,
        "IDENTITIES": IDENTITIES,
        "STATES": STATES,
        "DUES": DUES,
        "STEPS": STEPS,
        "HINTS": HINTS,
        "ACTS": ACTS,
        "TOPICS": TOPICS,
        "CHANNELS": CHANNELS,
        "SOURCES": SOURCES,
        "FIELDS": FIELDS,
        "RELATIONS": RELATIONS,
        "ROWS": ROW_STATES,
        "why": why,
        "language_name": language_name,
    }
)
"""What templates of this area know beside the usual."""
