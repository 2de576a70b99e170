"""`/entrar` and the steps behind it, and the links by which somebody chooses a password."""

from fastapi import APIRouter, Request, Response

from console.frame.forms import Form, read_form
from console.frame.origin import inside, is_ours
from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.signin import door
from kit.errors import NotFound, Problem, Refused
from locales.catalog import render
from locales.text import _
from staff.signin.model import Invited
from staff.signin.service import SignIn

MOST_BYTES = 16_384


def add_entering(pages: StaffPages, sign_in: SignIn) -> None:
    """Add the pages that somebody sees who is not signed in. They stand open to all."""
    router = pages.router
    _add_enter(router, pages, sign_in)
    _add_links(router, pages, sign_in)


def _add_enter(router: APIRouter, pages: StaffPages, sign_in: SignIn) -> None:
    def show(request: Request, status: int = 200, **values: object) -> Response:
        known = {"email": "", "after": inside(request.query_params.get("a", "")) or ""}
        return door.page(pages.layout, request, "signin/enter.html", status, known | values)

    @router.get("/entrar")
    async def ask(request: Request) -> Response:
        chosen = door.language(request)
        who = await pages.signed_in(request)
        after = inside(request.query_params.get("a", "")) or ""
        if who is not None and who.is_in:
            return door.go(after or "/inicio")
        asked = request.query_params
        told = ""
        if "vencida" in asked:
            told = render(_("console.signin.expired"), chosen)
        elif "salio" in asked:
            told = render(_("console.signin.left"), chosen)
        return show(request, told=told, language=chosen)

    @router.post("/entrar")
    async def enter(request: Request) -> Response:
        chosen = door.language(request)
        form = Form([])
        try:
            form = await _form(request)
            chosen = door.language(request, form["lang"])
            visitor = door.comes_from(request, chosen)
            came = await sign_in.enter(form["email"], form["password"], visitor, pages.clock.now())
        except Problem as problem:
            return show(
                request,
                status_of(problem),
                fault=render(problem.key, chosen, problem.params),
                email=form["email"][:254],
                after=inside(form["a"]) or "",
                language=chosen,
            )
        return door.let_in(request, came, inside(form["a"]) or "")


def _add_links(router: APIRouter, pages: StaffPages, sign_in: SignIn) -> None:
    def over(request: Request, problem: Problem, chosen: str) -> Response:
        values = {"language": chosen}
        return door.page(pages.layout, request, "signin/stale_link.html", 404, values)

    def show(
        request: Request, found: Invited, status: int, chosen: str, **values: object
    ) -> Response:
        member = found.member
        known = {
            "is_first": member is None,
            "name": "" if member is None else member.name,
            "email": "" if member is None else member.email,
            "language": chosen,
        }
        return door.page(pages.layout, request, "signin/invited.html", status, known | values)

    @router.get("/entrar/invitacion/{token}")
    async def open_(request: Request, token: str) -> Response:
        chosen = door.language(request)
        try:
            found = await sign_in.invited(token, pages.clock.now())
        except NotFound as problem:
            return over(request, problem, chosen)
        return show(request, found, 200, chosen)

    @router.post("/entrar/invitacion/{token}")
    async def accept(request: Request, token: str) -> Response:
        chosen, form, found = door.language(request), Form([]), None
        try:
            found = await sign_in.invited(token, pages.clock.now())
            form = await _form(request)
            chosen = door.language(request, form["lang"])
            if form["password"] != form["again"]:
                raise Refused(_("console.signin.password_differs"))
            came = await sign_in.accept(
                token,
                form["password"],
                door.comes_from(request, chosen),
                pages.clock.now(),
                name=form["name"],
                email=form["email"],
            )
        except NotFound as problem:
            return over(request, problem, chosen)
        except Problem as problem:
            if found is None:
                return over(request, problem, chosen)
            fault = render(problem.key, chosen, problem.params)
            typed = {} if found.member else {"name": form["name"], "email": form["email"]}
            return show(request, found, status_of(problem), chosen, fault=fault, **typed)
        return door.let_in(request, came)


async def _form(request: Request) -> Form:
    """A form of somebody without a session, from a page of ours."""
    if not is_ours(request.headers):
        raise Refused(_("console.form.foreign"))
    return await read_form(request, MOST_BYTES)
