"""Empty files to fill in, as text and as a sheet whose cells are text: phones keep their digits."""

import csv
import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from contacts.csv_import import COLUMNS

ROWS = 1_000
"""Of the sheet that are text already."""

AS_TEXT = "@"


def as_csv() -> bytes:
    """The header alone, with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(COLUMNS)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx() -> bytes:
    """The header, and empty cells below that take what is typed as it is."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "contacts"
    for place, name in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = 18
        head = sheet.cell(1, place, name)
        head.font = Font(bold=True)
        for row in range(2, ROWS + 2):
            sheet.cell(row, place).number_format = AS_TEXT
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
