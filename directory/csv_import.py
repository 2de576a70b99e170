"""One row of a file of emergency contacts, read strictly: a wrong number is worse than none."""

import re

from contacts.csv_file import Record, RowError, fault_of
from directory.model import Entry
from locales.text import _

COLUMNS = ("kind", "name", "country", "state", "city", "phone_e164", "source", "source_date")

_MAY_BE_EMPTY = frozenset({"state", "city"})
_LIMITS = {
    "kind": 40,
    "name": 200,
    "country": 2,
    "state": 8,
    "city": 80,
    "phone_e164": 20,
    "source": 500,
    "source_date": 120,
}
# E.164, or a short code as it is dialled (911, 079, 233733).
_PHONE = re.compile(r"\+[1-9]\d{7,14}|\d{3,6}", re.ASCII)
_KIND = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_STATE = re.compile(r"[A-Z]{2,5}", re.ASCII)


def parse_row(record: Record) -> Entry | list[RowError]:
    """The entry in a row, or everything that is wrong with it."""
    errors = [
        RowError(record.line, column, key)
        for column in COLUMNS
        if (key := _fault(column, record.cells[column])) is not None
    ]
    if errors:
        return errors
    cells = record.cells
    return Entry(
        kind=cells["kind"],
        name=cells["name"],
        country=cells["country"],
        phone=cells["phone_e164"],
        source=cells["source"],
        source_date=cells["source_date"],
        state=cells["state"] or None,
        city=cells["city"] or None,
    )


def _fault(column: str, cell: str) -> str | None:
    if not cell:
        return None if column in _MAY_BE_EMPTY else _("import.needed")
    fault = fault_of(cell, _LIMITS[column], may_start_as_formula=column == "phone_e164")
    if fault is not None:
        return fault
    if column == "phone_e164" and not _PHONE.fullmatch(cell):
        return _("directory.phone_wrong")
    if column == "kind" and not _KIND.fullmatch(cell):
        return _("directory.kind_wrong")
    if column == "country" and not _COUNTRY.fullmatch(cell):
        return _("import.country_wrong")
    if column == "state" and not _STATE.fullmatch(cell):
        return _("import.state_wrong")
    return None
