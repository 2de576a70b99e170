"""Who asks, and how a request is done: one unit, and never twice under the same key."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated

from fastapi import Request, Response, Security
from fastapi.params import Security as SecurityParam
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from campaigns.conduct import Conduct
from campaigns.sheet.prices import Prices
from campaigns.written.file import Outside
from console.api import requests
from console.api.problems import HEADERS, Forbidden, Unauthorized, language_of
from console.api.requests import Stored
from db.session import Database, Session
from kit.clock import Clock
from kit.errors import Invalid
from locales.text import _
from staff import tokens
from staff.model import Member
from staff.store import log
from staff.tokens import Bearer, Scope

IDEMPOTENCY_KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200

SCHEME = HTTPBearer(
    scheme_name="token",
    bearerFormat="tequio_<id>_<secret>",
    description="Made by `tequio tokens create`. The scopes that an operation needs stand with it.",
    auto_error=False,
)

InSession = Callable[[Session], Awaitable[object]]
Alone = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a program. `operation` is what the audit calls it, `key` what it wants to be
    known by should it come again."""

    bearer: Bearer
    operation: str
    now: datetime
    language: str
    key: str | None
    seen: str | None
    """What it says to have read (`If-Match`)."""
    line: bytes
    """Method, path and query, type of the body: with the body, what a request is known by."""

    @property
    def member(self) -> Member:
        """In whose name."""
        return self.bearer.member

    @property
    def token_id(self) -> int:
        """By which token."""
        return self.bearer.token.id

    def print_of(self, body: bytes) -> bytes:
        """What tells this request from others."""
        return sha256(self.line + sha256(body).digest()).digest()


@dataclass(frozen=True, slots=True)
class Desk:
    """What every operation works with."""

    database: Database
    clock: Clock
    conduct: Conduct
    outside: Outside
    prices: Callable[[], Prices]

    def needs(self, scope: Scope) -> list[SecurityParam]:
        """What a route depends on: a token for `scope`, of a member whose role allows it."""
        entered: SecurityParam = Security(self._enter, scopes=[scope])
        return [entered]

    def call(self, request: Request) -> Call:
        """The call of a request that `needs` has let in. Invalid for a key that is none."""
        bearer: Bearer = request.state.bearer
        key = request.headers.get(IDEMPOTENCY_KEY)
        is_key = key is None or (0 < len(key) <= LONGEST_KEY and key.isascii())
        if not is_key or not (key or "-").isprintable():
            raise Invalid(_("api.key"), most=LONGEST_KEY)
        parts = (request.method, request.scope["path"], request.url.query)
        typed = request.headers.get("content-type", "")
        line = "\n".join((*parts, typed)).encode(errors="surrogateescape")
        name: str = request.scope["route"].name
        seen = request.headers.get("if-match")
        now = self.clock.now()
        return Call(bearer, name, now, language_of(request), key, seen, line)

    async def _enter(
        self,
        request: Request,
        scopes: SecurityScopes,
        sent: Annotated[HTTPAuthorizationCredentials | None, Security(SCHEME)],
    ) -> None:
        async with self.database.read() as session:
            written = "" if sent is None else sent.credentials
            bearer = await tokens.bearer(session, written, self.clock.now())
        if bearer is None:
            raise Unauthorized(_("api.unauthorized"))
        for scope in scopes.scopes:
            if Scope(scope) not in bearer.token.scopes:
                raise Forbidden(_("api.scope"), scope=scope)
            if not bearer.may(Scope(scope)):
                raise Forbidden(_("staff.not_allowed"))
        request.state.bearer = bearer

    async def look(self, work: InSession) -> Response:
        """One unit that only reads."""
        async with self.database.read() as session:
            return answered(await work(session))

    async def act(self, call: Call, body: bytes, work: InSession, status: int = 200) -> Response:
        """One unit that writes: the work, its line in the audit, and its answer under the key.

        Asked again while it is at work, the second waits for the first and gets its answer.
        """
        async with self.database.write() as session:
            if call.key is not None:
                before = await requests.begin(
                    session, call.token_id, call.key, call.print_of(body), call.now
                )
                if before is not None:
                    return again(before)
            stored = Stored(status, packed(await work(session)))
            await _note(session, call)
            if call.key is not None:
                await requests.finish(session, call.token_id, call.key, stored)
        return _response(stored)

    async def act_alone(
        self, call: Call, body_print: bytes, work: Alone, *, noted: bool = False
    ) -> Response:
        """Work in units of its own. Asked again meanwhile, InProgress is raised."""
        key, token_id = call.key, call.token_id
        if key is None:
            stored = Stored(200, packed(await work()))
            if noted:
                async with self.database.write() as session:
                    await _note(session, call)
            return _response(stored)
        async with self.database.write() as session:
            before = await requests.begin(
                session, token_id, key, call.print_of(body_print), call.now
            )
        if before is not None:
            return again(before)
        try:
            stored = Stored(200, packed(await work()))
            async with self.database.write() as session:
                if noted:
                    await _note(session, call)
                await requests.finish(session, token_id, key, stored)
        except BaseException:
            with suppress(Exception):
                await asyncio.shield(self._give_up(token_id, key))
            raise
        return _response(stored)

    async def _give_up(self, token_id: int, key: str) -> None:
        async with self.database.write() as session:
            await requests.give_up(session, token_id, key)


def answered(
    document: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A document as JSON that nobody on the way keeps."""
    return JSONResponse(document, status, {**HEADERS, **(headers or {})})


def packed(document: object) -> str:
    """A document as it is kept."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def again(stored: Stored) -> Response:
    """What the same request was answered before."""
    found = _response(stored)
    found.headers[REPLAYED] = "true"
    return found


def _response(stored: Stored) -> Response:
    return Response(stored.body, stored.status, HEADERS, "application/json")


async def _note(session: Session, call: Call) -> None:
    """Who did it by which token: the services say what was done."""
    about = tokens.about(call.token_id)
    await log(session, call.member.id, f"api.{call.operation}", about, call.now)
