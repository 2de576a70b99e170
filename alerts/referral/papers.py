"""Which papers a kind of case needs, from data/papers.csv. What stands there has a source."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alerts.model import Kind
from alerts.referral.model import Paper, PaperState

FILE = Path(__file__).resolve().parents[2] / "data" / "papers.csv"
COLUMNS = ("case_kind", "purpose", "code", "name", "source", "source_date")


class PapersError(Exception):
    """The file cannot be used; says the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Needed:
    """A paper of the file. `purpose` is what it is for ("traslado de restos"); `source` is the page
    that names it, and `source_date` that page's date."""

    kind: Kind
    purpose: str
    code: str
    name: str
    source: str
    source_date: str


def needed_for(kind: Kind) -> tuple[Needed, ...]:
    """The papers of a kind of case, in the order of the file; none for most kinds."""
    return tuple(one for one in load() if one.kind is kind)


@cache
def load() -> tuple[Needed, ...]:
    """The file, read once. Raises PapersError."""
    return read(FILE)


def read(path: Path) -> tuple[Needed, ...]:
    """The papers of a file. Raises PapersError for a column or a value that is wrong, and for a
    paper without a source: nothing is to be made up."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise PapersError(f"line 1: the columns are {','.join(COLUMNS)}")
        found = [_needed(rows.line_num, row) for row in rows]
    codes = [(one.kind, one.code) for one in found]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise PapersError(f"{code[1]} stands twice for {code[0]}")
    return tuple(found)


def _needed(line: int, row: Mapping[str | None, str | None]) -> Needed:
    empty = [name for name in COLUMNS if not (row.get(name) or "").strip()]
    if empty or None in row:
        raise PapersError(f"line {line}: {empty[0] if empty else 'a column too many'}")
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if values["case_kind"] not in tuple(Kind):
        raise PapersError(f"line {line}: no such kind of case")
    return Needed(
        Kind(values["case_kind"]),
        values["purpose"],
        values["code"],
        values["name"],
        values["source"],
        values["source_date"],
    )


def with_states(kind: Kind, kept: Sequence[Paper]) -> tuple[Paper, ...]:
    """The papers of a kind, each as it stands, and behind them those that staff have added or that
    a state was kept of. One of which nothing was written down is missing."""
    states = {one.code: one.state for one in kept}
    needed = tuple(
        Paper(one.code, one.name, states.get(one.code, PaperState.MISSING), one.source)
        for one in needed_for(kind)
    )
    codes = {one.code for one in needed}
    return (*needed, *(one for one in kept if one.code not in codes))
