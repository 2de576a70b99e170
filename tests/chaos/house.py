"""A platform in the test's own process that can be abandoned as if it were killed.

It speaks real HTTP with its providers; its clock can be moved. So a whole evening takes seconds,
and a fault can be planted in the code.
"""

import asyncio
import gc
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Mapping
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from aiohttp import ClientConnectionError
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.web import web_of
from app.wiring import Platform
from db.engine import open_database
from db.session import Database
from db.sqlite import Connection
from delivery.checking import Checking
from kit.clock import Clock
from tests.chaos.diary import Diary
from tests.chaos.evidence import call_witness
from tests.chaos.log import ListLog
from tests.chaos.providers import LoggedTelegram, LoggedTwilio
from tests.crash.arrivals import Arrival
from tests.databases import keyring, knowing
from tests.stories.world import PUBLIC_URL, story_settings

T = TypeVar("T")
Tasks = set["asyncio.Task[Any]"]

_mine: ContextVar[Tasks | None] = ContextVar("tasks of a life", default=None)


def _keeping(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, T] | Generator[Any, None, T],
    *,
    context: Context | None = None,
) -> "asyncio.Task[T]":
    """The factory of tasks: each belongs to the life in whose context it begins."""
    task = asyncio.Task(work, loop=loop, context=context)
    tasks = _mine.get() if context is None else context.get(_mine, None)
    if tasks is not None:
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    return task


class NearTwilio(LoggedTwilio):
    """Twilio, whose receipts reach a platform that listens on no port."""

    bring: Callable[[str, bytes, Mapping[str, str]], Coroutine[Any, Any, int]]

    async def post(self, url: str, params: Mapping[str, str]) -> int:
        body, headers = self.signed_form(url, params)
        parts = urlsplit(url)
        return await self.bring(f"{parts.path}?{parts.query}".rstrip("?"), body, headers)


class Life:
    """One process: everything that it begins can be ended at once."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._connections = connections_of(platform.database)
        self._tasks: Tasks = set()
        self._context = copy_context()
        self._context.run(_mine.set, self._tasks)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=web_of(platform)), base_url=PUBLIC_URL
        )

    async def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in this process."""
        return await asyncio.get_running_loop().create_task(work, context=self._context)

    def at_once(self, act: Callable[[], None]) -> None:
        """The same with something that does not wait."""
        self._context.run(act)

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Bring something to its web server; gives the HTTP status."""
        answer = await self.does(self._http.post(path, content=body, headers=dict(headers)))
        return answer.status_code

    async def kill(self) -> None:
        """Nothing that it has begun goes on, and nothing is written any more."""
        self.platform._ticker.stop()
        while self._tasks:
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.wait(self._tasks)
        await self._let_go()

    async def stop(self) -> None:
        """As after SIGTERM."""
        await self.does(self.platform.stop())
        await self._http.aclose()

    async def _let_go(self) -> None:
        """What the system does with the connections of a process that is gone.

        Whoever was ended while they closed one has left it open, maybe in the middle of a unit:
        the next life would find the file locked.
        """
        await self._http.aclose()
        await self.platform.ways.close()
        await self.platform.database.close()
        ends = [one.stop() for one in self._connections]
        waited = [end for end in ends if end is not None]
        if waited:
            await asyncio.wait(waited)


def connections_of(database: Database) -> list[Connection]:
    """Every connection to a file of SQLite that a database opens from now on."""
    opened: list[Connection] = []

    def connected(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        driver = getattr(connection, "driver_connection", None)
        if isinstance(driver, Connection):
            opened.append(driver)

    for engine in {database.writer, database.reader}:
        event.listen(engine.sync_engine, "connect", connected)
    return opened


@dataclass
class House:
    """One installation through its lives. `beside` is the database as another process has it."""

    url: URL
    telegram: LoggedTelegram
    twilio: NearTwilio
    log: ListLog
    beside: Database
    settings: Mapping[str, object]
    clock: Clock = field(default_factory=Clock)
    diary: Diary = field(default_factory=lambda: Diary(rate=1000, obeys=timedelta()))
    life: Life | None = None

    @property
    def platform(self) -> Platform:
        """What runs now."""
        return self._alive.platform

    async def begin(self) -> None:
        """Start a life."""
        # By the machine's own clock, at night too.
        more = {"sending_hours": "always", **self.settings}
        settings = story_settings(self.telegram.url, self.twilio.url, **more)
        # A clock of its own: a killed life that heard it move would go on working.
        self.clock = Clock(self.clock.offset)
        platform = Platform(settings, knowing(open_database(self.url, keyring())), self.clock)
        self.life = Life(platform)
        await self.life.does(platform.start())

    async def kill(self) -> None:
        """End the life as a power cut would."""
        life, self.life = self._alive, None
        await life.kill()
        self.diary.kill()

    async def stop(self) -> None:
        """End it as an operator does."""
        life, self.life = self._alive, None
        await life.stop()

    async def does(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the process that runs."""
        return await self._alive.does(work)

    async def settle(self) -> None:
        """Work until nothing is due, but no longer than somebody would wait."""
        try:
            async with asyncio.timeout(3):
                await self.does(self.platform.settle())
        except TimeoutError:
            return

    async def later(self, **time: float) -> None:
        """Let time pass, ask the providers what they have not said, and work."""
        self._alive.at_once(lambda: self.clock.move(timedelta(**time)))
        await self.settle()
        checking = Checking(self.platform.database, self.clock, self.platform.ways.all)
        await self.does(checking.check())
        await self.settle()

    async def arrives(self, arrival: Arrival) -> None:
        """Somebody writes, and everything happen that it brings."""
        assert await self._alive.post(arrival.path, arrival.body, arrival.headers) == 200
        await self.settle()

    async def bring(self, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """A receipt comes, if anybody listens."""
        if self.life is None:
            raise ClientConnectionError
        return await self.life.post(path, body, headers)

    @property
    def _alive(self) -> Life:
        assert self.life is not None, "nothing runs"
        return self.life


@asynccontextmanager
async def house_of(url: URL, **settings: object) -> AsyncIterator[House]:
    """An installation on a migrated database, with providers that keep a log."""
    log = ListLog()
    loop = asyncio.get_running_loop()
    beside = knowing(open_database(url, keyring()))
    async with LoggedTelegram(log=log) as telegram, NearTwilio(log=log) as twilio:
        house = House(url, telegram, twilio, log, beside, settings)
        twilio.bring = house.bring
        async with beside.write() as session:
            await call_witness(session)
        loop.set_task_factory(_keeping)
        try:
            yield house
        finally:
            if house.life is not None:
                await house.life.kill()
            loop.set_task_factory(None)
            await beside.close()
            _bury()


def _bury() -> None:
    """Take away what killed lives left behind, as the system does: their connections.

    Else they are collected in the middle of another test, which is blamed for them.
    """
    hook, sys.unraisablehook = sys.unraisablehook, lambda what: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()
    finally:
        sys.unraisablehook = hook
