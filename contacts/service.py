"""What a person can do about their own subscription."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contacts import store
from contacts.atlas import Origin, Place
from contacts.model import DEFAULT_TOPICS, NOTICE_VERSION, Consent, Contact, Relation, Topic
from db.session import Session
from kit.channels import Endpoint


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
    await _keep_consent(session, contact_id, said, given=True)
    await store.remove_opt_out(session, said.endpoint)
    return await store.made(session, contact_id)


async def stop(session: Session, said: Words) -> None:
    """Hold an opt-out of this channel from now on, also of somebody who never subscribed."""
    await store.add_opt_out(session, said.endpoint, "self", said.text, said.at)
    known = await store.find(session, said.endpoint)
    if known is not None:
        await _keep_consent(session, known.id, said, given=False)


async def set_origin(session: Session, contact_id: int, origin: Origin) -> None:
    """Where the family is from: a municipality, or only a region."""
    region = None if origin.region is None else str(origin.region)
    values = {"origin_clave": origin.clave, "origin_region": region}
    await store.change(session, contact_id, values)


async def set_place(session: Session, contact_id: int, place: Place) -> None:
    """Where the person lives now."""
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


async def set_relation(session: Session, contact_id: int, relation: Relation) -> None:
    """How the person stands to migration."""
    await store.change(session, contact_id, {"relation": relation})


async def set_topics(session: Session, contact_id: int, topics: Iterable[Topic]) -> None:
    """What the person wants to receive; none at all is allowed."""
    await store.set_topics(session, contact_id, topics)


async def erase(session: Session, endpoint: Endpoint, now: datetime) -> bool:
    """Forget a person at their own wish; says whether there was anything to forget.

    The opt-out stays, as a fingerprint, so that no later import brings the person back.
    """
    known = await store.find(session, endpoint)
    if known is None:
        return False
    for address in await store.addresses(session, known.id):
        await store.mark_erased(session, address.endpoint, now)
    await store.erase(session, known.id)
    return True


async def _keep_consent(session: Session, contact_id: int, said: Words, *, given: bool) -> None:
    await store.add_consent(
        session,
        contact_id,
        Consent(NOTICE_VERSION, given, said.at, said.endpoint.channel, said.text),
    )
