"""Asks the tables what is due and wakes it: at start, every few seconds, and on a moved clock."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

import structlog

from db.session import Database, Session
from kit.clock import Clock

log = structlog.get_logger(__name__)

Source = Callable[[Session, datetime], Awaitable[None]]
"""Asks for what is due at an instant and says so with `session.wake`."""


class Reconciler:
    """Wakes what the tables hold as due and no job may remember."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        reading: Sequence[Source],
        writing: Sequence[Source] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._reading = reading
        self._writing = writing

    async def reconcile(self) -> None:
        """One pass over all sources, each in a unit of its own.

        One that fails is logged and stops neither the others nor the caller: the next pass comes.
        """
        for source in self._reading:
            await self._ask(source, self._database.read)
        for source in self._writing:
            await self._ask(source, self._database.write)

    async def _ask(
        self, source: Source, unit: Callable[[], AbstractAsyncContextManager[Session]]
    ) -> None:
        try:
            async with unit() as session:
                await source(session, self._clock.now())
        except Exception as error:
            # Only the kind of the error: its text could hold what a person wrote.
            name = f"{source.__module__}.{getattr(source, '__qualname__', type(source).__name__)}"
            log.error("reconcile.failed", source=name, error=type(error).__name__)
