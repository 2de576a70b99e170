"""Audiences: those that are kept under a name, and counting any."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from campaigns.audience import audiences, counting
from campaigns.audience.audiences import SavedAudience
from campaigns.audience.language import MOST_SIGNS, parse, written
from console.api import shapes
from console.api.bodies import JSON, fields_of, refuse_type, whole
from console.api.desk import Desk
from console.api.documents import Document, stamp
from console.api.openapi import TO_ONE, WITH_BODY, Description, an_object, body_of, problems
from console.api.pages import USUAL, Cursor, Limit, mark, name_of
from console.api.problems import HEADERS
from contacts.labels import LONGEST
from db.session import Session
from staff.tokens import Scope

LIST = "audiences"
EXPRESSION: Description = {
    "type": "string",
    "minLength": 1,
    "maxLength": MOST_SIGNS,
    "examples": ["region:mixteca and country:US"],
}
Name = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST, description="Lower-case letters, digits and hyphens."),
]


def add_audiences(api: APIRouter, desk: Desk) -> None:
    """Add the operations on audiences."""
    _add_reading(api, desk)
    _add_writing(api, desk)
    _add_count(api, desk)


def _add_reading(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/audiences",
        name="audiences.list",
        dependencies=desk.needs(Scope.AUDIENCES_READ),
        response_model=shapes.Audiences,
        responses=problems(),
    )
    async def list_(limit: Limit = USUAL, cursor: Cursor = None) -> Response:
        """Saved audiences, by name."""
        after = name_of(cursor, LIST) or ""

        async def work(session: Session) -> object:
            left = [one for one in await audiences.all_of(session) if one.name > after]
            following = mark(LIST, left[limit - 1].name) if len(left) > limit else None
            return {"items": [_document(one) for one in left[:limit]], "next": following}

        return await desk.look(work)

    @api.get(
        "/audiences/{name}",
        name="audiences.get",
        dependencies=desk.needs(Scope.AUDIENCES_READ),
        response_model=shapes.LookedUp,
        responses=problems(404),
    )
    async def get(name: Name) -> Response:
        """What a saved audience says, also with the others that it names in their places."""

        async def work(session: Session) -> object:
            saved = await audiences.get(session, name)
            found = await audiences.expanded(session, parse(saved.expression))
            return _document(saved) | {"whole": written(found)}

        return await desk.look(work)


def _add_writing(api: APIRouter, desk: Desk) -> None:
    @api.put(
        "/audiences/{name}",
        name="audiences.put",
        dependencies=desk.needs(Scope.AUDIENCES_WRITE),
        response_model=shapes.SavedAudience,
        responses=problems(*WITH_BODY),
        openapi_extra=body_of(*JSON, schema=an_object(expression=EXPRESSION), key=False),
    )
    async def put(request: Request, name: Name) -> Response:
        """Keep an expression under a name, in the place of what the name stood for."""
        call = desk.call(request)
        refuse_type(request, JSON)
        body = await whole(request)

        async def work(session: Session) -> object:
            text = str(fields_of(body, {"expression": str}, call.language)["expression"])
            return _document(await audiences.save(session, name, text, call.member, call.now))

        return await desk.act(call, body, work)

    @api.delete(
        "/audiences/{name}",
        name="audiences.delete",
        dependencies=desk.needs(Scope.AUDIENCES_WRITE),
        status_code=204,
        responses=problems(*TO_ONE),
    )
    async def delete(request: Request, name: Name) -> Response:
        """Forget a saved audience that nothing names."""
        call = desk.call(request)

        async def work(session: Session) -> object:
            await audiences.remove(session, name, call.member, call.now)
            return None

        await desk.act(call, b"", work, 204)
        return Response(status_code=204, headers=HEADERS)


def _add_count(api: APIRouter, desk: Desk) -> None:
    @api.post(
        "/audiences/count",
        name="audiences.count",
        dependencies=desk.needs(Scope.AUDIENCES_READ),
        response_model=shapes.Count,
        responses=problems(*WITH_BODY),
        openapi_extra=body_of(*JSON, schema=an_object(audience=EXPRESSION)),
    )
    async def count(request: Request) -> Response:
        """Count the people of an expression, which needs no name."""
        call = desk.call(request)
        refuse_type(request, JSON)
        body = await whole(request)

        async def work() -> object:
            text = str(fields_of(body, {"audience": str}, call.language)["audience"])
            async with desk.database.read() as session:
                return await counting.count(session, text)

        return await desk.act_alone(call, body, work)


def _document(saved: SavedAudience) -> Document:
    return {
        "name": saved.name,
        "expression": saved.expression,
        "author_id": saved.author_id,
        "created_at": stamp(saved.created_at),
        "changed_at": stamp(saved.changed_at),
    }
