"""Connections to a file of SQLite whose closing comes to an end."""

import asyncio
import sqlite3
from functools import partial

import aiosqlite

OVER_WITHIN = 5
"""Seconds that a thread may take to end: it cannot be interrupted while it waits for the file."""

MOMENT = 0.001
"""Seconds after which it is looked at again; a thread wakes nobody when it ends."""


class Connection(aiosqlite.Connection):
    """One that can be stopped twice.

    When a unit is cancelled, SQLAlchemy begins to close its connection and then stops it. In
    aiosqlite 0.22 each of the two waits for a word of the connection's thread, which ends after the
    first: the other never comes back, and with it no process that was told to end.
    """

    @property
    def is_over(self) -> bool:
        """Whether its thread has ended."""
        return self._thread.ident is not None and not self._thread.is_alive()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop, and its thread is still at work."""
        return not self._running and self._thread.is_alive()

    def stop(self) -> asyncio.Future[None] | None:
        """Close, and end the thread, if nobody has done so; a future is there to be awaited."""
        return super().stop() if self._running else None


class Connections:
    """Makes connections to a file, each of which waits so many seconds for another that holds it;
    and knows whose threads are still at work."""

    def __init__(self, path: str, seconds: float) -> None:
        self._open_file = partial(
            sqlite3.connect, path, timeout=seconds, isolation_level=None, check_same_thread=False
        )
        self._made: list[Connection] = []

    def __call__(self) -> Connection:
        """One that is not open yet: to be awaited."""
        made = Connection(self._open_file, iter_chunk_size=64)
        # A process that is to end does not wait for whoever forgot to close one.
        made._thread.daemon = True
        self._made = [one for one in self._made if not one.is_over]
        self._made.append(made)
        return made

    async def over(self) -> None:
        """Wait until every thread is over whose connection was stopped.

        Nobody else waits for that of a unit that was cancelled. It would find the event loop gone,
        and leave what it was doing undone.
        """
        for _ in range(int(OVER_WITHIN / MOMENT)):
            if not any(one.is_stopping for one in self._made):
                return
            await asyncio.sleep(MOMENT)
