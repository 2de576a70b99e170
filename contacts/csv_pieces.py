"""A file of rows in pieces of whole lines, so that it can be kept, and read on from any of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from contacts.csv_file import MAX_LINE, Record, RowError, lines_of, read_header, read_rows


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a file without its header, and how many stand before them."""

    before: int
    data: bytes = field(repr=False)

    def rows(self, header: Sequence[str], after: int = 0) -> Iterator[Record | RowError]:
        """The rows of it by the header of its file; only those behind the line `after`."""
        found = read_rows(BytesIO(self.data), header, header, self.before)
        return (row for row in found if row.line > after)


@dataclass(frozen=True, slots=True)
class Cut:
    """A file that was read as far as its header: `pieces` gives the rest, once."""

    header: Sequence[str]
    pieces: Iterator[Piece]


def cut(file: BinaryIO, columns: Sequence[str], most: int) -> Cut:
    """Cut a file, that `check_csv` has passed, into pieces of about `most` bytes.

    Raises Invalid when its header is not that of `columns`.
    """
    lines = lines_of(file)
    before = 0

    def counted() -> Iterator[tuple[int, str | None]]:
        nonlocal before
        for number, text in lines:
            before = number
            yield number, text

    header = read_header(counted(), columns)
    return Cut(header, _pieces(file, before, most))


def _pieces(file: BinaryIO, before: int, most: int) -> Iterator[Piece]:
    lines: list[bytes] = []
    number, size = before, 0
    while line := file.readline(MAX_LINE):
        number += 1
        lines.append(line)
        size += len(line)
        if not line.endswith(b"\n"):
            # The last one, or one that is too long for any row: its beginning says so, too.
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            lines.append(b"\n")
        if size >= most:
            yield Piece(before, b"".join(lines))
            before, size = number, 0
            lines.clear()
    if lines:
        yield Piece(before, b"".join(lines))
