"""`/personas`: finding one person by exactly what is known of them, and never a list of people."""

from fastapi import Response

from alerts.rights import looking, person, register
from alerts.rights.looking import TooMany
from alerts.rights.search import Found, search
from console.contacts.words import WORDS, dated
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from contacts.model import Contact
from staff.model import Right

HERE = "/personas"
FIRST_DUE = 5


def add_search(pages: StaffPages) -> None:
    """The page to look from, and what was found. What was typed stands in no address."""

    async def shown(visit: Visit, found: Found | None = None) -> Response:
        async with visit.database.read() as session:
            waiting = await register.waiting(session, visit.member, visit.now)
        return visit.page(
            "contacts/search.html",
            found=found,
            typed=visit.form["who"][:120],
            waiting=waiting[:FIRST_DUE],
            more=len(waiting) > FIRST_DUE,
            dated=lambda on: dated(on, visit.language),
            words=WORDS,
        )

    @pages.get(HERE, needs=Right.SEE_CONTACTS)
    async def ask(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(HERE, needs=Right.SEE_CONTACTS)
    async def look(visit: Visit) -> Response:
        try:
            async with visit.database.write() as session:
                found = await search(session, visit.member, visit.form["who"], visit.now)
        except TooMany as problem:
            await note(visit, problem)
            raise
        return await shown(visit, found) if found.only is None else visit.go(address(found.only))


def address(contact_id: int) -> str:
    """Where the page of a contact is."""
    return f"{HERE}/{contact_id}"


async def to_change(visit: Visit) -> Contact:
    """The contact of the address, for a page that changes something of it: one look at them."""
    try:
        async with visit.database.write() as session:
            return await person.to_change(session, visit.member, visit.number("id"), visit.now)
    except TooMany as problem:
        await note(visit, problem)
        raise


async def note(visit: Visit, problem: TooMany) -> None:
    """Let the audit know of a look too many, although nothing else of the unit holds."""
    async with visit.database.write() as session:
        await looking.note_refused(session, visit.member, problem.kind, visit.now)
