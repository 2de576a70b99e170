"""The Bot API's stand-in against aiogram."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from aiohttp import ClientSession

from tests.standins.telegram import TelegramStandIn
from tests.standins.telegram_updates import PHOTO_FILE_ID, VOICE_FILE_ID
from tests.unit.standins.conftest import telegram_bot

ANA = 6001
BETO = 6002

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Acepto", callback_data="ack:1"),
            InlineKeyboardButton(text="Paso", callback_data="pass:1"),
        ],
        [InlineKeyboardButton(text="Ver", url="https://example.org/")],
    ]
)


async def test_a_message_is_recorded_as_the_person_sees_it(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    answer = await bot.send_message(ANA, "Hola <b>Ana</b> &amp; familia", parse_mode="HTML")

    sent = await telegram.expect(ANA, "Hola Ana & familia")
    assert sent.method == "sendMessage"
    assert sent.message_id == answer.message_id
    assert sent.params["text"] == "Hola <b>Ana</b> &amp; familia"
    assert answer.text == "Hola Ana & familia"
    assert answer.chat.id == ANA


async def test_buttons_are_recorded_with_what_they_carry(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    answer = await bot.send_message(ANA, "¿Acepta?", reply_markup=KEYBOARD)

    sent = await telegram.expect(ANA)
    assert sent.buttons == ("Acepto", "Paso", "Ver")
    assert sent.callback_data == {"Acepto": "ack:1", "Paso": "pass:1"}
    assert answer.reply_markup is not None
    assert answer.reply_markup.model_dump() == KEYBOARD.model_dump()


async def test_a_reply_keyboard_has_labels_and_no_data(telegram: TelegramStandIn, bot: Bot) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Mi lugar", request_location=True)]]
    )
    await bot.send_message(ANA, "¿Dónde está?", reply_markup=keyboard)

    sent = await telegram.expect(ANA)
    assert (sent.buttons, sent.callback_data) == (("Mi lugar",), {})


async def test_expectations_need_not_come_in_the_order_of_arrival(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    await bot.send_message(ANA, "primero")
    await bot.send_message(BETO, "segundo")
    await bot.send_message(ANA, "tercero")

    await telegram.expect(BETO, "segundo")
    await telegram.expect(ANA, "tercero")
    assert [sent.text for sent in telegram.unexpected()] == ["primero"]
    assert len(telegram.take_unexpected()) == 1
    assert telegram.unexpected() == []


async def test_one_message_answers_one_expectation(telegram: TelegramStandIn, bot: Bot) -> None:
    await bot.send_message(ANA, "uno")
    await telegram.expect(ANA, "uno")

    with pytest.raises(AssertionError, match="not within"):
        await telegram.expect(ANA, "uno", timeout=0.05)
    assert (await telegram.wait_for_message(ANA, "uno")).text == "uno"


async def test_a_failed_expectation_names_nobody(telegram: TelegramStandIn, bot: Bot) -> None:
    await bot.send_message(ANA, "secreto de Ana")

    with pytest.raises(AssertionError) as failed:
        await telegram.expect(BETO, timeout=0.05)
    assert "sendMessage" in str(failed.value)
    assert "secreto" not in str(failed.value)
    assert str(ANA) not in str(failed.value)


async def test_an_uploaded_photo_can_be_fetched_back(telegram: TelegramStandIn, bot: Bot) -> None:
    answer = await bot.send_photo(
        ANA, BufferedInputFile(b"\xff\xd8\xff\xe0photo", "aviso.jpg"), caption="x"
    )

    assert answer.photo is not None
    assert answer.caption == "x"
    file = await bot.get_file(answer.photo[-1].file_id)
    assert file.file_path is not None
    got = await bot.download_file(file.file_path)
    assert got is not None
    assert got.read() == b"\xff\xd8\xff\xe0photo"
    assert (await telegram.expect(ANA, "x")).params["photo"] == answer.photo[-1].file_id


async def test_every_kind_of_message_is_answered_as_aiogram_wants_it(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    voice = await bot.send_voice(ANA, VOICE_FILE_ID)
    document = await bot.send_document(ANA, "https://example.org/a.pdf")
    place = await bot.send_location(ANA, 17.06, -96.72)
    photo = await bot.send_photo(ANA, PHOTO_FILE_ID)

    assert voice.voice is not None
    assert document.document is not None
    assert document.document.file_name == "a.pdf"
    assert place.location is not None
    assert place.location.latitude == 17.06
    assert photo.photo is not None
    assert [sent.method for sent in telegram.sent] == [
        "sendVoice",
        "sendDocument",
        "sendLocation",
        "sendPhoto",
    ]


async def test_an_edit_changes_the_message_and_is_a_message_to_expect(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    first = await bot.send_message(ANA, "¿Acepta?", reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("Aceptado", chat_id=ANA, message_id=first.message_id)

    await telegram.expect(ANA, "¿Acepta?")
    seen = await telegram.expect(ANA, "Aceptado")
    assert (seen.method, seen.message_id, seen.buttons) == (
        "editMessageText",
        first.message_id,
        (),
    )
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Aceptado", None)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    first = await bot.send_message(ANA, "igual", reply_markup=KEYBOARD)

    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text(
            "igual", chat_id=ANA, message_id=first.message_id, reply_markup=KEYBOARD
        )
    without = await bot.edit_message_reply_markup(chat_id=ANA, message_id=first.message_id)
    assert not isinstance(without, bool)
    assert without.text == "igual"
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=ANA, message_id=first.message_id)


async def test_a_deleted_message_can_be_neither_edited_nor_deleted(bot: Bot) -> None:
    first = await bot.send_message(ANA, "adiós")
    assert await bot.delete_message(ANA, first.message_id)

    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=ANA, message_id=first.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(ANA, first.message_id)


async def test_calls_that_nobody_reads_are_recorded_but_not_to_be_expected(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    assert await bot.answer_callback_query("42", text="Listo")
    assert await bot.send_chat_action(ANA, "typing")
    assert await bot.set_message_reaction(ANA, 1)

    assert telegram.unexpected() == []
    assert [call.method for call in telegram.calls] == [
        "answerCallbackQuery",
        "sendChatAction",
        "setMessageReaction",
    ]


async def test_commands_and_the_bot_itself(telegram: TelegramStandIn, bot: Bot) -> None:
    assert (await bot.get_me()).is_bot
    assert await bot.set_my_commands([BotCommand(command="sos", description="Pedir ayuda")])

    assert telegram.settings.commands == [{"command": "sos", "description": "Pedir ayuda"}]
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Auxilio!", description="x")])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("a" * 4097, "message is too long"),
        ("Tom & <Ana>", "Unsupported start tag"),
        ("5 < 6", "Unsupported start tag"),
        ("<b>x", "end tag corresponding"),
        ("<b>x</i>", "Unmatched end tag"),
    ],
)
async def test_a_text_that_telegram_would_refuse_is_refused(
    telegram: TelegramStandIn, bot: Bot, text: str, wrong: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=wrong):
        await bot.send_message(ANA, text, parse_mode="HTML")
    assert telegram.calls == []


async def test_the_longest_text_and_data_pass(telegram: TelegramStandIn, bot: Bot) -> None:
    key = InlineKeyboardButton(text="á", callback_data="á" * 32)
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[key]])
    await bot.send_message(ANA, "a" * 4096, reply_markup=keyboard)
    assert len((await telegram.expect(ANA)).text) == 4096


@pytest.mark.parametrize(
    ("markup", "wrong"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        ('{"inline_keyboard":[{}]}', "must be an Array of Arrays"),
        ('{"inline_keyboard":[[{"text":"a"}]]}', "Text buttons are unallowed"),
        ('{"inline_keyboard":[[{"text":"","callback_data":"x"}]]}', "non-empty String"),
        ('{"inline_keyboard":[[{"text":"a","callback_data":""}]]}', "BUTTON_DATA_INVALID"),
        (
            '{"inline_keyboard":[[{"text":"a","callback_data":"' + "á" * 33 + '"}]]}',
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_buttons_that_telegram_would_refuse_are_refused(
    telegram: TelegramStandIn, markup: str, wrong: str
) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    form = {"chat_id": str(ANA), "text": "hola", "reply_markup": markup}
    async with ClientSession() as session, session.post(url, data=form) as answer:
        body = await answer.json()

    assert answer.status == 400
    assert body["ok"] is False
    assert body["error_code"] == 400
    assert wrong in body["description"]
    assert telegram.calls == []


@pytest.mark.parametrize(
    ("chat_id", "wrong"),
    [(None, "chat_id is empty"), ("", "chat_id is empty"), ("@ana", "chat not found")],
)
async def test_a_recipient_must_be_a_number(
    telegram: TelegramStandIn, chat_id: str | None, wrong: str
) -> None:
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    body = {"chat_id": chat_id, "text": "hola"}
    async with ClientSession() as session, session.post(url, json=body) as answer:
        assert wrong in (await answer.json())["description"]
    assert telegram.calls == []


async def test_json_with_objects_inside_is_read_too(telegram: TelegramStandIn) -> None:
    url = f"{telegram.url}/bot{telegram.token}/SENDMESSAGE"
    body = {"chat_id": ANA, "text": "hola", "reply_markup": KEYBOARD.model_dump(exclude_none=True)}
    async with ClientSession() as session, session.post(url, json=body) as answer:
        assert answer.status == 200
    assert (await telegram.expect(ANA, "hola")).buttons == ("Acepto", "Paso", "Ver")


async def test_a_wrong_token_and_a_wrong_method_are_told_apart(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    async with telegram_bot(telegram.url, "1:wrong") as other:
        with pytest.raises(TelegramUnauthorizedError):
            await other.get_me()
    with pytest.raises(TelegramNotFound):
        await bot.get_my_name()


async def test_a_file_that_is_not_there_is_refused(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="wrong file_id"):
        await bot.get_file("nothing")
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_photo(ANA, "nothing")
    with pytest.raises(TelegramBadRequest, match="no voice in the request"):
        await bot.send_voice(ANA, "")


async def test_a_place_off_the_map_is_refused(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="invalid location"):
        await bot.send_location(ANA, 99.0, 0.5)


async def test_a_press_without_a_number_cannot_be_answered(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query("")
