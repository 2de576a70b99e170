"""What of a case no longer stands on its page: `/casos/{folio}/conversacion` and `/historia`."""

from fastapi import Response

from alerts import viewing
from alerts.earlier import Earlier, past_before, talk_before
from console.cases.opening import opened
from console.cases.page import HERE, PRIVATE, path_of
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from locales.text import _
from staff.model import Right


def add_earlier(pages: StaffPages) -> None:
    """Both pages. `antes` is the line before which they begin; without one they begin at the
    newest."""

    @pages.get(f"{HERE}/conversacion", needs=Right.SEE_CASES)
    async def talk(visit: Visit) -> Response:
        await opened(visit)
        async with visit.database.read() as session:
            case = await viewing.seen(session, visit.member, visit.word("folio"))
            view = await talk_before(session, case, visit.member, visit.asked_id("antes"))
        return _page(visit, view, "conversacion", visit.text(_("console.case.talk")))

    @pages.get(f"{HERE}/historia", needs=Right.SEE_CASES)
    async def past(visit: Visit) -> Response:
        await opened(visit)
        async with visit.database.read() as session:
            case = await viewing.seen(session, visit.member, visit.word("folio"))
            view = await past_before(session, case, visit.member, visit.asked_id("antes"))
        return _page(visit, view, "historia", visit.text(_("console.case.past")))


def _page(visit: Visit, view: Earlier, what: str, title: str) -> Response:
    return visit.page(
        "cases/earlier.html",
        status=200,
        view=view,
        what=what,
        title=title,
        here=path_of(view.case.folio),
        PRIVATE=PRIVATE,
    )
