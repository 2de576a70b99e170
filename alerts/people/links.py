"""Which cases a person has found to be one: the table and its queries.

A case hangs below at most one other, and only one that hangs below none is put below another, so
that there is no circle.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, delete, select

from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

link = Table(
    "case_link",
    metadata,
    Column(
        "other_id",
        Id,
        ForeignKey("case_file.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("keep_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Sealed("words"), nullable=False),
    Column("member_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_case_link_keep_id", "keep_id"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A case that somebody has put below another."""

    keep_id: int
    other_id: int
    member_id: int
    at: datetime
    reason: str = field(repr=False)


async def add(session: Session, new: Link) -> bool:
    """Keep it; False when the case hangs below another already."""
    made = await session.scalar(
        session.insert(link)
        .values(
            other_id=new.other_id,
            keep_id=new.keep_id,
            reason=new.reason,
            member_id=new.member_id,
            at=new.at,
        )
        .on_conflict_do_nothing()
        .returning(link.c.other_id)
    )
    return made is not None


async def remove(session: Session, other_id: int) -> None:
    """Let a case stand for itself again."""
    await session.execute(delete(link).where(link.c.other_id == other_id))


async def above(session: Session, case_id: int) -> Link | None:
    """What holds a case below another, or None."""
    row = await session.first(select(link).where(link.c.other_id == case_id))
    if row is None:
        return None
    return Link(row["keep_id"], row["other_id"], row["member_id"], row["at"], row["reason"])


async def top(session: Session, case_id: int) -> int:
    """The case that is kept of those which are one; itself when it stands alone."""
    found = await above(session, case_id)
    while found is not None:
        case_id = found.keep_id
        found = await above(session, case_id)
    return case_id


async def below(session: Session, case_id: int) -> tuple[int, ...]:
    """Every case that hangs below this one, at whatever depth, the oldest first."""
    found: set[int] = set()
    level = {case_id}
    while level:
        rows = await session.all(select(link.c.other_id).where(link.c.keep_id.in_(level)))
        level = {row["other_id"] for row in rows} - found
        found |= level
    return tuple(sorted(found))
