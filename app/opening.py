"""What every process does first: open the database, be the only one who may, fill what is empty."""

import contextlib
import fcntl
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from app import trial
from app.settings import ROOT, Settings
from db.engine import async_url
from db.session import Database
from directory import importing as directory_import
from engine.exclusion import Taken, holding
from kit.clock import Clock
from kit.errors import Refused
from locales.text import _

PREPARING = 0x7E90_13
"""The key of PostgreSQL's lock on what processes do one after the other at their start."""


def url_of(settings: Settings) -> URL:
    """The address of the database."""
    return async_url(settings.database_url, ROOT)


def is_postgresql(settings: Settings) -> bool:
    """Whether several processes may share the database."""
    return url_of(settings).get_backend_name() == "postgresql"


@contextlib.asynccontextmanager
async def held(
    settings: Settings, on_loss: Callable[[], None], *, alone: bool = True
) -> AsyncIterator[None]:
    """Hold the database: two embedded processes would send twice.

    SQLite by a lock file. PostgreSQL by a lock of its server, which all machines see; `on_loss` is
    called when another process has come first after the connection was lost.
    """
    url = url_of(settings)
    if url.get_backend_name() == "sqlite":
        with _file_lock(Path(f"{url.database}.lock")):
            yield
        return
    try:
        async with holding(url, on_loss, alone=alone):
            yield
    except Taken:
        key = _("cli.already_running") if alone else _("cli.embedded_running")
        raise Refused(key) from None


@contextlib.asynccontextmanager
async def one_at_a_time(database: Database) -> AsyncIterator[None]:
    """Let processes that start at once do this one after the other."""
    async with database.read() as session:
        if not session.is_sqlite:
            await session.execute(select(func.pg_advisory_xact_lock(PREPARING)))
        yield


async def prepare(settings: Settings, database: Database, clock: Clock) -> None:
    """Fill the directory, and put the trial's phones on duty, when they are empty."""
    async with one_at_a_time(database):
        await directory_import.load_first(database)
        if settings.is_trial:
            async with database.write() as session:
                await trial.staff_the_phones(session, clock.now())


@contextlib.contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(_("cli.already_running")) from None
        yield
