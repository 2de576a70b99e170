"""Who may work on a PostgreSQL database: one `tequio run`, or any number of separate processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from sqlalchemy.engine import URL

from engine.link import Link, Lost

log = structlog.get_logger(__name__)

WORKING = 0x7E90_12
"""The key of PostgreSQL's advisory lock; it is held as long as its connection lives."""

LOOK_SECONDS = 3.0


class Taken(Exception):
    """Somebody works on this database who excludes us."""


@asynccontextmanager
async def holding(url: URL, on_loss: Callable[[], None], *, alone: bool) -> AsyncIterator[None]:
    """Hold the database: alone, or together with others who share it. Raises `Taken`.

    A connection that drops takes the lock with it. It is taken again as soon as the server is back;
    should somebody else have come first, `on_loss` is called, and this process has to end.
    """
    link = Link(url)
    await link.open()
    try:
        if not await _take(link, alone=alone):
            raise Taken
        watching = asyncio.create_task(_watch(link, on_loss, alone=alone), name="exclusion")
        try:
            yield
        finally:
            watching.cancel()
            link.give_up()
            await asyncio.gather(watching, return_exceptions=True)
    finally:
        await link.close()


async def _watch(link: Link, on_loss: Callable[[], None], *, alone: bool) -> None:
    """Look whether the lock is still held; a session that is new does not hold it."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await _is_held(link) or await _take(link, alone=alone):
                continue
        except Lost:
            return
        log.error("database.taken_by_another")
        on_loss()
        return


async def _take(link: Link, *, alone: bool) -> bool:
    name = "pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared"
    rows = await link.fetch(f"SELECT {name}($1) AS taken", WORKING)
    return bool(rows[0]["taken"])


async def _is_held(link: Link) -> bool:
    rows = await link.fetch(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND pid = pg_backend_pid() AND classid = 0 AND objid = $1 AND objsubid = 1) AS held",
        WORKING,
    )
    return bool(rows[0]["held"])
