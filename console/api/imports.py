"""Bringing contacts in: a CSV as the body, judged and written as `tequio contacts import` does."""

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from console.api import shapes
from console.api.bodies import CSV, pieces, refuse_type
from console.api.desk import Desk
from console.api.documents import import_document
from console.api.openapi import WITH_BODY, body_of, problems
from contacts.csv_import import COLUMNS
from contacts.gazetteer import load_gazetteer
from contacts.importing import Import
from staff.tokens import Scope

MOST_CSV = 16 * 1024 * 1024
"""Bytes, some 100,000 people: what takes half a minute. More are for the command."""

DryRun = Annotated[bool, Query(description="Judge every row and write nothing.")]
FILE = {"type": "string", "description": f"UTF-8, with the columns {', '.join(COLUMNS)}."}


def add_imports(api: APIRouter, desk: Desk) -> None:
    """Add the import of contacts."""

    @api.post(
        "/imports",
        name="imports.create",
        dependencies=desk.needs(Scope.CONTACTS_IMPORT),
        response_model=shapes.Import,
        responses=problems(*WITH_BODY),
        openapi_extra=body_of(*CSV, schema=FILE),
    )
    async def create(request: Request, dry_run: DryRun = False) -> Response:
        """Bring in people who gave their consent. Rows that cannot be used are named one by one,
        a file that cannot be used at all is refused before anything is written."""
        call = desk.call(request)
        refuse_type(request, CSV)
        digest = sha256()
        # A file without a name: whatever happens to this process, no number stays on the disk.
        with tempfile.TemporaryFile() as kept:
            async for piece in pieces(request, MOST_CSV):
                digest.update(piece)
                kept.write(piece)
            kept.flush()
            path = Path(f"/dev/fd/{kept.fileno()}")

            async def work() -> object:
                bringing = Import(desk.database, load_gazetteer(), call.now, dry_run)
                report = await bringing.run(path)
                return import_document(report, call.language, dry_run=dry_run)

            return await desk.act_alone(call, digest.digest(), work, noted=not dry_run)
