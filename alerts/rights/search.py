"""Finding a person by exactly what is known of them; that somebody looked is in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts import store as cases
from alerts.model import Case
from alerts.people import store as people
from alerts.rights.looking import about_contact, look
from alerts.rights.sought import Sought, read
from contacts import store as contacts
from contacts.rights import store as rights
from contacts.rights.model import Look
from db.session import Session
from kit.channels import Endpoint
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

MOST_CASES = 20
LONGEST_ABOUT = 60


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A case that was found, and the contact of its reporter if they are one."""

    folio: str
    case: Case
    reporter_id: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. `kinds` is what the words were read as: none when they can be nothing.

    `said_no` tells that a number which is no contact's has said no to campaigns, or was erased; to
    who may not know of cases not of one that fell silent from a case.
    """

    kinds: tuple[str, ...]
    contact_ids: tuple[int, ...] = ()
    cases: tuple[CaseHit, ...] = ()
    more_cases: bool = False
    said_no: bool = False

    @property
    def only(self) -> int | None:
        """The contact, when nothing else was found."""
        alone = len(self.contact_ids) == 1 and not self.cases
        return self.contact_ids[0] if alone else None


async def search(session: Session, member: Member, typed: str, now: datetime) -> Found:
    """Look for a person by phone, chat, number; who may see cases also by folio and name.

    Only exact matches count. Raises Refused, and TooMany after too many in an hour.
    """
    require(member, Right.SEE_CONTACTS)
    sees_cases = member.may(Right.SEE_CASES)
    sought = read(typed, cases=sees_cases)
    if not sought.kinds:
        return Found(())
    await look(session, member, Look.SEARCH, now)
    ids, said_no = await _contacts(session, sought, sees_cases)
    hits, more = await _cases(session, sought) if sees_cases else ((), False)
    found = Found(sought.kinds, ids, hits, more, said_no and not ids)
    await log(session, member.id, "contact.search", _about(found), now)
    return found


async def _contacts(
    session: Session, sought: Sought, sees_cases: bool
) -> tuple[tuple[int, ...], bool]:
    found: list[int] = []
    said_no = False
    for endpoint in sought.endpoints:
        one = await contacts.find(session, endpoint)
        if one is not None:
            found.append(one.id)
        else:
            said_no = said_no or await rights.said_no(session, endpoint, of_cases=sees_cases)
    if sought.contact_id is not None:
        by_id = await contacts.get(session, sought.contact_id)
        if by_id is not None:
            found.append(by_id.id)
    return tuple(dict.fromkeys(found)), said_no


async def _cases(session: Session, sought: Sought) -> tuple[tuple[CaseHit, ...], bool]:
    ids: set[int] = set()
    for endpoint in sought.endpoints:
        ids |= {one.id for one in await cases_of(session, endpoint)}
        ids |= set(await people.cases_of_phone(session, endpoint.value))
    if sought.name:
        ids |= set(await people.cases_of_name(session, sought.name))
    newest = sorted(ids, reverse=True)[:MOST_CASES]
    found = list(await cases.those(session, cases.case.c.id.in_(newest))) if newest else []
    if sought.folio is not None:
        found += await cases.those(session, cases.case.c.folio == sought.folio)
    hits = {one.id: await _hit(session, one) for one in found}
    return tuple(hits[one] for one in sorted(hits, reverse=True)), len(ids) > MOST_CASES


async def cases_of(session: Session, endpoint: Endpoint) -> Sequence[Case]:
    """The cases that were reported from an endpoint, drills left out, the newest first."""
    found = await cases.those(
        session,
        (cases.case.c.channel == endpoint.channel)
        & (cases.case.c.endpoint_index == endpoint.value)
        & cases.case.c.exercise.is_(False),
    )
    return sorted(found, key=lambda one: one.id, reverse=True)


async def _hit(session: Session, case: Case) -> CaseHit:
    reporter = await contacts.find(session, case.reporter)
    return CaseHit(case.folio, case, None if reporter is None else reporter.id)


def _about(found: Found) -> str:
    # Never a contact beside a folio: who reads the audit may know neither whose case it is.
    contact_names = [about_contact(one) for one in found.contact_ids]
    named = [one.folio for one in found.cases] or contact_names
    others = len(contact_names) if found.cases else 0
    kinds = "+".join(found.kinds)
    about = f"{kinds}: {' '.join(named) or 'none'}" + (f" +{others}" if others else "")
    if len(about) <= LONGEST_ABOUT:
        return about
    return f"{kinds}: {' '.join(named[:2])} +{len(named) - 2 + others}"[:LONGEST_ABOUT]
