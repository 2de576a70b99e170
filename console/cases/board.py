"""The board of cases, which keeps itself up to date."""

from fastapi import Response

from alerts.board import Board, Card, Lane, board, fingerprint
from console.cases.words import EMPTY, EMPTY_OF, WORDS
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from locales.text import _
from staff.model import Right

HERE = "/casos"
VIEWS = {
    "": _("console.cases.view_all"),
    "mios": _("console.cases.view_mine"),
    "nadie": _("console.cases.view_nobody"),
}


def add_board(pages: StaffPages, streams: Streams) -> None:
    """`/casos`, the part of it that changes, and its stream."""

    async def shown(visit: Visit, template: str) -> Response:
        async with visit.database.read() as session:
            found = await board(session, visit.member, visit.now)
        view = visit.query("ver") if visit.query("ver") in VIEWS else ""
        values = {
            "lanes": chosen(found, view),
            "board": found,
            "view": view,
            "views": VIEWS,
            "empty": {**EMPTY, **EMPTY_OF.get(view, {})},
        }
        return visit.page(template, status=200, **values, **WORDS)

    @pages.get(HERE, needs=Right.SEE_CASES)
    async def show(visit: Visit) -> Response:
        return await shown(visit, "cases/board.html")

    @pages.get(f"{HERE}/tablero", needs=Right.SEE_CASES)
    async def part(visit: Visit) -> Response:
        return await shown(visit, "cases/lanes.html")

    @pages.get(f"{HERE}/eventos", needs=Right.SEE_CASES)
    async def stream(visit: Visit) -> Response:
        return streams.answer(visit, "board", fingerprint)


def chosen(found: Board, view: str) -> dict[Lane, tuple[Card, ...]]:
    """The columns that a view shows, with the cards that it shows of them."""
    if view == "nadie":
        waiting = tuple(one for one in found.unowned if one.waits)
        return {Lane.NOBODY: found.lanes[Lane.NOBODY], Lane.WAITING: waiting}
    if view == "mios":
        lanes = (Lane.OWNED, Lane.WAITING)
        return {lane: tuple(one for one in found.lanes[lane] if one.mine) for lane in lanes}
    return dict(found.lanes)
