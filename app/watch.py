"""The clock's work: the reconciler, and what has to be done every so often."""

from datetime import datetime, timedelta

from alerts import tick as alerts_tick
from alerts.referral import tick as referral_tick
from alerts.shifts import tick as shifts_tick
from bot.inbox import store as arrivals
from bot.inbox.service import PROCESS
from campaigns import tick as campaigns_tick
from db.session import Database, Session
from delivery import receipts, tally
from delivery import service as delivery
from engine import pg_tables
from engine.clock import Ticker
from engine.reconciler import Reconciler
from kit.clock import Clock
from transports.handset.tick import ring_out

RECONCILE_EVERY = timedelta(seconds=2)
LOOK_EVERY = timedelta(seconds=20)
FOLD_EVERY = timedelta(seconds=5)
TIDY_EVERY = timedelta(minutes=1)


class Watch:
    """What one process of all does at a time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.reconciler = Reconciler(
            database,
            clock,
            reading=(wake_arrivals, alerts_tick.wake_due, delivery.wake_due),
            writing=(campaigns_tick.wake_due, ring_out),
        )

    def wind(self, ticker: Ticker) -> None:
        """Have the ticker call all of it."""
        ticker.every(RECONCILE_EVERY, "reconcile", self.reconciler.reconcile)
        ticker.every(LOOK_EVERY, "look", self.look)
        ticker.every(FOLD_EVERY, "fold", self.fold)
        ticker.every(TIDY_EVERY, "tidy", self.tidy)

    async def look(self) -> None:
        """Shifts that begin or have a gap, follow-ups that are due: each in a unit of its own."""
        async with self._database.write() as session:
            await shifts_tick.look(session, self._clock.now())
        taken = 1
        while taken:
            async with self._database.write() as session:
                taken = await referral_tick.look(session, self._clock.now())

    async def fold(self) -> None:
        """Keep the counters of runs short."""
        async with self._database.write() as session:
            await tally.fold(session)

    async def tidy(self) -> None:
        """Take away what nobody needs any more, each in a unit of its own."""
        async with self._database.write() as session:
            await receipts.forget_early(session, self._clock.now())
        async with self._database.write() as session:
            await pg_tables.tidy(session)


async def wake_arrivals(session: Session, now: datetime) -> None:
    """What was stored and never processed."""
    for inbound_id in await arrivals.due(session, now):
        session.wake(PROCESS, str(inbound_id))
