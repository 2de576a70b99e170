"""Carrying a right out: reveal, correct, stop, erase. Each asks for the right to, is written into
the history of the contact and the audit, and counts in the register."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from alerts.rights import looking, register
from alerts.rights.looking import about_contact
from alerts.rights.person import UnknownContact, held
from contacts import service as contacts
from contacts import store as people
from contacts.atlas import Origin, Place
from contacts.model import Contact, Relation, Topic
from contacts.rights import store
from contacts.rights.model import Act, Entry, Identity, Kind, Look, Way
from contacts.rights.profile import differences, values_of
from contacts.service import STAFF, Words
from db.session import Session
from delivery import senders
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, Problem
from locales.languages import language_of
from locales.text import _
from staff.model import Member
from staff.store import log


class Stale(Problem):
    """Somebody has changed the contact since it was read."""

    code = "changed"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a right was asked for, and how we know who asked."""

    identity: Identity
    way: Way


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to stand of a contact. `origin` and `place` are left alone unless `fields` names
    them; topics may be added only with the words in which the person asked for them."""

    language: str
    relation: Relation | None
    topics: frozenset[Topic]
    topic_words: str = field(default="", repr=False)
    origin: Origin | None = None
    place: Place | None = None
    fields: frozenset[str] = frozenset()


async def reveal(
    session: Session, member: Member, contact_id: int, address_id: int, reason: str, now: datetime
) -> Endpoint:
    """The number or chat behind a covered one, for a reason that is kept. Raises Invalid without
    one, TooMany, UnknownContact and Refused."""
    await held(session, member, contact_id, change=True)
    words = register.sentence(reason, needed=True)
    addresses = await people.addresses(session, contact_id)
    found = next((one for one in addresses if one.id == address_id), None)
    if found is None:
        raise UnknownContact(_("rights.unknown_contact"))
    await looking.look(session, member, Look.REVEAL, now)
    await _tell(session, member, contact_id, Act.REVEALED, words, now)
    return found.endpoint


async def correct(
    session: Session,
    member: Member,
    contact_id: int,
    wanted: Correction,
    seen: str,
    asked: Asked,
    now: datetime,
) -> tuple[str, ...]:
    """Correct what is held; gives the fields that changed, none when it was right already.

    `seen` is what the form carried along (`contacts.rights.profile.packed`). Raises Stale when the
    contact is another by now, Invalid for what cannot be kept, UnknownContact and Refused.
    """
    contact = await held(session, member, contact_id, change=True)
    if differences(seen, contact):
        raise Stale(_("rights.changed"))
    if language_of(wanted.language) is None:
        raise Invalid(_("rights.language_wrong"))
    added = wanted.topics - contact.topics
    if added and not wanted.topic_words.strip():
        raise Invalid(_("rights.topics_need_words"))
    await _write(session, contact, wanted)
    after = await people.made(session, contact_id)
    old, new = values_of(contact), values_of(after)
    changed = tuple(name for name in new if new[name] != old[name])
    if not changed:
        return ()
    if added:
        await _keep_yes(session, contact_id, wanted.topic_words, now)
    done = await register.fulfil(
        session, member, Kind.RECTIFICATION, contact_id, asked.identity, asked.way, now
    )
    words = ", ".join(changed)
    await _tell(session, member, contact_id, Act.CORRECTED, words, now, done.id)
    return changed


async def oppose(
    session: Session,
    member: Member,
    contact_id: int,
    channels: Collection[Channel],
    words: str,
    way: Way,
    now: datetime,
) -> int:
    """Send no campaign any more on these channels; gives on how many addresses that is new.

    Nobody has to prove who they are to say no. Raises Invalid without a channel of theirs, or
    without the words in which they said it.
    """
    await held(session, member, contact_id, change=True)
    said = register.sentence(words, needed=True)
    addresses = await people.addresses(session, contact_id)
    chosen = [one.endpoint for one in addresses if one.endpoint.channel in channels]
    if not chosen:
        raise Invalid(_("rights.choose_channel"))
    stopped = 0
    for endpoint in chosen:
        told = Words(endpoint, said, now)
        if await people.opted_out(session, endpoint):
            # Said once more: it stands against what a file says of the time between.
            await contacts.keep_consent(session, contact_id, told, given=False, source=STAFF)
        else:
            await contacts.stop(session, told, STAFF)
            stopped += 1
    done = await register.fulfil(
        session, member, Kind.OPPOSITION, contact_id, Identity.NOT_NEEDED, way, now
    )
    names = ", ".join(sorted({one.channel for one in chosen}))
    await _tell(session, member, contact_id, Act.STOPPED, names, now, done.id)
    return stopped


async def erase(
    session: Session, member: Member, contact_id: int, asked: Asked, now: datetime
) -> None:
    """Forget a contact. Their no, or this wish, stays as a print that names nobody; cases are not
    touched. Raises Invalid while nobody has checked who asks, UnknownContact and Refused."""
    await held(session, member, contact_id, change=True)
    done = await register.fulfil(
        session, member, Kind.CANCELLATION, contact_id, asked.identity, asked.way, now
    )
    for endpoint in await contacts.erase_contact(session, contact_id, now):
        await senders.forget(session, endpoint)
    await store.forget_words(session, contact_id)
    await _tell(session, member, contact_id, Act.ERASED, "", now, done.id)


async def _write(session: Session, contact: Contact, wanted: Correction) -> None:
    if wanted.language != contact.language:
        await contacts.set_language(session, contact.id, wanted.language)
    if wanted.relation is not contact.relation:
        await contacts.set_relation(session, contact.id, wanted.relation)
    if wanted.topics != contact.topics:
        await contacts.set_topics(session, contact.id, wanted.topics)
    if "origin" in wanted.fields:
        await contacts.set_origin(session, contact.id, wanted.origin)
    if "place" in wanted.fields:
        await contacts.set_place(session, contact.id, wanted.place)


async def _keep_yes(session: Session, contact_id: int, words: str, now: datetime) -> None:
    said = register.sentence(words, needed=True)
    for one in (await people.addresses(session, contact_id))[:1]:
        told = Words(one.endpoint, said, now)
        await contacts.keep_consent(session, contact_id, told, given=True, source=STAFF)


async def _tell(
    session: Session,
    member: Member,
    contact_id: int,
    act: Act,
    words: str,
    now: datetime,
    request_id: int | None = None,
) -> None:
    entry = Entry(0, act, now, member.id, contact_id, request_id, words)
    await store.note(session, entry)
    await log(session, member.id, f"contact.{act}", about_contact(contact_id), now)
