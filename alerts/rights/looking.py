"""How often staff may look at people, so that nobody walks through numbers; and who looked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contacts.rights import store
from contacts.rights.model import Look
from db.session import Session
from kit.errors import Refused
from locales.text import _
from staff.audit.store import audit, newest
from staff.model import Member
from staff.store import hold, log

HOUR = timedelta(hours=1)

MOST: Mapping[Look, int] = {Look.SEARCH: 60, Look.SHOW: 120, Look.REVEAL: 20}
"""Times an hour for each member: far more than a day at the window takes."""

SAME_VISIT = timedelta(minutes=10)
"""Who opens the same page again within this has opened it once."""

_WORDS: Mapping[Look, str] = {
    Look.SEARCH: _("rights.too_many.searches"),
    Look.SHOW: _("rights.too_many.pages"),
    Look.REVEAL: _("rights.too_many.numbers"),
}


class TooMany(Refused):
    """A member has looked at more people than the work of an hour takes."""

    code = "too_many_looks"

    def __init__(self, kind: Look) -> None:
        super().__init__(_WORDS[kind], most=MOST[kind])
        self.kind = kind


async def look(session: Session, member: Member, kind: Look, now: datetime) -> None:
    """Count a look. Raises TooMany; let `note_refused` tell the audit, in a unit of its own."""
    await hold(session, member.id)
    if await store.looked(session, member.id, kind, now - HOUR, now) >= MOST[kind]:
        raise TooMany(kind)
    await store.add_look(session, member.id, kind, now)


async def note_refused(session: Session, member: Member, kind: Look, now: datetime) -> None:
    """Keep in the audit that somebody wanted to look more often than they may; once an hour."""
    if not await _said(session, member, "contact.limit", kind, HOUR, now):
        await log(session, member.id, "contact.limit", kind, now)


async def comes(session: Session, member: Member, contact_id: int, now: datetime) -> None:
    """Somebody opens a page of a contact: counted and told to the audit, once for a visit.
    Raises TooMany."""
    about = about_contact(contact_id)
    if not await _said(session, member, "contact.show", about, SAME_VISIT, now):
        await look(session, member, Look.SHOW, now)
        await log(session, member.id, "contact.show", about, now)


def about_contact(contact_id: int) -> str:
    """What the audit calls a contact."""
    return f"contact:{contact_id}"


async def _said(
    session: Session, member: Member, act: str, about: str, within: timedelta, now: datetime
) -> bool:
    wanted = (
        (audit.c.about == about)
        & (audit.c.member_id == member.id)
        & (audit.c.act == act)
        & (audit.c.at > now - within)
        # Put back, the clock has lines ahead of it: they are no visit of now.
        & (audit.c.at <= now)
    )
    return bool(await newest(session, wanted, None, 1))
