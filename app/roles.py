"""The distributed mode: what each separate process is made of. See docs/adr/0009."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

from app.conduct import conduct_of
from app.front import Front
from app.handlers import CHECK_EVERY, SERVES, URGENT_JOBS, WATCH_EVERY, Means
from app.opening import one_at_a_time, prepare, url_of
from app.selfwatch import Checks, SelfWatch
from app.settings import Settings
from app.store import open_store
from app.tasks import Tasks
from app.texts_watch import TextsWatch
from app.watch import Watch
from app.ways import ways_of
from db.session import Database
from delivery import presence
from delivery.checking import Checking
from delivery.presence import Presence
from delivery.sending import Sending
from delivery.shared_tempo import SharedPaces
from engine.clock import Ticker
from engine.leases import Leases
from engine.moved import SharedClock
from engine.pg_jobs import PgJobs
from kit.clock import Clock
from kit.turns import Turns

FOLLOW_EVERY = timedelta(seconds=0.5)
TAKE_OVER_EVERY = timedelta(seconds=5)
COUNTS_AT_ONCE = 4
"""Units of counting that one worker does at a time: no page is in its process."""

JOBS_CLOSING_SECONDS = 2


class Role(Protocol):
    """What a process does. `front` is what it serves by HTTP, if it does."""

    front: Front | None

    async def start(self) -> None:
        """Begin to work; returns once it does."""

    async def stop(self) -> None:
        """Take nothing new, settle what is under way, let go of everything."""


class Station:
    """What every role has: a pool of connections, wake-ups, ticks, and the trial's moved clock."""

    front: Front | None = None

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.holder = uuid4().hex
        self.jobs = PgJobs(url_of(settings), clock, URGENT_JOBS)
        database.after_commit(self.jobs.take)
        self.leases = Leases(database, self.holder)
        self.ticker = Ticker(self.leases)
        self.tasks = Tasks()
        self.texts = TextsWatch(database)
        self._working: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self.jobs.open()
        await prepare(self.settings, self.database, self.clock)
        await self.texts.look()
        self.texts.wind(self.ticker)
        if self.settings.is_trial:
            shared = SharedClock(self.database, self.clock)
            await shared.look()
            self.ticker.here(FOLLOW_EVERY, "follow", shared.look)
        self._working = asyncio.create_task(self.jobs.run(), name="jobs")
        self.ticker.start()

    async def stop(self) -> None:
        self.ticker.stop()
        await self.jobs.stop()
        if self._working is not None:
            await asyncio.wait({self._working}, timeout=JOBS_CLOSING_SECONDS)
            self._working.cancel()
        await self.tasks.cancel()
        await self.ticker.over()
        await self.leases.give_back()
        await self.database.close()


class Fronted(Station):
    """A role to which something comes, or which works off what came."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        super().__init__(settings, database, clock)
        self.ways = ways_of(settings, database, clock)
        self.intake = Front(settings, database, clock, self.ways)
        # Not in the timekeeper: a clock that stands still is told by the others.
        checks = Checks(database, clock)
        self.selfwatch = SelfWatch(settings, database, clock, checks, self.ways.telegram)

    async def start(self) -> None:
        self.selfwatch.wind(self.ticker)
        await super().start()

    async def stop(self) -> None:
        self.intake.stopping.set()
        await self.intake.inbox.close()
        await super().stop()
        await self.ways.close()


class Web(Fronted):
    """Webhooks and pages. What arrives is processed here; what follows, elsewhere."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        super().__init__(settings, database, clock)
        self.front = self.intake

    async def start(self) -> None:
        await super().start()
        if self.settings.telegram_mode == "webhook":
            self.tasks.spawn(self.intake.listen(self.intake.stopping), "webhook")


class Bot(Fronted):
    """Long polling, in one process of all; the others wait to take its place."""

    async def start(self) -> None:
        await super().start()
        if self.ways.telegram is not None and self.settings.telegram_mode == "polling":
            listen, stopping = self.intake.listen, self.intake.stopping
            self.tasks.spawn(self.leases.alone("telegram.polling", listen, stopping), "polling")


class Timekeeper(Station):
    """The reconciler and the ticks, each in one process of all."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        super().__init__(settings, database, clock)
        self._watch = Watch(database, clock, conduct_of(settings), Turns())

    async def start(self) -> None:
        await super().start()
        self._watch.wind(self.ticker)
        self.clock.on_move(self._reconcile_soon)
        await self._watch.reconciler.reconcile()

    async def stop(self) -> None:
        self.clock.off_move(self._reconcile_soon)
        await super().stop()

    def _reconcile_soon(self) -> None:
        self.tasks.spawn(self._watch.reconciler.reconcile(), "moved")


class Crew(Fronted):
    """The workers of one lane, with connections and a queue manager that no other lane uses."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, lane: str) -> None:
        super().__init__(settings, database, clock)
        self._lane = lane
        self._presence = Presence(database, self.holder, f"worker {lane}")
        self._sending = Sending(
            database,
            clock,
            self.ways.all,
            self.holder,
            paces=SharedPaces(database, clock),
            presence=self._presence,
        )
        ways, turns = self.ways.all, Turns(COUNTS_AT_ONCE)
        means = Means(settings, database, clock, self._sending, self.intake.inbox, ways, turns)
        SERVES[lane](self.jobs, means)

    async def start(self) -> None:
        # Before it claims anything: what a process holds that nobody knows of is taken over.
        await self._presence.beat()
        async with one_at_a_time(self.database):
            await self._sending.recover()
        self.ticker.here(presence.BEAT, "beat", self._presence.beat)
        self.ticker.here(TAKE_OVER_EVERY, "take_over", self._sending.take_over)
        self.ticker.here(WATCH_EVERY, "watch", self._sending.watch)
        if self._lane == "bulk":
            checking = Checking(self.database, self.clock, self.ways.all)
            self.ticker.every(CHECK_EVERY, "check", checking.check)
        await super().start()

    async def stop(self) -> None:
        self.ticker.stop()
        closing = asyncio.create_task(self._sending.close())
        await self.jobs.stop()
        await closing
        # What the jobs had just claimed when they ended.
        await self._sending.close()
        await self._presence.leave()
        await super().stop()


class Worker:
    """One crew for each lane."""

    front: Front | None = None

    def __init__(self, crews: Sequence[Crew]) -> None:
        self._crews = crews

    async def start(self) -> None:
        for crew in self._crews:
            await crew.start()

    async def stop(self) -> None:
        await asyncio.gather(*(crew.stop() for crew in self._crews))


Opener = Callable[[Settings], Awaitable[Role]]


async def open_web(settings: Settings) -> Role:
    return Web(settings, await open_store(settings), Clock())


async def open_clock(settings: Settings) -> Role:
    return Timekeeper(settings, await open_store(settings), Clock())


async def open_bot(settings: Settings) -> Role:
    return Bot(settings, await open_store(settings), Clock())


def open_worker(lanes: Sequence[str]) -> Opener:
    """A worker of these lanes."""

    async def opened(settings: Settings) -> Role:
        clock = Clock()
        crews = [Crew(settings, await open_store(settings), clock, lane) for lane in lanes]
        return Worker(crews)

    return opened


SEPARATE: Mapping[str, Opener] = {"web": open_web, "clock": open_clock, "bot": open_bot}
"""The roles that take no lane."""
