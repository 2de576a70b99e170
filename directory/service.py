"""Asking the directory, and vouching for a number."""

from datetime import date, datetime

from contacts.atlas import Place
from db.session import Session
from directory import rules, store
from directory.model import Answer, EmergencyContact
from kit.errors import NotFound
from locales.text import _
from staff import store as staff


async def contacts_for(session: Session, place: Place, today: date) -> Answer:
    """What CONTACTOS may say for a place; `today` is the date where the staff work."""
    # The help line of the US serves every country but Mexico.
    return rules.choose(await store.find(session, [place.country, "US"]), place, today)


async def verified_hotline(session: Session) -> EmergencyContact | None:
    """The consular help line that the answers to a call for help may name, if one is verified."""
    return rules.verified_hotline(await store.find(session, ["US"]))


async def listed(session: Session) -> tuple[EmergencyContact, ...]:
    """The whole directory, for staff."""
    return await store.find(session)


async def verify(session: Session, contact_id: int, member_id: int, now: datetime) -> None:
    """A member has called the number and it was right. Raises NotFound.

    The right to do so is asked for at the edge (staff.service.acting).
    """
    if await store.get(session, contact_id) is None:
        raise NotFound(_("directory.unknown"))
    await store.set_checked(session, contact_id, member_id, now)
    await staff.log(session, member_id, "directory.verify", f"contact:{contact_id}", now)


async def missing_states(session: Session) -> tuple[str, ...]:
    """States where most people of the programme in Mexico live and that have no entry."""
    held = {
        contact.entry.state for contact in await store.find(session, ["MX"]) if not contact.hidden
    }
    return tuple(state for state in rules.WHERE_MOST_LIVE if state not in held)
