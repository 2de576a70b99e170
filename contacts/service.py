"""What a person can do about their own subscription."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contacts import store
from contacts.atlas import Origin, Place
from contacts.model import DEFAULT_TOPICS, NOTICE_VERSION, Consent, Contact, Relation, Topic
from contacts.phones import zone_of_phone
from contacts.rights import store as rights
from contacts.rights.model import Act, Entry
from contacts.rights.profile import FIELDS, values_of
from db.session import Session
from kit.channels import Channel, Endpoint

SELF = "self"
STAFF = "staff"
"""Who brought a yes or a no: the person, or staff to whom they said it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a person said that had an effect, kept as the proof of it."""

    endpoint: Endpoint
    text: str
    at: datetime


async def subscribe(session: Session, said: Words, language: str) -> Contact:
    """Store the yes: a contact if there is none, the usual topics, the consent, no opt-out."""
    known = await store.find(session, said.endpoint)
    if known is None:
        contact_id = await store.create(session, [said.endpoint], language, said.at)
        await store.set_topics(session, contact_id, DEFAULT_TOPICS)
    else:
        contact_id = known.id
        # The question names these topics, so the yes is a yes to them.
        await store.set_topics(session, contact_id, {*known.topics, *DEFAULT_TOPICS})
    await keep_consent(session, contact_id, said, given=True)
    await store.remove_opt_out(session, said.endpoint)
    return await store.made(session, contact_id)


async def stop(session: Session, said: Words, source: str = SELF) -> None:
    """Hold an opt-out of this channel from now on, also of somebody who never subscribed.

    `source` is who brought it: the person, or staff whom they told.
    """
    await store.add_opt_out(session, said.endpoint, source, said.text, said.at)
    known = await store.find(session, said.endpoint)
    if known is not None:
        await keep_consent(session, known.id, said, given=False, source=source)


async def set_origin(session: Session, contact_id: int, origin: Origin | None) -> None:
    """Where the family is from: a municipality, or only a region. None: nobody knows."""
    clave = None if origin is None else origin.clave
    region = None if origin is None or origin.region is None else str(origin.region)
    await store.change(session, contact_id, {"origin_clave": clave, "origin_region": region})


async def set_place(session: Session, contact_id: int, place: Place | None) -> None:
    """Where the person lives now. None: nobody knows, and the clock is that of their phone."""
    if place is None:
        nowhere = {"country": None, "state": None, "city": None}
        zone = await _zone_of_phones(session, contact_id)
        await store.change(session, contact_id, {**nowhere, "zone": zone})
        return
    await store.change(
        session,
        contact_id,
        {
            "country": place.country,
            "state": place.state,
            "city": place.city,
            "zone": place.zone,
        },
    )


async def set_language(session: Session, contact_id: int, language: str) -> None:
    """The language to write in, or the nearest to it that has texts."""
    await store.change(session, contact_id, {"language": language})


async def set_relation(session: Session, contact_id: int, relation: Relation | None) -> None:
    """How the person stands to migration."""
    await store.change(session, contact_id, {"relation": relation})


async def set_topics(session: Session, contact_id: int, topics: Iterable[Topic]) -> None:
    """What the person wants to receive; none at all is allowed."""
    await store.set_topics(session, contact_id, topics)


async def chose(session: Session, before: Contact, now: datetime) -> None:
    """Keep that a person has changed for themselves what was held of them `before`: a word of
    theirs, which no file of an earlier day undoes. What only fills a gap is none."""
    old, new = values_of(before), values_of(after := await store.made(session, before.id))
    changed = [name for name in FIELDS if name != "topics" and old[name] not in ("", new[name])]
    if before.topics - after.topics:
        changed.append("topics")
    if changed:
        words = ", ".join(changed)
        await rights.note(session, Entry(0, Act.CORRECTED, now, None, before.id, words=words))


async def erase(session: Session, endpoint: Endpoint, now: datetime) -> bool:
    """Forget a person at their own wish; says whether there was anything to forget.

    The opt-out stays, as a fingerprint, so that no later import brings the person back.
    """
    known = await store.find(session, endpoint)
    if known is None:
        return False
    await erase_contact(session, known.id, now)
    return True


async def erase_contact(session: Session, contact_id: int, now: datetime) -> tuple[Endpoint, ...]:
    """Forget a contact likewise; gives the endpoints that they had."""
    endpoints = tuple(one.endpoint for one in await store.addresses(session, contact_id))
    for endpoint in endpoints:
        await store.mark_erased(session, endpoint, now)
    await store.erase(session, contact_id)
    return endpoints


async def keep_consent(
    session: Session, contact_id: int, said: Words, *, given: bool, source: str = SELF
) -> None:
    """Keep a yes or a no with its words, under the notice of today."""
    channel = said.endpoint.channel
    kept = Consent(NOTICE_VERSION, given, said.at, channel, said.text, source)
    await store.add_consent(session, contact_id, kept)


async def _zone_of_phones(session: Session, contact_id: int) -> str | None:
    for one in await store.addresses(session, contact_id):
        zone = zone_of_phone(one.endpoint.value) if one.endpoint.channel is Channel.SMS else None
        if zone is not None:
            return zone
    return None
