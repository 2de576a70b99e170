"""Excel files: what their cells say, and what is done with those that are made to harm."""

import io
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from openpyxl import Workbook

from contacts import spreadsheet
from contacts.sheet_process import to_csv
from contacts.spreadsheet import LINE_BREAK, rows_of
from kit.errors import Invalid

SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s<sheetData>%s</sheetData>'
    b"</worksheet>"
)
MORNING = datetime.fromisoformat("2026-03-01T09:00:00")
ROW = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'


def book(*rows: Sequence[object]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_parts(parts: Mapping[str, bytes], base: bytes = b"") -> bytes:
    """A book some of whose parts are others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or book(["a"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> bytes:
    return with_parts({"xl/worksheets/sheet1.xml": SHEET % (before, rows)})


def read(data: bytes) -> list[list[str]]:
    return list(rows_of(io.BytesIO(data)))


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(data)
    return refused.value.key


def test_cells_become_the_text_that_a_person_sees() -> None:
    rows = read(
        book(
            ["phone", "when", "what"],
            [12135550100, MORNING.replace(hour=0), "  Hoja 12 "],
            [12135550100.0, MORNING, "una\nfila"],
            [1.5, date(2026, 3, 1), True],
            [None, None, None],
            ["=1+1", "", 4503599627370496123],
        )
    )
    assert rows == [
        ["phone", "when", "what"],
        ["12135550100", "2026-03-01", "Hoja 12"],
        ["12135550100", "2026-03-01T09:00:00", f"una{LINE_BREAK}fila"],
        ["1.5", "2026-03-01", "TRUE"],
        [],
        # What the formula comes to was worked out nowhere, and the number had lost its end.
        ["", "", "4.503599627370496e+18"],
    ]


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    rows = read(sheet(ROW % (1, 1) + ROW % (3, 3), b'<dimension ref="A1:XFD1048576"/>'))
    assert rows == [["x"], [], ["x"]]


def test_a_sheet_that_has_too_many_rows_or_says_so_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 10)
    assert len(read(book(*[["x"]] * 11))) == 11
    assert refusal(book(*[["x"]] * 12)) == "import.sheet_too_large"
    assert refusal(sheet(ROW % (999_999_999_999, 9))) == "import.sheet_too_large"


def test_a_bomb_is_refused_by_what_it_unpacks_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_UNPACKED", 4 * 2**20)
    monkeypatch.setattr(spreadsheet, "MOST_STRINGS", 2**20)
    monkeypatch.setattr(spreadsheet, "MOST_ELSEWHERE", 2**20)
    for name, size in (
        ("xl/worksheets/sheet1.xml", 5 * 2**20),
        ("xl/sharedStrings.xml", 2 * 2**20),
        ("xl/styles.xml", 2 * 2**20),
        ("nobody/asks/for.this", 2 * 2**20),
    ):
        bomb = with_parts({name: b" " * size})
        assert len(bomb) < 50_000
        assert refusal(bomb) == "import.sheet_too_large", name
    # Each below its own limit, all together above.
    many = with_parts({f"x/{number}": b" " * (2**20 - 1) for number in range(5)})
    assert refusal(many) == "import.sheet_too_large"
    assert refusal(with_parts({f"x/{n}": b"" for n in range(600)})) == "import.sheet_too_large"


@pytest.mark.parametrize(
    "head",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<?xml version="1.0" encoding="utf-16"?>',
        b'<?xml version="1.0" encoding="latin-1"?>',
        b"\xff\xfe<\0",
    ],
)
def test_entities_and_whatever_could_hide_them_are_refused(head: bytes) -> None:
    evil = {"xl/worksheets/sheet1.xml": head + SHEET % (b"", ROW % (1, 1))}
    assert refusal(with_parts(evil)) == "import.sheet_unreadable"
    # Far behind the beginning, and over the edge of two reads.
    late = {"xl/worksheets/sheet1.xml": b" " * (256 * 1024 - 4) + b"<!DOCTYPE x>"}
    assert refusal(with_parts(late)) == "import.sheet_unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\0" * 400,
        book(["a"])[:-40],
        book(["a"])[:900] + book(["a"])[950:],
        with_parts({"xl/workbook.xml": b"<x/>"}),
        with_parts({"xl/worksheets/sheet1.xml": b"<worksheet><not closed"}),
        with_parts({"[Content_Types].xml": b""}),
    ],
)
def test_whatever_is_no_sheet_is_refused_with_a_sentence(data: bytes) -> None:
    assert refusal(data) == "import.sheet_unreadable"


async def _converted(data: bytes) -> bytes:
    with TemporaryFile() as given, TemporaryFile() as out:
        given.write(data)
        given.flush()
        await to_csv(given, out)
        return out.read()


async def test_another_process_writes_a_line_for_each_row() -> None:
    data = book(["a", "b", "c"], ["1", 'two, "2"', None], [], ["\u00f1"])
    assert (await _converted(data)).decode() == (
        '"a","b","c"\n"1","two, ""2""",""\n\n"\u00f1","",""\n'
    )
    with pytest.raises(Invalid) as refused:
        await _converted(with_parts({"xl/workbook.xml": b"<x/>"}))
    assert refused.value.key == "import.sheet_unreadable"


async def test_a_process_that_takes_too_much_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starved = tmp_path / "python"
    # As the kernel ends one that has used up its seconds.
    starved.write_text("#!/bin/sh\nkill -XCPU $$\n")
    starved.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(starved))
    with pytest.raises(Invalid) as refused:
        await _converted(book(["a"]))
    assert refused.value.key == "import.sheet_too_large"
