"""Cases that may be the same as one, which a person puts together: `/casos/{folio}/parecidos`."""

from fastapi import Response

from alerts.ownership import find
from alerts.people import access, duplicates
from alerts.people import texts as people_texts
from alerts.viewing import held, seen
from console.cases.page import path_of
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from kit.errors import NotFound, Problem
from kit.ids import read_folio
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

HERE = "/casos/{folio}/parecidos"


def add_alike(pages: StaffPages) -> None:
    """The page, which asks for one part of the cases after the other, and what is done on it."""

    @pages.get(HERE, needs=Right.SEE_CASES)
    async def look_alike(visit: Visit) -> Response:
        return await _page(visit)

    @pages.post(HERE, needs=Right.HANDLE_CASES)
    async def merge(visit: Visit) -> Response:
        try:
            async with visit.database.write() as session:
                case = await held(session, visit.member, visit.word("folio"))
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(path_of(case.folio))
                other = await find(session, read_folio(visit.form["other"]) or "")
                reason = visit.form["reason"]
                await duplicates.merge(session, case, other, visit.member, reason, visit.now)
        except NotFound:
            raise
        except Problem as problem:
            return await _page(visit, visit.text(problem.key, **problem.params), 422)
        return visit.go(path_of(case.folio), _("console.people.merged"))


async def _page(visit: Visit, trouble: str = "", status: int = 200) -> Response:
    """The page with the newest cases, or a part of it with those before `antes`."""
    async with visit.database.read() as session:
        case = await seen(session, visit.member, visit.word("folio"))
        await access.require(session, case, visit.member)
    before = visit.asked_id("antes")
    async with visit.database.read() as session:
        proposed = await duplicates.propose_some(session, case, visit.now, before)
    return visit.page(
        "cases/alike_part.html" if visit.is_part else "cases/alike.html",
        status=status,
        case=case,
        here=path_of(case.folio),
        found=proposed.found,
        following=proposed.before,
        # A part is put below what stands there; only a page of its own says that there is more.
        older=before is not None and not visit.is_part,
        people_texts=people_texts,
        trouble=trouble,
        typed=visit.form,
    )
