"""Everything that is held of a contact, for the person themselves: what we know, not of cases."""

from dataclasses import dataclass
from datetime import datetime

from alerts.rights import looking, received, register
from alerts.rights.agreed import told
from alerts.rights.fulfil import Asked
from alerts.rights.looking import about_contact
from alerts.rights.person import held
from alerts.rights.received import Sent
from contacts import store as people
from contacts import tags
from contacts.model import Address, Consent, Contact
from contacts.rights import store
from contacts.rights.model import Act, Entry, Kind, Look, Request
from db.session import Session
from staff.model import Member
from staff.store import log

MOST_SENT = 5_000
MOST_RUNS = 50_000
MOST_REPLIES = 1_000
MOST_HISTORY = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    """What is held, numbers uncovered. Cases, and what the person wrote or was answered in the
    conversation, are not in it: they are given in person. `addresses` come with when each said no,
    and not through whom: a silent exit from a case is a no, too."""

    contact: Contact
    addresses: tuple[tuple[Address, datetime | None], ...]
    consents: tuple[Consent, ...]
    tags: tuple[str, ...]
    requests: tuple[Request, ...]
    history: tuple[Entry, ...]


async def export(
    session: Session, member: Member, contact_id: int, asked: Asked, now: datetime
) -> Held:
    """Take out all that is held of a contact, for a request of access: one that waits is done by
    it. Raises Invalid while nobody has checked who asks, TooMany, UnknownContact and Refused."""
    contact = await held(session, member, contact_id, change=True)
    # Every number is in it: it is one reveal more.
    await looking.look(session, member, Look.REVEAL, now)
    done = await register.fulfil(
        session, member, Kind.ACCESS, contact_id, asked.identity, asked.way, now
    )
    await store.note(session, Entry(0, Act.EXPORTED, now, member.id, contact_id, done.id))
    await log(session, member.id, "contact.exported", about_contact(contact_id), now)
    addresses = [
        (one, await people.opted_out_at(session, one.endpoint))
        for one in await people.addresses(session, contact_id)
    ]
    return Held(
        contact=contact,
        addresses=tuple(addresses),
        # Whoever takes it out: the copy reads the same whether there was a case or not.
        consents=told(await people.consents(session, contact_id), addresses),
        tags=await tags.tags_of(session, contact_id),
        requests=await store.of_contact(session, contact_id, MOST_HISTORY),
        history=await store.history(session, contact_id=contact_id, limit=MOST_HISTORY),
    )


async def messages(
    session: Session, member: Member, contact_id: int
) -> tuple[tuple[Sent, ...], tuple[Sent, ...]]:
    """What the copy says of messages: those of campaigns, and answers in the conversation. Apart,
    for a unit that only reads: thousands of runs are looked through. Raises UnknownContact and
    Refused."""
    await held(session, member, contact_id, change=True)
    addresses = await people.addresses(session, contact_id)
    sent, _older = await received.of_campaigns(session, contact_id, None, MOST_SENT, MOST_RUNS)
    return sent, await received.as_replies(session, addresses, MOST_REPLIES)
