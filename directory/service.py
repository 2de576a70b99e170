"""Asking the directory, vouching for a number, and keeping the directory true."""

from dataclasses import dataclass
from datetime import date, datetime

from contacts.atlas import Place
from db.session import Session
from directory import rules, store
from directory.model import Answer, EmergencyContact, Entry, Heard
from kit.errors import NotFound, Refused
from locales.text import _
from staff import store as staff
from staff.audit import store as audit
from staff.audit.model import Line
from staff.model import Member, Right
from staff.rules import require

ACTS = {
    Heard.THEM: "directory.verify",
    Heard.OTHERS: "directory.wrong",
    Heard.NOBODY: "directory.unanswered",
}
SHOWN_CALLS = 10
"""Lines of what was done with a number that its page shows."""


class Outdated(Refused):
    """Somebody else changed the number after the form was drawn."""

    code = "outdated"


@dataclass(frozen=True, slots=True)
class Known:
    """A number, and what was done with it, the newest in front."""

    contact: EmergencyContact
    done: tuple[Line, ...]


async def contacts_for(session: Session, place: Place, today: date) -> Answer:
    """What CONTACTOS may say for a place; `today` is the date where the staff work."""
    # The help line of the US serves every country but Mexico.
    return rules.choose(await store.find(session, [place.country, "US"]), place, today)


async def verified_hotline(session: Session) -> EmergencyContact | None:
    """The consular help line that the answers to a call for help may name, if one is verified."""
    return rules.verified_hotline(await store.find(session, ["US"]))


async def listed(session: Session) -> tuple[EmergencyContact, ...]:
    """The whole directory, for the machine itself."""
    return await store.find(session)


async def numbers(session: Session, by: Member) -> tuple[EmergencyContact, ...]:
    """The whole directory, for staff with VERIFY_DIRECTORY."""
    require(by, Right.VERIFY_DIRECTORY)
    return await store.find(session)


async def known(session: Session, by: Member, contact_id: int) -> Known:
    """A number for its page. NotFound when there is none of that id."""
    require(by, Right.VERIFY_DIRECTORY)
    contact = await _held(session, contact_id, hold=False)
    is_it = audit.audit.c.about == about(contact_id)
    lines = await audit.newest(session, is_it, None, SHOWN_CALLS)
    return Known(contact, lines)


async def verify(session: Session, contact_id: int, by: Member, now: datetime) -> None:
    """A member has called the number and it was right. Raises NotFound."""
    await note_call(session, contact_id, by, Heard.THEM, now)


async def note_call(
    session: Session,
    contact_id: int,
    by: Member,
    heard: Heard,
    now: datetime,
    *,
    seen: str | None = None,
) -> None:
    """A member has called the number, and this is what they heard.

    Theirs: it is verified. Others': it is not given to anybody any more. Nobody: it stays as it is,
    and the try is kept. `seen` is the print of what they had before them; Outdated when the entry
    is another by now, for then another number was called. Needs VERIFY_DIRECTORY.
    """
    require(by, Right.VERIFY_DIRECTORY)
    contact = await _held(session, contact_id)
    if seen is not None and seen != rules.print_of(contact):
        raise Outdated(_("directory.outdated"))
    if contact.hidden and heard is Heard.THEM:
        await store.set_hidden(session, contact_id, hidden=False)
    if heard is Heard.THEM:
        await store.set_checked(session, contact_id, by.id, now)
    elif heard is Heard.OTHERS:
        await store.set_hidden(session, contact_id, hidden=True)
    await staff.log(session, by.id, ACTS[heard], about(contact_id), now)


async def add(session: Session, by: Member, entry: Entry, now: datetime) -> int:
    """Write a number that nobody has called yet; gives its id. Refused when it is there."""
    require(by, Right.VERIFY_DIRECTORY)
    made = await store.add(session, entry)
    if made is None:
        raise Refused(_("directory.there_already"))
    await staff.log(session, by.id, "directory.add", about(made), now)
    return made


async def correct(
    session: Session, by: Member, contact_id: int, entry: Entry, seen: str, now: datetime
) -> None:
    """Write a number anew. Where it is another number or another office, the word of who called it
    goes. Outdated when it is not what `seen` is the print of; Refused when another entry says the
    same."""
    require(by, Right.VERIFY_DIRECTORY)
    contact = await _held(session, contact_id)
    if entry == contact.entry:
        return
    if seen != rules.print_of(contact):
        raise Outdated(_("directory.outdated"))
    if await store.same_key(session, entry) not in (None, contact_id):
        raise Refused(_("directory.there_already"))
    await store.change(session, contact_id, entry, keeps_check=is_same_office(contact.entry, entry))
    await staff.log(session, by.id, "directory.correct", about(contact_id), now)


async def bring_back(session: Session, by: Member, contact_id: int, now: datetime) -> None:
    """A number that was taken out of use is there again, and nobody has called it."""
    require(by, Right.VERIFY_DIRECTORY)
    contact = await _held(session, contact_id)
    if contact.hidden:
        await store.set_hidden(session, contact_id, hidden=False)
        await staff.log(session, by.id, "directory.bring_back", about(contact_id), now)


async def missing_states(session: Session) -> tuple[str, ...]:
    """States where most people of the programme in Mexico live and that have no entry."""
    held = {
        contact.entry.state for contact in await store.find(session, ["MX"]) if not contact.hidden
    }
    return tuple(state for state in rules.WHERE_MOST_LIVE if state not in held)


def is_same_office(one: Entry, other: Entry) -> bool:
    """Whether two entries differ in their source alone."""

    def subject(entry: Entry) -> tuple[str | None, ...]:
        return entry.kind, entry.name, entry.country, entry.state, entry.city, entry.phone

    return subject(one) == subject(other)


def about(contact_id: int) -> str:
    """What the audit calls a number of the directory."""
    return f"directory:{contact_id}"


async def _held(session: Session, contact_id: int, *, hold: bool = True) -> EmergencyContact:
    contact = await store.get(session, contact_id, hold=hold)
    if contact is None:
        raise NotFound(_("directory.unknown"))
    return contact
