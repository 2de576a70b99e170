"""Contacts, as far as it takes to select them: never a number, a name or words."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Response

from console.api import shapes, store
from console.api.desk import Desk
from console.api.documents import Document, stamp
from console.api.openapi import problems
from console.api.pages import LARGEST_ID, USUAL, Cursor, Limit, mark, numbers_of
from console.api.store import Person
from db.session import Session
from kit.errors import NotFound
from locales.text import _
from staff.tokens import Scope

LIST = "contacts"
ContactId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The contact's number.")]


def add_contacts(api: APIRouter, desk: Desk) -> None:
    """Add the operations that look at contacts."""

    @api.get(
        "/contacts",
        name="contacts.list",
        dependencies=desk.needs(Scope.CONTACTS_READ),
        response_model=shapes.Contacts,
        responses=problems(),
    )
    async def list_(limit: Limit = USUAL, cursor: Cursor = None) -> Response:
        """Contacts, by id."""
        place = numbers_of(cursor, LIST, 1)
        after = place[0] if place else 0

        async def work(session: Session) -> object:
            found = await store.people_after(session, after, limit + 1)
            following = mark(LIST, found[limit - 1].id) if len(found) > limit else None
            return {"items": [_document(one) for one in found[:limit]], "next": following}

        return await desk.look(work)

    @api.get(
        "/contacts/{contact_id}",
        name="contacts.get",
        dependencies=desk.needs(Scope.CONTACTS_READ),
        response_model=shapes.Contact,
        responses=problems(404),
    )
    async def get(contact_id: ContactId) -> Response:
        """One contact."""

        async def work(session: Session) -> object:
            found = await store.person(session, contact_id)
            if found is None:
                raise NotFound(_("api.contact_unknown"), id=contact_id)
            return _document(found)

        return await desk.look(work)


def _document(one: Person) -> Document:
    return asdict(one) | {"joined_at": stamp(one.joined_at)}
