"""What is known of a call beside its receipts: that nobody heard it, and which key was pressed."""

from datetime import datetime

from sqlalchemy import RowMapping, select, update

from db.session import Session
from delivery.model import State
from delivery.moves import move
from delivery.store import CODE_LENGTH, PROVIDER_ID_LENGTH, attempt, message
from kit.channels import Channel

VOICEMAIL = "voicemail"
"""Why a call has not arrived that a machine answered."""

_ARRIVED_FROM = (State.SENT, State.PENDING, State.UNCERTAIN, State.UNDELIVERED, State.FAILED)
"""From where a pressed key shows that a call has arrived. Whoever would be called again because
nobody knew is not."""


async def was_missed(session: Session, message_id: int) -> bool:
    """Whether a call is known to have reached nobody. It may end like one that did: a call that a
    machine took is "completed" too. Holds the row until the unit ends."""
    row = await _held(session, message_id)
    return row is not None and row["state"] == State.UNDELIVERED


async def pressed(session: Session, message_id: int, call_id: str) -> str | None:
    """What was kept of a key pressed in a call, None while there was none.

    Holds the row until the unit ends, so that a repetition waits for the first.
    """
    await _held(session, message_id)
    found = await session.scalar(
        select(attempt.c.code).where(
            attempt.c.message_id == message_id,
            attempt.c.provider_id == call_id[:PROVIDER_ID_LENGTH],
            attempt.c.outcome == State.DELIVERED,
        )
    )
    return None if found is None else str(found)


async def keep_pressed(
    session: Session, message_id: int, call_id: str, what: str, now: datetime
) -> None:
    """Keep what a key did, in at most `CODE_LENGTH` signs: somebody is there, so the row has
    arrived, whatever was thought of it.

    This call is not ended from our side any more: the answer is still to be heard.
    """
    row = await _held(session, message_id)
    if row is None:
        return
    await session.execute(
        attempt.insert().values(
            message_id=message_id,
            channel=row["channel"],
            sender=row["sender"],
            position=row["position"],
            at=now,
            outcome=State.DELIVERED,
            code=what[:CODE_LENGTH],
            provider_id=call_id[:PROVIDER_ID_LENGTH],
        )
    )
    this = message.c.id == message_id
    values = {"settled_at": now, "reason": None, "check_at": None}
    for old in _ARRIVED_FROM:
        await move(session, this, old, State.DELIVERED, **values)
    await session.execute(update(message).where(this).values(withdraw_at=None))


async def _held(session: Session, message_id: int) -> RowMapping | None:
    """The row of a call. Who settles it right now is waited for."""
    query = select(message.c.state, message.c.channel, message.c.sender, message.c.position).where(
        message.c.id == message_id, message.c.channel == Channel.VOICE
    )
    return await session.first(query.with_for_update())
