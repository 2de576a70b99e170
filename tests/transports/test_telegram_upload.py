"""Files that Telegram does not hold yet: sent in pieces, and called by a name from then on."""

import asyncio
import itertools
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import pytest

from db.session import Database
from delivery.content import Attachment, Button, Content, Entity
from delivery.filling import MOST_CAPTION
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing
from delivery.uploads import File, Uploading
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.patience import PATIENCE
from tests.standins import telegram_errors
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.transports.http_stage import note_sockets
from tests.transports.raw_server import RawServer, Then, answer
from tests.unit.campaigns.media_samples import jpeg, mp4, opus, pdf, png
from transports.handset import store
from transports.handset.model import chat_id
from transports.handset.pictures import Pictures
from transports.handset.transport import HandsetTransport
from transports.handset.views import line_view
from transports.http_client import HttpClient
from transports.http_connection import Answer, Lost
from transports.multipart import form_of
from transports.telegram import TelegramTransport

CHAT = 4213555017
TO = Endpoint(Channel.TELEGRAM, str(CHAT))
MB = 2**20
MARKED = ("reply_markup", "caption_entities")
_ids = itertools.count(1)


@dataclass
class Pieces:
    """Bytes that are read a piece at a time; counts how many were asked for."""

    data: bytes = field(repr=False)
    size: int = 100_000
    read: int = 0

    async def __call__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.data), self.size):
            self.read += 1
            yield self.data[start : start + self.size]


def file_of(kind: str, data: bytes, name: str = "aviso") -> File:
    return File(kind, name, len(data), Pieces(data))


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TelegramStandIn) -> AsyncIterator[TelegramTransport]:
    transport = TelegramTransport(TOKEN, api_url=standin.url, timeout=5)
    yield transport
    await transport.close()


async def refused(transport: TelegramTransport, file: File, content: Content) -> SendError:
    with pytest.raises(SendError) as caught:
        await transport.upload(TO, content, file)
    return caught.value


SAMPLES = {"photo": jpeg(), "voice": opus(90_000), "video": mp4(250_000), "document": pdf()}


@pytest.mark.parametrize("kind", SAMPLES)
async def test_file_arrives_byte_by_byte_and_goes_by_its_name_from_then_on(
    standin: TelegramStandIn, transport: TelegramTransport, kind: str
) -> None:
    assert isinstance(transport, Uploading)
    done = await transport.upload(TO, Content("Hola.", ""), file_of(kind, SAMPLES[kind], "a.bin"))
    (sent,) = standin.sent
    assert (sent.method, sent.chat_id, sent.text) == (f"send{kind.title()}", CHAT, "Hola.")
    assert sent.message_id == int(done.message_id)
    held = standin.files.get(sent.params[kind])
    assert (held.content, held.name) == (SAMPLES[kind], "a.bin")
    assert done.file == Attachment(kind, held.file_id)
    again = Outgoing(next(_ids), TO, Content("Otra vez.", "", attachment=done.file), Lane.BULK)
    await transport.send(again)
    assert standin.sent[-1].params[kind] == held.file_id


