"""The embedded mode: every part in one process, the only place where all of them meet."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from app.conduct import conduct_of
from app.front import Front
from app.handlers import CHECK_EVERY, SERVES, WATCH_EVERY, Means
from app.opening import prepare
from app.selfwatch import Checks, SelfWatch
from app.settings import Settings
from app.tasks import Tasks
from app.texts_watch import TextsWatch
from app.watch import Watch
from app.ways import ways_of
from db.session import Database
from delivery.checking import Checking
from delivery.sending import Sending
from engine.clock import Ticker
from engine.jobs import MemoryJobs
from engine.leases import Leases
from kit.clock import Clock
from kit.turns import Turns

TAKE_OVER_EVERY = timedelta(seconds=30)


class Platform(Front):
    """All roles in one process, with jobs and pacing in memory: the front, and all behind it.

    With `listens` it asks Telegram for what comes; without, somebody brings it.
    """

    def __init__(
        self, settings: Settings, database: Database, clock: Clock, *, listens: bool = False
    ) -> None:
        super().__init__(settings, database, clock, ways_of(settings, database, clock))
        self._listens = listens
        # What it serves by HTTP: itself.
        self.front: Front | None = self
        holder = uuid4().hex
        self.jobs = MemoryJobs(clock)
        database.after_commit(self.jobs.take)
        self.sending = Sending(database, clock, self.ways.all, holder)
        # All that is counted takes turns: pages and calls for help have this process, too.
        turns = Turns()
        means = Means(settings, database, clock, self.sending, self.inbox, self.ways.all, turns)
        for serve in SERVES.values():
            serve(self.jobs, means)
        self.watch = Watch(database, clock, conduct_of(settings), turns)
        checks = Checks(database, clock)
        self.selfwatch = SelfWatch(settings, database, clock, checks, self.ways.telegram)
        self.texts = TextsWatch(database)
        self._leases = Leases(database, holder)
        self._ticker = Ticker(self._leases)
        self._tasks = Tasks()
        # What the ticks would see in time is looked at once when the clock was moved.
        self._moved = False

    async def start(self) -> None:
        """Take over what an earlier process left, then begin to work."""
        await prepare(self.settings, self.database, self.clock)
        await self.texts.look()
        await self.sending.recover()
        self._tasks.spawn(self.jobs.run(), "jobs")
        self.watch.wind(self._ticker)
        checking = Checking(self.database, self.clock, self.ways.all)
        self._ticker.every(CHECK_EVERY, "check", checking.check)
        self._ticker.here(TAKE_OVER_EVERY, "take_over", self.sending.take_over)
        self._ticker.here(WATCH_EVERY, "watch", self.sending.watch)
        self.selfwatch.wind(self._ticker)
        self.texts.wind(self._ticker)
        self._ticker.start()
        self.clock.on_move(self._reconcile_soon)
        await self.watch.reconciler.reconcile()
        if self._listens:
            self._tasks.spawn(self.listen(self.stopping), "listening")

    async def stop(self) -> None:
        """Take nothing new, settle what is under way, let go of everything."""
        self.stopping.set()
        self.clock.off_move(self._reconcile_soon)
        self._ticker.stop()
        closing = asyncio.create_task(self.sending.close())
        await self.jobs.stop()
        await closing
        # What the jobs had just claimed when they ended.
        await self.sending.close()
        await self.inbox.close()
        await self._tasks.cancel()
        await self._ticker.over()
        await self.ways.close()
        await self.database.close()

    async def settle(self) -> None:
        """Work until nothing is due any more; what tests and the trial wait for."""
        if self._moved:
            self._moved = False
            await self.watch.look()
        for _ in range(50):
            await self.watch.reconciler.reconcile()
            if not self.jobs.busy and not self.sending.busy:
                return
            while self.jobs.busy or self.sending.busy:
                await self.jobs.idle()
                await self.sending.in_air()

    def _reconcile_soon(self) -> None:
        self._moved = True
        self._tasks.spawn(self.watch.reconciler.reconcile(), "moved")
