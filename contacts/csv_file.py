"""Reading a CSV that came from anywhere: is it text, has it the right header, row by row.

A row is one line of the file. A quote that is never closed or a line without an end costs its own
row and no memory: a file of any size is read with a few kilobytes.
"""

import codecs
import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kit.errors import Invalid
from locales.text import _

MAX_LINE = 16_384
"""Bytes of a line; ten full cells of four-byte letters need less."""

_CHUNK = 1 << 20
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_FORMULA_STARTS = ("=", "+", "-", "@")
# They turn the order of what is read: a cell may say something else than what is stored.
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not taken. `column` is empty when it is the row as a whole."""

    line: int
    column: str
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of a row by column, without spaces around them; `line` counts from 1."""

    line: int
    cells: Mapping[str, str] = field(repr=False)


@contextmanager
def open_csv(path: Path) -> Iterator[BinaryIO]:
    """A file that was read once to the end and is UTF-8, with or without a mark in front.

    All of it is checked before any row is used, so that a file in another encoding is refused
    whole instead of being half imported. Raises Invalid.
    """
    if not path.is_file():
        raise Invalid(_("import.no_file"))
    try:
        file = path.open("rb")
    except OSError:
        raise Invalid(_("import.no_file")) from None
    with file:
        check_csv(file)
        yield file


def check_csv(file: BinaryIO) -> None:
    """Read a file once to the end, and go back to its beginning. Raises Invalid when it is no
    text in UTF-8."""
    file.seek(0)
    _refuse_other_formats(file.read(_CHUNK))
    file.seek(0)
    _refuse_other_encodings(file)
    file.seek(0)


def _refuse_other_formats(head: bytes) -> None:
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise Invalid(_("import.empty"))
    if head.startswith(_SPREADSHEETS):
        raise Invalid(_("import.spreadsheet"))
    # UTF-16 without a mark has a NUL for almost every letter of its header.
    if head.startswith(_UTF_16_OR_32) or head[:400].count(0) > len(head[:400]) // 4:
        raise Invalid(_("import.utf_16"))
    if b"\0" in head.split(b"\n", 1)[0] or head.startswith((b"\x1f\x8b", b"%PDF")):
        raise Invalid(_("import.not_text"))


def _refuse_other_encodings(file: BinaryIO) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise Invalid(_("import.not_utf_8"), line=line) from None
        if not chunk:
            return
        line += chunk.count(b"\n")


def read_rows(
    file: BinaryIO, columns: Sequence[str], header: Sequence[str] = (), before: int = 0
) -> Iterator[Record | RowError]:
    """Each row of a file from `open_csv`, or why it cannot be read; empty rows are left out.

    The header may name the columns in any order. Raises Invalid when it lacks one, has one too
    many or one twice. A piece of a file is read with the `header` of the whole, as `read_header`
    gives it, and how many lines stand `before` it.
    """
    lines = lines_of(file, before)
    header = header or read_header(lines, columns)
    for line, text in lines:
        cells = [] if text is None else _cells(text)
        if text is None:
            yield RowError(line, "", _("import.line_too_long"))
        elif cells is None:
            yield RowError(line, "", _("import.row_unreadable"))
        elif not any(cells):
            continue
        elif len(cells) != len(header):
            yield RowError(line, "", _("import.cell_count"))
        else:
            yield Record(line, dict(zip(header, cells, strict=True)))


def read_header(lines: Iterator[tuple[int, str | None]], columns: Sequence[str]) -> Sequence[str]:
    """The columns in the order of a file: its first line that is not empty, with all before it
    taken off `lines`. Raises Invalid."""
    for _line, text in lines:
        cells = None if text is None else _cells(text)
        if cells is None:
            raise Invalid(_("import.no_header"), columns=", ".join(columns))
        if any(cells):
            return _header(cells, columns)
    raise Invalid(_("import.empty"))


def lines_of(file: BinaryIO, before: int = 0) -> Iterator[tuple[int, str | None]]:
    """Every line with its number; None for one that is too long."""
    number = before
    while raw := file.readline(MAX_LINE):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
            if b"\r" in raw.removesuffix(b"\n").removesuffix(b"\r"):
                raise Invalid(_("import.line_ends"))
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            while raw and not raw.endswith(b"\n"):
                raw = file.readline(_CHUNK)
            yield number, None
        else:
            yield number, raw.rstrip(b"\r\n").decode(errors="replace")


def _cells(text: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader((text,), strict=True), [])]
    except csv.Error:
        return None


def _header(cells: list[str], columns: Sequence[str]) -> list[str]:
    names = [cell.lower() for cell in cells]
    if len(names) == 1 and any(sign in names[0] for sign in ";\t|"):
        raise Invalid(_("import.delimiter"))
    if not set(names) & set(columns):
        # The first row of data, most likely: nothing of it is repeated.
        raise Invalid(_("import.no_header"), columns=", ".join(columns))
    unknown = [_safe(name, at) for at, name in enumerate(names, 1) if name not in columns]
    if unknown:
        raise Invalid(_("import.unknown_columns"), columns=", ".join(unknown))
    missing = [column for column in columns if column not in names]
    if missing:
        raise Invalid(_("import.missing_columns"), columns=", ".join(missing))
    repeated = [column for column in columns if names.count(column) > 1]
    if repeated:
        raise Invalid(_("import.repeated_columns"), columns=", ".join(repeated))
    return names


def _safe(name: str, position: int) -> str:
    """A column's name if it looks like one, else its position: it may be somebody's data."""
    is_name = name.replace(" ", "_").isidentifier() and len(name) <= 30 and name.isascii()
    return name if is_name and not any(sign.isdigit() for sign in name) else f"#{position}"


def fault_of(cell: str, limit: int, *, may_start_as_formula: bool = False) -> str | None:
    """The key of what is wrong with any cell: too long, invisible signs, a formula."""
    if len(cell) > limit:
        return _("import.too_long")
    if not cell.isprintable() and any(
        sign in _TURNS or unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in cell
    ):
        return _("import.control_character")
    # A spreadsheet would run it when somebody opens an export.
    if not may_start_as_formula and cell.startswith(_FORMULA_STARTS):
        return _("import.formula")
    return None
