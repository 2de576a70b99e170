"""What the clock does to the invented phones: calls ring out, and the network gives up an SMS."""

from datetime import datetime

from db.session import Session
from transports.handset import network, store


async def ring_out(session: Session, now: datetime) -> None:
    """Give up what is due. Called every few seconds, and at once when the clock is moved."""
    due = await store.waiting(session, due=now)
    for phone_id in sorted({line.phone_id for line in due}):
        # Somebody may be at work on it: what is due is looked for again once the phone is held.
        await store.phone(session, phone_id, hold=True)
        for line in await store.waiting(session, phone_id, now):
            await network.give_up(session, line, now)
