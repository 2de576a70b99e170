"""The form of a number: read as strictly as a file's row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from console.directory.words import FIELDS
from console.frame.forms import Form
from contacts.csv_file import Record
from contacts.phones import normalise
from directory.csv_import import COLUMNS, parse_row
from directory.model import EmergencyContact, Entry

_SPACED = re.compile(r"[\s().\-–/]+")
_SHORT = re.compile(r"\d{3,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says, and the entry of it or the key of what is wrong with each field."""

    cells: Mapping[str, str]
    entry: Entry | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, what stands there by now, and what was typed here."""

    key: str
    theirs: str
    ours: str


def read(form: Form) -> Written:
    """The entry of a form. A phone may be typed as it is dialled in its country."""
    cells = {column: form[column].strip() for column in COLUMNS}
    cells["country"] = cells["country"].upper()
    cells["state"] = cells["state"].upper()
    parsed = parse_row(Record(1, {**cells, "phone_e164": _phone(cells)}))
    if isinstance(parsed, Entry):
        return Written(cells, parsed)
    return Written(cells, None, {one.column: one.key for one in parsed})


def cells_of(contact: EmergencyContact) -> Mapping[str, str]:
    """A number as its form shows it."""
    entry = contact.entry
    return {
        "kind": entry.kind,
        "name": entry.name,
        "country": entry.country,
        "state": entry.state or "",
        "city": entry.city or "",
        "phone_e164": entry.phone,
        "source": entry.source,
        "source_date": entry.source_date,
    }


def differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> Sequence[Difference]:
    """What a number says by now, and what a form says otherwise."""
    return [
        Difference(key, theirs[name], ours[name])
        for name, key in FIELDS.items()
        if theirs[name] != ours[name]
    ]


def _phone(cells: Mapping[str, str]) -> str:
    typed = cells["phone_e164"]
    bare = _SPACED.sub("", typed)
    if _SHORT.fullmatch(bare):
        return bare
    return normalise(typed, cells["country"] or "MX") or bare
