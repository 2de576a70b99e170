"""A contact as staff see them: what is held, with every number covered."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from alerts.model import Case
from alerts.rights import looking, received
from alerts.rights.agreed import told
from alerts.rights.received import Sent
from alerts.rights.search import cases_of
from contacts import store as contacts
from contacts import tags
from contacts.masking import masked
from contacts.model import Address, Consent, Contact
from contacts.rights import store as rights
from contacts.rights.model import OF_CODES, Entry, Request
from db.session import Session
from kit.channels import Channel
from kit.errors import NotFound
from locales.text import _
from staff.model import Member, Right
from staff.rules import require

MOST_SENT = 20
MOST_RUNS = 1_000
MOST_REPLIES = 10
MOST_HISTORY = 50


class UnknownContact(NotFound):
    """Nobody has this number, or not any more."""

    code = "unknown_contact"


@dataclass(frozen=True, slots=True)
class Line:
    """A channel of a contact. `covered` is all that is shown of the number or chat.

    Through whom a no came is not told: a silent exit from a case is one, too.
    """

    id: int
    channel: Channel
    covered: str
    dead: bool
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """What the page of a contact shows. `cases` is empty for who may not know of cases, and so are
    colleagues' words in the `history` and the person's own in a no; `older` is the run before which
    there may be more of what was sent."""

    contact: Contact
    lines: tuple[Line, ...]
    consents: tuple[Consent, ...]
    tags: tuple[str, ...]
    sent: tuple[Sent, ...]
    older: int | None
    replies: tuple[Sent, ...]
    requests: tuple[Request, ...]
    history: tuple[Entry, ...]
    cases: tuple[Case, ...] = field(default=())

    @property
    def is_stopped(self) -> bool:
        """Whether no campaign reaches them on any channel, because they said no."""
        return bool(self.lines) and all(one.stopped_at is not None for one in self.lines)


async def opened(
    session: Session, member: Member, contact_id: int, now: datetime, before: int | None = None
) -> Person:
    """Open the page of a contact, which is in the audit once for a visit.

    Raises Refused, UnknownContact, and TooMany after too many people in an hour.
    """
    contact = await held(session, member, contact_id)
    await looking.comes(session, member, contact_id, now)
    addresses = await contacts.addresses(session, contact_id)
    stopped = [(one, await contacts.opted_out_at(session, one.endpoint)) for one in addresses]
    consents = await contacts.consents(session, contact_id)
    sent, older = await received.of_campaigns(session, contact_id, before, MOST_SENT, MOST_RUNS)
    return Person(
        contact=contact,
        lines=tuple(_line(one, at) for one, at in stopped),
        consents=consents if member.may(Right.SEE_CASES) else told(consents, stopped),
        tags=await tags.tags_of(session, contact_id),
        sent=sent,
        older=older,
        replies=await received.as_replies(session, addresses, MOST_REPLIES),
        requests=await rights.of_contact(session, contact_id, MOST_HISTORY),
        history=_told(
            member, await rights.history(session, contact_id=contact_id, limit=MOST_HISTORY)
        ),
        cases=await _cases(session, member, addresses),
    )


async def to_change(session: Session, member: Member, contact_id: int, now: datetime) -> Contact:
    """Open a contact to change something of it, which is a look at them like any other.

    Raises Refused, UnknownContact, and TooMany after too many people in an hour.
    """
    contact = await held(session, member, contact_id, change=True)
    await looking.comes(session, member, contact_id, now)
    return contact


async def held(
    session: Session, member: Member, contact_id: int, *, change: bool = False
) -> Contact:
    """A contact, for who may see contacts, or may change them. Raises Refused, UnknownContact."""
    require(member, Right.SEE_CONTACTS)
    if change:
        require(member, Right.CHANGE_CONTACTS)
    found = await contacts.get(session, contact_id, hold=change)
    if found is None:
        raise UnknownContact(_("rights.unknown_contact"))
    return found


def _told(member: Member, history: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The history as a member may read it: a colleague on duty may have named a case in words of
    their own, which are for their author and for who may know of cases."""
    if member.may(Right.SEE_CASES):
        return history
    return tuple(
        one if one.act in OF_CODES or one.member_id == member.id else replace(one, words="")
        for one in history
    )


def _line(one: Address, stopped_at: datetime | None) -> Line:
    return Line(one.id, one.endpoint.channel, masked(one.endpoint), one.dead, stopped_at)


async def _cases(
    session: Session, member: Member, addresses: tuple[Address, ...]
) -> tuple[Case, ...]:
    if not member.may(Right.SEE_CASES):
        return ()
    found = [case for one in addresses for case in await cases_of(session, one.endpoint)]
    return tuple(sorted(found, key=lambda case: case.id, reverse=True))
