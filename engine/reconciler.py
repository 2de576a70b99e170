"""Asks the tables what is due and wakes it: at start, every few seconds, and on a moved clock."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from db.session import Database, Session
from kit.clock import Clock

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
        """One pass over all sources, each in a unit of its own. One that fails stops no other."""
        failed: list[Exception] = []
        for source in self._reading:
            try:
                async with self._database.read() as session:
                    await source(session, self._clock.now())
            except Exception as error:
                failed.append(error)
        for source in self._writing:
            try:
                async with self._database.write() as session:
                    await source(session, self._clock.now())
            except Exception as error:
                failed.append(error)
        if failed:
            raise failed[0]
