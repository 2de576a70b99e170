"""A program that uses the API: its token, its requests, and the people behind it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from campaigns.conduct import Conduct
from campaigns.written.file import Outside
from console.api.routes import PREFIX, api_routes
from db.session import Database
from engine.cron import CronCalendar
from kit.clock import Clock
from staff import tokens
from staff.model import Member
from staff.tokens import Scope
from tests.stores.campaign_people import NOON

EVERYTHING = tuple(Scope)
DOCUMENT: Mapping[str, object] = {
    "title": "Fraudes",
    "topic": "fraud",
    "audience": "topic:fraud",
    "content": {"es": {"text": "Nadie del programa le pedirá dinero."}},
}


class Stopped(Clock):
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at


def application(database: Database, clock: Clock) -> FastAPI:
    """A web application of the API alone."""
    app = FastAPI()
    conduct = Conduct(CronCalendar())
    app.include_router(api_routes(database, clock, conduct, Outside(CronCalendar())))
    return app


@dataclass
class Program:
    """What another machine does with a token."""

    app: FastAPI
    token: str
    member: Member

    async def ask(
        self,
        method: str,
        path: str,
        *,
        document: object = None,
        content: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """The answer to a request; `document` goes out as JSON."""
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        if document is not None:
            content = json.dumps(document)
            sent.setdefault("Content-Type", "application/json")
        transport = ASGITransport(self.app)
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
            return await client.request(method, PREFIX + path, content=content, headers=pairs)

    async def get(self, path: str, **headers: str) -> Response:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, document: object = None, **headers: str) -> Response:
        """A keyword `idempotency_key` is the header of that name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ask("POST", path, document=document, headers=named)


async def a_token(
    database: Database, member: Member, scopes: Sequence[Scope] = EVERYTHING, days: int = 90
) -> str:
    """A token of a member, as it is written."""
    async with database.write() as session:
        _token, written = await tokens.create(session, "pruebas", scopes, member, NOON, days)
    return written


async def a_program(
    database: Database,
    member: Member,
    *scopes: Scope,
    clock: Clock | None = None,
) -> Program:
    """A program with a token of a member, for everything unless told otherwise."""
    token = await a_token(database, member, scopes or EVERYTHING)
    return Program(application(database, clock or Stopped()), token, member)


def problem(answer: Response, status: int, code: str) -> dict[str, object]:
    """The problem that an answer tells."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, object] = answer.json()
    assert (found["type"], found["status"]) == (f"urn:tequio:{code}", status)
    assert found["title"]
    assert found["detail"]
    return found
