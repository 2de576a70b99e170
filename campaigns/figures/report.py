"""What became of every row of a campaign, as CSV and XLSX: contacts by id, never by number."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from sqlalchemy import RowMapping, exists, select

from db.session import Session
from delivery.model import reason_words
from delivery.runs import run
from delivery.store import message
from locales.catalog import render

PAGE = 5_000
"""Rows read in one unit."""

SHEET_ROWS = 1_048_576
"""Rows that a sheet of Excel holds, the header among them."""

COLUMNS = (
    "contact",
    "channel",
    "language",
    "state",
    "reason",
    "why",
    "attempts",
    "created",
    "settled",
)

# What a spreadsheet would read as a formula when it opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger. The order of the fields is that of `COLUMNS`."""

    contact: int
    channel: str
    language: str
    state: str
    reason: str | None
    why: str
    attempts: int
    created: datetime
    settled: datetime | None


# A million rows: `astuple` copies each value in depth first.
_VALUES = attrgetter(*(field.name for field in fields(Row)))

Place = tuple[int, int]
"""A run and a contact: where a page ended."""

START: Place = (0, 0)

_COLUMNS = (
    message.c.contact_id,
    message.c.channel,
    message.c.language,
    message.c.state,
    message.c.reason,
    message.c.attempts,
    message.c.created_at,
    message.c.settled_at,
)


async def page(
    session: Session, campaign_id: int, after: Place = START, limit: int = PAGE
) -> tuple[list[Row], Place]:
    """The next rows of a campaign by run and contact, and where they end; none at the end.

    Each page begins where the last one ended, by the index of a run's contacts.
    """
    run_id, contact_id = after
    while True:
        rows = await session.all(
            select(*_COLUMNS)
            .where(message.c.run_id == run_id, message.c.contact_id > contact_id)
            .order_by(message.c.contact_id)
            .limit(limit)
        )
        if rows:
            words = {reason: _why(reason) for reason in {row["reason"] for row in rows}}
            found = [_row(row, words[row["reason"]]) for row in rows]
            return found, (run_id, rows[-1]["contact_id"])
        # One that has rows: of a campaign that leaves every hour thousands of runs may have none.
        has_rows = exists().where(message.c.run_id == run.c.id)
        following = await session.scalar(
            select(run.c.id)
            .where(run.c.campaign_id == campaign_id, run.c.id > run_id, has_rows)
            .order_by(run.c.id)
            .limit(1)
        )
        if following is None:
            return [], after
        run_id, contact_id = int(following), 0


def _row(row: RowMapping, why: str) -> Row:
    return Row(
        contact=row["contact_id"],
        channel=row["channel"],
        language=row["language"],
        state=row["state"],
        reason=row["reason"],
        why=why,
        attempts=row["attempts"],
        created=row["created_at"],
        settled=row["settled_at"],
    )


def _why(reason: str | None) -> str:
    """A reason in the words of the staff; empty for a code that only the provider knows."""
    words = reason_words(reason)
    return "" if words is None else render(words.key, "es", words.params)


class Sheet(Protocol):
    """A file that takes rows one after the other and holds none of them in memory."""

    def add(self, rows: Iterable[Row]) -> None:
        """Write more rows."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class CsvSheet:
    """A CSV file in UTF-8, with the mark by which Excel knows it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)

    def add(self, rows: Iterable[Row]) -> None:
        self._writer.writerows(cells(row) for row in rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


class XlsxSheet:
    """An Excel file, with a further sheet when one is full."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._left = 0

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if not self._left:
                self._new_sheet()
            self._sheet.append(cells(row))
            self._left -= 1

    def __enter__(self) -> Self:
        self._new_sheet()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.save(self._path)

    def _new_sheet(self) -> None:
        self._sheet = self._book.create_sheet()
        self._sheet.append(COLUMNS)
        self._left = SHEET_ROWS - 1


SHEETS: dict[str, type[CsvSheet] | type[XlsxSheet]] = {".csv": CsvSheet, ".xlsx": XlsxSheet}
"""What writes a file of each kind, by the end of its name."""


def cells(row: Row) -> Sequence[str | int]:
    """A row as a spreadsheet takes it: instants in UTC (ISO 8601), no cell a formula."""
    return [_cell(value) for value in _VALUES(row)]


def _cell(value: object) -> str | int:
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
