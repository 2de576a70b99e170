"""What people decide about rows of a run: to try failures again, or what to do with uncertain ones.

Each function takes a batch in the unit of its caller and says how many rows it took. A caller that
goes on until nothing is left gives each batch the same `now`, when it was decided: what has failed
again meanwhile, or is uncertain again, waits for another decision.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from db.session import Session
from delivery.judging import NO_SENDER, UNREADABLE
from delivery.model import Failure, State
from delivery.moves import move
from delivery.store import message


class Decision(StrEnum):
    """What becomes of rows of which nobody knows whether they left."""

    RESEND = "resend"
    LEAVE = "leave"


MAY_GO_AGAIN = (
    Failure.TRY_LATER,
    Failure.SENDER_BROKEN,
    Failure.SENDER_THROTTLED,
    NO_SENDER,
    UNREADABLE,
)
"""Failures that another try may mend. What a person or a dead address refused stays refused, and
what may have arrived is never sent twice by this."""


async def resolve(
    session: Session, run_id: int, decision: Decision, limit: int, now: datetime
) -> int:
    """Send uncertain rows of a run once more, or leave them as failed: they may have arrived."""
    asked = message.c.state == State.UNCERTAIN
    if decision is Decision.RESEND:
        # What this decision has sent again is due from `now` on.
        asked &= message.c.due_at < now
    ids = await _some(session, run_id, asked, limit)
    if not ids:
        return 0
    which = message.c.id.in_(ids)
    if decision is Decision.RESEND:
        again: dict[str, object] = {"due_at": now, "reason": None, "check_at": None}
        await move(session, which, State.UNCERTAIN, State.PENDING, **again)
    else:
        left = {"settled_at": now, "reason": Failure.UNKNOWN_OUTCOME.value, "check_at": None}
        await move(session, which, State.UNCERTAIN, State.FAILED, **left)
    return len(ids)


async def retry(session: Session, run_id: int, limit: int, now: datetime) -> int:
    """Let rows of a run go again that failed in a way that another try may mend."""
    taken = 0
    before = message.c.settled_at.is_(None) | (message.c.settled_at <= now)
    for state, which in (
        (State.FAILED, message.c.reason.in_(MAY_GO_AGAIN)),
        (State.UNDELIVERED, message.c.id.is_not(None)),
    ):
        ids = await _some(
            session, run_id, which & before & (message.c.state == state), limit - taken
        )
        if not ids:
            continue
        taken += len(ids)
        values = {
            "due_at": now,
            "attempts": 0,
            "reason": None,
            "settled_at": None,
            "check_at": None,
        }
        await move(session, message.c.id.in_(ids), state, State.PENDING, **values)
    return taken


async def _some(session: Session, run_id: int, which: ColumnElement[bool], limit: int) -> list[int]:
    if limit <= 0:
        return []
    rows = await session.all(
        select(message.c.id).where(message.c.run_id == run_id, which).limit(limit)
    )
    return [row["id"] for row in rows]
