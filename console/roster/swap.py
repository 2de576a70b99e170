"""`/guardias/cambio`: two people change places in a stretch of time."""

from collections.abc import Mapping

from fastapi import Response

from alerts.shifts import service, week
from alerts.shifts.wall import DAY
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.roster.asking import email_of, from_address, stretch_of, typed_in, week_of
from console.roster.bits import HERE, Bits
from kit.errors import Problem
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

SWAP = f"{HERE}/cambio"


def add_swap(pages: StaffPages) -> None:
    """The form of a swap, and the swap."""

    async def shown_form(visit: Visit, typed: Mapping[str, str], trouble: str = "") -> Response:
        async with visit.database.read() as session:
            rotas, _absent = await week.rotas(session, visit.member)
            people = await week.able(session, visit.member)
        return visit.page(
            "roster/swap.html",
            status=422 if trouble else 200,
            rotas=rotas,
            people=people,
            typed=typed,
            trouble=trouble,
            bits=Bits(visit),
        )

    @pages.get(SWAP, needs=Right.PLAN_DUTY)
    async def show(visit: Visit) -> Response:
        return await shown_form(visit, from_address(visit, 7 * DAY))

    @pages.post(SWAP, needs=Right.PLAN_DUTY)
    async def swap(visit: Visit) -> Response:
        form = visit.form
        service.allow(visit.member)
        try:
            asked = stretch_of(visit)
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(week_of(asked.starts, visit))
                one = await email_of(session, visit, form["una"])
                other = await email_of(session, visit, form["otra"])
                among = (asked.rota_id, one, other, asked.starts, asked.ends, visit.now)
                count = await service.swap(session, visit.member, *among)
        except Problem as problem:
            key = problem.key
            if key == "roster.swap_alone":
                key = _("console.roster.swap_alone")
            return await shown_form(visit, typed_in(form), visit.text(key, **problem.params))
        return visit.go(week_of(asked.starts, visit), _("console.roster.swapped"), count=count)
