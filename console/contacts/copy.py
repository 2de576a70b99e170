"""`/personas/{id}/datos`: the copy of all that is held of a person, to print or as a file."""

import asyncio
import json

from fastapi import Response

from alerts.rights.export import Held, export
from alerts.rights.looking import TooMany
from console.contacts.asking import asked, form_page
from console.contacts.campaigns import campaigns_of
from console.contacts.document import NOT_IN_IT, Campaigns, Told, document
from console.contacts.person import ONE
from console.contacts.search import address, note, to_change
from console.contacts.words import WORDS, dated, origin_of, place_of
from console.frame.pages import StaffPages
from console.frame.visit import HEADERS, Visit
from contacts.gazetteer import load_gazetteer
from kit.errors import Invalid
from staff.model import Right
from staff.signin.forms import once


def add_copy(pages: StaffPages) -> None:
    """The form that says who asks, and the copy itself: in this one answer, at no address."""

    @pages.get(f"{ONE}/datos", needs=Right.CHANGE_CONTACTS)
    async def ask(visit: Visit) -> Response:
        return form_page(visit, "contacts/export.html", await to_change(visit))

    @pages.post(f"{ONE}/datos", needs=Right.CHANGE_CONTACTS)
    async def take(visit: Visit) -> Response:
        contact_id, member = visit.number("id"), visit.member
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(address(contact_id))
                found = await export(session, member, contact_id, asked(visit), visit.now)
        except TooMany as problem:
            await note(visit, problem)
            raise
        except Invalid as problem:
            return form_page(visit, "contacts/export.html", await to_change(visit), problem)
        async with visit.database.read() as session:
            of_campaigns = await campaigns_of(session, member, contact_id)
        return await _copy(visit, found, of_campaigns)


async def _copy(visit: Visit, found: Held, of_campaigns: Campaigns) -> Response:
    gazetteer = await asyncio.to_thread(load_gazetteer)
    origin = origin_of(found.contact, gazetteer, visit.language)
    place = place_of(found.contact, visit.language)
    if visit.form["format"] == "json":
        told = Told(origin, place, visit.layout.institute, visit.now, visit.language)
        whole = document(found, of_campaigns, told)
        name = f"persona-{found.contact.id}.json"
        return Response(
            json.dumps(whole, ensure_ascii=False, indent=2, default=str),
            media_type="application/json",
            headers={**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'},
        )
    return visit.page(
        "contacts/copy.html",
        held=found,
        contact=found.contact,
        campaigns=of_campaigns,
        not_in_it=NOT_IN_IT,
        here=address(found.contact.id),
        origin=origin,
        place=place,
        dated=lambda on: dated(on, visit.language),
        words=WORDS,
    )
