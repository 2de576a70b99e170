"""What a send through the Bot API makes of every kind of answer, and of none."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import DeleteWebhook, SendDocument, SendMessage
from aiogram.types import BufferedInputFile

from delivery.content import Button, Content
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.patience import PATIENCE
from tests.standins.telegram import TOKEN
from tests.transports.raw_server import RawServer, Then, answer
from transports.telegram import TelegramTransport
from transports.telegram_session import Session, read_refusal

CHAT = "4213555017"
TEXT = '¡Ñuu Savi! 🌽🫘 <b>1 < 2</b> "&" \\n\n\u2028\x00\x7f'
SENT = b'{"ok":true,"result":{"message_id":77}}'

_ids = itertools.count(1)


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer() as server:
        yield server


@pytest.fixture
async def transport(server: RawServer) -> AsyncIterator[TelegramTransport]:
    transport = TelegramTransport(TOKEN, api_url=f"{server.url}/prefix/", timeout=1)
    yield transport
    await transport.close()


async def send(transport: TelegramTransport, content: Content | None = None) -> str:
    to = Endpoint(Channel.TELEGRAM, CHAT)
    return await transport.send(Outgoing(next(_ids), to, content or Content(TEXT, ""), Lane.BULK))


async def failure(transport: TelegramTransport) -> SendError:
    with pytest.raises(SendError) as caught:
        await send(transport)
    return caught.value


async def test_message_is_posted_as_json_with_its_text_as_it_is(
    server: RawServer, transport: TelegramTransport
) -> None:
    server.play(answer(SENT))
    assert await send(transport) == "77"
    (asked,) = server.asked
    assert asked.head.startswith(f"POST /prefix/bot{TOKEN}/sendMessage HTTP/1.1\r\n")
    assert json.loads(asked.body) == {"chat_id": CHAT, "text": TEXT}


async def test_labels_are_sent_as_they_are(server: RawServer, transport: TelegramTransport) -> None:
    server.play(answer(SENT))
    await send(transport, Content("¿Sí?", "", ((Button("Sí ✅", "sí"),),)))
    markup = {"inline_keyboard": [[{"text": "Sí ✅", "callback_data": "sí"}]]}
    assert json.loads(server.asked[0].body)["reply_markup"] == markup


ANSWERS = {
    "a redirection": (
        answer(b"", "302 Found", "Location: http://127.0.0.1:9/"),
        Failure.SENDER_BROKEN,
        "302",
    ),
    "throttled": (
        answer(b'{"ok":false,"error_code":429,"parameters":{"retry_after":7}}', "429 Too Many"),
        Failure.SENDER_THROTTLED,
        "429",
    ),
    "throttled by a gateway": (
        answer(b"<html>", "429 Too Many"),
        Failure.SENDER_THROTTLED,
        "429",
    ),
    "a page": (answer(b"<html>", "502 Bad Gateway"), Failure.TRY_LATER, "502"),
    "a page of zeros": (answer(bytes(9), "503 Oh"), Failure.TRY_LATER, "503"),
    "a page of a gateway that gave up": (
        answer(b"<html>", "504 Gateway Time-out"),
        Failure.UNKNOWN_OUTCOME,
        "504",
    ),
    "a refusal inside a success": (
        answer(b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}'),
        Failure.ADDRESS_DEAD,
        "chat_not_found",
    ),
    "a success that is a page": (answer(b"<html>"), Failure.UNKNOWN_OUTCOME, "unreadable"),
    "a success of nothing": (answer(b""), Failure.UNKNOWN_OUTCOME, "unreadable"),
    "a success that is a list": (answer(b"[]"), Failure.UNKNOWN_OUTCOME, "unreadable"),
    "a success without a word": (answer(b"{}"), Failure.UNKNOWN_OUTCOME, "unreadable"),
    "a success without a message": (
        answer(b'{"ok":true}'),
        Failure.UNKNOWN_OUTCOME,
        "unreadable",
    ),
    "a success with another result": (
        answer(b'{"ok":true,"result":true}'),
        Failure.UNKNOWN_OUTCOME,
        "unreadable",
    ),
    "a success with a number that is none": (
        answer(b'{"ok":true,"result":{"message_id":"7"}}'),
        Failure.UNKNOWN_OUTCOME,
        "unreadable",
    ),
    "neither success nor refusal": (
        answer(b'{"ok":false}'),
        Failure.UNKNOWN_OUTCOME,
        "unreadable",
    ),
    "too deep to read": (answer(b"[" * 200_000), Failure.UNKNOWN_OUTCOME, "unreadable"),
    "a number too long to read": (
        answer(b'{"ok":' + b"9" * 9999 + b"}"),
        Failure.UNKNOWN_OUTCOME,
        "unreadable",
    ),
    "garbage": (b"garbage", Failure.UNKNOWN_OUTCOME, "unreadable"),
}


@pytest.mark.parametrize("shape", ANSWERS)
async def test_answers_mean(server: RawServer, transport: TelegramTransport, shape: str) -> None:
    said, expected, code = ANSWERS[shape]
    server.play(said)
    error = await failure(transport)
    assert (error.failure, error.code) == (expected, code)
    assert (error.__cause__, error.__context__) == (None, None)
    # The answer ended the call, and not the time-out.
    server.play(answer(SENT))
    assert await send(transport) == "77"


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("part", [b"", b"HTTP/1.1 200", answer(SENT)[:-1]])
async def test_message_whose_answer_is_cut_off_may_have_been_taken(
    server: RawServer, transport: TelegramTransport, part: bytes, then: Then
) -> None:
    server.play(*filter(None, [part]), then=then)
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.UNKNOWN_OUTCOME, "connection")


async def test_message_that_never_met_the_server_may_be_sent_again(
    server: RawServer, transport: TelegramTransport
) -> None:
    server.play(answer(SENT))
    await send(transport)
    await server.__aexit__(None, None, None)
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.TRY_LATER, "connection")
    assert len(server.asked) == 1


async def test_late_answer_is_not_the_next_messages(
    server: RawServer, transport: TelegramTransport
) -> None:
    server.play(answer(b'{"ok":true,"result":{"message_id":1}}'), hold=True)
    server.play(answer(SENT))
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.UNKNOWN_OUTCOME, "timeout")
    server.release()
    assert await send(transport) == "77"


async def test_cancelled_send_disturbs_no_other(
    server: RawServer, transport: TelegramTransport
) -> None:
    server.play(answer(b'{"ok":true,"result":{"message_id":1}}'), hold=True)
    server.play(answer(SENT))
    sending = asyncio.create_task(send(transport))
    await server.until(lambda: len(server.asked) == 1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    server.release()
    assert await send(transport) == "77"


async def test_long_answer_is_read(server: RawServer, transport: TelegramTransport) -> None:
    server.play(answer(SENT[:-2] + b',"text":"' + b"x" * 100_000 + b'"}}'))
    assert await send(transport) == "77"


@pytest.mark.parametrize("half", ["\ud83c", "\udf3d\ud83c"])
async def test_half_a_pair_is_refused_before_anything_leaves(
    server: RawServer, transport: TelegramTransport, half: str
) -> None:
    with pytest.raises(SendError) as caught:
        await send(transport, Content(f"hola {half}", ""))
    assert (caught.value.failure, caught.value.code) == (Failure.CONTENT_REFUSED, "unsendable")
    assert caught.value.__context__ is None
    assert server.connections == 0


@pytest.mark.parametrize("wait", [-1, 10**9, 10**30, "7", None])
def test_wait_that_makes_no_sense_is_not_told(wait: object) -> None:
    body = json.dumps({"ok": False, "parameters": {"retry_after": wait}})
    assert read_refusal(429, body).retry_after is None
    assert read_refusal(429, body.replace(json.dumps(wait), "7")).retry_after == timedelta(
        seconds=7
    )


async def test_half_a_pair_in_an_update_holds_up_no_update(
    server: RawServer, transport: TelegramTransport
) -> None:
    server.play(answer(b'{"ok":true,"result":[{"update_id":5,"text":"\\ud83c SOS"}]}'))
    stop, raw = asyncio.Event(), []

    async def take(arrival: object) -> None:
        raw.append(arrival)
        stop.set()

    async with asyncio.timeout(PATIENCE):
        await transport.poll(take, stop)
    assert len(raw) == 1


@pytest.mark.parametrize("result", [b"true", b"[1]", b'{"update_id":5}'])
async def test_updates_that_are_none_are_asked_for_again(
    server: RawServer,
    transport: TelegramTransport,
    result: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("transports.telegram_polling.FIRST_PAUSE", 0.01)
    server.play(answer(b'{"ok":true,"result":%b}' % result))
    server.play(answer(b'{"ok":true,"result":[{"update_id":5}]}'))
    stop = asyncio.Event()

    async def take(arrival: object) -> None:
        stop.set()

    async with asyncio.timeout(PATIENCE):
        await transport.poll(take, stop)
    offsets = [json.loads(asked.body)["offset"] for asked in server.asked]
    assert offsets == [0, 0]


async def test_methods_of_aiogram_go_through_the_same_session(server: RawServer) -> None:
    session = Session(TOKEN, TelegramAPIServer.from_base(server.url), 5)
    bot = Bot(TOKEN, session)
    server.play(answer(b'{"ok":true,"result":true}'))
    assert await bot(DeleteWebhook(drop_pending_updates=False)) is True
    sent = {"message_id": 7, "date": 0, "chat": {"id": int(CHAT), "type": "private"}}
    server.play(answer(json.dumps({"ok": True, "result": sent}).encode()))
    assert (await bot(SendMessage(chat_id=CHAT, text=TEXT))).message_id == 7
    assert json.loads(server.asked[1].body) == {"chat_id": CHAT, "text": TEXT}
    server.play(answer(b'{"ok":true,"result":["what?"]}'))
    with pytest.raises(SendError) as caught:
        await bot(DeleteWebhook())
    assert (caught.value.code, caught.value.__context__) == ("unreadable", None)
    with pytest.raises(SendError) as caught:
        await bot(SendDocument(chat_id=CHAT, document=BufferedInputFile(b"x", "x.txt")))
    assert caught.value.code == "files"
    assert len(server.asked) == 3
    await session.close()


async def test_poll_may_take_its_time_beyond_that_of_other_calls(
    server: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.telegram.LONG_POLL", 3)
    transport = TelegramTransport(TOKEN, api_url=server.url, timeout=0.1)
    server.play(answer(b'{"ok":true,"result":[{"update_id":5}]}'), hold=True)
    stop = asyncio.Event()

    async def take(arrival: object) -> None:
        stop.set()

    polling = asyncio.create_task(transport.poll(take, stop))
    await asyncio.sleep(0.3)
    server.release()
    async with asyncio.timeout(PATIENCE):
        await polling
    assert len(server.asked) == 1
    await transport.close()
