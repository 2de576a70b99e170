"""The copy of a person's data as one document: every value, and what is not in it and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.rights.export import Held
from alerts.rights.received import Sent
from campaigns.replies.of_contact import Answered
from locales.catalog import render
from locales.text import _

NOT_IN_IT = (
    _("console.contacts.not_in_it.cases"),
    _("console.contacts.not_in_it.talk"),
    _("console.contacts.not_in_it.staff"),
)
"""Sentences for what the copy leaves out."""


@dataclass(frozen=True, slots=True)
class Campaigns:
    """What was sent to a person, and what they answered to campaigns; `wrote` is when they first
    wrote after a run."""

    sent: tuple[Sent, ...]
    replies: tuple[Sent, ...]
    answers: tuple[Answered, ...]
    wrote: tuple[datetime, ...]
    titles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What the copy says in words: names of the two places, and who made it when."""

    origin: str
    place: str
    institute: str
    made_at: datetime
    language: str


def document(held: Held, campaigns: Campaigns, told: Told) -> dict[str, object]:
    """The copy for a file; instants in UTC, codes as they are kept beside their names."""
    contact = held.contact
    return {
        "made_at": told.made_at,
        "institute": told.institute,
        "not_included": [render(key, told.language, {}) for key in NOT_IN_IT],
        "person": {
            "id": contact.id,
            "language": contact.language,
            "joined_at": contact.joined_at,
            "origin": {
                "name": told.origin,
                "clave": contact.origin_clave,
                "region": contact.origin_region,
            },
            "place": {
                "name": told.place,
                "country": contact.country,
                "state": contact.state,
                "city": contact.city,
                "time_zone": contact.zone,
            },
            "relation": contact.relation,
            "topics": sorted(contact.topics),
            "tags": list(held.tags),
        },
        "addresses": [
            {
                "channel": one.endpoint.channel,
                "endpoint": one.endpoint.value,
                "works": not one.dead,
                "stopped_at": stopped_at,
            }
            for one, stopped_at in held.addresses
        ],
        "consents": [
            {
                "at": one.at,
                "given": one.given,
                "notice": one.version,
                "channel": one.channel,
                "through": one.source,
                "words": one.words,
            }
            for one in held.consents
        ],
        "campaigns": [_sent(one, campaigns.titles) for one in campaigns.sent],
        "answers_sent": [_sent(one, {}) for one in campaigns.replies],
        "answers_given": [
            {
                "campaign": campaigns.titles.get(one.campaign_id, ""),
                "kind": one.kind,
                "value": one.value,
                "at": one.at,
            }
            for one in campaigns.answers
        ],
        "wrote_after_a_campaign_at": list(campaigns.wrote),
        "requests": [
            {
                "number": one.id,
                "kind": one.kind,
                "received_on": one.received_on,
                "state": one.state,
                "closed_on": one.closed_on,
            }
            for one in held.requests
        ],
        "history": [{"at": one.at, "act": one.act} for one in held.history],
    }


def _sent(one: Sent, titles: Mapping[int, str]) -> dict[str, object]:
    found: dict[str, object] = {
        "at": one.at,
        "channel": one.channel,
        "language": one.language,
        "state": one.state,
        "reason": one.reason,
    }
    if one.campaign_id is not None:
        found["campaign"] = titles.get(one.campaign_id, "")
    return found
