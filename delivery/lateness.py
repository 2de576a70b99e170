"""How late urgent messages leave, and that bulk stands back when it is too late."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from db.session import Database, Session
from delivery.model import Lane, State
from delivery.senders import hold_bulk
from delivery.store import ON_ITS_OWN, message
from delivery.tempo import Tempo
from kit.clock import Clock

log = structlog.get_logger(__name__)

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


class Lateness:
    """Lets bulk stand back while urgent messages of `senders` leave too late."""

    def __init__(
        self, database: Database, clock: Clock, tempo: Tempo, senders: Collection[str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._tempo = tempo
        self._senders = senders

    async def look(self) -> None:
        """See whether some wait that nobody takes; called every second or so."""
        async with self._database.read() as session:
            waiting = await oldest_urgent(session, self._senders, self._clock.now())
        for sender, due_at in waiting.items():
            if self._tempo.closed_until(sender, Lane.URGENT) is None:
                await self.mind(sender, due_at)

    async def mind(self, sender: str, due_at: datetime) -> None:
        """Let bulk stand back if a message that was due then leaves only now."""
        now = self._clock.now()
        if not too_late(due_at, now):
            return
        until = now + STANDS_BACK
        held = self._tempo.look(sender).held_until
        if held is not None and held > until - STANDS_BACK / 2:
            return
        log.warning("delivery.bulk_stands_back", sender=sender)
        for name in self._senders:
            self._tempo.hold_bulk(name, until)
        async with self._database.write() as session:
            await hold_bulk(session, until)
