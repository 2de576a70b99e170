"""One kept-alive HTTP/1.1 connection: a request at a time, and its answer or that none came."""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

LONGEST_ANSWER = 16 * 2**20  # bytes; a hundred updates of the longest texts are about 6 MB
_DELIMITED = (b"content-length", b"transfer-encoding")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, whoever gave it."""

    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer, or none that is whole. `left` is whether a byte of the request may have left.

    `code` is "timeout", "connection" or "unreadable".
    """

    code: str
    left: bool


class Connection(asyncio.Protocol):
    """A connection. `opened` is called with it, and `gone` when it is closed by whichever side.

    One timer serves the time-out of every request and the end of idleness: a deadline that moves
    later costs nothing until the timer finds it moved.
    """

    def __init__(
        self,
        sock: socket.socket,
        opened: Callable[["Connection"], None],
        gone: Callable[["Connection"], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        self._opened = opened
        self._gone = gone
        self._parser = HttpResponseParser(self)
        self._waiter: asyncio.Future[Answer | Lost] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._drained = asyncio.Event()
        self._drained.set()
        self._reset()

    def is_usable(self) -> bool:
        """Whether an idle connection still stands, as far as this machine knows."""
        return not self._transport.is_closing() and not self._has_news()

    def ask(self, request: bytes, deadline: float) -> "asyncio.Future[Answer | Lost] | None":
        """Send a request; what comes of it is known by `deadline` (time of the loop).

        None when nothing of it could leave: it may be sent on another connection.
        """
        self._reset()
        self._transport.write(request)
        if self._transport.is_closing():
            # The system refused the first byte. (It is not always known as early as here.)
            return None
        self._watch(deadline)
        self._waiter = self._loop.create_future()
        return self._waiter

    async def follow(self, piece: bytes) -> None:
        """Send more of a request, and wait until most of what was given to the system has left, or
        nothing can any more."""
        self._transport.write(piece)
        await self._drained.wait()

    def rest(self, deadline: float) -> bool:
        """Stay open for another request until `deadline`; False, and closed, if it must not.

        It must not unless all was sent, the answer came whole and nothing came after it.
        """
        if (
            not self._whole
            or self._spoilt
            or self._transport.is_closing()
            or self._transport.get_write_buffer_size()
        ):
            self.abort()
            return False
        self._watch(deadline)
        return True

    def abort(self) -> None:
        """Close at once. An answer that is still to come will never be taken for another's."""
        self._transport.abort()

    def _has_news(self) -> bool:
        """Whether the server closed, or said something unasked, that the loop has not seen yet."""
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        return True

    def _reset(self) -> None:
        self._size = 0
        self._body: list[bytes] = []
        self._delimited = self._headed = self._whole = self._spoilt = False

    def _watch(self, deadline: float) -> None:
        self._deadline = deadline
        if self._timer is not None:
            if self._timer.when() <= deadline:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(deadline, self._ring)

    def _ring(self) -> None:
        self._timer = None
        if self._loop.time() < self._deadline:
            self._watch(self._deadline)
        else:
            self._finish(Lost("timeout", left=True))
            self.abort()

    def _finish(self, outcome: Answer | Lost) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(outcome)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        if self._waiter is None:
            # Nobody asked, or who asked gave up.
            self.abort()
            return
        self._size += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._spoilt = True
        if self._whole:
            self._spoilt |= not self._keeps
            self._finish(Answer(self._status, b"".join(self._body)))
        elif self._spoilt or self._size > LONGEST_ANSWER:
            self._finish(Lost("unreadable", left=True))

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._headed and not self._delimited and error is None:
            # An answer without a length is whole when the connection ends, as of old gateways.
            self._finish(Answer(self._parser.get_status_code(), b"".join(self._body)))
        self._finish(Lost("connection", left=True))
        self._drained.set()
        self._gone(self)

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._spoilt |= self._whole

    def on_header(self, name: bytes, value: bytes) -> None:
        del value
        if name.lower() in _DELIMITED:
            self._delimited = True

    def on_headers_complete(self) -> None:
        self._headed = True

    def on_body(self, body: bytes) -> None:
        if not self._whole:
            self._body.append(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if self._whole:
            return
        if status < 200:
            # "Continue" and the like: the answer is still to come.
            self._reset()
            return
        self._whole, self._status = True, status
        self._keeps = self._parser.should_keep_alive()