async def test_text_buttons_and_marks_go_with_it_as_with_a_name(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    content = Content(
        'Línea "uno"\r\n--dos 🌽',
        "",
        ((Button("Sí", "k:1:h"), Button("Mapa", url="https://tequio.example/ñ")),),
        entities=(Entity("bold", 0, 5),),
        protected=True,
    )
    done = await transport.upload(TO, content, file_of("photo", png()))
    by_upload: dict[str, object] = dict(standin.sent[0].params)
    named = Outgoing(next(_ids), TO, replace(content, attachment=done.file), Lane.REPLY)
    await transport.send(named)
    by_name: dict[str, object] = dict(standin.sent[1].params)
    for sent, params in zip(standin.sent, (by_upload, by_name), strict=True):
        params |= {name: json.loads(sent.params[name]) for name in MARKED}
    assert by_upload == by_name
    assert standin.sent[0].text == content.chat


async def test_name_of_a_file_breaks_out_of_nothing(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    name = 'a"; name="chat_id"\r\n\r\n666\r\n ñ🌽.pdf'
    await transport.upload(TO, Content("", ""), file_of("document", pdf(), name))
    (sent,) = standin.sent
    assert sent.chat_id == CHAT
    held = standin.files.get(sent.params["document"])
    assert held.name.endswith("ñ🌽.pdf")
    assert '"' not in held.name
    assert "\n" not in held.name


async def test_file_that_holds_what_looks_like_a_form_stays_whole(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    data = pdf() + b'\r\n--\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1\r\n----\r\n'
    await transport.upload(TO, Content("", ""), file_of("document", data))
    assert standin.files.get(standin.sent[0].params["document"]).content == data


async def test_video_without_sound_is_sent_again_as_what_it_has_become(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    done = await transport.upload(TO, Content("Hola.", ""), file_of("video", mp4(track=b"none")))
    assert done.file.kind == "animation"
    again = Outgoing(next(_ids), TO, Content("Hola.", "", attachment=done.file), Lane.BULK)
    await transport.send(again)
    assert standin.sent[-1].method == "sendAnimation"


async def test_voice_that_would_not_be_heard_as_one_is_told(transport: TelegramTransport) -> None:
    error = await refused(transport, file_of("voice", b"OggS and not Opus"), Content("", ""))
    assert (error.failure, error.code) == (Failure.CONTENT_REFUSED, "other_kind")


async def test_what_cannot_be_sent_never_leaves(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    photo = file_of("photo", png())
    long = Content("x" * (MOST_CAPTION + 1), "")
    assert (await refused(transport, photo, long)).code == "caption_too_long"
    assert (await refused(transport, file_of("program", b"MZ"), long)).code == "unknown_kind"
    assert (await refused(transport, photo, Content("\ud83c", ""))).code == "unsendable"
    half_name = file_of("photo", png(), "\ud83c.png")
    assert (await refused(transport, half_name, Content("", ""))).code == "unsendable"
    assert not standin.calls


async def test_what_telegram_refuses_is_told_in_our_words(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    error = await refused(transport, file_of("photo", b"no picture"), Content("", ""))
    assert error.failure is Failure.CONTENT_REFUSED
    assert not standin.sent
    standin.faults.next(telegram_errors.blocked())
    error = await refused(transport, file_of("photo", png()), Content("", ""))
    assert (error.failure, error.code) == (Failure.CONTACT_STOPPED, "blocked")


async def test_file_that_ends_early_or_never_is_taken_by_nobody(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    for size in (len(png()) - 1, len(png()) + 1):
        error = await refused(transport, File("photo", "a", size, Pieces(png())), Content("", ""))
        assert (error.failure, error.code) == (Failure.TRY_LATER, "length")
    assert not standin.calls


async def test_file_that_cannot_be_read_is_tried_later_and_says_nothing_of_it(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise LookupError("a secret")

    error = await refused(transport, File("photo", "a", 9, broken), Content("", ""))
    assert (error.failure, error.code) == (Failure.TRY_LATER, "file")
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not standin.calls


async def test_nobody_listens() -> None:
    transport = TelegramTransport(TOKEN, api_url="http://127.0.0.1:9", timeout=2)
    error = await refused(transport, file_of("photo", png()), Content("", ""))
    assert (error.failure, error.code) == (Failure.TRY_LATER, "connection")
    await transport.close()


async def post(client: HttpClient, pieces: Pieces, seconds: float = 5) -> Answer | Lost:
    async with asyncio.timeout(PATIENCE):
        return await client.post_pieces(b"/x", b"a/b", len(pieces.data), pieces(), seconds)


async def test_request_in_pieces_is_whole_and_has_a_connection_of_its_own() -> None:
    async with RawServer() as server:
        client = HttpClient(f"{server.url}/bot1:A")
        await client.post(b"/before", b"{}", 5)
        data = bytes(range(256)) * 4_000
        assert await post(client, Pieces(data)) == Answer(200, b"{}")
        await client.post(b"/after", b"{}", 5)
        assert [asked.connection for asked in server.asked] == [1, 2, 1]
        assert server.asked[1].body == data
        lines = server.asked[1].head.split("\r\n")
        assert lines[0] == "POST /bot1:A/x HTTP/1.1"
        assert "Content-Type: a/b" in lines
        assert "Content-Type: application/json" in server.asked[2].head
        await client.close()
        await server.until(lambda: server.ended == server.connections)


Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def client_of(handle: Handle) -> AsyncIterator[HttpClient]:
    """A client of a server that takes one connection and treats it so."""
    ended = asyncio.Event()

    async def treated(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await handle(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(treated, "127.0.0.1", 0)
    client = HttpClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield client
    finally:
        await client.close()
        server.close()
        await ended.wait()


async def test_half_a_request_whose_connection_breaks_has_not_left() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(50_000)
        writer.transport.abort()

    pieces = Pieces(bytes(40 * MB))
    async with client_of(hang_up) as client:
        assert await post(client, pieces) == Lost("connection", left=False)
    assert pieces.read < 400


async def test_whole_request_without_an_answer_may_have_been_taken() -> None:
    async with RawServer() as server:
        client = HttpClient(server.url)
        server.play(then=Then.CLOSE)
        assert await post(client, Pieces(b"x" * 1_000)) == Lost("connection", left=True)
        server.play(hold=True)
        assert await post(client, Pieces(b"x" * 1_000), 0.2) == Lost("timeout", left=True)
        await client.close()


async def test_server_that_reads_nothing_does_not_hold_us_for_ever() -> None:
    stop = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader, writer
        await stop.wait()

    pieces = Pieces(bytes(60 * MB))
    async with client_of(deaf) as client:
        assert await post(client, pieces, 0.5) == Lost("timeout", left=False)
        stop.set()
    # What the two systems hold between them, and not the file.
    assert pieces.read < 300


async def test_answer_that_comes_before_the_end_is_the_answer() -> None:
    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"[413]", "413 Request Entity Too Large"))
        while await reader.read(MB):
            pass

    pieces = Pieces(bytes(40 * MB))
    async with client_of(early) as client:
        assert await post(client, pieces) == Answer(413, b"[413]")
    assert pieces.read < 400


async def test_who_gives_up_leaves_no_connection_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async with RawServer() as server:
        sockets = note_sockets(monkeypatch)
        client = HttpClient(server.url)
        server.play(hold=True)
        task = asyncio.create_task(post(client, Pieces(b"x" * 1_000)))
        await server.until(lambda: bool(server.asked))
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        await client.close()
        assert [sock.fileno() for sock in sockets] == [-1]


async def test_fifty_megabytes_do_not_stand_in_memory() -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left = length
        while left:
            left -= len(await reader.read(65_536))
        writer.write(answer(b"{}"))
        await writer.drain()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(MB // 2)

    form = form_of({}, File("document", "a", 50 * MB, pieces))
    length = form.length
    async with client_of(swallow) as client:
        tracemalloc.start()
        found = await client.post_pieces(b"/x", form.kind, length, form.pieces(), 30)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert found == Answer(200, b"{}")
    assert peak < 4 * MB


async def test_throttling_of_an_upload_says_how_long_to_wait(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    standin.faults.next(telegram_errors.too_many_requests(7))
    error = await refused(transport, file_of("photo", png()), Content("", ""))
    assert error.failure is Failure.SENDER_THROTTLED
    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == 7


@pytest.mark.parametrize("kind", SAMPLES)
async def test_handset_shows_what_was_uploaded_as_what_it_is(database: Database, kind: str) -> None:
    transport = HandsetTransport(Channel.TELEGRAM, database, Clock())
    assert isinstance(transport, Uploading)
    to = Endpoint(Channel.TELEGRAM, str(chat_id(1)))
    done = await transport.upload(to, Content("Hola.", ""), file_of(kind, SAMPLES[kind]))
    again = Content("Otra vez.", "", attachment=done.file)
    await transport.send(Outgoing(next(_ids), to, again, Lane.BULK))
    async with database.read() as session:
        phone = await store.find(session, to)
        assert phone is not None
        lines = await store.lines(session, phone.id)
    shown = [line_view(line, Pictures(), "es") for line in lines]
    assert [(one["media"], one["text"]) for one in shown] == [(kind, "Hola."), (kind, "Otra vez.")]


async def test_handset_takes_no_half_file(database: Database) -> None:
    transport = HandsetTransport(Channel.TELEGRAM, database, Clock())
    to = Endpoint(Channel.TELEGRAM, str(chat_id(1)))
    with pytest.raises(SendError) as caught:
        await transport.upload(to, Content("", ""), File("photo", "a", 9, Pieces(b"x")))
    assert caught.value.failure is Failure.TRY_LATER
