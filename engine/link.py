"""A connection to PostgreSQL that comes back by itself; asyncpg stands behind this module alone."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import structlog
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import NotifyCallback
from sqlalchemy.engine import URL

log = structlog.get_logger(__name__)

CONNECTING_SECONDS = 10
STATEMENT_SECONDS = 30
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 3.0
"""Seconds between two tries to come back; a call for help may wait behind them."""

SESSION = {
    "application_name": "tequio",
    # A job is only a pointer: what a power cut takes, the reconciler finds again.
    "synchronous_commit": "off",
    "lock_timeout": "10s",
    # A machine that vanishes must let go of its locks within half a minute, not two hours.
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

_CONNECTS = frozenset(
    {"host", "port", "user", "password", "database", "ssl", "passfile", "krbsrvname"}
)


_GONE = (
    TimeoutError,  # half-open: the other end is gone and nobody said so
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server ends, or somebody ended this session
    asyncpg.InternalClientError,  # the driver lost the thread, as it does when cut off
)


class Lost(Exception):
    """The connection is gone and is not to come back, because the process ends."""


@dataclass(frozen=True, slots=True)
class _Relay:
    """Gives a listener the payload alone. asyncpg knows listeners by equality."""

    callback: NotifyCallback

    def __call__(self, connection: object, pid: object, channel: object, payload: object) -> None:
        if isinstance(payload, str):
            self.callback(payload)


class Link:
    """One connection of its own, outside any pool. Implements PgQueuer's `Driver`.

    A statement that finds the connection dead waits until it is back, and is done again. So it may
    be done twice: use it only for what bears that, as everything does that PgQueuer asks.
    """

    def __init__(self, url: URL, on_loss: Callable[[], None] | None = None) -> None:
        given = url.get_dialect()().create_connect_args(url)[1]
        self._arguments = {name: value for name, value in given.items() if name in _CONNECTS}
        self._on_loss = on_loss
        self._connection: Any = None
        self._listeners: list[tuple[str, NotifyCallback]] = []
        self._lock = asyncio.Lock()
        self._ending = asyncio.Event()
        self._closed = False
        self._reviving: asyncio.Task[None] | None = None
        self._shutdown = asyncio.Event()

    async def open(self) -> None:
        """Connect; raises OSError when that fails, whatever the reason."""
        async with self._lock:
            try:
                self._connection = await self._connect()
            except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise ConnectionError(type(error).__name__) from None

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """The rows of a query by column name."""
        return [dict(row) for row in await self._do("fetch", query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement; gives the server's tag."""
        return str(await self._do("execute", query, *args))

    async def notify(self, channel: str, payload: str) -> None:
        """Tell whoever listens on a channel."""
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Have the payloads of a channel given to `callback`, after a reconnection too."""
        async with self._lock:
            connection = await self._connected()
            self._listeners.append((channel, callback))
            await connection.add_listener(channel, _Relay(callback))

    async def silence(self) -> None:
        """Forget every listener."""
        async with self._lock:
            listeners, self._listeners = self._listeners, []
            if self._connection is not None and not self._connection.is_closed():
                for channel, callback in listeners:
                    await self._connection.remove_listener(channel, _Relay(callback))

    def give_up(self) -> None:
        """Come back no more: a statement that finds the connection dead raises `Lost`."""
        self._ending.set()

    async def close(self) -> None:
        """Let go of the connection, also of one that is being made."""
        self.give_up()
        self._closed = True
        if self._reviving is not None:
            self._reviving.cancel()
            await asyncio.gather(self._reviving, return_exceptions=True)
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=1)

    @property
    def shutdown(self) -> asyncio.Event:
        """PgQueuer's sign that a driver takes no new work."""
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        """PgQueuer's keeper of a driver's tasks; this one has none."""
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Whoever opened it closes it."""

    async def _do(self, method: str, query: str, *args: object) -> Any:
        async with self._lock:
            while True:
                connection = await self._connected()
                try:
                    return await getattr(connection, method)(
                        query, *args, timeout=STATEMENT_SECONDS
                    )
                except Exception as error:
                    if not (connection.is_closed() or isinstance(error, _GONE)):
                        raise
                    connection.terminate()

    async def _connected(self) -> Any:
        """The connection, made anew if need be; raises `Lost` once it is given up."""
        pause = FIRST_PAUSE
        while self._connection is None or self._connection.is_closed():
            if self._ending.is_set():
                raise Lost
            try:
                self._connection = await self._connect()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                # Only the kind of the error: its text holds the address of the database.
                log.warning("database.away", error=type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ending.wait(), pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        return self._connection

    async def _connect(self) -> Any:
        connection = await asyncpg.connect(
            **self._arguments, timeout=CONNECTING_SECONDS, server_settings=SESSION
        )
        try:
            for channel, callback in self._listeners:
                await connection.add_listener(channel, _Relay(callback))
            if self._closed:
                raise Lost
        except BaseException:
            # Nobody else knows of it yet: whoever is cancelled here would leave it open.
            connection.terminate()
            raise
        connection.add_termination_listener(self._terminated)
        return connection

    def _terminated(self, connection: object) -> None:
        """Come back at once: what listens must not wait for the next statement."""
        if self._ending.is_set() or connection is not self._connection:
            return
        if self._on_loss is not None:
            self._on_loss()
        if self._reviving is None or self._reviving.done():
            self._reviving = asyncio.get_running_loop().create_task(self._revive(), name="revive")

    async def _revive(self) -> None:
        with suppress(Lost):
            async with self._lock:
                await self._connected()
