"""The steps between the password and being in: a code, or setting one up."""

from fastapi import Response

from console.frame.origin import inside
from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.frame.visit import Visit
from console.signin import door
from kit.errors import Problem
from staff.signin import sessions
from staff.signin.model import Stage
from staff.signin.service import SignIn

ANY = tuple(Stage)
SETS_UP = (Stage.ENROL, Stage.IN)


def add_steps(pages: StaffPages, sign_in: SignIn) -> None:
    """Add the pages of the second step, and signing out."""
    _add_code(pages, sign_in)
    _add_enrolment(pages, sign_in)

    @pages.post("/salir", needs=None, stages=ANY)
    async def leave(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await sessions.leave(session, visit.who, visit.now)
        answer = visit.go(f"/entrar?salio=1&lang={visit.language}")
        # What forms kept in this browser goes, too: the next one at this machine is another.
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        door.drop_cookie(answer, visit.request)
        return answer


def _add_code(pages: StaffPages, sign_in: SignIn) -> None:
    @pages.get("/entrar/codigo", needs=None, stages=(Stage.SECOND,))
    async def ask(visit: Visit) -> Response:
        return door.step(visit, "signin/second.html")

    @pages.post("/entrar/codigo", needs=None, stages=(Stage.SECOND,))
    async def prove(visit: Visit) -> Response:
        came_from = door.comes_from(visit.request, visit.language)
        try:
            came = await sign_in.second(visit.who, visit.form["code"], came_from, visit.now)
        except Problem as problem:
            fault = visit.text(problem.key, **problem.params)
            return door.step(visit, "signin/second.html", status_of(problem), fault=fault)
        return door.let_in(visit.request, came, _after(visit))


def _add_enrolment(pages: StaffPages, sign_in: SignIn) -> None:
    async def show(visit: Visit, status: int = 200, fault: str = "") -> Response:
        offered = await sign_in.offer(visit.who)
        values = {"qr": door.drawn(offered.picture), "secret": offered.secret, "fault": fault}
        return door.step(visit, "signin/enrol.html", status, **values)

    @pages.get("/entrar/segundo-paso", needs=None, stages=SETS_UP)
    async def offer(visit: Visit) -> Response:
        return await show(visit)

    @pages.post("/entrar/segundo-paso", needs=None, stages=SETS_UP)
    async def take(visit: Visit) -> Response:
        came_from = door.comes_from(visit.request, visit.language)
        try:
            came = await sign_in.enrol(visit.who, visit.form["code"], came_from, visit.now)
        except Problem as problem:
            return await show(visit, status_of(problem), visit.text(problem.key, **problem.params))
        onward = _after(visit) or "/inicio"
        answer = door.step(visit, "signin/codes.html", codes=came.codes, onward=onward)
        door.put_cookie(answer, visit.request, came)
        return answer


def _after(visit: Visit) -> str:
    """The page that somebody had wanted before the first step."""
    return inside(visit.request.cookies.get("after", "")) or ""
