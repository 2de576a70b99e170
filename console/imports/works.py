"""`/trabajos`: somebody's own long works, how far each is, and what it found."""

import csv
import io
from collections.abc import AsyncIterator

from fastapi import Response
from fastapi.responses import StreamingResponse

from campaigns.works import service, store
from campaigns.works.model import Step
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import HEADERS, Visit
from console.imports import words
from contacts.csv_file import RowError
from db.session import Session
from locales.text import _
from staff.model import Right

HERE = "/trabajos"
ONE = f"{HERE}/{{id}}"
MOST_SHOWN = 20
"""Faults on the page; the file has them all."""

BATCHES = 40
"""Of faults that one unit reads for the file."""

CSV_TYPE = "text/csv; charset=utf-8"


def add_works(pages: StaffPages, streams: Streams) -> None:
    """Add the list, the page of one, and what may be done with it."""
    _add_reading(pages, streams)
    _add_acts(pages)
    _add_faults(pages)


def _add_reading(pages: StaffPages, streams: Streams) -> None:
    @pages.get(HERE, needs=None)
    async def every(visit: Visit) -> Response:
        async with visit.database.read() as session:
            found = await service.mine(session, visit.member)
        return visit.page("imports/list.html", works=found, words=words)

    @pages.get(ONE, needs=None)
    async def one(visit: Visit) -> Response:
        async with visit.database.read() as session:
            work = await service.seen_by(session, visit.member, visit.number("id"))
            found: list[RowError] = []
            if not work.is_under_way:
                found, _more = await service.faults(session, visit.member, work.id, 0, MOST_SHOWN)
        return visit.page(
            "imports/work.html",
            work=work,
            words=words,
            Step=Step,
            faults=found[:MOST_SHOWN],
            bringing=work.counts.created + work.counts.updated,
        )

    @pages.get(f"{ONE}/ahora", needs=None)
    async def now(visit: Visit) -> Response:
        async with visit.database.read() as session:
            work = await service.seen_by(session, visit.member, visit.number("id"))
        answer = visit.page("imports/progress.html", work=work, words=words, Step=Step)
        if not work.is_under_way:
            # What may be done now is another thing: the page is drawn anew.
            answer.headers["HX-Refresh"] = "true"
        return answer

    @pages.get(f"{ONE}/eventos", needs=None)
    async def events(visit: Visit) -> Response:
        work_id = visit.number("id")

        async def look(session: Session) -> str:
            found = await store.get(session, work_id)
            return "" if found is None else f"{found.state} {found.step} {found.place.line}"

        async with visit.database.read() as session:
            await service.seen_by(session, visit.member, work_id)
        return streams.answer(visit, f"work {work_id}", look)


def _add_acts(pages: StaffPages) -> None:
    @pages.post(f"{ONE}/importar", needs=Right.IMPORT_CONTACTS)
    async def bring(visit: Visit) -> Response:
        work_id = visit.number("id")
        async with visit.database.write() as session:
            await service.bring(session, visit.member, work_id, visit.now)
        return visit.go(f"{HERE}/{work_id}")

    @pages.post(f"{ONE}/detener", needs=None)
    async def stop(visit: Visit) -> Response:
        work_id = visit.number("id")
        async with visit.database.write() as session:
            await service.stop(session, visit.member, work_id, visit.now)
        return visit.go(f"{HERE}/{work_id}", _("console.works.was_stopped"))


def _add_faults(pages: StaffPages) -> None:
    @pages.get(f"{ONE}/errores.csv", needs=None)
    async def faults(visit: Visit) -> Response:
        work_id = visit.number("id")
        async with visit.database.read() as session:
            await service.seen_by(session, visit.member, work_id)
        named = {"Content-Disposition": f'attachment; filename="errores-{work_id}.csv"'}
        return StreamingResponse(
            _lines(visit, work_id), headers={**HEADERS, **named}, media_type=CSV_TYPE
        )


async def _lines(visit: Visit, work_id: int) -> AsyncIterator[bytes]:
    """Line, column and what is wrong: words of ours alone, and none of the file's cells."""
    heads = (
        _("console.works.fault.line"),
        _("console.works.fault.column"),
        _("console.works.fault.why"),
    )
    # The mark by which Excel knows UTF-8.
    yield b"\xef\xbb\xbf" + _rows([[visit.text(key) for key in heads]])
    after: int | None = 0
    while after is not None:
        async with visit.database.read() as session:
            found, after = await service.faults(session, visit.member, work_id, after, BATCHES)
        yield _rows([[str(one.line), one.column, visit.text(one.key)] for one in found])


def _rows(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
