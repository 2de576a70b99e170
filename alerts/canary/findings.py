"""What the tables say of the platform's own health: of the ledger, of its senders and of cases.

Each looks at one thing and gives counts and ages, in seconds.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, func, or_, select

from alerts.canary import store
from alerts.canary.model import KIND, Finding
from alerts.model import CaseState, Timer
from alerts.store import case
from alerts.timers import timer
from db.session import Session
from delivery import senders
from delivery.judging import STALE_AFTER
from delivery.model import Lane, State
from delivery.store import ON_ITS_OWN, message

STUCK_AFTER = timedelta(seconds=30)
"""An urgent row or a reply that may leave leaves in less."""

SETTLED_WITHIN = timedelta(minutes=2)

PAGED_WITHIN = timedelta(minutes=1)
"""So late a page may be before the timers count as standing still."""

WAITED_FOR = (Lane.URGENT, Lane.REPLY)


async def lane(session: Session, now: datetime) -> Finding:
    """Whether somebody sends what is urgent and what is a reply.

    Rows of a sender that is blocked or out of order are not counted: nothing stands still there,
    and another process would send them no sooner.
    """
    shut = [
        row["name"]
        for row in await senders.all_of(session)
        if row["broken_at"] is not None or (row["blocked_until"] or now) > now
    ]
    waits = (
        ON_ITS_OWN,
        message.c.state == State.PENDING,
        message.c.lane.in_(WAITED_FOR),
        message.c.due_at <= now - STUCK_AFTER,
        message.c.sender.not_in(shut),
    )
    return await aged(session, message.c.due_at, now, message, *waits)


async def unsettled(session: Session, now: datetime) -> Finding:
    """Whether it is known what became of each urgent message and reply of the last day.

    A look for each state: asked for both at once SQLite walks through all that is no campaign's.
    """
    looks = [
        await aged(
            session,
            message.c.claimed_at,
            now,
            message,
            ON_ITS_OWN,
            message.c.state == state,
            message.c.lane.in_(WAITED_FOR),
            message.c.claimed_at <= now - SETTLED_WITHIN,
            message.c.created_at > now - STALE_AFTER,
        )
        for state in (State.SENDING, State.UNCERTAIN)
    ]
    found = [look.detail for look in looks if not look.good]
    if not found:
        return Finding(True)
    rows, ages = ([int(detail[name]) for detail in found] for name in ("rows", "seconds"))
    return Finding(False, {"rows": sum(rows), "seconds": max(ages)})


async def broken(session: Session, now: datetime) -> Finding:
    """Whether each sender works; names those that do not."""
    del now
    found = [row["name"] for row in await senders.all_of(session) if row["broken_at"] is not None]
    return Finding(not found, {"senders": " ".join(found)} if found else {})


async def cases(session: Session, now: datetime) -> Finding:
    """Whether each case without an owner has a page due that is not overdue. Always true, says the
    first promise."""
    paged = (timer.c.case_id == case.c.id) & (timer.c.kind == Timer.PAGE)
    late = timer.c.due_at <= now - PAGED_WITHIN
    return await aged(
        session,
        func.coalesce(timer.c.due_at, case.c.opened_at),
        now,
        case.outerjoin(timer, paged),
        case.c.state == CaseState.OPEN,
        case.c.kind != KIND,
        or_(timer.c.case_id.is_(None), late),
    )


async def canaries(session: Session, now: datetime) -> Finding:
    """Whether a canary's absence has been told and not its return; names the channels."""
    del now
    silent = [
        name.partition(".")[2]
        for name, notice in (await store.notices(session)).items()
        if name.startswith("canary.") and notice.good_since is None
    ]
    return Finding(not silent, {"channels": " ".join(sorted(silent))} if silent else {})


async def aged(
    session: Session,
    since: ColumnElement[datetime],
    now: datetime,
    of: FromClause,
    *which: ColumnElement[bool],
) -> Finding:
    """Good when there is no such row; else how many, and how old the oldest is."""
    row = await session.first(
        select(func.count().label("rows"), func.min(since).label("oldest"))
        .select_from(of)
        .where(*which)
    )
    if row is None or not row["rows"]:
        return Finding(True)
    age = int((now - row["oldest"]).total_seconds()) if row["oldest"] is not None else 0
    return Finding(False, {"rows": row["rows"], "seconds": age})
