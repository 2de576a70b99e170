"""Adding pages for staff: each says which right it needs, and nobody gets further without it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.requests import ClientDisconnect

from console.frame import problems
from console.frame.forms import KIND as PLAIN_FORM
from console.frame.forms import MOST_BYTES, Form, kind_of, read_form
from console.frame.layout import Layout
from console.frame.origin import is_ours
from console.frame.uploads import Upload, place_for_a_file, read_upload
from console.frame.visit import HEADERS, HOME, Visit, page_before, whole_path
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
Taker = Callable[[Visit, Upload | None], Awaitable[Response]]
AddTaker = Callable[[Taker], Taker]

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

    def upload(self, path: str, *, needs: Right | None, most: int) -> AddTaker:
        """A form with one file of at most `most` bytes, None when none was chosen. In the page the
        token stands before it. The file is gone once the handler has answered."""

        def add(taker: Taker) -> Taker:
            async def handler(visit: Visit) -> Response:
                request, who = visit.request, visit.who

                def check(form: Form) -> None:
                    _check_token(request, who, form)

                if kind_of(request) == PLAIN_FORM:
                    form = await _checked_form(request, who, MOST_BYTES)
                    return await taker(replace(visit, form=form), None)
                _check_origin(request)
                with place_for_a_file() as file:
                    try:
                        sent = await read_upload(request, file, most, check)
                    except ClientDisconnect:
                        # Nobody is there to read it.
                        return Response(status_code=400)
                    return await taker(replace(visit, form=sent.form), sent.upload)

            self._adding(Row("POST", path, needs, (Stage.IN,)), None)(handler)
            return taker

        return add

    def _adding(self, row: Row, most: int | None) -> Add:
        """`most` is None where the handler reads the form itself."""

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

    async def _answer(
        self, request: Request, row: Row, most: int | None, handler: Handler
    ) -> Response:
        who = await self.signed_in(request)
        if who is None or who.stage not in row.stages:
            return _to_the_door(request, who)
        visit = Visit(request, who, self.clock.now(), self.database, self.layout)
        try:
            if row.needs is not None:
                require(who.member, row.needs)
            if row.method == "POST" and most is not None:
                visit = replace(visit, form=await _checked_form(request, who, most))
            return await handler(visit)
        except Problem as problem:
            return problems.page(visit, problem)


async def _checked_form(request: Request, who: SignedIn, most: int) -> Form:
    _check_origin(request)
    form = await read_form(request, most)
    _check_token(request, who, form)
    return form


def _check_origin(request: Request) -> None:
    if not is_ours(request.headers):
        raise Refused(_("console.form.foreign"))


def _check_token(request: Request, who: SignedIn, form: Form) -> None:
    token = request.headers.get(FORM_HEADER) or form[FORM_TOKEN]
    if not compare_digest(token.encode(), who.csrf.encode()):
        raise Refused(_("console.form.foreign"))


def _to_the_door(request: Request, who: SignedIn | None) -> Response:
    """Sign in first, or take the next step of it; afterwards it goes on where it was.

    Whoever was sending a form comes back to the page that it stood on, where staff.js has kept
    what was written.
    """
    is_part = "hx-request" in request.headers
    if who is None:
        over = request.method != "GET"
        wanted = page_before(request) if over or is_part else whole_path(request)
        asked = {"vencida": "1"} if over else {}
        asked |= {"a": wanted} if wanted and wanted != HOME else {}
        target = f"/entrar?{urlencode(asked)}" if asked else "/entrar"
    else:
        target = STEPS[who.stage]
    if is_part:
        return HTMLResponse("", 401, {**HEADERS, "HX-Redirect": target})
    return RedirectResponse(target, 303, HEADERS)


STEPS = {
    Stage.ENROL: "/entrar/segundo-paso",
    Stage.SECOND: "/entrar/codigo",
    Stage.IN: HOME,
}
