"""Arrivals that could not be processed, processed again by somebody's decision: what kept them from
it was mended."""

from datetime import datetime

from sqlalchemy import select, update

from bot.inbox.service import PROCESS
from bot.inbox.store import InboundState, inbound
from db.session import Session
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

MOST = 30
"""At a time: each is a line of the audit, and a unit is short."""


async def retry(session: Session, by: Member, now: datetime) -> int:
    """Have the oldest of those that failed processed again, as if they came now; gives how many.

    `by` must supervise cases: it may be a call for help. One that fails again is told of again.
    """
    require(by, Right.SUPERVISE_CASES)
    oldest = (
        select(inbound.c.id)
        .where(inbound.c.state == InboundState.FAILED)
        .order_by(inbound.c.next_try_at, inbound.c.id)
        .limit(MOST)
    )
    rows = await session.all(
        update(inbound)
        .where(inbound.c.id.in_(oldest), inbound.c.state == InboundState.FAILED)
        .values(
            state=InboundState.STORED,
            attempts=0,
            begun=0,
            next_try_at=now,
            error=None,
            told_at=None,
        )
        .returning(inbound.c.id)
    )
    ids = sorted(int(row["id"]) for row in rows)
    for inbound_id in ids:
        await log(session, by.id, "inbox.retry", f"inbound:{inbound_id}", now)
        session.wake(PROCESS, str(inbound_id))
    return len(ids)
