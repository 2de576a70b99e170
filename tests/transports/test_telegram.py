"""What only Telegram has: keyboards, edits, presses, webhooks, and its many ways to refuse."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from delivery.content import Attachment, Button, Content, Entity
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.standins import telegram_errors
from tests.standins.faults import Fault
from tests.standins.telegram import TOKEN, TelegramStandIn
from transports.refusal import Refusal
from transports.telegram import TelegramTransport
from transports.telegram_errors import judge
from transports.telegram_session import read_refusal

CHAT = 4213555017
OTHER_CHAT = 4213555018
YES_NO = ((Button("Sí", "case:yes"), Button("Mapa", url="https://tequio.example/mapa")),)

_ids = itertools.count(1)


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TelegramStandIn) -> AsyncIterator[TelegramTransport]:
    transport = TelegramTransport(TOKEN, api_url=standin.url, timeout=5)
    yield transport
    await transport.close()


def outgoing(content: Content, chat: int = CHAT, lane: Lane = Lane.REPLY) -> Outgoing:
    return Outgoing(next(_ids), Endpoint(Channel.TELEGRAM, str(chat)), content, lane)


def markup(standin: TelegramStandIn) -> dict[str, object]:
    """The keyboard of the last call."""
    read: object = json.loads(standin.calls[-1].params["reply_markup"])
    assert isinstance(read, dict)
    return read


async def test_button_brings_its_data_or_opens_its_address(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("¿Está a salvo?", "", YES_NO)))
    assert markup(standin) == {
        "inline_keyboard": [
            [
                {"text": "Sí", "callback_data": "case:yes"},
                {"text": "Mapa", "url": "https://tequio.example/mapa"},
            ]
        ]
    }


async def test_location_is_asked_for_with_a_keyboard_that_goes_away(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("¿Dónde está?", "", ask_location="Compartir")))
    assert markup(standin) == {
        "keyboard": [[{"text": "Compartir", "request_location": True}]],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


MARKS = (Entity("bold", 0, 3), Entity("link", 4, 4, "https://tequio.example"))
IN_WORDS_OF_TELEGRAM = [
    {"type": "bold", "offset": 0, "length": 3},
    {"type": "text_link", "offset": 4, "length": 4, "url": "https://tequio.example"},
]


async def test_marks_go_beside_the_text_and_never_inside_it(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("Ojo <b>", "", entities=MARKS)))
    sent = standin.calls[-1]
    assert sent.text == "Ojo <b>"
    assert json.loads(sent.params["entities"]) == IN_WORDS_OF_TELEGRAM
    assert "parse_mode" not in sent.params


async def test_a_caption_and_an_edit_have_marks_too(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    photo = Attachment("photo", standin.files.add(b"x", "foto.jpg"))
    await transport.send(outgoing(Content("Ojo aquí", "", entities=MARKS, attachment=photo)))
    sent = standin.calls[-1]
    assert json.loads(sent.params["caption_entities"]) == IN_WORDS_OF_TELEGRAM
    assert "entities" not in sent.params
    first = await transport.send(outgoing(Content("Hola", "", YES_NO)))
    edit = Content("Ojo aquí", "", YES_NO, replaces=int(first), entities=MARKS)
    await transport.send(outgoing(edit))
    assert json.loads(standin.calls[-1].params["entities"]) == IN_WORDS_OF_TELEGRAM


async def test_a_plain_text_says_nothing_of_marks(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("**Ojo**", "")))
    assert set(standin.calls[-1].params) == {"chat_id", "text"}


async def test_buttons_win_over_the_request_for_a_location(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("¿Dónde está?", "", YES_NO, ask_location="Compartir")))
    assert list(markup(standin)) == ["inline_keyboard"]


async def test_text_is_sent_as_it_is_and_not_as_markup(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.send(outgoing(Content("<b>1 < 2</b> & *x* _y_", "")))
    assert standin.sent[0].params.keys() == {"chat_id", "text"}


async def test_replacing_edits_the_earlier_message(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    first = await transport.send(outgoing(Content("¿Está a salvo?", "", YES_NO)))
    second = await transport.send(outgoing(Content("Gracias.", "", replaces=int(first))))
    assert second == first
    assert [(sent.method, sent.text, sent.buttons) for sent in standin.sent] == [
        ("sendMessage", "¿Está a salvo?", ("Sí", "Mapa")),
        ("editMessageText", "Gracias.", ()),
    ]


async def test_edit_that_changes_nothing_counts_as_sent(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    first = await transport.send(outgoing(Content("Gracias.", "")))
    again = await transport.send(outgoing(Content("Gracias.", "", replaces=int(first))))
    assert again == first
    assert len(standin.sent) == 1


async def test_message_that_can_be_edited_no_longer_is_followed_by_a_new_one(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    sent = await transport.send(outgoing(Content("Gracias.", "", YES_NO, replaces=999)))
    assert [(one.method, str(one.message_id), one.buttons) for one in standin.sent] == [
        ("sendMessage", sent, ("Sí", "Mapa"))
    ]


async def test_request_for_a_location_is_never_an_edit(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    first = await transport.send(outgoing(Content("Hola.", "")))
    asking = Content("¿Dónde está?", "", ask_location="Compartir", replaces=int(first))
    assert await transport.send(outgoing(asking)) != first
    assert [sent.method for sent in standin.sent] == ["sendMessage", "sendMessage"]


async def test_refused_edit_is_not_sent_again_as_a_new_message(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    standin.faults.next(telegram_errors.blocked())
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing(Content("Gracias.", "", replaces=1)))
    assert caught.value.failure is Failure.CONTACT_STOPPED
    assert standin.sent == []


async def test_page_does_not_queue_behind_bulk_that_hangs(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    standin.faults.for_recipient(OTHER_CHAT, Fault.hang())
    bulk = [
        asyncio.create_task(
            transport.send(outgoing(Content("Programas", ""), OTHER_CHAT, Lane.BULK))
        )
        for _ in range(120)
    ]
    await standin.faults.wait_until_hanging(120)
    await transport.send(outgoing(Content("Caso nuevo", ""), lane=Lane.URGENT))
    assert [sent.text for sent in standin.sent] == ["Caso nuevo"]
    standin.faults.release()
    assert len(set(await asyncio.gather(*bulk))) == 120


async def test_answer_with_fields_that_nobody_knows_is_still_a_sent_message(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    odd = {"message_id": 77, "date": "mañana", "chat": None, "hologram": [1, 2]}
    standin.faults.next(Fault.answer(200, {"ok": True, "result": odd}))
    assert await transport.send(outgoing(Content("Hola.", ""))) == "77"


async def test_press_is_acknowledged(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.acknowledge("4200000000000000001")
    assert [call.method for call in standin.calls] == ["answerCallbackQuery"]


@pytest.mark.parametrize("trouble", ["too old", "failing", "dropped", "unreachable"])
async def test_acknowledging_a_press_never_fails(
    standin: TelegramStandIn, transport: TelegramTransport, trouble: str
) -> None:
    faults = {"failing": telegram_errors.bad_gateway(), "dropped": Fault.drop_before()}
    if trouble in faults:
        standin.faults.next(faults[trouble], methods=["answerCallbackQuery"])
    if trouble == "unreachable":
        transport = TelegramTransport(TOKEN, api_url="http://127.0.0.1:9", timeout=5)
    await transport.acknowledge("not a query" if trouble == "too old" else "42")
    await transport.close()
    assert standin.calls == []


async def test_webhook_is_set_with_its_secret_for_every_kind_and_removed(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    standin.settings.webhook_info()
    await transport.set_webhook("https://tequio.example/webhooks/telegram", "s3cret_-")
    assert standin.settings.webhook.url == "https://tequio.example/webhooks/telegram"
    assert standin.settings.webhook.secret == "s3cret_-"
    assert standin.settings.webhook_info()["allowed_updates"] == []
    await transport.delete_webhook()
    assert standin.settings.webhook.url == ""


async def test_commands_are_shown_with_what_they_do(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    await transport.set_commands({"sos": "Pedir ayuda", "baja": "Dejar de recibir"}, "es")
    assert standin.settings.commands == [
        {"command": "sos", "description": "Pedir ayuda"},
        {"command": "baja", "description": "Dejar de recibir"},
    ]


@pytest.mark.parametrize("token", ["4200:AAwrong-secret-of-no-bot", "4201:AA"])
async def test_wrong_token_is_our_fault_and_nobody_elses(
    standin: TelegramStandIn, token: str
) -> None:
    transport = TelegramTransport(token, api_url=standin.url, timeout=5)
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing(Content("Hola.", "")))
    await transport.close()
    assert caught.value.failure is Failure.SENDER_BROKEN


@pytest.mark.parametrize("token", ["", "4200", "4200:", "secret", "42 00:AA"])
def test_malformed_token_is_refused_at_once_and_not_shown(token: str) -> None:
    with pytest.raises(ValueError, match="a bot token is") as caught:
        TelegramTransport(token)
    assert "secret" not in repr(caught.value).replace("a secret", "")


def test_each_message_costs_one_of_the_rate() -> None:
    transport = TelegramTransport(TOKEN, rate=25)
    assert (transport.channel, transport.rate) == (Channel.TELEGRAM, 25)
    assert transport.units(Content("ñ" * 4000, "ñ" * 400)) == 1


@pytest.mark.parametrize(
    ("status", "description", "failure", "code"),
    [
        (403, "Forbidden: bot was blocked by the user", Failure.CONTACT_STOPPED, "blocked"),
        (403, "Forbidden: bot was kicked from the group chat", Failure.CONTACT_STOPPED, "kicked"),
        (403, "Forbidden: user is deactivated", Failure.ADDRESS_DEAD, "deactivated"),
        (403, "Forbidden: the group chat was deleted", Failure.ADDRESS_DEAD, "group_deleted"),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            Failure.ADDRESS_DEAD,
            "never_started",
        ),
        (403, "Forbidden: bot can't send messages to bots", Failure.ADDRESS_DEAD, "is_a_bot"),
        (403, "Forbidden: not enough rights", Failure.CONTENT_REFUSED, "forbidden"),
        (403, "", Failure.SENDER_BROKEN, "403"),
        (400, "Bad Request: chat not found", Failure.ADDRESS_DEAD, "chat_not_found"),
        (400, "Bad Request: PEER_ID_INVALID", Failure.ADDRESS_DEAD, "chat_not_found"),
        (400, "Bad Request: user not found", Failure.ADDRESS_DEAD, "user_not_found"),
        (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            Failure.ADDRESS_DEAD,
            "migrated",
        ),
        (400, "Bad Request: message is too long", Failure.CONTENT_REFUSED, "too_long"),
        (400, "Bad Request: BUTTON_DATA_INVALID", Failure.CONTENT_REFUSED, "400"),
        (400, "Bad Request: message can't be edited", Failure.CONTENT_REFUSED, "not_editable"),
        (400, "Bad Request: MESSAGE_ID_INVALID", Failure.CONTENT_REFUSED, "not_editable"),
        (400, "", Failure.CONTENT_REFUSED, "400"),
        (413, "Request Entity Too Large", Failure.CONTENT_REFUSED, "413"),
        (401, "Unauthorized", Failure.SENDER_BROKEN, "401"),
        (404, "Not Found", Failure.SENDER_BROKEN, "404"),
        (302, "", Failure.SENDER_BROKEN, "302"),
        (409, "Conflict: terminated by other getUpdates request", Failure.TRY_LATER, "409"),
        (429, "Too Many Requests: retry after 5", Failure.SENDER_THROTTLED, "429"),
        (500, "Internal Server Error", Failure.TRY_LATER, "500"),
        (502, "Bad Gateway", Failure.TRY_LATER, "502"),
        (503, "", Failure.TRY_LATER, "503"),
        (504, "", Failure.UNKNOWN_OUTCOME, "504"),
    ],
)
def test_refusals_mean(status: int, description: str, failure: Failure, code: str) -> None:
    error = judge(Refusal(status, description))
    assert (error.failure, error.code) == (failure, code)


@pytest.mark.parametrize(
    ("content", "wait"),
    [
        ('{"ok":false,"error_code":429,"parameters":{"retry_after":10072}}', 10072),
        ('{"ok":false,"error_code":429,"description":"Too Many Requests"}', 1),
        ('{"ok":false,"parameters":{"retry_after":"soon"}}', 1),
        ("[429]", 1),
        ("<html>429 Too Many Requests</html>", 1),
    ],
)
def test_throttling_always_says_how_long_to_wait(content: str, wait: int) -> None:
    error = judge(read_refusal(429, content))
    assert error.failure is Failure.SENDER_THROTTLED
    assert error.retry_after == timedelta(seconds=wait)


async def test_refusal_inside_a_success_is_a_refusal(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    body = telegram_errors.error_body(403, "Forbidden: bot was blocked by the user")
    standin.faults.next(Fault.answer(200, body))
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing(Content("Hola.", "")))
    assert caught.value.failure is Failure.CONTACT_STOPPED


def test_refusal_does_not_show_what_was_said() -> None:
    refusal = Refusal(400, f"Bad Request: chat {CHAT} not found")
    assert str(CHAT) not in str(refusal) + repr(refusal)
