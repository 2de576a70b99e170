"""An Excel file that leaves while it is written: nothing of it waits in memory or on a disk.

The least that ECMA-376 (Office Open XML, part 1, section 18) asks for: one sheet of plain cells.
"""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/package/2006/content-types"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FAST = 1
"""Rows are much alike: a better compression takes four times as long for a fifth less."""

OTHERS = {
    "[Content_Types].xml": f'<Types xmlns="{KINDS}"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
    f'"/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/><Override PartName="/{SHEET}"'
    f' ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1" Type="{OFFICE}'
    '/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet'
    ' name="Sheet" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="rId1"'
    f' Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
BEGIN, END = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"

# What XML 1.0 cannot say (section 2.2, Char).
_UNSAID = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Outlet:
    """What the packer writes to: it is given on piece by piece, and never looked back at."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes, /) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = bytes(self._written)
        self._written.clear()
        return data


class XlsxStream:
    """A file of one sheet, in pieces: `begin`, any number of `more`, `end`.

    A cell is a number or a text, and no text is a formula. A sheet holds 1,048,576 rows; whoever
    writes more is told by Excel and not here.
    """

    def __init__(self) -> None:
        self._outlet = _Outlet()
        self._packer = ZipFile(self._outlet, "w", ZIP_DEFLATED, compresslevel=FAST)
        self._sheet = self._packer.open(SHEET, "w", force_zip64=True)

    def begin(self) -> bytes:
        """The first piece."""
        self._sheet.write(BEGIN.encode())
        return self._outlet.taken()

    def more(self, rows: Iterable[Sequence[str | int]]) -> bytes:
        """More rows; the packer may hold some of them until later."""
        self._sheet.write("".join(map(_row, rows)).encode())
        return self._outlet.taken()

    def end(self) -> bytes:
        """The last piece."""
        self._sheet.write(END.encode())
        self._sheet.close()
        for name, content in OTHERS.items():
            self._packer.writestr(name, HEAD + content)
        self.close()
        return self._outlet.taken()

    def close(self) -> None:
        """Let go of it, also before its end: whoever took it has gone."""
        self._sheet.close()
        self._packer.close()


def _row(cells: Sequence[str | int]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    said = escape(_UNSAID.sub("", value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
