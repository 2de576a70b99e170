"""`/personas/importar`: choose a file of contacts; what becomes of it stands at `/trabajos`."""

import asyncio
from functools import cache

from fastapi import Response

from campaigns.works import service
from campaigns.works.keeping import Sender, take_in
from campaigns.works.model import MOST_AT_ONCE, MOST_BYTES
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.uploads import Upload
from console.frame.visit import HEADERS, Visit
from console.imports import templates, words
from console.imports.works import add_works
from contacts.spreadsheet import MOST_ROWS
from kit.errors import Invalid, Problem
from locales.text import _
from staff.model import Right
from staff.rules import require

HERE = "/personas/importar"
READ_AT_ONCE = 2
"""Files in one process; the others wait on the disk."""
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"


def add_imports(pages: StaffPages, streams: Streams) -> None:
    """The way in, the files to fill in, and the pages of long work."""
    _add_form(pages)
    _add_templates(pages)
    add_works(pages, streams)


def _add_form(pages: StaffPages) -> None:
    reading = asyncio.Semaphore(READ_AT_ONCE)

    async def shown(visit: Visit, trouble: Problem | None = None, status: int = 200) -> Response:
        async with visit.database.read() as session:
            recent = await service.imports(session, visit.member)
            has_room = await service.has_room(session, visit.member)
        return visit.page(
            "imports/new.html",
            status=status,
            trouble="" if trouble is None else visit.text(trouble.key, **trouble.params),
            recent=recent,
            has_room=has_room,
            most_at_once=MOST_AT_ONCE,
            words=words,
            most_bytes=MOST_BYTES,
            most_rows=MOST_ROWS,
        )

    @pages.get(HERE, needs=Right.IMPORT_CONTACTS)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.upload(HERE, needs=Right.IMPORT_CONTACTS, most=MOST_BYTES)
    async def send(visit: Visit, upload: Upload | None) -> Response:
        require(visit.member, Right.IMPORT_CONTACTS)
        if upload is None:
            return await shown(visit, Invalid(_("console.imports.no_file")), 422)
        sender = Sender(visit.member, upload.name, visit.form["once"])
        try:
            async with reading:
                made = await take_in(visit.database, pages.clock, sender, upload.file)
        except Invalid as fault:
            return await shown(visit, fault, 422)
        if made is None:
            return visit.go("/trabajos", _("console.imports.sent_before"))
        return visit.go(f"/trabajos/{made}")


def _add_templates(pages: StaffPages) -> None:
    @pages.get(f"{HERE}/plantilla.csv", needs=Right.IMPORT_CONTACTS)
    async def as_csv(visit: Visit) -> Response:
        require(visit.member, Right.IMPORT_CONTACTS)
        return _file(templates.as_csv(), "csv", CSV_TYPE)

    @pages.get(f"{HERE}/plantilla.xlsx", needs=Right.IMPORT_CONTACTS)
    async def as_xlsx(visit: Visit) -> Response:
        require(visit.member, Right.IMPORT_CONTACTS)
        return _file(await asyncio.to_thread(_xlsx), "xlsx", XLSX_TYPE)


@cache
def _xlsx() -> bytes:
    return templates.as_xlsx()


def _file(data: bytes, ending: str, kind: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="personas.{ending}"'}
    return Response(data, headers={**HEADERS, **named}, media_type=kind)
