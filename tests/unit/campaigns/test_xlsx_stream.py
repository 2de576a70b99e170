"""An Excel file written in pieces: whoever opens it finds every cell, and no formula."""

from contextlib import closing
from io import BytesIO

from openpyxl import load_workbook

from campaigns.figures.xlsx import XlsxStream

HOSTILE = (
    "<b>&",
    " dos  espacios ",
    "a\x00\x07b\ufffe\ud800",
    "línea\ny otra",
    "=1+1",
    "mixteco ñ",
)


def written(*pages: list[list[str | int]]) -> bytes:
    sheet = XlsxStream()
    return b"".join([sheet.begin(), *(sheet.more(rows) for rows in pages), sheet.end()])


def test_a_file_in_pieces_opens_with_every_cell() -> None:
    rows: list[list[str | int]] = [[number, f"n{number}", "sent"] for number in range(3_000)]
    book = load_workbook(
        BytesIO(written([["contact", "why", "state"]], rows[:1_000], rows[1_000:]))
    )
    assert [[cell.value for cell in row] for row in book.worksheets[0]] == [
        ["contact", "why", "state"],
        *rows,
    ]


def test_no_sign_breaks_the_file_and_no_text_is_a_formula() -> None:
    (sheet,) = load_workbook(BytesIO(written([list(HOSTILE)]))).worksheets
    (row,) = sheet.iter_rows()
    assert [cell.value for cell in row] == [
        "<b>&", " dos  espacios ", "ab", "línea\ny otra", "=1+1", "mixteco ñ",
    ]  # fmt: skip
    # Excel takes a text of the cell for a text, whatever it begins with.
    assert {cell.data_type for cell in row} <= {"s", "inlineStr"}


def test_pieces_leave_before_the_end() -> None:
    sheet = XlsxStream()
    assert sheet.begin().startswith(b"PK")
    noise: list[list[str | int]] = [[str(number**7), number] for number in range(20_000)]
    assert len(sheet.more(noise)) > 10_000
    assert sheet.end()


def test_a_file_whose_reader_has_gone_is_let_go() -> None:
    with closing(XlsxStream()) as sheet:
        sheet.begin()
        sheet.more([["never read"]])
    sheet.close()
