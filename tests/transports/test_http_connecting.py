"""The HTTP client: finding the server, trusting it, and closing."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import aiohappyeyeballs
import pytest

from tests.transports.certificates import certificate
from tests.transports.http_stage import EMPTY, LEFT, note_sockets, post
from tests.transports.raw_server import RawServer, answer
from transports.http_client import HttpClient
from transports.http_connection import Lost


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer() as server:
        yield server


@pytest.fixture
async def client(server: RawServer) -> AsyncIterator[HttpClient]:
    client = HttpClient(f"{server.url}/bot42:AA/")
    yield client
    await client.close()


class Lookups:
    """The resolver, which finds every name on this machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.first: list[str] = []
        self.hang = self.fail = False
        self.free = asyncio.Event()

    async def getaddrinfo(
        self, host: str, port: int, *, type: int
    ) -> list[aiohappyeyeballs.AddrInfoType]:
        assert type == socket.SOCK_STREAM
        self.asked.append(host)
        await asyncio.sleep(0)
        if self.hang:
            await self.free.wait()
        if self.fail:
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        found = [*self.first, "127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (one, port)) for one in found]


@pytest.fixture
async def lookups(monkeypatch: pytest.MonkeyPatch) -> Lookups:
    lookups = Lookups()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookups.getaddrinfo)
    return lookups


async def test_closing_ends_what_is_under_way_and_every_connection(
    server: RawServer, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sockets = note_sockets(monkeypatch)
    await asyncio.gather(*(post(client) for _ in range(3)))
    server.play(answer(b"{}"), hold=True)
    asking = asyncio.create_task(post(client))
    await server.until(lambda: len(server.asked) == 4)
    await client.close()
    assert [one.fileno() for one in sockets] == [-1] * 3
    assert await asking == LEFT
    server.release()
    await server.until(lambda: server.ended == 3)
    await client.close()


async def test_nothing_has_left_when_nobody_listens() -> None:
    async with RawServer() as gone:
        url = gone.url
    client = HttpClient(url)
    assert await post(client) == Lost("connection", left=False)
    await client.close()


async def test_nothing_has_left_while_the_name_is_looked_up(lookups: Lookups) -> None:
    lookups.hang = True
    assert await post(HttpClient("http://bots.example"), seconds=0.1) == Lost("timeout", left=False)
    lookups.free.set()


async def test_who_gives_up_waiting_for_a_name_takes_it_from_nobody_else(
    server: RawServer, lookups: Lookups
) -> None:
    client = HttpClient(f"http://bots.example:{server.port}")
    lookups.hang = True
    patient = asyncio.create_task(post(client))
    assert await post(client, seconds=0.1) == Lost("timeout", left=False)
    lookups.free.set()
    assert await patient == EMPTY
    await client.close()


async def test_name_is_looked_up_once_for_all_who_connect_together(
    server: RawServer, lookups: Lookups
) -> None:
    client = HttpClient(f"http://bots.example:{server.port}")
    assert await asyncio.gather(*(post(client) for _ in range(40))) == [EMPTY] * 40
    assert (server.connections, lookups.asked) == (40, ["bots.example"])
    await client.close()


async def test_name_that_was_not_found_is_looked_up_again(
    server: RawServer, lookups: Lookups
) -> None:
    client = HttpClient(f"http://bots.example:{server.port}")
    lookups.fail = True
    assert await post(client) == Lost("connection", left=False)
    lookups.fail = False
    assert await post(client) == EMPTY
    await client.close()


async def test_addresses_are_not_held_for_ever(
    server: RawServer, lookups: Lookups, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.http_client.ADDRESSES_HOLD", 0)
    client = HttpClient(f"http://bots.example:{server.port}")
    await post(client)
    await server.hang_up()
    await post(client)
    assert len(lookups.asked) == 2
    await client.close()


async def test_address_that_leads_nowhere_is_followed_by_the_next(
    server: RawServer, lookups: Lookups
) -> None:
    lookups.first = ["127.0.0.2"]  # where the server does not listen
    client = HttpClient(f"http://bots.example:{server.port}")
    assert await post(client) == EMPTY
    await client.close()


@pytest.mark.parametrize(
    ("host", "asked"), [("[::1]", "::1"), ("bots.example", "bots.example"), ("127.0.0.1", None)]
)
async def test_host_is_named_as_in_the_address(
    server: RawServer, lookups: Lookups, host: str, asked: str | None
) -> None:
    client = HttpClient(f"http://{host}:{server.port}/a%20b/ñ/")
    assert await post(client) == EMPTY
    lines = server.asked[0].head.split("\r\n")
    assert lines[0] == "POST /a%20b/%C3%B1/sendMessage HTTP/1.1"
    assert f"Host: {host}:{server.port}" in lines
    assert lookups.asked == [asked or host]
    await client.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bots.example",
        "ftp://bots.example",
        "http://",
        "http://user:secret@bots.example",
        "http://bots.example/?a=1",
        "http://bots.example:port",
        "http://ñuu.example",
    ],
)
def test_address_that_cannot_be_used_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        HttpClient(url)
    assert "secret" not in str(caught.value)


async def test_certificate_of_a_known_authority_is_trusted(tmp_path: Path) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    async with RawServer(_tls(file)) as server:
        client = HttpClient(server.url, ssl.create_default_context(cafile=file))
        assert await post(client, bytes(200_000)) == EMPTY
        assert await post(client) == EMPTY
        assert [len(asked.body) for asked in server.asked] == [200_000, 2]
        assert server.connections == 1
        await server.hang_up()
        assert await post(client) == EMPTY
        server.play(hold=True)
        assert await post(client, seconds=0.1) == Lost("timeout", left=True)
        await client.close()


@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_certificate_that_proves_nothing_is_given_no_request(
    tmp_path: Path, wrong: str
) -> None:
    file = certificate(tmp_path, "127.0.0.1")
    trust = None if wrong == "authority" else ssl.create_default_context(cafile=file)
    async with RawServer(_tls(file)) as server:
        host = "127.0.0.1" if wrong == "authority" else "localhost"
        client = HttpClient(f"https://{host}:{server.port}", trust)
        assert await post(client) == Lost("connection", left=False)
        await client.close()
        assert server.asked == []


def _tls(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
