"""What the tests of the HTTP client share."""

import asyncio
import socket

import aiohappyeyeballs
import pytest

from tests.patience import PATIENCE
from transports.http_client import HttpClient
from transports.http_connection import Answer, Lost

EMPTY = Answer(200, b"{}")
LEFT = Lost("connection", left=True)


async def post(client: HttpClient, body: bytes = b"{}", seconds: float = 5) -> Answer | Lost:
    """Ask the client, which has to keep its own time-out."""
    async with asyncio.timeout(PATIENCE):
        return await client.post(b"/sendMessage", body, seconds)


def note_sockets(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """The client's sockets from now on, in the order of connecting."""
    connect = aiohappyeyeballs.start_connection
    opened: list[socket.socket] = []

    async def noting(
        addresses: list[aiohappyeyeballs.AddrInfoType],
        *,
        happy_eyeballs_delay: float,
        loop: asyncio.AbstractEventLoop,
    ) -> socket.socket:
        opened.append(
            await connect(addresses, happy_eyeballs_delay=happy_eyeballs_delay, loop=loop)
        )
        return opened[-1]

    monkeypatch.setattr(aiohappyeyeballs, "start_connection", noting)
    return opened
