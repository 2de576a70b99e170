"""Rows of people for whom it is too early or too late in the day: they wait for their morning."""

from datetime import datetime

from sqlalchemy import func, select, update

from contacts.model import DEFAULT_ZONE
from contacts.store import contact
from db.session import Session
from delivery.model import Lane, State
from delivery.runs import Run
from delivery.service import send_job
from delivery.store import message

AHEAD = 500
"""So many of the next rows one claim looks through. A sender of one message a second claims one row
at a time: whoever is awake would wait for hours behind a night's worth of others."""


async def lay_down(
    session: Session, run: Run, sender: str, zone: str, opens: datetime, now: datetime
) -> None:
    """Let what is due of a run to people of a zone, where it is night, be due when it `opens`."""
    ahead = (
        select(message.c.id, message.c.contact_id)
        .where(
            message.c.run_id == run.id,
            message.c.state == State.PENDING,
            message.c.sender == sender,
            message.c.due_at <= run.open_until(now),
        )
        .order_by(message.c.due_at, message.c.id)
        .limit(AHEAD)
    )
    if not session.is_sqlite:
        ahead = ahead.with_for_update(skip_locked=True, of=message)
    looked = ahead.cte("ahead")
    asleep = (
        select(looked.c.id)
        .outerjoin(contact, contact.c.id == looked.c.contact_id)
        .where(func.coalesce(contact.c.zone, DEFAULT_ZONE) == zone)
    )
    await session.execute(update(message).where(message.c.id.in_(asleep)).values(due_at=opens))
    session.wake(send_job(Lane.BULK), sender, opens)
