"""What `tequio contacts` shows of one person, of requests, and writes as their copy."""

import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from rich.table import Table

from alerts.rights.export import Held
from alerts.rights.person import Person
from alerts.rights.register import Standing
from app.cli.frame import say, screen
from console.campaigns.words import TOPICS
from console.contacts.document import Campaigns, Told, document
from console.contacts.words import FIELDS, KINDS, STATES, origin_of, place_of
from console.frame.words import language_name
from contacts.gazetteer import load_gazetteer
from locales.text import _

LANGUAGE = "es"


def person(found: Person) -> dict[str, object]:
    """A person as a document; numbers are covered."""
    contact = found.contact
    return {
        "id": contact.id,
        "language": contact.language,
        "joined_at": contact.joined_at,
        "origin": contact.origin_clave or contact.origin_region,
        "country": contact.country,
        "state": contact.state,
        "city": contact.city,
        "relation": contact.relation,
        "topics": sorted(contact.topics),
        "tags": found.tags,
        "channels": [
            {
                "channel": one.channel,
                "covered": one.covered,
                "works": not one.dead,
                "stopped_at": one.stopped_at,
            }
            for one in found.lines
        ],
        "consents": [
            {"at": one.at, "given": one.given, "notice": one.version, "through": one.source}
            for one in found.consents
        ],
        "requests": [
            {"id": one.id, "kind": one.kind, "state": one.state, "due_on": one.due_on}
            for one in found.requests
        ],
        "cases": [one.folio for one in found.cases],
    }


def show_person(found: Person) -> None:
    """The same for a person to read."""
    contact = found.contact
    topics = ", ".join(say(TOPICS[one]) for one in TOPICS if one in contact.topics)
    table = Table(show_header=False)
    for key, value in (
        (_("console.contacts.number"), str(contact.id)),
        (FIELDS["language"], language_name(contact.language, LANGUAGE)),
        (FIELDS["origin"], origin_of(contact, load_gazetteer(), LANGUAGE)),
        (FIELDS["place"], place_of(contact, LANGUAGE)),
        (FIELDS["topics"], topics),
        *((_("console.contacts.channels"), f"{one.channel} {one.covered}") for one in found.lines),
        *((_("console.contacts.cases"), one.folio) for one in found.cases),
    ):
        table.add_row(say(key), value or say(_("console.contacts.not_said")))
    screen.print(table)


def requests(found: Collection[Standing]) -> list[dict[str, object]]:
    """Requests as a document; `left` are working days, below 0 when it is late."""
    return [
        {
            "id": one.request.id,
            "kind": one.request.kind,
            "state": one.request.state,
            "contact": one.request.contact_id,
            "received_on": one.request.received_on,
            "due_on": one.request.due_on,
            "left": one.left,
        }
        for one in found
    ]


def show_requests(found: Collection[Standing]) -> None:
    """The same for a person to read."""
    if not found:
        screen.print(say(_("console.contacts.no_requests")))
        return
    table = Table(show_header=False)
    for one in found:
        left = "" if one.left is None else str(one.left)
        kind, state = say(KINDS[one.request.kind]), say(STATES[one.request.state])
        table.add_row(str(one.request.id), kind, state, str(one.request.due_on), left)
    screen.print(table)


def write_copy(out: Path, held: Held, campaigns: Campaigns, institute: str, now: datetime) -> None:
    """The copy of a person's data, in a file that only its owner can read."""
    origin = origin_of(held.contact, load_gazetteer(), LANGUAGE)
    told = Told(origin, place_of(held.contact, LANGUAGE), institute, now, LANGUAGE)
    out.touch(mode=0o600)
    whole = document(held, campaigns, told)
    out.write_text(json.dumps(whole, ensure_ascii=False, indent=2, default=str), "utf-8")
