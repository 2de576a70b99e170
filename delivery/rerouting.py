"""Rows of a sender that is not configured here: another way, or an honest end."""

from datetime import datetime

from sqlalchemy import update

from db.session import Session
from delivery import claims, judging
from delivery.claims import Claimant
from delivery.judging import Roads
from delivery.model import Claimed, Lane, State, Way
from delivery.moves import move
from delivery.service import UNREACHED, send_job
from delivery.settling import elsewhere
from delivery.store import message

BATCH = 100


async def turn_away(
    session: Session, lane: Lane, sender: str, roads: Roads, who: Claimant, now: datetime
) -> bool:
    """Send due rows on to a sender that is here; False when none is due.

    Another of the channel, else the next endpoint or address that can be reached. A row that has
    none has failed: nobody would ever come for it.
    """
    found = await claims.claim(session, lane, sender, BATCH, who, now)
    for row in found.rows:
        this = message.c.id == row.id
        values = _by(row, judging.around(row, roads, (sender,)))
        if not values and row.run_id is not None:
            values = await elsewhere(session, row)
            if values and str(values["sender"]) not in roads.ordinary:
                values = {}
        if values:
            await session.execute(
                update(message).where(this, message.c.state == State.SENDING).values(**values)
            )
            await move(session, this, State.SENDING, State.PENDING, claimed_by=None)
            session.wake(send_job(lane), str(values["sender"]))
            continue
        failed = {"reason": judging.NO_SENDER, "settled_at": now, "claimed_by": None}
        await move(session, this, State.SENDING, State.FAILED, **failed)
        if row.about is not None:
            session.wake(UNREACHED, row.about)
    return found.taken > 0


def _by(row: Claimed, way: Way | None) -> dict[str, object]:
    """The columns that a way sets."""
    if way is None:
        return {}
    values: dict[str, object] = {"sender": way.sender}
    if way.position is not None:
        values["position"] = way.position
        values["channel"] = row.endpoints[way.position].channel
    return values
