"""`/cuenta`: one's own sessions, language, password and recovery codes."""

from fastapi import Response

from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.frame.visit import Visit
from console.signin import door
from kit.errors import Problem, Refused
from locales.text import _
from staff.model import Role
from staff.signin import sessions, store
from staff.signin.service import SignIn

ACCOUNT = "/cuenta"

ROLES = {
    Role.ADMIN: _("console.role.admin"),
    Role.COORDINATOR: _("console.role.coordinator"),
    Role.COMMUNICATOR: _("console.role.communicator"),
    Role.DUTY: _("console.role.duty"),
    Role.AUDITOR: _("console.role.auditor"),
}


def add_account(pages: StaffPages, sign_in: SignIn) -> None:
    """Add the pages of one's own account."""

    async def show(visit: Visit, status: int = 200, fault: str = "") -> Response:
        async with visit.database.read() as session:
            opened = await sessions.of_member(session, visit.member, visit.member, visit.now)
            kept = await store.credential_of(session, visit.member.id)
            left = await store.codes_left(session, visit.member.id)
        return visit.page(
            "signin/account.html",
            status=status,
            sessions=opened,
            role=ROLES[visit.member.role],
            has_second=kept.has_second,
            codes_left=left,
            fault=fault,
        )

    @pages.get("/mas", needs=None)
    async def more(visit: Visit) -> Response:
        return visit.page("frame/more.html")

    @pages.get(ACCOUNT, needs=None)
    async def account(visit: Visit) -> Response:
        return await show(visit)

    @pages.post("/cuenta/idioma", needs=None)
    async def speak(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await sessions.speak(session, visit.who, visit.form["language"])
        return visit.go(ACCOUNT)

    @pages.post("/cuenta/contrasena", needs=None)
    async def change_password(visit: Visit) -> Response:
        came_from = door.comes_from(visit.request, visit.language)
        try:
            if visit.form["password"] != visit.form["again"]:
                raise Refused(_("console.signin.password_differs"))
            came = await sign_in.change_password(
                visit.who, visit.form["old"], visit.form["password"], came_from, visit.now
            )
        except Problem as problem:
            fault = visit.text(problem.key, **problem.params)
            return await show(visit, status_of(problem), fault)
        answer = visit.go(ACCOUNT, _("console.account.password_changed"))
        door.put_cookie(answer, visit.request, came)
        return answer

    @pages.post("/cuenta/codigos", needs=None)
    async def new_codes(visit: Visit) -> Response:
        came_from = door.comes_from(visit.request, visit.language)
        codes = await sign_in.new_codes(visit.who, visit.form["code"], came_from, visit.now)
        return door.step(visit, "signin/codes.html", codes=codes, onward=ACCOUNT)

    @pages.post("/cuenta/dispositivos/{session_id}/cerrar", needs=None)
    async def end(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await sessions.end(session, visit.number("session_id"), visit.member, visit.now)
        return visit.go(ACCOUNT, _("console.account.ended"))

    @pages.post("/cuenta/dispositivos/cerrar", needs=None)
    async def end_others(visit: Visit) -> Response:
        member = visit.member
        async with visit.database.write() as session:
            await sessions.end_all(
                session, member.id, visit.now, by=member.id, except_=visit.who.id
            )
        return visit.go(ACCOUNT, _("console.account.ended"))
