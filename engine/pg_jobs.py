"""Jobs of the distributed mode: PgQueuer on PostgreSQL, behind the port of `kit.jobs`."""

import asyncio
from collections.abc import Collection
from datetime import timedelta

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.qm import QueueManager
from sqlalchemy.engine import URL

from engine.link import Link, Lost
from engine.pg_outbox import Outbox
from engine.pg_tables import SETTINGS, install, queries_on
from kit.clock import Clock
from kit.jobs import Handler, Wake

log = structlog.get_logger(__name__)

HEARTBEAT = timedelta(seconds=10)
"""A job whose worker has not beaten for so long runs again elsewhere."""

LOOK_EVERY = timedelta(seconds=2)
"""When nothing notifies: a notification can be lost with its connection."""

BATCH = 16
AT_ONCE = 64
"""Jobs that one worker holds at most."""

RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))
"""A failed job runs again after these, then it is held for a person."""

STOPPING_SECONDS = 4
CANCELLING_SECONDS = 2
WRITING_SECONDS = 1.5

_FORGET_KEY = f"UPDATE {SETTINGS.qualified.queue_table} SET dedupe_key = NULL WHERE id = $1"

What = tuple[str, str]


class JobFailed(Exception):
    """A handler failed; holds the kind of its error alone, because PgQueuer keeps the text."""


class PgJobs:
    """Implements `kit.jobs.Jobs` for one pool of connections of one process.

    Without handlers it only passes wake-ups on. The same key of a job may run in two processes at
    once, which the tables bear; in one process it never does, and a wake-up that comes while it
    runs makes it run again. A timer counts on the server's clock: when `clock` is moved, what
    becomes due by it is found by the reconciler.
    """

    def __init__(self, url: URL, clock: Clock, unkeyed: Collection[str] = ()) -> None:
        # Two connections, so that passing on never waits for taking.
        self._taking, self._passing = Link(url), Link(url)
        self._outbox = Outbox(self._passing, clock, unkeyed)
        self._unkeyed = frozenset(unkeyed)
        self._handlers: dict[str, Handler] = {}
        self._running: dict[What, asyncio.Task[None]] = {}
        self._again: set[What] = set()
        self._manager: QueueManager | None = None
        self._stopping = asyncio.Event()

    def handler(self, job: str, handle: Handler) -> None:
        self._handlers[job] = handle

    def take(self, wake: Wake) -> None:
        """Enqueue or schedule, as the wake-up says. Never waits."""
        self._outbox.put(wake)

    def enqueue(self, wake: Wake) -> None:
        self._outbox.put(Wake(wake.job, wake.key))

    def schedule(self, wake: Wake) -> None:
        if wake.at is None:
            raise ValueError("a scheduled wake-up needs its instant")
        self._outbox.put(wake)

    async def open(self) -> None:
        """Connect, and make the tables; raises OSError or the server's error when that fails."""
        await self._passing.open()
        await install(self._passing)
        if self._handlers:
            await self._taking.open()

    async def run(self) -> None:
        passing = asyncio.create_task(self._outbox.run(), name="wake-ups")
        try:
            if self._handlers:
                await self._take_jobs()
            else:
                await self._stopping.wait()
        finally:
            self._passing.give_up()
            await self._outbox.close(passing, WRITING_SECONDS)
            await self._passing.close()
            await self._taking.close()

    async def stop(self) -> None:
        """Take nothing new. What still runs after `STOPPING_SECONDS` is cancelled and goes back:
        its unit is rolled back, and it runs in another process.
        """
        self._stopping.set()
        if self._manager is not None:
            self._manager.shutdown.set()
        await self._ended(STOPPING_SECONDS)
        for task in self._running.values():
            task.cancel()
        await self._ended(CANCELLING_SECONDS)
        self._taking.give_up()

    @property
    def busy(self) -> bool:
        """Whether a handler runs here or a wake-up waits to be written."""
        return bool(self._running) or not self._outbox.empty

    async def _take_jobs(self) -> None:
        """Take jobs until the stop. A manager that breaks is made anew."""
        while not self._stopping.is_set():
            self._manager = manager = self._made()
            try:
                await manager.run(
                    dequeue_timeout=LOOK_EVERY,
                    batch_size=BATCH,
                    max_concurrent_tasks=AT_ONCE,
                    heartbeat_timeout=HEARTBEAT,
                    # Nobody reads the statistics; `engine.pg_tables.tidy` clears the log.
                    log_aggregation_interval=timedelta(0),
                )
            except Lost:
                return
            except Exception as error:
                log.error("jobs.manager_broken", error=type(error).__name__)
                await self._mend()

    async def _mend(self) -> None:
        """Wait a moment, and make the tables anew if they are what is missing."""
        await asyncio.sleep(1)
        try:
            await self._taking.silence()
            await install(self._taking)
        except Exception as error:
            log.error("jobs.not_mended", error=type(error).__name__)

    def _made(self) -> QueueManager:
        manager = QueueManager(queries_on(self._taking), SETTINGS.channel)
        for name in self._handlers:
            manager.entrypoint(name, accepts_context=False, on_failure="hold")(self._serve)
        if self._stopping.is_set():
            manager.shutdown.set()
        return manager

    async def _serve(self, job: Job) -> None:
        """What PgQueuer calls with each job that this process has taken."""
        what = (str(job.entrypoint), (job.payload or b"").decode())
        if what in self._running:
            # The run under way goes on as a new one; should it die, its own row comes back.
            self._again.add(what)
            return
        task = asyncio.create_task(self._work(what, job), name=f"job {what[0]}")
        self._running[what] = task
        try:
            await task
        except asyncio.CancelledError:
            if not (self._stopping.is_set() and task.cancelled()):
                raise
            raise RetryRequested(reason="stopped") from None
        except Exception as error:
            kind = type(error).__name__
            log.error("job.failed", job=what[0], error=kind, attempt=job.attempts + 1)
            if job.attempts < len(RETRY_AFTER):
                raise RetryRequested(RETRY_AFTER[job.attempts], kind) from None
            raise JobFailed(kind) from None
        finally:
            del self._running[what]
        if what in self._again:
            # Only when the process ends: whoever takes it next finds what came meanwhile.
            self._again.discard(what)
            raise RetryRequested(reason="stopped")

    async def _work(self, what: What, job: Job) -> None:
        name, key = what
        if name not in self._unkeyed:
            # From here on a wake-up is a new row; before, it told of nothing that this run misses.
            await self._taking.execute(_FORGET_KEY, job.id)
        while True:
            self._again.discard(what)
            await self._handlers[name](key)
            if what not in self._again or self._stopping.is_set():
                return

    async def _ended(self, seconds: float) -> None:
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=seconds)
