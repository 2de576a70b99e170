"""To which message of the bot's somebody answers on Telegram, however odd the update is."""

import json

import pytest

from bot.flows.model import Input
from bot.heard import Heard
from bot.telegram import read_update
from tests.standins.telegram_updates import (
    BOT_USER,
    callback_update,
    chat,
    message_update,
    photo_update,
    text_update,
    voice_update,
)

CHAT = 4213555017


def ours(**more: object) -> dict[str, object]:
    """A message of the bot, as an update repeats it."""
    return {
        "message_id": 77,
        "from": BOT_USER,
        "chat": chat(CHAT),
        "date": 1_700_000_000,
        "text": "Caso K7Q2 dice: …",
        **more,
    }


def heard(update: dict[str, object]) -> Heard:
    found = read_update(json.dumps(update))
    assert found is not None
    return found


def answering(update: dict[str, object], answered: object) -> dict[str, object]:
    message = update["message"]
    assert isinstance(message, dict)
    message["reply_to_message"] = answered
    return update


def test_an_answer_names_the_message_that_it_answers() -> None:
    given = heard(answering(text_update(CHAT, "ya voy"), ours())).given
    assert given == Input(text="ya voy", reply_to=77)


@pytest.mark.parametrize("update", [voice_update(CHAT), photo_update(CHAT, "aquí")])
def test_so_does_a_file(update: dict[str, object]) -> None:
    given = heard(answering(update, ours())).given
    assert (given.reply_to, len(given.media)) == (77, 1)


def test_words_on_their_own_answer_nothing() -> None:
    assert heard(text_update(CHAT, "hola")).given.reply_to is None
    assert heard(callback_update(CHAT, "A:K7Q2", 77)).given == Input(choice="A:K7Q2", pressed_on=77)


def test_an_answer_without_any_words_or_files_is_none() -> None:
    timer = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}}
    update = answering(message_update(CHAT, timer), ours())
    assert read_update(json.dumps(update)) is None


def test_an_answered_message_that_nobody_can_read_is_still_named() -> None:
    odd = ours(hologram={"a": 1}, photo="not a list", entities=[{"type": 7}])
    assert heard(answering(text_update(CHAT, "ya voy"), odd)).given.reply_to == 77


@pytest.mark.parametrize("odd", [{}, {"message_id": 77}, [], "77", None, {"message_id": "x"}])
def test_an_answered_message_that_is_none_never_hides_the_words(odd: object) -> None:
    given = heard(answering(text_update(CHAT, "auxilio"), odd)).given
    assert given.text == "auxilio"


def test_odd_files_hide_neither_the_words_nor_what_they_answer() -> None:
    update = answering(text_update(CHAT, "auxilio"), ours())
    message = update["message"]
    assert isinstance(message, dict)
    message["photo"] = "not a list"
    assert heard(update).given == Input(text="auxilio", reply_to=77)
