"""The lines that were asked for as a CSV, a page a unit, however many they are."""

import csv
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from io import StringIO

from console.audit.acts import key_of
from console.audit.filters import Asked
from console.frame.visit import Visit
from staff.audit import reading

COLUMNS = ("id", "at", "member_id", "member", "act", "what", "about", "position")
PAGE = reading.MOST
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


async def csv_lines(visit: Visit, wanted: Asked, names: Mapping[int, str]) -> AsyncIterator[bytes]:
    """The header, then the lines from the newest on; instants in UTC. Rights are asked for at each
    page."""
    yield b"\xef\xbb\xbf" + _written([COLUMNS])
    before = wanted.before
    while True:
        async with visit.database.read() as session:
            found = await reading.lines(
                session,
                visit.member,
                act=wanted.act,
                about=wanted.about,
                member_id=wanted.member_id,
                since=wanted.since_at,
                until=wanted.until_at,
                before=before,
                limit=PAGE,
            )
        if not found:
            return
        yield _written(
            (
                line.id,
                "" if line.at is None else line.at.isoformat(timespec="seconds"),
                line.member_id or "",
                names.get(line.member_id or 0, ""),
                line.act,
                visit.text(key_of(line.act), act=line.act),
                line.about,
                line.position or "",
            )
            for line in found
        )
        before = found[-1].id


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_safe(str(cell)) for cell in row])
    return out.getvalue().encode()


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
