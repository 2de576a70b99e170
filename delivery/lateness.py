"""How late urgent messages leave, and that bulk stands back when it is too late."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from db.session import Session
from delivery.model import Lane, State
from delivery.store import ON_ITS_OWN, message

BUDGET = timedelta(seconds=2)
"""An urgent message leaves within this time of being due."""

STANDS_BACK = timedelta(seconds=10)
"""So long bulk of every sender waits when one did not; and again while they do not."""

LOOK_AGAIN = timedelta(seconds=30)
"""When an urgent message whose sender is blocked, and which has no other way, is looked at next."""


def too_late(due_at: datetime, now: datetime) -> bool:
    """Whether an urgent message that has not left by now is over its budget."""
    return now - due_at > BUDGET


async def oldest_urgent(
    session: Session, senders: Collection[str], now: datetime
) -> dict[str, datetime]:
    """The due time of the oldest urgent message that waits at each sender."""
    rows = await session.all(
        select(message.c.sender, func.min(message.c.due_at).label("due_at"))
        .where(
            ON_ITS_OWN,
            message.c.state == State.PENDING,
            message.c.lane == Lane.URGENT,
            message.c.sender.in_(tuple(senders)),
            message.c.due_at <= now,
        )
        .group_by(message.c.sender)
    )
    return {row["sender"]: row["due_at"] for row in rows}
