"""Adding pages for staff: each says which right it needs, and nobody gets further without it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.frame import problems
from console.frame.forms import MOST_BYTES, Form, read_form
from console.frame.layout import Layout
from console.frame.origin import is_ours
from console.frame.visit import HEADERS, HOME, Visit, page_before
from db.session import Database
from kit.clock import Clock
from kit.errors import Problem, Refused
from locales.text import _
from staff.model import Right
from staff.rules import require
from staff.signin import sessions
from staff.signin.model import SignedIn, Stage

Handler = Callable[[Visit], Awaitable[Response]]
Add = Callable[[Handler], Handler]

COOKIE = "tequio"
FORM_TOKEN = "csrf"
FORM_HEADER = "x-csrf"


def cookie_name(request: Request) -> str:
    """Where it is https, a name that a browser lets nobody else set."""
    return f"__Host-{COOKIE}" if request.url.scheme == "https" else COOKIE


@dataclass(frozen=True, slots=True)
class Row:
    """One route of the console and the right that it needs; None: whoever is signed in."""

    method: str
    path: str
    needs: Right | None
    stages: Collection[Stage]


@dataclass(frozen=True, slots=True)
class StaffPages:
    """Pages for who works here. `rows` is the table of all of them."""

    database: Database
    clock: Clock
    layout: Layout
    router: APIRouter = field(default_factory=lambda: APIRouter(include_in_schema=False))
    rows: list[Row] = field(default_factory=list)

    def get(
        self, path: str, *, needs: Right | None, stages: Collection[Stage] = (Stage.IN,)
    ) -> Add:
        """A page that is read."""
        return self._adding(Row("GET", path, needs, stages), 0)

    def post(
        self,
        path: str,
        *,
        needs: Right | None,
        stages: Collection[Stage] = (Stage.IN,),
        most: int = MOST_BYTES,
    ) -> Add:
        """Something done by a form of at most `most` bytes, which carries the token."""
        return self._adding(Row("POST", path, needs, stages), most)

    def _adding(self, row: Row, most: int) -> Add:
        def add(handler: Handler) -> Handler:
            async def endpoint(request: Request) -> Response:
                return await self._answer(request, row, most, handler)

            self.router.add_api_route(
                row.path, endpoint, methods=[row.method], name=f"{row.method} {row.path}"
            )
            self.rows.append(row)
            return handler

        return add

    async def signed_in(self, request: Request) -> SignedIn | None:
        """Who has sent this request."""
        cookie = request.cookies.get(cookie_name(request), "")
        if not cookie:
            return None
        now = self.clock.now()
        async with self.database.read() as session:
            found = await sessions.current(session, cookie, now)
        if found is not None and found.is_stale(now):
            async with self.database.write() as session:
                await sessions.seen(session, found, now)
        return found

    async def _answer(self, request: Request, row: Row, most: int, handler: Handler) -> Response:
        who = await self.signed_in(request)
        if who is None or who.stage not in row.stages:
            return _to_the_door(request, who)
        visit = Visit(request, who, self.clock.now(), self.database, self.layout)
        try:
            if row.needs is not None:
                require(who.member, row.needs)
            if row.method == "POST":
                visit = replace(visit, form=await _checked_form(request, who, most))
            return await handler(visit)
        except Problem as problem:
            return problems.page(visit, problem)


async def _checked_form(request: Request, who: SignedIn, most: int) -> Form:
    if not is_ours(request.headers):
        raise Refused(_("console.form.foreign"))
    form = await read_form(request, most)
    token = request.headers.get(FORM_HEADER) or form[FORM_TOKEN]
    if not compare_digest(token.encode(), who.csrf.encode()):
        raise Refused(_("console.form.foreign"))
    return form


def _to_the_door(request: Request, who: SignedIn | None) -> Response:
    """Sign in first, or take the next step of it; afterwards it goes on where it was.

    Whoever was sending a form comes back to the page that it stood on, where staff.js has kept
    what was written.
    """
    if who is None:
        over = request.method != "GET"
        wanted = page_before(request) if over else _whole_path(request)
        asked = {"vencida": "1"} if over else {}
        asked |= {"a": wanted} if wanted and wanted != HOME else {}
        target = f"/entrar?{urlencode(asked)}" if asked else "/entrar"
    else:
        target = STEPS[who.stage]
    if "hx-request" in request.headers:
        return HTMLResponse("", 401, {**HEADERS, "HX-Redirect": target})
    return RedirectResponse(target, 303, HEADERS)


def _whole_path(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


STEPS = {
    Stage.ENROL: "/entrar/segundo-paso",
    Stage.SECOND: "/entrar/codigo",
    Stage.IN: HOME,
}
