"""A server that says exactly the bytes it is told to, for what no decent server does."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

from tests.patience import PATIENCE


class Then(StrEnum):
    """What becomes of the connection after an answer."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Play:
    """Bytes to say, each of `said` a segment of its own, once `unread` or the request was read."""

    said: tuple[bytes, ...] = ()
    then: Then = Then.KEEP
    hold: bool = False  # say nothing before `release`


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: on which connection, counted from 1, its head and its body."""

    connection: int
    head: str
    body: bytes = field(repr=False)


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer with its length."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def chunked(*parts: bytes) -> bytes:
    """A whole answer in chunks."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


class RawServer:
    """Serves `plays` in their order, one a request, and then answers `{}`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.plays: deque[Play] = deque()
        self.asked: list[Asked] = []
        self.connections = 0
        self.ended = 0
        self._tls = tls
        self._released = asyncio.Event()
        self._changed = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []

    @property
    def port(self) -> int:
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def play(self, *said: bytes, then: Then = Then.KEEP, hold: bool = False) -> None:
        """Say this to the next request."""
        self.plays.append(Play(said, then, hold))

    def release(self) -> None:
        """Let what is held be said."""
        self._released.set()

    def unasked(self, said: bytes) -> None:
        """Say this on every connection."""
        for writer in self._writers:
            writer.write(said)

    async def hang_up(self) -> None:
        """Close every connection."""
        for writer in self._writers:
            writer.close()
        await self.until(lambda: self.ended == self.connections)

    async def until(self, true: Callable[[], bool]) -> None:
        """Return once it is so; raises TimeoutError when it never is."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(true)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, ssl=self._tls, backlog=512
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
        self._server.close()
        await self.hang_up()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self._writers.append(writer)
        await self._tell()
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(head.lower().partition("content-length: ")[2].split("\r\n")[0])
                self.asked.append(Asked(number, head, await reader.readexactly(length)))
                await self._tell()
                if not await self._say(self.plays.popleft() if self.plays else _OK, writer):
                    return
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            self._writers.remove(writer)
            self.ended += 1
            await self._tell()

    async def _say(self, play: Play, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        if play.hold:
            await self._released.wait()
        for part in play.said:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)
        if play.then is Then.RESET:
            await asyncio.sleep(0.02)
            linger = socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, *linger)
            writer.transport.abort()
        return play.then is Then.KEEP

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


_OK = Play((answer(b"{}"),))
