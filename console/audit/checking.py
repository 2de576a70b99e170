"""Walking through the whole chain beside the pages: long work of which one sees how far it is.

One walk at a time in a process. That it began and what came of it are lines of the audit, so that
they are known everywhere; how far it is, only here.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.session import Database
from kit.clock import Clock
from staff.audit import chain
from staff.audit.model import Verdict
from staff.audit.reading import BEGUN, BROKEN, HELD
from staff.model import Member, Right
from staff.rules import require
from staff.store import log as note

BATCH = 100
PAUSE = 0.01
"""Lines that are looked at in one go, and seconds between: a call for help comes in meanwhile."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Progress:
    """How far a walk is: lines looked at, of how many, and since when."""

    since: datetime
    done: int = 0
    last: int = 0
    verdict: Verdict | None = None
    failed: bool = False


@dataclass(slots=True)
class Checking:
    """The walk of this process; it is broken off when `stop` is set."""

    database: Database
    clock: Clock
    stop: asyncio.Event
    progress: Progress | None = None
    _task: "asyncio.Task[None] | None" = field(default=None, repr=False)

    @property
    def runs(self) -> bool:
        """Whether a walk is under way."""
        return self._task is not None and not self._task.done()

    async def begin(self, by: Member, now: datetime) -> None:
        """Walk, in `by`'s name, who must have SEE_AUDIT; nothing new while a walk is under way."""
        require(by, Right.SEE_AUDIT)
        if self.runs or self.stop.is_set():
            return
        self.progress = seen = Progress(now)
        self._task = asyncio.create_task(self._until_stopped(seen, by.id))
        async with self.database.write() as session:
            await note(session, by.id, BEGUN, "audit", now)

    async def _until_stopped(self, seen: Progress, by: int) -> None:
        walk = asyncio.create_task(self._walk(seen, by))
        stopped = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait({walk, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (walk, stopped):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _walk(self, seen: Progress, by: int) -> None:
        async def went(done: int, last: int) -> None:
            seen.done, seen.last = done, last
            await asyncio.sleep(PAUSE)

        try:
            async with self.database.read() as session:
                verdict = await chain.verify(session, progress=went, batch=BATCH)
            async with self.database.write() as session:
                act, about = said(verdict)
                await note(session, by, act, about, self.clock.now())
            seen.verdict = verdict
        except (SQLAlchemyError, OSError) as error:
            log.warning("audit.check_failed", error=type(error).__name__)
            seen.failed = True


def said(verdict: Verdict) -> tuple[str, str]:
    """What the audit keeps of a walk: an act, and what it is about."""
    first = verdict.first
    if first is None:
        return HELD, f"lines:{verdict.rows}"
    return BROKEN, f"{first.fault}:{first.id or first.position or 0}"
