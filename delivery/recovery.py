"""What ended processes held: urgent and reply go again, of bulk nobody knows whether it left."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, literal, select, update

from db.columns import Instant
from db.session import Session
from delivery import claims
from delivery.holding import skip_held_back
from delivery.judging import KILLS
from delivery.model import PROCESS_ENDED, Lane, State
from delivery.moves import move
from delivery.service import UNREACHED, send_job
from delivery.store import message
from kit.channels import Channel

log = structlog.get_logger(__name__)

ASKED_AFTER = timedelta(seconds=60)
"""So long a provider may take to list what it has taken."""


async def recover(
    session: Session,
    claimant: str,
    held: Collection[int],
    now: datetime,
    *,
    unsent: Collection[int] = (),
    living: Collection[str] | None = None,
) -> None:
    """Free claimed rows that nobody is sending: of `claimant` but not in `held`, and those of
    every other process, or of those not in `living` when it is given.

    Rows in `unsent` certainly never left. The others are suspects from now on: see `suspect`.
    """
    rows = await session.all(
        select(message.c.id, message.c.claimed_by).where(
            message.c.claimed_by.is_not(None), message.c.state == State.SENDING
        )
    )
    orphans = [
        row["id"]
        for row in rows
        if (
            row["id"] not in held
            if row["claimed_by"] == claimant
            else living is None or row["claimed_by"] not in living
        )
    ]
    if not orphans:
        return
    await claims.release(session, [orphan for orphan in orphans if orphan in unsent], now)
    await skip_held_back(session, orphans, now)
    theirs = message.c.id.in_(orphans) & (message.c.state == State.SENDING)
    await session.execute(update(message).where(theirs, message.c.killed == 0).values(killed=1))
    ended = {"claimed_by": None, "reason": PROCESS_ENDED}
    asked = now + ASKED_AFTER
    sms, chat = message.c.channel == Channel.SMS, message.c.channel != Channel.SMS
    own = theirs & (message.c.lane != Lane.BULK)
    # Of an SMS the provider says whether it left: see `Checking`.
    check_at = case((sms, literal(asked, Instant)))
    for row in await move(
        session,
        own & (message.c.killed > KILLS),
        State.SENDING,
        State.UNCERTAIN,
        check_at=check_at,
        **ended,
    ):
        log.error("delivery.set_aside", message=row["id"])
        if row["about"] is not None:
            session.wake(UNREACHED, row["about"])
    if await move(session, own, State.SENDING, State.PENDING, claimed_by=None, due_at=now):
        await _wake(session, orphans)
    lost = theirs & (message.c.lane == Lane.BULK)
    await move(session, lost & sms, State.SENDING, State.UNCERTAIN, check_at=asked, **ended)
    await move(session, lost & chat, State.SENDING, State.UNCERTAIN, **ended)


async def suspect(session: Session, message_id: int) -> None:
    """Count a send of a row that was held when a process was killed, before it begins.

    Suspects are sent one by one, so that only what kills its process is counted again and again,
    and set aside in the end.
    """
    await session.execute(
        update(message).where(message.c.id == message_id).values(killed=message.c.killed + 1)
    )


async def _wake(session: Session, ids: Collection[int]) -> None:
    rows = await session.all(
        select(message.c.lane, message.c.sender)
        .where(message.c.id.in_(ids), message.c.state == State.PENDING)
        .distinct()
    )
    for row in rows:
        session.wake(send_job(Lane(row["lane"])), row["sender"])
