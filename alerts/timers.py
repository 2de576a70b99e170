"""The timers of cases: what each waits for, and until when."""

from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, select

from alerts.model import CaseState, Kind, Timer
from alerts.store import HANDLING, case
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff.store import member

PUT_BACK = timedelta(minutes=1)
"""A timer that was set so much later than now was set before the clock was put back. Less is what
the clocks of two machines differ by."""

timer = Table(
    "case_timer",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("due_at", Instant, nullable=False),
    # None of one that was set by an earlier version.
    Column("set_at", Instant),
    Index("ix_case_timer_due_at", "due_at"),
    Index("ix_case_timer_set_at", "set_at"),
)


async def put(session: Session, case_id: int, kind: Timer, due_at: datetime, now: datetime) -> None:
    """Set or move a timer of a case."""
    values = {"due_at": due_at, "set_at": now}
    wanted = session.insert(timer).values(case_id=case_id, kind=kind, **values)
    await session.execute(
        wanted.on_conflict_do_update(index_elements=[timer.c.case_id, timer.c.kind], set_=values)
    )


async def drop(session: Session, case_id: int, *kinds: Timer) -> None:
    """Take timers of a case away."""
    await session.execute(delete(timer).where(timer.c.case_id == case_id, timer.c.kind.in_(kinds)))


async def of_case(session: Session, case_id: int) -> dict[Timer, datetime]:
    """The timers of a case."""
    rows = await session.all(select(timer).where(timer.c.case_id == case_id))
    return {Timer(row["kind"]): row["due_at"] for row in rows}


async def running(session: Session, case_id: int, now: datetime) -> dict[Timer, datetime]:
    """The timers of a case. One that was set later than now, because the clock was put back since,
    runs from now on: nobody waits for the hours to come a second time."""
    ahead = await session.all(
        select(timer).where(timer.c.case_id == case_id, timer.c.set_at > now + PUT_BACK)
    )
    for row in ahead:
        due_at = now + (row["due_at"] - row["set_at"])
        await put(session, case_id, Timer(row["kind"]), due_at, now)
    return await of_case(session, case_id)


async def due_cases(session: Session, now: datetime) -> tuple[int, ...]:
    """Cases with a timer that is due, or that was set by a clock that was put back since; and, as
    a net below, those that lost theirs: open ones without a page due, owned ones without a lease,
    or whose owner works here no more."""
    people = case.c.kind != Kind.CANARY
    due = (
        select(timer.c.case_id.label("id"))
        .join(case, case.c.id == timer.c.case_id)
        .where((timer.c.due_at <= now) | (timer.c.set_at > now + PUT_BACK), people)
    )
    paged = select(timer.c.case_id).where(timer.c.kind == Timer.PAGE)
    leased = select(timer.c.case_id).where(timer.c.kind == Timer.LEASE)
    here = select(member.c.id).where(member.c.active, member.c.role.in_(HANDLING))
    lost = (
        select(case.c.id)
        .where(people)
        .where(
            (case.c.state == CaseState.OPEN) & case.c.id.not_in(paged)
            | (case.c.state == CaseState.ACKNOWLEDGED)
            & (case.c.id.not_in(leased) | case.c.owner_id.not_in(here))
        )
    )
    rows = await session.all(due.union(lost))
    return tuple(sorted(row["id"] for row in rows))
