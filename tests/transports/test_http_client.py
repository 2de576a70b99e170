"""The HTTP client: what it takes for an answer, and which connections it goes on with."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator

import pytest

from tests.patience import PATIENCE
from tests.transports.http_stage import EMPTY, LEFT, note_sockets, post
from tests.transports.raw_server import RawServer, Then, answer, chunked
from transports.http_client import HttpClient
from transports.http_connection import Answer, Lost


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer() as server:
        yield server


@pytest.fixture
async def client(server: RawServer) -> AsyncIterator[HttpClient]:
    client = HttpClient(f"{server.url}/bot42:AA/")
    yield client
    await client.close()


async def test_request_is_posted_whole_to_the_path_below_that_of_the_address(
    server: RawServer, client: HttpClient
) -> None:
    assert await post(client, "ñ 🌽".encode()) == EMPTY
    (asked,) = server.asked
    lines = asked.head.split("\r\n")
    assert lines[0] == "POST /bot42:AA/sendMessage HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in lines
    assert "Content-Type: application/json" in lines
    assert asked.body == "ñ 🌽".encode()


PAGE = b"<html>502 Bad Gateway</html>"
WHOLE = {
    "with its length": ((answer(b"[1]"),), Answer(200, b"[1]")),
    "in chunks": ((chunked(b"[1", b",2]"),), Answer(200, b"[1,2]")),
    "a byte at a time": (tuple(bytes([b]) for b in answer(b"[1]")), Answer(200, b"[1]")),
    "a chunked byte at a time": (
        tuple(bytes([b]) for b in chunked(b"[", b"1]")),
        Answer(200, b"[1]"),
    ),
    "of 100,000 bytes": ((answer(b"x" * 100_000),), Answer(200, b"x" * 100_000)),
    "of nothing": ((answer(b"", "204 No Content"),), Answer(204, b"")),
    "a page": ((answer(PAGE, "502 Bad Gateway"),), Answer(502, PAGE)),
    "a redirection": (
        (answer(b"", "302 Found", "Location: http://127.0.0.1:9/"),),
        Answer(302, b""),
    ),
    "after 'continue'": (
        (b"HTTP/1.1 100 Continue\r\n\r\n", answer(b"[1]")),
        Answer(200, b"[1]"),
    ),
    "in one piece with 'early hints'": (
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(b"[1]"),),
        Answer(200, b"[1]"),
    ),
}


@pytest.mark.parametrize("shape", WHOLE)
async def test_answer_is_read_whole_and_the_connection_kept(
    server: RawServer, client: HttpClient, shape: str
) -> None:
    said, expected = WHOLE[shape]
    server.play(*said)
    assert await post(client) == expected
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 1]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
async def test_answer_without_a_length_ends_with_the_connection(
    server: RawServer, client: HttpClient, version: str
) -> None:
    server.play(f"HTTP/{version} 502 Bad Gateway\r\n\r\n".encode(), PAGE, then=Then.CLOSE)
    assert await post(client) == Answer(502, PAGE)
    assert await post(client) == EMPTY


BROKEN = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": answer(b"[1]")[:-1],
    "a head alone": answer(b"[1]")[:-3],
    "half a chunk": chunked(b"[1, 2]")[:-12],
    "no last chunk": chunked(b"[1, 2]")[:-5],
}


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("part", BROKEN)
async def test_broken_answer_may_be_of_a_request_that_was_taken(
    server: RawServer, client: HttpClient, part: str, then: Then
) -> None:
    server.play(*filter(None, [BROKEN[part]]), then=then)
    assert await post(client) == LEFT
    assert await post(client) == EMPTY
    assert len(server.asked) == 2


async def test_page_that_was_cut_off_is_no_answer(server: RawServer, client: HttpClient) -> None:
    server.play(b"HTTP/1.1 502 Bad Gateway\r\n\r\n", PAGE, then=Then.RESET)
    assert await post(client) == LEFT


GARBAGE = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2p1\r\n",
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a chunk that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "another protocol on request": (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nx"
    ),
    "zeros": bytes(64),
}


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_is_no_answer(server: RawServer, client: HttpClient, garbage: str) -> None:
    server.play(GARBAGE[garbage])
    assert await post(client) == Lost("unreadable", left=True)
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 2]


@pytest.mark.parametrize("part", ["head", "body", "chunks"])
async def test_endless_answer_is_cut_off(
    server: RawServer, client: HttpClient, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.http_connection.LONGEST_ANSWER", 50_000)
    endless = {
        "head": b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 9_000,
        "body": answer(b"x" * 99_000_000)[:150_000],
        "chunks": chunked(*[b"x" * 1000] * 150),
    }
    server.play(endless[part])
    assert await post(client) == Lost("unreadable", left=True)
    await server.until(lambda: server.ended == 1)


AFTER = {
    "garbage": b"garbage",
    "another answer": answer(b"[666]"),
    "half another answer": answer(b"[666]")[:9],
    "a refusal": answer(b"[666]", "502 Bad Gateway"),
}


@pytest.mark.parametrize("segment", ["the same", "one of its own"])
@pytest.mark.parametrize("after", AFTER)
async def test_what_comes_after_an_answer_is_never_taken_for_the_next(
    server: RawServer, client: HttpClient, after: str, segment: str
) -> None:
    whole = answer(b"[1]")
    server.play(*([whole + AFTER[after]] if segment == "the same" else [whole, AFTER[after]]))
    assert await post(client) == Answer(200, b"[1]")
    await asyncio.sleep(0.02)
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 2]


async def test_what_is_said_unasked_is_never_taken_for_an_answer(
    server: RawServer, client: HttpClient
) -> None:
    await post(client)
    server.unasked(answer(b"", "408 Request Timeout"))
    await server.until(lambda: server.ended == 1)
    assert await post(client) == EMPTY


async def test_late_answer_is_never_taken_for_the_next(
    server: RawServer, client: HttpClient
) -> None:
    server.play(answer(b'"late"'), hold=True)
    assert await post(client, seconds=0.1) == Lost("timeout", left=True)
    server.release()
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 2]
    await server.until(lambda: server.ended == 1)


async def test_half_an_answer_is_waited_for_no_longer_than_told(
    server: RawServer, client: HttpClient
) -> None:
    server.play(answer(b"[1]")[:-1])
    assert await post(client, seconds=0.1) == Lost("timeout", left=True)


async def test_time_outs_count_from_each_request_of_a_connection(
    server: RawServer, client: HttpClient
) -> None:
    for _ in range(5):
        await asyncio.sleep(0.5)
        assert await post(client, seconds=2) == EMPTY
    server.play(hold=True)
    async with asyncio.timeout(PATIENCE):
        assert await post(client, seconds=0.2) == Lost("timeout", left=True)
    assert [asked.connection for asked in server.asked] == [1] * 6


async def test_cancelled_request_closes_its_connection(
    server: RawServer, client: HttpClient
) -> None:
    server.play(answer(b'"late"'), hold=True)
    sending = asyncio.create_task(post(client))
    await server.until(lambda: len(server.asked) == 1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    server.release()
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 2]
    await server.until(lambda: server.ended == 1)


async def test_server_that_will_close_is_not_asked_again_there(
    server: RawServer, client: HttpClient
) -> None:
    server.play(answer(b"{}", "200 OK", "Connection: close"))
    assert await post(client) == EMPTY
    assert await post(client) == EMPTY
    assert [asked.connection for asked in server.asked] == [1, 2]


async def test_connection_that_closed_while_idle_is_replaced(
    server: RawServer, client: HttpClient
) -> None:
    await asyncio.gather(*(post(client) for _ in range(5)))
    await server.hang_up()
    assert await post(client) == EMPTY
    assert server.connections == 6


@pytest.mark.parametrize("end", ["closed", "reset"])
def test_connection_found_closed_only_when_it_is_needed_is_replaced(end: str) -> None:
    """The loop has had no time to see it. The server is a thread, so that only the loop stands."""
    bodies: list[bytes] = []
    gone = threading.Event()

    def serve(listening: socket.socket) -> None:
        for turn in range(2):
            with listening.accept()[0] as one:
                bodies.append(one.recv(9999).partition(b"\r\n\r\n")[2])
                one.sendall(answer(b"{}"))
                if turn == 0:
                    ready.wait(5)
                    if end == "reset":
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01" + bytes(7))
            gone.set()

    async def use() -> None:
        client = HttpClient(f"http://127.0.0.1:{listening.getsockname()[1]}")
        assert await post(client, b"1") == EMPTY
        ready.set()
        assert gone.wait(5)  # and the loop stands meanwhile
        assert await post(client, b"2") == EMPTY
        await client.close()

    ready = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        asyncio.run(use())
        thread.join()
    assert bodies == [b"1", b"2"]


async def test_request_of_which_nothing_could_be_written_goes_on_another_connection(
    server: RawServer, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sockets = note_sockets(monkeypatch)
    await post(client, b"1")
    sockets[0].shutdown(socket.SHUT_WR)
    assert await post(client, b"2") == EMPTY
    assert [asked.body for asked in server.asked] == [b"1", b"2"]


async def test_connection_whose_request_never_left_whole_is_not_kept(
    server: RawServer, client: HttpClient
) -> None:
    async def answer_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"{}", "413 Request Entity Too Large"))
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    async with await asyncio.start_server(answer_early, "127.0.0.1", 0) as hasty:
        client = HttpClient(f"http://127.0.0.1:{hasty.sockets[0].getsockname()[1]}")
        for count in (1, 2):
            assert await post(client, bytes(32 * 2**20)) == Answer(413, b"{}")
            assert len(writers) == count
        await client.close()
        for writer in writers:
            writer.transport.abort()


async def test_idle_connection_is_closed_and_a_busy_one_is_not(
    server: RawServer, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.http_client.IDLE", 0.1)
    server.play(answer(b"[1]"), hold=True)
    busy = asyncio.create_task(post(client))
    await server.until(lambda: len(server.asked) == 1)
    await post(client)
    await server.until(lambda: server.ended == 1)
    server.release()
    assert await busy == Answer(200, b"[1]")
    assert server.connections == 2


async def test_connections_that_are_not_needed_grow_old(
    server: RawServer, client: HttpClient
) -> None:
    await asyncio.gather(*(post(client) for _ in range(3)))
    for _ in range(4):
        await post(client)
    assert len({asked.connection for asked in server.asked[3:]}) == 1


async def test_any_number_is_asked_at_once(server: RawServer, client: HttpClient) -> None:
    for _ in range(300):
        server.play(answer(b"{}"), hold=True)
    asking = [asyncio.create_task(post(client)) for _ in range(300)]
    await server.until(lambda: len(server.asked) == 300)
    assert await post(client) == EMPTY
    server.release()
    assert await asyncio.gather(*asking) == [EMPTY] * 300
