"""What the loopback provider itself carries: `python -m bench.capacity URL REQUESTS`.

A bare client on the other core asks over a hundred connections, one request after the other on
each, and prints the requests a second.
"""

import asyncio
import sys
from functools import partial
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import uvloop

from bench.crowd import FIRST_CHAT
from bench.machine import PLATFORM_CORE, pin
from bench.processes import TOKEN

CONNECTIONS = 100
REQUEST = (
    f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
)


class Asker(asyncio.Protocol):
    """Asks so many times, each after the answer to the one before."""

    def __init__(self, times: int, over: "asyncio.Future[None]") -> None:
        self._left = times
        self._over = over
        body = f"chat_id={FIRST_CHAT}&text=Hola"
        self._request = (REQUEST % (len(body), body)).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of it.
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        # The answers are small and come in one piece.
        self._left -= 1
        if self._left:
            self._transport.write(self._request)
        else:
            self._transport.close()
            self._over.set_result(None)


async def _ask(host: str, port: int, requests: int) -> float:
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(CONNECTIONS)]
    begun = perf_counter()
    for over in ends:
        await loop.create_connection(partial(Asker, requests // CONNECTIONS, over), host, port)
    await asyncio.gather(*ends)
    return requests / (perf_counter() - begun)


if __name__ == "__main__":
    pin(0, PLATFORM_CORE)
    address = urlsplit(sys.argv[1])
    print(uvloop.run(_ask(address.hostname or "", address.port or 0, int(sys.argv[2]))))
