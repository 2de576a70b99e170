"""Bringing files of contacts in: by stream, in small units, judged row by row."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import IntegrityError

from contacts import import_store
from contacts.csv_file import Record, RowError, open_csv, read_rows
from contacts.csv_import import COLUMNS, parse_row
from contacts.import_place import PlaceReader
from contacts.import_report import ImportReport, Tally
from contacts.import_store import Person
from contacts.merging import ImportRow, Known, Sorted, sort_by_person
from contacts.places import Gazetteer
from db.session import Database, Session
from kit.channels import Endpoint

BATCH = 200
"""Rows a unit: some 30 ms on SQLite, in which nobody else can write."""

PAUSE = 0.02
"""Seconds between two commits, so that a call for help waits for one batch at most."""

_TRIES = 6


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
        with open_csv(path) as file, closing(_Seen()) as seen:
            for rows in self._batches(read_rows(file, COLUMNS), tally):
                self.progress(file.tell())
                if not rows:
                    continue
                if self.dry_run:
                    batch = await self._look(rows, seen)
                else:
                    # A long file ends much later than it began, and those of its last rows join
                    # then: a series looks for them by that.
                    now = self.now + timedelta(seconds=int(monotonic() - began))
                    batch = await self._write(rows, newest, now)
                    await asyncio.sleep(PAUSE)
                tally.created += batch.created
                tally.updated += sum(map(len, batch.rows.values())) - batch.created
                for error in batch.errors:
                    tally.reject([error])
            self.progress(file.tell())
        return tally.report()

    def _batches(
        self, rows: Iterator[Record | RowError], tally: Tally
    ) -> Iterator[list[ImportRow]]:
        """Usable rows in batches, some perhaps empty; the others are counted here."""
        batch: list[ImportRow] = []
        places = PlaceReader(self.gazetteer)
        for number, row in enumerate(rows, 1):
            tally.read = number
            if isinstance(row, RowError):
                tally.reject([row])
                continue
            parsed = parse_row(row, places, self.now)
            if isinstance(parsed, ImportRow):
                batch.append(parsed)
            else:
                tally.reject(parsed)
            # By the number read: a file of wrong rows must also show progress and give way.
            if number % BATCH == 0:
                yield batch
                batch = []
        yield batch

    async def _write(self, rows: list[ImportRow], newest: int, now: datetime) -> Sorted:
        """One unit. On PostgreSQL somebody may subscribe at the same instant: then once more."""
        for _ in range(_TRIES - 1):
            try:
                async with self.database.write() as session:
                    return await _save(session, rows, newest, now)
            except IntegrityError:
                await asyncio.sleep(PAUSE)
        async with self.database.write() as session:
            return await _save(session, rows, newest, now)

    async def _look(self, rows: list[ImportRow], seen: "_Seen") -> Sorted:
        """What `_write` would do, had all rows before been written."""
        async with self.database.read() as session:
            prints = import_store.fingerprints(session, _endpoints(rows))
            owners = seen.people(prints) | await import_store.owners(session, prints)
            gone = await import_store.erased(session, prints)
        batch = sort_by_person(rows, owners, gone, seen.newest)
        seen.newest -= batch.created
        seen.add(prints, {one: who for one, who in batch.owners.items() if one not in owners})
        return batch


async def _save(session: Session, rows: list[ImportRow], newest: int, now: datetime) -> Sorted:
    prints = import_store.fingerprints(session, _endpoints(rows))
    owners = await import_store.owners(session, prints)
    gone = await import_store.erased(session, prints)
    batch = sort_by_person(rows, owners, gone)
    held = await import_store.known(session, [who for who in batch.rows if who > 0], newest)
    people = {}
    for who, group in batch.rows.items():
        before = after = held.get(who, Known(is_new=True))
        fresh: dict[Endpoint, None] = {}
        for row in group:
            if after.may_be_written_elsewhere(row):
                fresh |= {one: None for one in row.endpoints if one not in owners}
            after = after.merged(row)
        people[who] = Person(before, after, tuple(fresh), group)
    await import_store.write(session, people, now)
    return batch


def _endpoints(rows: list[ImportRow]) -> set[Endpoint]:
    return {endpoint for row in rows for endpoint in row.endpoints}


class _Seen:
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
