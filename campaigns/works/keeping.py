"""Storing a file of contacts, whole or not at all: many small units, with room for everybody else
between. Whichever process then works at it finds it in the database."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import BinaryIO, TypeVar

from campaigns.works import service, store
from contacts.csv_file import check_csv
from contacts.csv_import import COLUMNS
from contacts.csv_pieces import Cut, cut
from contacts.sheet_process import to_csv
from contacts.spreadsheet import is_xlsx
from db.session import Database
from kit.clock import Clock
from staff.model import Member

PIECE_BYTES = 192 * 1024
"""Of a file in one row: some 1,800 people, written in about 5 ms."""

PAUSE_SECONDS = 0.02
"""Between two commits, so that an SOS never waits behind a row of them (DESIGN §5)."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file, what they call it, and the token of their form, which is taken once."""

    member: Member
    name: str = field(repr=False)
    token: str = field(repr=False)


async def take_in(database: Database, clock: Clock, sender: Sender, file: BinaryIO) -> int | None:
    """Store a file from the disk, CSV in UTF-8 or Excel, to be judged; gives the id of the work,
    None when the form was sent before.

    Raises Invalid when no row of it could be read, Refused when its sender may not.
    """
    async with database.read() as session:
        await service.may_begin(session, sender.member)
    file.seek(0)
    if not is_xlsx(file.read(4)):
        return await _store(database, clock, sender, file)
    with TemporaryFile() as rows:
        await to_csv(file, rows)
        return await _store(database, clock, sender, rows)


async def _store(database: Database, clock: Clock, sender: Sender, file: BinaryIO) -> int | None:
    size = os.fstat(file.fileno()).st_size
    found = await asyncio.to_thread(_read, file)
    async with database.write() as session:
        work_id = await service.begin(
            session, sender.member, sender.name, found.header, sender.token, clock.now()
        )
    if work_id is None:
        return None
    try:
        count, lines = 0, 0
        while (one := await asyncio.to_thread(_next, found.pieces)) is not None:
            async with database.write() as session:
                await service.arrives(session, work_id)
                await store.add_piece(session, work_id, count, one)
            count, lines = count + 1, one.before + one.data.count(b"\n")
            await asyncio.sleep(PAUSE_SECONDS)
        async with database.write() as session:
            await service.arrived(session, work_id, size, lines, count)
    except BaseException:
        async with database.write() as session:
            await service.broken_off(session, work_id, clock.now())
        raise
    return work_id


def _read(file: BinaryIO) -> Cut:
    check_csv(file)
    return cut(file, COLUMNS, PIECE_BYTES)


def _next(values: Iterator[Value]) -> Value | None:
    """StopIteration cannot pass through a task."""
    return next(values, None)
