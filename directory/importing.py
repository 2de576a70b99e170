"""Bringing files of emergency contacts into the directory."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from contacts.csv_file import Record, open_csv, read_rows
from contacts.import_report import ImportReport, Tally
from db.session import Database
from directory import store
from directory.csv_import import COLUMNS, parse_row
from directory.model import Entry
from kit.errors import Invalid
from locales.text import _
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

FIRST_FILE = Path(__file__).resolve().parents[1] / "data" / "emergency_contacts_unverified.csv"
BATCH = 500
PAUSE = 0.02
"""Seconds between two commits, in which a call for help can be stored."""


async def import_file(
    database: Database,
    path: Path,
    progress: Callable[[int], None] = lambda read: None,
    *,
    only_new: bool = False,
) -> ImportReport:
    """Read a file of emergency contacts into the directory; again changes nothing.

    A number that was verified stays so; with `only_new` every number that is there stays as it is.
    `progress` is told the bytes read so far. Raises Invalid for a file that cannot be used at all.
    """
    with open_csv(path) as file:
        return await _bring(database, file, progress, only_new=only_new)


async def import_text(database: Database, by: Member, text: str, now: datetime) -> ImportReport:
    """The same of a file's text that somebody with VERIFY_DIRECTORY has pasted."""
    require(by, Right.VERIFY_DIRECTORY)
    if not text.strip():
        raise Invalid(_("import.empty"))
    report = await _bring(database, BytesIO(text.encode()), lambda read: None)
    async with database.write() as session:
        about = f"rows:{report.created + report.updated}"
        await staff.log(session, by.id, "directory.import", about, now)
    return report


async def _bring(
    database: Database,
    file: BinaryIO,
    progress: Callable[[int], None],
    *,
    only_new: bool = False,
) -> ImportReport:
    tally = Tally()
    batch: list[Entry] = []

    async def save() -> None:
        async with database.write() as session:
            new = await store.save(session, batch, only_new=only_new)
        tally.created += new
        tally.updated += len(batch) - new
        batch.clear()
        await asyncio.sleep(PAUSE)

    for row in read_rows(file, COLUMNS):
        tally.read += 1
        parsed = parse_row(row) if isinstance(row, Record) else [row]
        if isinstance(parsed, Entry):
            batch.append(parsed)
        else:
            tally.reject(parsed)
        if len(batch) == BATCH:
            await save()
            progress(file.tell())
    if batch:
        await save()
    progress(file.tell())
    return tally.report()


async def load_first(database: Database) -> ImportReport | None:
    """Fill an empty directory from the file in data/; None when it is not empty."""
    if await _is_empty(database):
        return await import_file(database, FIRST_FILE)
    return None


async def import_before_or_after_first(
    database: Database, path: Path, progress: Callable[[int], None]
) -> ImportReport:
    """As `import_file`. Before the first start, the file in data/ comes in behind it: the
    directory is no longer empty then, and would never get it."""
    was_empty = await _is_empty(database)
    report = await import_file(database, path, progress)
    if was_empty:
        await import_file(database, FIRST_FILE, only_new=True)
    return report


async def _is_empty(database: Database) -> bool:
    async with database.read() as session:
        return await store.count(session) == 0
