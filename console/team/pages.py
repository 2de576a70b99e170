"""`/equipo`: taking people on, changing what is known of them, and letting them go."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Response

from alerts import trying
from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.frame.visit import Visit
from console.team import words
from console.team.form import Typed, differences, read, typed_in, typed_of
from db.session import Session
from kit.errors import Problem
from locales.text import _
from staff import managing
from staff import store as staff
from staff.managing import Outdated, print_of, wanted_of
from staff.model import Member, Right
from staff.signin import sessions
from staff.signin.forms import once
from staff.signin.model import Invitation

HERE = "/equipo"
ONE = f"{HERE}/{{id}}"
NEEDS = Right.MANAGE_STAFF

Act = Callable[[Session, Visit, int], Awaitable[str | None]]
"""Does something to somebody in a unit, and gives the key of the sentence that says so."""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form and what is said of it: sentences by field, and what somebody else saved meanwhile
    (a field's key, what stands there, what was typed)."""

    typed: Typed
    sentence: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    differences: Sequence[tuple[str, str, str]] = ()
    seen: str = ""


def add_team(pages: StaffPages, address: str) -> None:
    """Add every page of the team. `address` is where this platform is found: links begin so."""
    _add_list(pages)
    _add_new(pages, address)
    # Behind the paths that have a name: /equipo/{id} takes whatever stands there.
    _add_one(pages)
    _add_links(pages, address)
    _add_acts(pages)


def _add_list(pages: StaffPages) -> None:
    @pages.get(HERE, needs=NEEDS)
    async def show(visit: Visit) -> Response:
        async with visit.database.read() as session:
            people = await managing.people(session, visit.member, visit.now)
        return visit.page("team/list.html", people=people, words=words)


def _add_new(pages: StaffPages, address: str) -> None:
    def shown(visit: Visit, form: FormView, status: int = 200) -> Response:
        return visit.page("team/new.html", status=status, form=form, words=words)

    @pages.get(f"{HERE}/nueva", needs=NEEDS)
    async def ask(visit: Visit) -> Response:
        return shown(visit, FormView(Typed()))

    @pages.post(f"{HERE}/nueva", needs=NEEDS)
    async def add(visit: Visit) -> Response:
        typed = typed_in(visit.form)
        found = read(typed)
        if found.wanted is None:
            return shown(visit, _faulty(visit, typed, found.faults), 422)
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(HERE, _("console.team.taken_on_already"))
                made = await managing.take_on(
                    session, visit.member, found.wanted, visit.now, secrets.randbelow
                )
                member = await staff.by_email(session, found.wanted.email)
        except Problem as problem:
            form = FormView(typed, _sentence(visit, problem))
            return shown(visit, form, status_of(problem))
        return _link(visit, made, member, address)


def _add_one(pages: StaffPages) -> None:
    async def shown(visit: Visit, form: FormView | None = None, status: int = 200) -> Response:
        async with visit.database.read() as session:
            one = await managing.colleague(session, visit.member, visit.number("id"), visit.now)
            opened = await sessions.of_member(session, one.member, visit.member, visit.now)
        now = wanted_of(one.member)
        if form is None:
            form = FormView(typed_of(now), seen=print_of(now))
        elif status == 409:
            others = differences(typed_of(now), form.typed)
            form = FormView(form.typed, form.sentence, {}, others, print_of(now))
        return visit.page(
            "team/one.html",
            status=status,
            one=one,
            form=form,
            opened=opened,
            itself=one.member.id == visit.member.id,
            words=words,
        )

    @pages.get(ONE, needs=NEEDS)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(ONE, needs=NEEDS)
    async def alter(visit: Visit) -> Response:
        member_id, typed, seen = visit.number("id"), typed_in(visit.form), visit.form["seen"]
        found = read(typed)
        if found.wanted is None:
            return await shown(visit, _faulty(visit, typed, found.faults, seen), 422)
        try:
            async with visit.database.write() as session:
                await managing.alter(
                    session, visit.member, member_id, found.wanted, seen, visit.now
                )
        except Problem as problem:
            form = FormView(typed, _sentence(visit, problem), seen=seen)
            status = 409 if isinstance(problem, Outdated) else status_of(problem)
            return await shown(visit, form, status)
        return visit.go(f"{HERE}/{member_id}", _("console.team.saved"))


def _add_links(pages: StaffPages, address: str) -> None:
    def add(name: str, *, reset_second: bool) -> None:
        @pages.post(f"{ONE}/{name}", needs=NEEDS)
        async def invite(visit: Visit) -> Response:
            member_id = visit.number("id")
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(f"{HERE}/{member_id}", _("console.team.link_once"))
                made = await managing.invite(
                    session, visit.member, member_id, visit.now, reset_second=reset_second
                )
                member = await staff.get(session, member_id)
            return _link(visit, made, member, address, reset_second=reset_second)

    add("invitacion", reset_second=False)
    add("segundo-paso", reset_second=True)


def _add_acts(pages: StaffPages) -> None:
    def add(name: str, act: Act) -> None:
        @pages.post(f"{ONE}/{name}", needs=NEEDS)
        async def do(visit: Visit) -> Response:
            member_id = visit.number("id")
            async with visit.database.write() as session:
                said = await act(session, visit, member_id)
            return visit.go(f"{HERE}/{member_id}", said)

    async def leave(session: Session, visit: Visit, member_id: int) -> str:
        await managing.leave(session, visit.member, member_id, visit.now)
        return _("console.team.said.left")

    async def come_back(session: Session, visit: Visit, member_id: int) -> str:
        await managing.come_back(session, visit.member, member_id, visit.now)
        return _("console.team.said.back")

    async def sign_out(session: Session, visit: Visit, member_id: int) -> str:
        itself = visit.who.id if member_id == visit.member.id else None
        await managing.sign_out(session, visit.member, member_id, visit.now, except_=itself)
        return _("console.team.said.signed_out")

    async def test(session: Session, visit: Visit, member_id: int) -> str | None:
        one = await managing.colleague(session, visit.member, member_id, visit.now)
        if not await once(session, visit.form["once"], visit.now):
            return None
        await trying.try_methods(session, one.member, visit.now)
        about = f"member:{member_id}"
        await staff.log(session, visit.member.id, "staff.test", about, visit.now)
        return _("console.team.said.tested")

    add("baja", leave)
    add("alta", come_back)
    add("sesiones", sign_out)
    add("probar", test)


def _link(
    visit: Visit,
    made: Invitation,
    member: Member | None,
    address: str,
    *,
    reset_second: bool = False,
) -> Response:
    """The page that shows a link, this once."""
    return visit.page(
        "team/link.html",
        link=f"{address}{made.path}",
        until=made.expires_at,
        someone=member,
        reset_second=reset_second,
    )


def _faulty(visit: Visit, typed: Typed, faults: Mapping[str, Problem], seen: str = "") -> FormView:
    said = {name: _sentence(visit, problem) for name, problem in faults.items()}
    return FormView(typed, visit.text(_("console.team.look_again")), said, seen=seen)


def _sentence(visit: Visit, problem: Problem) -> str:
    return visit.text(problem.key, **problem.params)
