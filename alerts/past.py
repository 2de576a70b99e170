"""The lines of a case as its pages show them, the newest first."""

from dataclasses import dataclass, replace

from sqlalchemy import RowMapping, or_, select

from alerts import chronicle
from alerts.chronicle import Line, Names
from alerts.model import Case, Entry, EntryKind
from alerts.part import Part
from alerts.timeline import entry
from db.session import Session
from staff.store import member

MOST_LINES = 60
"""Lines at a time."""


@dataclass(frozen=True, slots=True)
class Past:
    """The newest lines. `before` is the oldest of them when there are more before it."""

    lines: tuple[Line, ...] = ()
    before: int | None = None


async def of_case(
    session: Session, case: Case, part: Part, names: Names, before: int | None = None
) -> Past:
    """The newest lines of a case, or the newest of those before the line `before`; for who has no
    part in it without words."""
    query = select(entry).where(entry.c.case_id == case.id)
    if before is not None:
        query = query.where(entry.c.id < before)
    rows = await session.all(query.order_by(entry.c.id.desc()).limit(MOST_LINES + 1))
    lines = tuple(_line(row, names, part) for row in rows[:MOST_LINES])
    return Past(lines, lines[-1].id if len(rows) > MOST_LINES else None)


async def names_of(session: Session, case: Case) -> dict[int, str]:
    """The pseudonyms of everybody who stands in the timeline of a case."""
    stands = select(entry.c.member_id).where(entry.c.case_id == case.id)
    rows = await session.all(
        select(member.c.id, member.c.pseudonym).where(
            or_(member.c.id.in_(stands), member.c.id == case.owner_id)
        )
    )
    return {row["id"]: row["pseudonym"] for row in rows}


def _line(row: RowMapping, names: Names, part: Part) -> Line:
    kind = EntryKind(row["kind"])
    told = chronicle.line_of(Entry(row["at"], kind, row["member_id"], row["body"]), names)
    told = replace(told, id=row["id"])
    return told if part.reads else chronicle.without_words(told)
