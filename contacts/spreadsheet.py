"""Reading an Excel file of contacts row by row, whoever made it and whatever is in it.

An XLSX is a ZIP of XML, and a few kilobytes of it can grow to gigabytes. Before anything is read
as a sheet every part of it is unpacked once and counted, for what a ZIP says of its sizes may be a
lie; entities and document types are refused. Then rows, columns and cells are limited, and what a
sheet says of its own size is not believed. `contacts.sheet_process` runs this in a process of its
own, whose memory and time are bounded.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import BinaryIO

from openpyxl import load_workbook

from kit.errors import Invalid
from locales.text import _

MB = 2**20
MOST_ROWS = 50_000
"""So many are read within seconds. More are for a CSV, of which any number can be read."""

MOST_COLUMNS = 64
MOST_ENTRIES = 500
MOST_UNPACKED = 192 * MB
MOST_STRINGS = 40 * MB
MOST_ELSEWHERE = 8 * MB
"""Bytes of XML: of all parts together, of the texts that cells share, and of any other part that
is no sheet. A sheet of 50,000 contacts takes some 30 MB."""

LINE_BREAK = "\u2028"
"""What stands for a line break inside a cell, which no column may have: see `fault_of`."""

_CHUNK = 256 * 1024
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_DOCTYPES = (b"<!DOCTYPE", b"<!ENTITY")
_OVERLAP = max(map(len, _DOCTYPES)) - 1
_XML = (".xml", ".rels", ".vml")
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"\0", b"<\0")
_LARGEST_EXACT = 10**15

Cell = object
"""What openpyxl gives: text, a number, a date, a truth, or nothing."""


def is_xlsx(head: bytes) -> bool:
    """Whether a file begins as an XLSX does; so does any other ZIP."""
    return head.startswith(b"PK\x03\x04")


def rows_of(file: BinaryIO) -> Iterator[list[str]]:
    """The cells of the first sheet as text, row by row from the first; empty rows are empty lists.

    Raises Invalid when it is too large, or no sheet that can be read.
    """
    try:
        check_parts(file)
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
    except Invalid:
        raise
    except MemoryError:
        raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS) from None
    except Exception:
        # Anything may come out of a file that only looks like one.
        raise Invalid(_("import.sheet_unreadable")) from None
    if not sheets:
        raise Invalid(_("import.sheet_unreadable"))
    # What a sheet says of its size may be a lie, and openpyxl would fill it with empty cells.
    sheets[0].reset_dimensions()
    yield from _rows(sheets[0].iter_rows(max_col=MOST_COLUMNS, values_only=True))


def _rows(found: Iterator[Sequence[Cell]]) -> Iterator[list[str]]:
    for number in range(MOST_ROWS + 2):
        try:
            cells = next(found, None)
        except MemoryError:
            raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS) from None
        except Exception:
            raise Invalid(_("import.sheet_unreadable")) from None
        if cells is None:
            return
        if number == MOST_ROWS + 1:
            raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS)
        row = [as_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        yield row


def as_text(cell: Cell) -> str:
    """A cell as a file of text would have it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < _LARGEST_EXACT:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
        case _:
            lines = str(cell).strip().splitlines()
            return LINE_BREAK.join(line.strip() for line in lines)


def check_parts(file: BinaryIO) -> None:
    """Unpack every part once and count. Raises Invalid, or what `zipfile` raises."""
    left = MOST_UNPACKED
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS)
        for entry in entries:
            if entry.flag_bits & 1:
                raise Invalid(_("import.sheet_locked"))
            left -= _counted(archive, entry, min(left, _most(entry.filename)))


def _most(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return MOST_UNPACKED
    if name.lower().endswith("sharedstrings.xml"):
        return MOST_STRINGS
    return MOST_ELSEWHERE


def _counted(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    size, tail = 0, b""
    with archive.open(entry) as part:
        while piece := part.read(_CHUNK):
            if not size and entry.filename.lower().endswith(_XML):
                _refuse_encodings(piece)
            size += len(piece)
            if size > most:
                raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS)
            if any(mark in tail + piece for mark in _DOCTYPES):
                raise Invalid(_("import.sheet_unreadable"))
            tail = piece[-_OVERLAP:]
    return size


def _refuse_encodings(head: bytes) -> None:
    """In another encoding a document type could not be seen."""
    named = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    if head.startswith(_OTHER_ENCODINGS) or (
        named is not None and named[1].lower() not in (b"utf-8", b"us-ascii")
    ):
        raise Invalid(_("import.sheet_unreadable"))
