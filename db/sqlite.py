"""Connections to a file of SQLite whose closing comes to an end."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial

import aiosqlite


class Connection(aiosqlite.Connection):
    """One that can be stopped twice.

    When a unit is cancelled, SQLAlchemy begins to close its connection and then stops it. In
    aiosqlite 0.22 each of the two waits for a word of the connection's thread, which ends after the
    first: the other never comes back, and with it no process that was told to end.
    """

    def stop(self) -> asyncio.Future[None] | None:
        """Close, and end the thread, if nobody has done so; a future is there to be awaited."""
        return super().stop() if self._running else None


def connecting(path: str, seconds: float) -> Callable[[], Connection]:
    """What makes connections to a file; each waits so long for another that holds it."""
    open_file = partial(
        sqlite3.connect, path, timeout=seconds, isolation_level=None, check_same_thread=False
    )

    def connect() -> Connection:
        made = Connection(open_file, iter_chunk_size=64)
        # A process that is to end does not wait for whoever forgot to close one.
        made._thread.daemon = True
        return made

    return connect
