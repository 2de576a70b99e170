"""POST to one HTTP/1.1 server over connections that are kept, as cheaply as Python allows."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from functools import cache
from urllib.parse import quote, urlsplit

import aiohappyeyeballs
import certifi
from aiohappyeyeballs import AddrInfoType

from transports.http_connection import Answer, Connection, Lost

IDLE = 15  # seconds; servers close what is idle after a minute or more, and should not be first
ADDRESSES_HOLD = 10  # seconds
NEXT_ADDRESS_AFTER = 0.25  # seconds; rfc-editor.org/rfc/rfc8305#section-5

_PORTS = {"http": 80, "https": 443}


class HttpClient:
    """A client of the server at `url`: http or https, a host, and perhaps a port and a path.

    There is no limit of connections: a page must not wait for one behind bulk that hangs, and how
    many requests are under way is the senders' business. Redirections are not followed. `trust`
    is for a server whose certificate comes from an authority of its own. Raises ValueError for
    any other URL.
    """

    def __init__(self, url: str, trust: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        more = (parts.username, parts.query, parts.fragment)
        if parts.scheme not in _PORTS or not parts.hostname or any(more):
            raise ValueError("a server's address is http or https, a host, a port and a path")
        self._host = parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._trust = (trust or _authorities()) if parts.scheme == "https" else None
        self._begin = f"POST {quote(parts.path.rstrip('/'), safe='/:%')}".encode()
        self._lines = (
            f" HTTP/1.1\r\nHost: {parts.netloc}\r\nUser-Agent: tequio\r\nAccept: */*\r\n"
            "Accept-Encoding: identity\r\nContent-Type: "
        ).encode("ascii")
        self._head = self._lines + b"application/json\r\nContent-Length: "
        self._open: set[Connection] = set()
        self._idle: dict[Connection, None] = {}
        self._emptied = asyncio.Event()
        self._lookup: asyncio.Task[list[AddrInfoType]] | None = None
        self._lookup_holds = 0.0

    async def post(self, path: bytes, body: bytes, seconds: float) -> Answer | Lost:
        """What comes of a JSON text within so many seconds; raises nothing but a cancellation.

        `path` follows that of the URL.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        request = b"%b%b%b%d\r\n\r\n%b" % (self._begin, path, self._head, len(body), body)
        while (connection := self._rested()) is not None:
            if (answer := connection.ask(request, deadline)) is not None:
                return await self._outcome(connection, answer)
        fresh = await self._fresh(loop, deadline)
        if isinstance(fresh, Lost):
            return fresh
        if (answer := fresh.ask(request, deadline)) is None:
            return Lost("connection", left=False)
        return await self._outcome(fresh, answer)

    async def post_pieces(
        self, path: bytes, kind: bytes, length: int, pieces: AsyncIterator[bytes], seconds: float
    ) -> Answer | Lost:
        """The same of a long body of another `kind` (its Content-Type), which never stands whole in
        memory: `length` bytes in `pieces`, each asked for when there is room for it.

        It has a connection of its own, so that nobody's next request can follow half a body. A
        request whose end has not left counts as one that has not left: nobody can have taken it.
        What `pieces` raise is raised.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        connection = await self._fresh(loop, deadline)
        if isinstance(connection, Lost):
            return connection
        head = b"%b%b%b%b\r\nContent-Length: %d\r\n\r\n"
        try:
            answer = connection.ask(head % (self._begin, path, self._lines, kind, length), deadline)
            if answer is None:
                return Lost("connection", left=False)
            async for piece in pieces:
                length -= len(piece)
                if answer.done() or length < 0:
                    break
                await connection.follow(piece)
            if length and not answer.done():
                return Lost("length", left=False)
            found = await answer
            return Lost(found.code, left=False) if isinstance(found, Lost) and length else found
        finally:
            connection.abort()

    async def close(self) -> None:
        """Close every connection, whatever is under way on it, and return when all are closed."""
        for connection in list(self._open):
            connection.abort()
        while self._open:
            self._emptied.clear()
            await self._emptied.wait()

    async def _outcome(
        self, connection: Connection, answer: "asyncio.Future[Answer | Lost]"
    ) -> Answer | Lost:
        try:
            return await answer
        finally:
            # After a time-out or a cancellation, too: then it does not rest but closes.
            if connection.rest(answer.get_loop().time() + IDLE):
                self._idle[connection] = None

    async def _fresh(self, loop: asyncio.AbstractEventLoop, deadline: float) -> Connection | Lost:
        """A new connection, or why there is none."""
        try:
            async with asyncio.timeout_at(deadline):
                return await self._connect(loop)
        except TimeoutError:
            return Lost("timeout", left=False)
        except Exception:
            # No route, no name, no trust: whatever it is, nothing has left.
            return Lost("connection", left=False)

    def _rested(self) -> Connection | None:
        """The connection that rested last, so that those not needed grow old and close."""
        while self._idle:
            connection, _ = self._idle.popitem()
            if connection.is_usable():
                return connection
        return None

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> Connection:
        sock = await aiohappyeyeballs.start_connection(
            await self._addresses(loop), happy_eyeballs_delay=NEXT_ADDRESS_AFTER, loop=loop
        )
        _, connection = await loop.create_connection(
            lambda: Connection(sock, self._open.add, self._forget),
            sock=sock,
            ssl=self._trust,
            server_hostname=self._host if self._trust else None,
        )
        return connection

    async def _addresses(self, loop: asyncio.AbstractEventLoop) -> list[AddrInfoType]:
        """One question to the resolver for all who connect at about the same time.

        It blocks a thread of the loop's few, which a burst of bulk must not take from a page.
        """
        lookup = self._lookup
        if lookup is None or loop.time() > self._lookup_holds:
            lookup = self._lookup = loop.create_task(self._look_up(loop))
            self._lookup_holds = loop.time() + ADDRESSES_HOLD
        try:
            return await asyncio.shield(lookup)
        except OSError:
            if self._lookup is lookup:
                self._lookup = None
            raise

    async def _look_up(self, loop: asyncio.AbstractEventLoop) -> list[AddrInfoType]:
        return [*await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)]

    def _forget(self, connection: Connection) -> None:
        self._idle.pop(connection, None)
        self._open.discard(connection)
        if not self._open:
            self._emptied.set()


@cache
def _authorities() -> ssl.SSLContext:
    """The authorities of Mozilla, as aiogram has them."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
