"""Putting messages into the ledger, in the unit of their cause."""

from datetime import datetime

from db.session import Session
from delivery import senders, store
from delivery.model import Lane, NewMessage

UNREACHED = "delivery.unreached"
"""The job that hears of a message about something that will not arrive; its key is the `about`."""

BROKEN = "delivery.broken"
"""The job that hears of a sender that is out of order; its key is the sender."""

WITHDRAW = "delivery.withdraw"
"""The job that takes messages back; its key is the sender that they left by."""


def send_job(lane: Lane) -> str:
    """The job that sends what a lane of a sender holds; its key is the sender's name."""
    return f"delivery.send.{lane}"


async def queue(session: Session, new: NewMessage, now: datetime) -> int:
    """Write a message into the ledger; it leaves after the commit of this unit."""
    message_id, sender = await store.add(session, new, now)
    session.wake(send_job(new.lane), sender, new.due_at)
    return message_id


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: every lane that holds something to send, every sender whose
    breaker nobody has heard of, and every one of which something is to be taken back."""
    for lane, sender in await store.due_lanes(session, now):
        session.wake(send_job(lane), sender)
    for sender in await senders.untold(session):
        session.wake(BROKEN, sender)
    for sender in await store.due_withdrawals(session, now):
        session.wake(WITHDRAW, sender)


async def wake_bulk(session: Session) -> None:
    """Let every sender look for rows of runs."""
    for row in await senders.all_of(session):
        session.wake(send_job(Lane.BULK), row["name"])
