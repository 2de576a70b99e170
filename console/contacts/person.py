"""`/personas/{id}`: one person, with every number covered until a reason is given."""

import asyncio

from fastapi import Response

from alerts.coverage.tries import day_of
from alerts.rights import fulfil
from alerts.rights.looking import TooMany
from alerts.rights.person import Person, opened
from campaigns.replies import of_contact
from campaigns.replies.of_contact import Answered
from console.contacts.asking import sentence
from console.contacts.search import HERE, address, note
from console.contacts.words import WORDS, dated, origin_of, place_of
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from contacts.gazetteer import load_gazetteer
from db.session import Session
from kit.errors import Invalid, Problem
from staff import store as staff
from staff.model import Right
from staff.signin.forms import once

ONE = f"{HERE}/{{id}}"


def add_person(pages: StaffPages) -> None:
    """The page of a contact, and one number of it uncovered."""

    @pages.get(ONE, needs=Right.SEE_CONTACTS)
    async def show(visit: Visit) -> Response:
        return await page(visit)

    @pages.post(f"{ONE}/numero", needs=Right.CHANGE_CONTACTS)
    async def reveal(visit: Visit) -> Response:
        """The number is in this one answer and nowhere else: no address leads to it."""
        contact_id = visit.number("id")
        line = visit.form.number("line", 1, LARGEST_ID) or 0
        reason = visit.form["reason"]
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(address(contact_id))
                endpoint = await fulfil.reveal(
                    session, visit.member, contact_id, line, reason, visit.now
                )
        except TooMany as problem:
            await note(visit, problem)
            raise
        except Invalid as problem:
            return await page(visit, trouble=problem, line=line, status=422)
        return await page(visit, line=line, number=endpoint.value)


async def page(
    visit: Visit,
    *,
    trouble: Problem | None = None,
    line: int = 0,
    number: str = "",
    status: int = 200,
) -> Response:
    """The page of a contact; `number` is shown in the place of the covered one of a line."""
    contact_id = visit.number("id")
    before = visit.asked_id("antes")
    try:
        async with visit.database.write() as session:
            person = await opened(session, visit.member, contact_id, visit.now, before)
    except TooMany as problem:
        await note(visit, problem)
        raise
    gazetteer = await asyncio.to_thread(load_gazetteer)
    async with visit.database.read() as session:
        answers = await of_contact.answers_of(session, visit.member, contact_id)
        titles = await _titles(session, visit, person, answers)
        names = await names_of(session, {one.member_id for one in person.history})
    return visit.page(
        "contacts/person.html",
        status=status,
        person=person,
        contact=person.contact,
        here=address(contact_id),
        origin=origin_of(person.contact, gazetteer, visit.language),
        place=place_of(person.contact, visit.language),
        answers=answers[:20],
        titles=titles,
        names=names,
        line=line,
        revealed=number,
        trouble=sentence(visit, trouble),
        typed=visit.form,
        today=day_of(visit.now),
        dated=lambda on: dated(on, visit.language),
        words=WORDS,
        first=before is None,
    )


async def names_of(session: Session, ids: set[int | None]) -> dict[int, str]:
    """The names of staff by their ids."""
    found: dict[int, str] = {}
    for member_id in ids:
        member = None if member_id is None else await staff.get(session, member_id)
        if member is not None:
            found[member.id] = member.name
    return found


async def _titles(
    session: Session, visit: Visit, person: Person, answers: tuple[Answered, ...]
) -> dict[int, str]:
    ids = {one.campaign_id for one in person.sent if one.campaign_id is not None}
    ids |= {one.campaign_id for one in answers}
    return await of_contact.titles(session, visit.member, ids)
