"""Putting messages into the ledger, in the unit of their cause."""

from datetime import datetime

from db.session import Session
from delivery import store
from delivery.model import Lane, NewMessage
from kit.channels import Channel

SEND = "delivery.send"
"""The job that sends what a lane of a channel holds; its key is `lane:channel`."""


UNREACHED = "delivery.unreached"
"""The job that hears of a message about something that will not arrive; its key is the `about`."""


def send_key(lane: Lane, channel: Channel) -> str:
    """The key of the job that serves one lane of one channel."""
    return f"{lane}:{channel}"


def read_send_key(key: str) -> tuple[Lane, Channel]:
    """The reverse of `send_key`."""
    lane, _, channel = key.partition(":")
    return Lane(lane), Channel(channel)


async def queue(session: Session, new: NewMessage, now: datetime) -> int:
    """Write a message into the ledger; it leaves after the commit of this unit."""
    message_id = await store.add(session, new, now)
    session.wake(SEND, send_key(new.lane, new.to[0].channel), new.due_at)
    return message_id


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: wake every lane that holds something to send."""
    for lane, channel in await store.due_lanes(session, now):
        session.wake(SEND, send_key(lane, channel))
