"""`/guardias/mias`: one's own shifts, and saying that one comes or cannot."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import Response

from alerts.shifts import own
from alerts.shifts.answering import Which
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from console.roster.bits import HERE, Bits
from db.session import Session
from kit.errors import NotFound, Problem
from locales.text import _
from staff.model import Right
from staff.rules import require
from staff.signin.forms import once

MINE = f"{HERE}/mias"

Work = Callable[[Session, Visit], Awaitable[str]]
"""Does something in a unit and gives the key of the sentence that says so."""


def add_own(pages: StaffPages) -> None:
    """The list, and the three answers."""

    async def shown(visit: Visit, trouble: str = "", status: int = 200) -> Response:
        async with visit.database.read() as session:
            mine = await own.own(session, visit.member, visit.now)
        return visit.page(
            "roster/own.html", status=status, mine=mine, trouble=trouble, bits=Bits(visit)
        )

    @pages.get(MINE, needs=Right.SEE_ROSTER)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    def add(name: str, work: Work) -> None:
        @pages.post(f"{MINE}/{name}", needs=Right.HANDLE_CASES)
        async def act(visit: Visit) -> Response:
            require(visit.member, Right.HANDLE_CASES)
            try:
                async with visit.database.write() as session:
                    if not await once(session, visit.form["once"], visit.now):
                        return visit.go(MINE)
                    said = await work(session, visit)
            except Problem as problem:
                return await shown(visit, visit.text(problem.key, **problem.params), 422)
            return visit.go(MINE, said)

    async def comes(session: Session, visit: Visit) -> str:
        await own.comes(session, visit.member, _which(visit), visit.now)
        return _("console.own.said_comes")

    async def cannot(session: Session, visit: Visit) -> str:
        passed = await own.cannot(session, visit.member, _which(visit), visit.now)
        if passed.offered:
            return _("console.own.said_offer_declined")
        if passed.to is None:
            return _("console.own.said_nobody")
        return _("console.own.said_passed")

    async def can_no_more(session: Session, visit: Visit) -> str:
        passed = await own.can_no_more(session, visit.member, visit.now)
        return _("console.own.said_stay") if passed.to is None else _("console.own.said_passed")

    add("voy", comes)
    add("no-puedo", cannot)
    add("relevo", can_no_more)


def _which(visit: Visit) -> Which:
    """The shift that a button names. Raises NotFound for what is none."""
    rota_id, _colon, second = visit.form["turno"].partition(":")
    wrong = not (rota_id + second).isascii() or not (rota_id.isdigit() and second.isdigit())
    if wrong or len(second) > 11 or len(rota_id) > 15 or int(rota_id) > LARGEST_ID:
        raise NotFound(_("roster.not_yours"))
    return int(rota_id), datetime.fromtimestamp(int(second), UTC)
