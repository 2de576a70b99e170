"""The clock's work: the reconciler, and what has to be done every so often."""

from datetime import datetime, timedelta
from functools import partial

from alerts import tick as alerts_tick
from alerts.coverage.tick import LOOK_EVERY as COUNT_EVERY
from alerts.coverage.tick import Counting
from alerts.referral import tick as referral_tick
from alerts.shifts import tick as shifts_tick
from bot.inbox import store as arrivals
from bot.inbox.service import PROCESS
from campaigns import tick as campaigns_tick
from campaigns.conduct import Conduct
from campaigns.files import media, wishes
from campaigns.works import tick as works_tick
from campaigns.works.doing import clear
from console.api import requests
from contacts import zones
from db.session import Database, Session
from delivery import receipts, tally
from delivery import service as delivery
from engine import pg_tables
from engine.clock import Ticker
from engine.reconciler import Reconciler
from kit.clock import Clock
from kit.turns import Turns
from staff.audit import chain
from staff.signin import tick as signin_tick
from transports.handset.tick import ring_out

RECONCILE_EVERY = timedelta(seconds=2)
LOOK_EVERY = timedelta(seconds=20)
FOLD_EVERY = timedelta(seconds=5)
SEAL_EVERY = timedelta(seconds=5)
SEALED = 500
"""Lines of the audit that one unit links."""

TIDY_EVERY = timedelta(minutes=1)
LOCATE_EVERY = timedelta(seconds=10)
LOCATED = 300
"""Phones that one unit looks at: opening each takes a moment."""


class Watch:
    """What one process of all does at a time."""

    def __init__(self, database: Database, clock: Clock, conduct: Conduct, turns: Turns) -> None:
        self._database = database
        self._clock = clock
        self._counting = Counting(database, clock, turns=turns)
        self.reconciler = Reconciler(
            database,
            clock,
            reading=(
                wake_arrivals,
                alerts_tick.wake_due,
                delivery.wake_due,
                wishes.wake_due,
                works_tick.wake_due,
            ),
            writing=(partial(campaigns_tick.wake_due, conduct=conduct), ring_out),
        )

    def wind(self, ticker: Ticker) -> None:
        """Have the ticker call all of it."""
        ticker.every(RECONCILE_EVERY, "reconcile", self.reconciler.reconcile)
        ticker.every(LOOK_EVERY, "look", self.look)
        ticker.every(FOLD_EVERY, "fold", self.fold)
        ticker.every(SEAL_EVERY, "seal", self.seal)
        ticker.every(COUNT_EVERY, "coverage", self._counting.look)
        ticker.every(LOCATE_EVERY, "locate", self.locate)
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

    async def seal(self) -> None:
        """Bind what was written into the audit to what stood before it."""
        done = SEALED
        while done == SEALED:
            async with self._database.write() as session:
                done = await chain.seal(session, self._clock.now(), SEALED)

    async def locate(self) -> None:
        """Learn the country, and by whose clock they live, of phones that came before we asked."""
        async with self._database.write() as session:
            await zones.fill(session, LOCATED)

    async def tidy(self) -> None:
        """Take away what nobody needs any more, each in a unit of its own."""
        async with self._database.write() as session:
            await receipts.forget_early(session, self._clock.now())
        async with self._database.write() as session:
            await pg_tables.tidy(session)
        async with self._database.write() as session:
            await requests.forget(session, self._clock.now())
        async with self._database.write() as session:
            await signin_tick.forget(session, self._clock.now())
        async with self._database.write() as session:
            await works_tick.give_up(session, self._clock.now())
        await clear(self._database)
        more = True
        while more:
            async with self._database.write() as session:
                more = await media.forget(session, self._clock.now())


async def wake_arrivals(session: Session, now: datetime) -> None:
    """What was stored and never processed."""
    for inbound_id in await arrivals.due(session, now):
        session.wake(PROCESS, str(inbound_id))
