"""`/personas/solicitudes`: what people asked of us about their own data, and by when it is due."""

from collections.abc import Sequence
from datetime import date

from fastapi import Response

from alerts.coverage.tries import day_of
from alerts.rights import register
from alerts.rights.register import PAGE, Moved, Standing
from console.contacts.asking import code, sentence
from console.contacts.person import ONE, names_of
from console.contacts.search import HERE, address
from console.contacts.words import WORDS, dated
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from contacts.rights import terms
from contacts.rights.model import PROOFS, Identity, Kind, Step, Way
from contacts.rights.steps import NEED_WORDS
from kit.errors import Invalid, Problem
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

LIST = f"{HERE}/solicitudes"
CLOSED = "cerradas"


def add_requests(pages: StaffPages) -> None:
    """The register, one request of it, and taking one in with or without a contact."""
    _add_list(pages)
    _add_one(pages)

    @pages.post(f"{ONE}/solicitudes", needs=Right.CHANGE_CONTACTS)
    async def receive_of(visit: Visit) -> Response:
        contact_id = visit.number("id")
        try:
            return visit.go(await _receive(visit, contact_id), _("console.contacts.said_received"))
        except Invalid as problem:
            return await _list(visit, problem, contact_id)


def _add_list(pages: StaffPages) -> None:
    @pages.get(LIST, needs=Right.SEE_CONTACTS)
    async def show(visit: Visit) -> Response:
        return await _list(visit)

    @pages.post(LIST, needs=Right.CHANGE_CONTACTS)
    async def receive(visit: Visit) -> Response:
        try:
            return visit.go(await _receive(visit, None), _("console.contacts.said_received"))
        except Invalid as problem:
            return await _list(visit, problem)


def _add_one(pages: StaffPages) -> None:
    one = f"{LIST}/{{id}}"

    @pages.get(one, needs=Right.SEE_CONTACTS)
    async def show(visit: Visit) -> Response:
        return await _one(visit)

    @pages.post(one, needs=Right.CHANGE_CONTACTS)
    async def move(visit: Visit) -> Response:
        form, request_id = visit.form, visit.number("id")
        here = f"{LIST}/{request_id}"
        try:
            step = code(Step, form["step"])
            identity = code(Identity, form["identity"]) if form["identity"] else None
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(here)
                await register.move(
                    session,
                    visit.member,
                    request_id,
                    step,
                    visit.now,
                    version=form.number("version", 1, LARGEST_ID) or 0,
                    words=form["words"],
                    identity=identity,
                )
        except Moved as problem:
            return await _one(visit, problem, 409)
        except Invalid as problem:
            return await _one(visit, problem, 422)
        return visit.go(here, _("console.contacts.said_moved"))


async def _list(
    visit: Visit, trouble: Problem | None = None, contact_id: int | None = None
) -> Response:
    closed = visit.query("ver") == CLOSED
    day, last = _after(visit.query("tras"))
    found: Sequence[Standing]
    async with visit.database.read() as session:
        if closed:
            found = await register.over(session, visit.member, visit.now, last or None)
        else:
            after = None if day is None else (day, last)
            found = await register.waiting(session, visit.member, visit.now, after)
    shown, more = found[:PAGE], len(found) > PAGE
    return visit.page(
        "contacts/requests.html",
        status=422 if trouble else 200,
        found=shown,
        closed=closed,
        next=_place(shown[-1], closed) if more else "",
        form_action=f"{address(contact_id)}/solicitudes" if contact_id else LIST,
        contact_id=contact_id,
        today=day_of(visit.now),
        trouble=sentence(visit, trouble),
        typed=visit.form,
        terms=terms,
        dated=lambda on: dated(on, visit.language),
        words=WORDS,
    )


async def _one(visit: Visit, trouble: Problem | None = None, status: int = 200) -> Response:
    async with visit.database.read() as session:
        found = await register.whole(session, visit.member, visit.number("id"), visit.now)
        names = await names_of(
            session, {found.request.member_id, *(one.member_id for one in found.history)}
        )
    return visit.page(
        "contacts/request.html",
        status=status,
        found=found,
        request_=found.request,
        names=names,
        proofs=PROOFS,
        need_words=NEED_WORDS,
        acts=_acts(found.request.contact_id, found.request.kind),
        trouble=sentence(visit, trouble),
        typed=visit.form,
        terms=terms,
        dated=lambda on: dated(on, visit.language),
        words=WORDS,
    )


async def _receive(visit: Visit, contact_id: int | None) -> str:
    """Take a request in; gives where it is."""
    form = visit.form
    kind, way = code(Kind, form["kind"]), code(Way, form["way"])
    try:
        received_on = date.fromisoformat(form["received_on"].strip())
    except ValueError:
        raise Invalid(_("console.contacts.day_unreadable")) from None
    async with visit.database.write() as session:
        if not await once(session, form["once"], visit.now):
            return LIST
        made = await register.receive(
            session,
            visit.member,
            kind,
            way,
            received_on,
            visit.now,
            contact_id=contact_id,
            words=form["words"],
        )
    return f"{LIST}/{made.id}"


_ACTS = {
    Kind.ACCESS: "datos",
    Kind.RECTIFICATION: "corregir",
    Kind.CANCELLATION: "borrar",
    Kind.OPPOSITION: "oponer",
}


def _acts(contact_id: int | None, kind: Kind) -> str:
    """Where a request is carried out, "" when we hold nothing of who asks."""
    return "" if contact_id is None else f"{address(contact_id)}/{_ACTS[kind]}"


def _after(typed: str) -> tuple[date | None, int]:
    """A place in the list from the address, `2026-12-01.7`; anything else is the beginning."""
    day, _dot, last = typed.rpartition(".")
    if not (last.isascii() and last.isdigit() and len(last) <= 15):
        return None, 0
    try:
        return (date.fromisoformat(day) if day else None), int(last)
    except ValueError:
        return None, 0


def _place(last: Standing, closed: bool) -> str:
    due = last.request.due_on
    return f".{last.request.id}" if closed or due is None else f"{due}.{last.request.id}"
