"""Many cases at once: somebody who was paged for several just now gets the others in one message.

Nothing is hidden: each case has its page in its timeline, and the message counts them all. No case
waits for that message alone: somebody who is not crowded is paged for it at once, while there is.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Table, delete, func, select

from alerts import speaking, store
from alerts.model import Case, CaseState
from alerts.store import case
from alerts.timeline import PAGES, entry
from alerts.timers import PUT_BACK
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff import store as staff

BUNDLE = "alerts.bundle"
"""The job that sends a bundle; its key is the member's id."""

WITHIN = timedelta(minutes=1)
GATHERS = timedelta(seconds=15)
"""So long a bundle waits for what else comes: no longer than a page would have taken to be read."""

bundle = Table(
    "page_bundle",
    metadata,
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Index("ix_page_bundle_due_at", "due_at"),
)


async def crowded(session: Session, case_id: int, alone: int, now: datetime) -> frozenset[int]:
    """Who was paged for so many other cases in the last minute that one more would drown."""
    others = func.count(func.distinct(entry.c.case_id))
    rows = await session.all(
        select(entry.c.member_id)
        .where(
            entry.c.member_id.is_not(None),
            entry.c.at > now - WITHIN,
            # None that was written before the clock was put back.
            entry.c.at <= now + PUT_BACK,
            entry.c.kind.in_(PAGES),
            entry.c.case_id != case_id,
        )
        .group_by(entry.c.member_id)
        .having(others >= alone)
    )
    return frozenset(row["member_id"] for row in rows)


async def put_in(session: Session, member_id: int, now: datetime) -> None:
    """Have a bundle sent to somebody, if none is on its way already."""
    due_at = now + GATHERS
    await session.execute(
        session.insert(bundle).values(member_id=member_id, due_at=due_at).on_conflict_do_nothing()
    )
    session.wake(BUNDLE, str(member_id), due_at)


async def send(session: Session, member_id: int, now: datetime) -> None:
    """Send a bundle that is due: every case without an owner that this member was paged for."""
    this = bundle.c.member_id == member_id
    due = delete(bundle).where(this, _is_due(now)).returning(bundle.c.member_id)
    if await session.scalar(due) is None:
        return
    member = await staff.get(session, member_id)
    if member is None or not member.active:
        return
    waiting = await waiting_for(session, member_id)
    if waiting:
        await speaking.page_for_several(session, waiting, member, now)


async def waiting_for(session: Session, member_id: int) -> tuple[Case, ...]:
    """The cases without an owner that a member was paged for, the most urgent first."""
    paged = (
        select(entry.c.case_id)
        .join(case, case.c.id == entry.c.case_id)
        .where(
            case.c.state == CaseState.OPEN, entry.c.member_id == member_id, entry.c.kind.in_(PAGES)
        )
        .distinct()
    )
    return await store.those(session, case.c.id.in_(paged))


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: bundles that are due."""
    for row in await session.all(select(bundle.c.member_id).where(_is_due(now))):
        session.wake(BUNDLE, str(row["member_id"]))


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or lies so far ahead that the clock was put back since."""
    return (bundle.c.due_at <= now) | (bundle.c.due_at > now + GATHERS + PUT_BACK)


def oldest(cases: Collection[Case]) -> Case:
    """The case that has waited longest."""
    return min(cases, key=lambda one: (one.opened_at, one.id))
