"""The table of follow-ups of cases, and its queries."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Table,
    delete,
    select,
    update,
)

from alerts.referral.model import FollowUp
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

follow_up = Table(
    "case_follow_up",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    # None: of the close of the case.
    Column("referral_id", Id, ForeignKey("case_referral.id", ondelete="CASCADE")),
    Column("day", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    # When somebody is told next; None once it is done.
    Column("notice_at", Instant),
    Column("done_at", Instant),
    Column("done_by", Id),
    Column("result", Sealed("words"), nullable=False),
    Index("ix_case_follow_up_case_id", "case_id"),
    Index("ix_case_follow_up_notice_at", "notice_at"),
)


async def plan(
    session: Session,
    case_id: int,
    referral_id: int | None,
    times: Collection[tuple[int, datetime]],
) -> None:
    """Put these follow-ups, (day, due) each, in the place of those of the same case and referral
    that are not done."""
    same = (
        follow_up.c.referral_id.is_(None)
        if referral_id is None
        else follow_up.c.referral_id == referral_id
    )
    await session.execute(
        delete(follow_up).where(follow_up.c.case_id == case_id, same, follow_up.c.done_at.is_(None))
    )
    rows = [
        {
            "case_id": case_id,
            "referral_id": referral_id,
            "day": day,
            "due_at": due_at,
            "notice_at": due_at,
            "result": "",
        }
        for day, due_at in times
    ]
    if rows:
        await session.execute(follow_up.insert(), rows)


async def of_case(session: Session, case_id: int) -> tuple[FollowUp, ...]:
    """The follow-ups of a case, in the order in which they are due."""
    rows = await session.all(
        select(follow_up)
        .where(follow_up.c.case_id == case_id)
        .order_by(follow_up.c.due_at, follow_up.c.id)
    )
    return tuple(_follow_up(row) for row in rows)


async def get(session: Session, follow_up_id: int) -> FollowUp | None:
    """A follow-up by id."""
    row = await session.first(select(follow_up).where(follow_up.c.id == follow_up_id))
    return None if row is None else _follow_up(row)


async def finish(
    session: Session, follow_up_id: int, member_id: int, result: str, now: datetime
) -> bool:
    """Write down what became of it; False when somebody did before."""
    done = await session.scalar(
        update(follow_up)
        .where(follow_up.c.id == follow_up_id, follow_up.c.done_at.is_(None))
        .values(done_at=now, done_by=member_id, result=result, notice_at=None)
        .returning(follow_up.c.id)
    )
    return done is not None


async def take_due(
    session: Session, now: datetime, next_at: datetime, limit: int
) -> tuple[FollowUp, ...]:
    """Take the follow-ups of which somebody is to be told now, and put the next notice off to
    `next_at`. Two clocks at once take each of them once."""
    some = (
        select(follow_up.c.id)
        .where(follow_up.c.notice_at <= now)
        .order_by(follow_up.c.notice_at, follow_up.c.id)
        .limit(limit)
    )
    rows = await session.all(
        update(follow_up)
        .where(follow_up.c.id.in_(some), follow_up.c.notice_at <= now)
        .values(notice_at=next_at)
        .returning(follow_up)
    )
    return tuple(sorted((_follow_up(row) for row in rows), key=lambda one: one.id))


async def tell_at(session: Session, ids: Collection[int], at: datetime) -> None:
    """When somebody is to be told of these next."""
    await session.execute(update(follow_up).where(follow_up.c.id.in_(ids)).values(notice_at=at))


async def next_notice(session: Session) -> datetime | None:
    """When somebody is to be told next of any follow-up."""
    found = await session.scalar(
        select(follow_up.c.notice_at)
        .where(follow_up.c.notice_at.is_not(None))
        .order_by(follow_up.c.notice_at)
        .limit(1)
    )
    return found if isinstance(found, datetime) else None


def _follow_up(row: RowMapping) -> FollowUp:
    return FollowUp(
        id=row["id"],
        case_id=row["case_id"],
        day=row["day"],
        due_at=row["due_at"],
        referral_id=row["referral_id"],
        notice_at=row["notice_at"],
        done_at=row["done_at"],
        done_by=row["done_by"],
        result=row["result"],
    )
