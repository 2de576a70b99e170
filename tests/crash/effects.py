"""What is true of somebody in the end, counted: a person, a yes, a no, a case and its timeline."""

from collections import Counter

from sqlalchemy import func, select

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, CaseState, EntryKind
from contacts import store as contacts
from contacts.store import address, consent
from db.session import Session
from kit.channels import Endpoint
from tests.crash.books import Books


async def cases_of(session: Session, reporter: Endpoint) -> list[Case]:
    """Every case that somebody has opened."""
    found = await cases.in_states(session, *CaseState)
    return [case for case in found if case.reporter == reporter]


async def count_case(
    session: Session,
    books: Books,
    reporter: Endpoint,
    state: CaseState,
    wanted: dict[EntryKind, int],
) -> None:
    """One call for help is one case, in this state, with just these lines."""
    found = await cases_of(session, reporter)
    books.count("cases of a reporter", 1, len(found))
    for case in found:
        books.count(f"a case that is {case.state}, not {state}", 1, int(case.state is state))
        lines = Counter(entry.kind for entry in await timeline.of_case(session, case.id))
        for kind in wanted.keys() | lines.keys():
            books.count(f"line {kind} of a case", wanted.get(kind, 0), lines[kind])


async def count_contact(
    session: Session, books: Books, who: Endpoint, *, yes: int, no: int = 0
) -> None:
    """One person is one contact, with as many consents and refusals as were said."""
    owners = select(address.c.contact_id).where(
        address.c.channel == who.channel, address.c.endpoint_index == who.value
    )
    found = await session.scalar(select(func.count()).select_from(owners.subquery()))
    books.count("contacts of a person", 1, int(found))
    for given, said in ((True, yes), (False, no)):
        kept = await session.scalar(
            select(func.count()).where(consent.c.contact_id.in_(owners), consent.c.given.is_(given))
        )
        books.count("yes" if given else "no", said, int(kept))
    books.count("opt-outs", int(no > 0), int(await contacts.opted_out(session, who)))
