"""The timelines of cases: every page, answer and act is a line, and nothing takes one out."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, func, select

from alerts.model import Entry, EntryKind
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

PAGES = (EntryKind.PAGED, EntryKind.BUNDLED)
"""Lines that tell of somebody's being paged, alone or for several cases at once."""

OWNING = (EntryKind.ACKNOWLEDGED, EntryKind.TAKEN_OVER, EntryKind.REOPENED)
"""Lines with the name of somebody who has the case from then on."""

entry = Table(
    "case_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("member_id", Id),
    Column("body", Sealed("words")),
    # Which message of the ledger a line is about.
    Column("message_id", Id),
    Index("ix_case_entry_case_id", "case_id"),
)
_BY_MEMBER = entry.c.member_id.is_not(None)
Index(
    "ix_case_entry_at",
    entry.c.at,
    entry.c.member_id,
    sqlite_where=_BY_MEMBER,
    postgresql_where=_BY_MEMBER,
)


async def note(
    session: Session,
    case_id: int,
    kind: EntryKind,
    at: datetime,
    *,
    member_id: int | None = None,
    body: str | None = None,
    message_id: int | None = None,
) -> None:
    """Write one line of the timeline."""
    await session.execute(
        entry.insert().values(
            case_id=case_id,
            at=at,
            kind=kind,
            member_id=member_id,
            body=body,
            message_id=message_id,
        )
    )


async def of_case(session: Session, case_id: int) -> tuple[Entry, ...]:
    """What happened in a case, in order."""
    rows = await session.all(select(entry).where(entry.c.case_id == case_id).order_by(entry.c.id))
    return tuple(_entry(row) for row in rows)


async def at_line(session: Session, case_id: int, line_id: int) -> datetime | None:
    """When a line of a case was written; None when it has no such line."""
    found: datetime | None = await session.scalar(
        select(entry.c.at).where(entry.c.id == line_id, entry.c.case_id == case_id)
    )
    return found


async def standing_pages(session: Session, case_id: int) -> tuple[Entry, ...]:
    """The pages of the newest step, without those of which it is known that they reach nobody."""
    rows = await session.all(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind.in_((*PAGES, EntryKind.PAGE_LOST)))
        .order_by(entry.c.id.desc())
        .limit(200)
    )
    pages = [row for row in rows if row["kind"] != EntryKind.PAGE_LOST]
    if not pages:
        return ()
    newest = pages[0]["at"]
    step = [row for row in pages if row["at"] == newest]
    first = step[-1]["id"]
    lost = {
        row["member_id"] for row in rows if row["kind"] == EntryKind.PAGE_LOST and row["id"] > first
    }
    return tuple(_entry(row) for row in reversed(step) if row["member_id"] not in lost)


async def paged_since(session: Session, case_id: int, since: datetime) -> frozenset[int]:
    """Who was paged after an instant."""
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(PAGES), entry.c.at > since)
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def called(session: Session, case_id: int) -> frozenset[int]:
    """Who was paged since the case last had an owner or was left for the morning, or since it was
    opened: from then on everybody's turn comes anew."""
    owned = (
        select(func.max(entry.c.id))
        .where(entry.c.case_id == case_id, entry.c.kind.in_((*OWNING, EntryKind.CAN_WAIT)))
        .scalar_subquery()
    )
    rows = await session.all(
        select(entry.c.member_id)
        .where(
            entry.c.case_id == case_id,
            entry.c.kind.in_(PAGES),
            entry.c.id > func.coalesce(owned, 0),
        )
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def declined_since(session: Session, case_id: int, since: datetime) -> frozenset[int]:
    """Who passed a case on after an instant, or let it go."""
    declining = (EntryKind.PASSED_ON, EntryKind.LEASE_LOST)
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(declining), entry.c.at > since)
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def policies_of(session: Session, case_id: int) -> frozenset[str]:
    """The names of the policies that were chosen in the course of a case."""
    rows = await session.all(
        select(entry.c.body).where(entry.c.case_id == case_id, entry.c.kind == EntryKind.POLICY)
    )
    return frozenset(row["body"] or "" for row in rows)


async def has_entry(session: Session, case_id: int, *kinds: EntryKind) -> bool:
    """Whether the timeline holds a line of one of these kinds."""
    found = await session.scalar(
        select(entry.c.id).where(entry.c.case_id == case_id, entry.c.kind.in_(kinds)).limit(1)
    )
    return found is not None


async def last_owner(session: Session, case_id: int) -> int | None:
    """Who accepted the case last, whether or not they still have it."""
    found = await session.scalar(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(OWNING), entry.c.member_id.is_not(None))
        .order_by(entry.c.id.desc())
        .limit(1)
    )
    return None if found is None else int(found)


async def helpers(session: Session, case_id: int) -> tuple[int, ...]:
    """Who helps the owner of a case."""
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind == EntryKind.HELPER)
        .distinct()
    )
    return tuple(row["member_id"] for row in rows)


async def last_said(session: Session, case_id: int, limit: int) -> tuple[Entry, ...]:
    """The newest things that the reporter said or sent, in order."""
    said = (EntryKind.SAID, EntryKind.CALLED, EntryKind.MEDIA, EntryKind.LOCATION)
    rows = await session.all(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(said))
        .order_by(entry.c.id.desc())
        .limit(limit)
    )
    return tuple(_entry(row) for row in reversed(rows))


def _entry(row: RowMapping) -> Entry:
    return Entry(row["at"], EntryKind(row["kind"]), row["member_id"], row["body"])
