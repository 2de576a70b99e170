"""Bringing files of contacts in: by stream, in small units, judged row by row."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import IntegrityError

from contacts import import_store
from contacts.csv_file import Record, RowError, open_csv, read_rows
from contacts.csv_import import COLUMNS, parse_row
from contacts.import_place import PlaceReader
from contacts.import_report import ImportReport, Tally
from contacts.import_store import No, Person
from contacts.merging import ImportRow, Known, Sorted, sort_by_person
from contacts.places import Gazetteer
from db.session import Database, Session
from kit.channels import Endpoint

BATCH = 200
"""Rows a unit: some 30 ms on SQLite, in which nobody else can write."""

PAUSE = 0.02
"""Seconds between two commits, so that a call for help waits for one batch at most."""

TRIES = 6
"""Of one unit that somebody who subscribes at the same instant undoes."""


@dataclass(frozen=True, slots=True)
class Import:
    """How a file comes in. `progress` is told the bytes read so far."""

    database: Database
    gazetteer: Gazetteer
    now: datetime
    dry_run: bool = False
    """Judge every row and write nothing."""
    progress: Callable[[int], None] = lambda read: None

    async def run(self, path: Path) -> ImportReport:
        """Import a file. Rows that cannot be used are left out and reported with their line and
        column; a file that cannot be used at all raises Invalid before anything is written.

        Broken off and started again, it goes on: what is there already counts as updated.
        """
        tally, began = Tally(), monotonic()
        async with self.database.read() as session:
            newest = await import_store.newest_id(session)
        places = PlaceReader(self.gazetteer)
        with open_csv(path) as file, closing(Seen()) as seen:
            for batch in batches(read_rows(file, COLUMNS), places, self.now):
                self.progress(file.tell())
                tally.read += batch.read
                for errors in batch.rejected:
                    tally.reject(errors)
                if not batch.rows:
                    continue
                if self.dry_run:
                    done = await look(self.database, batch.rows, seen)
                else:
                    # A long file ends much later than it began, and those of its last rows join
                    # then: a series looks for them by that.
                    now = self.now + timedelta(seconds=int(monotonic() - began))
                    done = await self._write(batch.rows, newest, now)
                    await asyncio.sleep(PAUSE)
                tally.created += done.created
                tally.updated += updated_of(done)
                for error in done.errors:
                    tally.reject([error])
            self.progress(file.tell())
        return tally.report()

    async def _write(self, rows: Sequence[ImportRow], newest: int, now: datetime) -> Sorted:
        """One unit. On PostgreSQL somebody may subscribe at the same instant: then once more."""
        for _ in range(TRIES - 1):
            try:
                async with self.database.write() as session:
                    return await save(session, rows, newest, now)
            except IntegrityError:
                await asyncio.sleep(PAUSE)
        async with self.database.write() as session:
            return await save(session, rows, newest, now)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, judged one by one: those that can be used, and of each of the others
    what is wrong with it. `line` is that of the last."""

    read: int
    line: int
    rows: Sequence[ImportRow] = field(repr=False)
    rejected: Sequence[Sequence[RowError]]


def batches(
    rows: Iterator[Record | RowError], places: PlaceReader, now: datetime
) -> Iterator[Batch]:
    """All rows, `BATCH` at a time: by the number read, for a file of wrong rows must also show
    progress and give way."""
    while some := list(islice(rows, BATCH)):
        usable: list[ImportRow] = []
        rejected: list[Sequence[RowError]] = []
        for row in some:
            parsed = [row] if isinstance(row, RowError) else parse_row(row, places, now)
            if isinstance(parsed, ImportRow):
                usable.append(parsed)
            else:
                rejected.append(parsed)
        yield Batch(len(some), some[-1].line, usable, rejected)


def updated_of(done: Sorted) -> int:
    """How many rows changed somebody who was there."""
    return sum(map(len, done.rows.values())) - done.created


async def look(database: Database, rows: Sequence[ImportRow], seen: "Seen") -> Sorted:
    """What `save` would do, had all rows that were `seen` been written."""
    async with database.read() as session:
        prints = import_store.fingerprints(session, _endpoints(rows))
        owners = seen.people(prints) | await import_store.owners(session, prints)
        nos = await import_store.nos(session, prints)
    done = sort_by_person(rows, owners, _erased(nos), seen.newest)
    seen.newest -= done.created
    seen.add(prints, {one: who for one, who in done.owners.items() if one not in owners})
    return done


async def save(session: Session, rows: Sequence[ImportRow], newest: int, now: datetime) -> Sorted:
    """Write some rows; whoever has an id above `newest` came during this import."""
    prints = import_store.fingerprints(session, _endpoints(rows))
    owners = await import_store.owners(session, prints)
    nos = await import_store.nos(session, prints)
    batch = sort_by_person(rows, owners, _erased(nos))
    held = await import_store.known(session, [who for who in batch.rows if who > 0], newest)
    people = {}
    for who, group in batch.rows.items():
        before = after = held.get(who) or _stranger(group, nos)
        fresh: dict[Endpoint, None] = {}
        for row in group:
            more = [one for one in row.endpoints if one not in owners]
            if not after.may_be_written_elsewhere(row):
                more = [one for one in more if one in nos]
            fresh |= dict.fromkeys(more)
            after = after.merged(row)
        people[who] = Person(before, after, tuple(fresh), group)
    await import_store.write(session, people, now)
    return batch


def _stranger(rows: Sequence[ImportRow], nos: Mapping[Endpoint, No]) -> Known:
    """Somebody whom these rows bring. They may have said no before anybody knew them."""
    said = [nos[one].at for row in rows for one in row.endpoints if one in nos]
    return Known(spoke_at=max(said, default=None), said_no=bool(said), is_new=True)


def _erased(nos: Mapping[Endpoint, No]) -> set[Endpoint]:
    return {one for one, no in nos.items() if no.erased}


def _endpoints(rows: Sequence[ImportRow]) -> set[Endpoint]:
    return {endpoint for row in rows for endpoint in row.endpoints}


class Seen:
    """Whom a dry run has met so far, as fingerprints in a private file of SQLite that vanishes
    when it is closed: a file of contacts of any size must fit."""

    def __init__(self) -> None:
        self.newest = 0
        """Number of the last person made up; they are negative."""
        self._file = sqlite3.connect("")
        self._file.execute("PRAGMA journal_mode=OFF")
        self._file.execute(
            "CREATE TABLE seen (channel TEXT, print BLOB, who INTEGER,"
            " PRIMARY KEY (channel, print)) WITHOUT ROWID"
        )

    def people(self, prints: Mapping[Endpoint, bytes]) -> dict[Endpoint, int]:
        """Who was met under these fingerprints."""
        query = "SELECT who FROM seen WHERE channel = ? AND print = ?"
        found = {}
        for endpoint, print_ in prints.items():
            row = self._file.execute(query, (endpoint.channel, print_)).fetchone()
            if row is not None:
                found[endpoint] = int(row[0])
        return found

    def add(self, prints: Mapping[Endpoint, bytes], people: Mapping[Endpoint, int]) -> None:
        """Remember some more."""
        self._file.executemany(
            "INSERT INTO seen VALUES (?, ?, ?)",
            [(endpoint.channel, prints[endpoint], who) for endpoint, who in people.items()],
        )

    def close(self) -> None:
        self._file.close()
