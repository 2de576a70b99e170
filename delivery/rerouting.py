"""Rows of a channel that is not configured here: another way, or an honest end."""

from collections.abc import Collection
from datetime import datetime

from db.session import Session
from delivery import claims, judging, store
from delivery.model import Lane, State
from delivery.service import SEND, UNREACHED, send_key
from kit.channels import Channel

BATCH = 100


async def turn_away(
    session: Session,
    lane: Lane,
    channel: Channel,
    configured: Collection[Channel],
    claimant: str,
    now: datetime,
) -> bool:
    """Send due rows on to their next endpoint that can be reached; False when none is due.

    What has none has failed: nobody would ever come for it.
    """
    found = await claims.claim(session, lane, channel, BATCH, claimant, now)
    for row in found.rows:
        position = judging.next_position(row, configured)
        if position is not None:
            await store.move_on(session, row, position)
            session.wake(SEND, send_key(lane, row.endpoints[position].channel))
            continue
        await store.settle_as(session, row.id, State.FAILED, judging.NO_SENDER, now)
        if row.about is not None:
            session.wake(UNREACHED, row.about)
    return found.taken > 0
