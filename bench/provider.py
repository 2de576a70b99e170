"""A very fast loopback provider: the Bot API and Twilio's Messages.json, in a process of its own.

`python -m bench.provider --core 1` prints `{"url": …}` when it listens and ends on SIGTERM. Its
HTTP/1.1 knows keep-alive, pipelining and Content-Length and nothing more. What it took it tells at
`/control/…`; times are of CLOCK_MONOTONIC, which every process of the machine shares.
"""

import argparse
import asyncio
import json
import re
import signal
from array import array
from collections import deque
from collections.abc import Callable
from time import perf_counter, time
from typing import cast
from urllib.parse import parse_qs

import uvloop

from bench.machine import pin

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
# Of a form, of JSON and of multipart.
CHAT = re.compile(rb'chat_id(?:=|"[^0-9-]*)(-?\d+)')
TEXT_OF_JSON, TEXT_OF_FORM = "text", "Body"
STAFF_FROM = 9_000_000_000
"""Chats from here on belong to staff and reporters: each message to them is kept with its time."""

WINDOW = 1.0
HEAD = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
SENT = b'{"ok":true,"result":{"message_id":%d,"date":%d,"chat":{"id":%d,"type":"private"}}}'
SLOW_DOWN = (
    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
    b'"parameters":{"retry_after":%d}}'
)
FILE = b'{"ok":true,"result":{"file_id":"F","file_unique_id":"U","file_path":"photos/1.png"}}'
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60_000)
TWILIO_SLOW_DOWN = b'{"code":20429,"message":"Too Many Requests","status":429}'


class Book:
    """What was taken and refused since the last reset."""

    def __init__(self) -> None:
        self.rate = 0
        self.blocked_until = 0.0
        self.reset()

    def reset(self, rate: int = 0) -> None:
        """Forget everything; from now on allow `rate` messages in any second, 0 for any number."""
        self.rate = rate
        self.blocked_until = 0.0
        self.chats: dict[int, int] = {}
        self.arrivals = array("d")
        self.refused = 0
        self.watched: list[tuple[float, int, str]] = []
        self.window: deque[float] = deque()

    def admits(self, now: float) -> bool:
        """Whether the rate allows one more; counts the refusal if not."""
        if self.blocked_until > now:
            self.refused += 1
            return False
        if self.rate:
            window = self.window
            while window and window[0] <= now - WINDOW:
                window.popleft()
            if len(window) >= self.rate:
                self.refused += 1
                return False
            window.append(now)
        return True

    def take(self, chat: int, body: bytes, now: float) -> int:
        """Keep a message; gives its number."""
        self.arrivals.append(now)
        self.chats[chat] = self.chats.get(chat, 0) + 1
        if chat >= STAFF_FROM:
            self.watched.append((now, chat, _text(body)))
        return len(self.arrivals)

    def figures(self) -> dict[str, object]:
        """The whole in numbers."""
        arrivals = self.arrivals
        return {
            "taken": len(arrivals),
            "refused": self.refused,
            "first": arrivals[0] if arrivals else None,
            "last": arrivals[-1] if arrivals else None,
        }

    def between(self, low: int, high: int) -> dict[str, object]:
        """How many chats from `low` up to, not including, `high` got something, or too much."""
        counts = [count for chat, count in self.chats.items() if low <= chat < high]
        return {"reached": len(counts), "doubled": sum(count > 1 for count in counts)}

    def steady(self, skip: float) -> dict[str, object]:
        """Messages a second, leaving out the first and last `skip` seconds."""
        first, last = self.arrivals[0] + skip, self.arrivals[-1] - skip
        taken = sum(first <= at < last for at in self.arrivals)
        return {"rate": taken / (last - first)}

    def seconds(self) -> dict[str, object]:
        """The greatest number taken in any window of a second."""
        most, begin = 0, 0
        for end, at in enumerate(self.arrivals):
            while self.arrivals[begin] <= at - WINDOW:
                begin += 1
            most = max(most, end - begin + 1)
        return {"most": most}


class Connection(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._left = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of it.
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        data = self._left + data if self._left else data
        answers: list[bytes] = []
        while (head := data.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(data, 0, head)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(data) < end:
                break
            answers.append(self._answer(data[:head], data[head + 4 : end]))
            data = data[end:]
        self._left = data
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))

    def _answer(self, head: bytes, body: bytes) -> bytes:
        path = head[: head.find(b" HTTP/")]
        book, now = self._book, perf_counter()
        if path.endswith(b"/sendMessage"):
            if not book.admits(now):
                wait = max(1, int(book.blocked_until - now))
                return _http(429, SLOW_DOWN % (wait, wait))
            found = CHAT.search(body)
            chat = int(found[1]) if found else 0
            return _http(200, SENT % (book.take(chat, body, now), int(time()), chat))
        if path.startswith(b"POST /2010-04-01/") and path.endswith(b"/Messages.json"):
            if not book.admits(now):
                return _http(429, TWILIO_SLOW_DOWN)
            return _http(201, _sms(book, body, now))
        if path.endswith(b"/getFile"):
            return _http(200, FILE)
        if b"/file/bot" in path:
            return _http(200, PICTURE)
        if b" /control/" in path:
            return _http(200, _control(book, path.partition(b"/control/")[2].decode(), now))
        return _http(200, b'{"ok":true,"result":true}')


def _http(status: int, body: bytes) -> bytes:
    return HEAD % (status, len(body), body)


def _sms(book: Book, body: bytes, now: float) -> bytes:
    fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    number = book.take(int(fields["To"].removeprefix("+")), body, now)
    told = {
        "sid": f"SM{number:032x}",
        "status": "queued",
        "to": fields["To"],
        "from": fields.get("From"),
        "body": fields.get("Body"),
        "num_segments": "1",
        "num_media": "0",
        "direction": "outbound-api",
        "api_version": "2010-04-01",
    }
    return json.dumps(told).encode()


def _text(body: bytes) -> str:
    if body.startswith(b"{"):
        return str(json.loads(body).get(TEXT_OF_JSON, ""))
    fields = parse_qs(body.decode())
    return (fields.get(TEXT_OF_JSON) or fields.get(TEXT_OF_FORM) or [""])[0]


def _control(book: Book, request: str, now: float) -> bytes:
    name, _, query = request.partition("?")
    given = {key: float(values[0]) for key, values in parse_qs(query).items()}

    def reset() -> None:
        book.reset(int(given.get("rate", 0)))

    def block() -> None:
        book.blocked_until = now + given["seconds"]

    acts: dict[str, Callable[[], object]] = {
        "reset": reset,
        "block": block,
        "figures": book.figures,
        "between": lambda: book.between(int(given["low"]), int(given["high"])),
        "steady": lambda: book.steady(given["skip"]),
        "seconds": book.seconds,
        "watched": lambda: book.watched,
    }
    return json.dumps(acts[name]()).encode()


async def _serve() -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    book = Book()
    server = await loop.create_server(lambda: Connection(book), "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"url": f"http://127.0.0.1:{port}"}), flush=True)
    await over.wait()
    server.close()


def main() -> None:
    """Serve until told to end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", type=int, default=-1)
    options = parser.parse_args()
    pin(0, options.core)
    uvloop.run(_serve())


if __name__ == "__main__":
    main()
