"""Calls of the Bot API that change a chat, checked and ready to be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.standins.records import Sent
from tests.standins.telegram_answers import media
from tests.standins.telegram_errors import bad_request
from tests.standins.telegram_files import Files
from tests.standins.telegram_params import Params
from tests.standins.telegram_rules import (
    DELETABLE_FOR,
    MAX_CALLBACK_ANSWER,
    Markup,
    check_caption,
    check_chat_id,
    check_markup,
    check_text,
)

# What a person reads. Faults befall these unless told otherwise, and tests must expect each.
FILES = {
    "sendPhoto": "photo",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendVideoNote": "video_note",
    "sendAudio": "audio",
    "sendDocument": "document",
    "sendSticker": "sticker",
}
SENDS = frozenset({"sendMessage", "sendLocation", "editMessageText", *FILES})


@dataclass(frozen=True, slots=True)
class Draft:
    """A call that the Bot API would accept. `edits` names the message that it changes."""

    method: str
    chat_id: int | None
    text: str = ""
    content: Mapping[str, object] | None = None
    markup: Markup = field(default_factory=Markup)
    edits: int | None = None
    params: dict[str, str] = field(default_factory=dict)

    def record(self, message_id: int | None) -> Sent:
        """What tests see of it."""
        return Sent(
            self.method,
            self.chat_id,
            self.text,
            self.markup.buttons,
            self.markup.callback_data,
            message_id,
            self.params,
        )


class Chats:
    """The messages of the bot, which edits and deletions must find."""

    def __init__(self) -> None:
        self._messages: dict[tuple[int, int], dict[str, object]] = {}
        self._last_id = 0

    def next_id(self) -> int:
        """The number of the next message."""
        self._last_id += 1
        return self._last_id

    def put(self, chat_id: int, message_id: int, body: dict[str, object]) -> None:
        """Keep a message; a later number never falls behind it."""
        self._messages[chat_id, message_id] = body
        self._last_id = max(self._last_id, message_id)

    def get(self, chat_id: int, message_id: int) -> dict[str, object] | None:
        """A message as it was answered, if it is there."""
        return self._messages.get((chat_id, message_id))

    def delete(self, chat_id: int, message_id: int) -> None:
        """Forget a message."""
        self._messages.pop((chat_id, message_id), None)


def draft(method: str, params: Params, chats: Chats, files: Files, now: datetime) -> Draft | None:
    """The call, checked; None if it changes no chat. Raises `ApiError` as the Bot API would."""
    match method:
        case "answerCallbackQuery":
            return _callback_answer(params)
        case "sendChatAction" | "setMessageReaction":
            return Draft(method, check_chat_id(params.text("chat_id")), params=params.fields)
        case "deleteMessage":
            return _deletion(params, chats, now)
        case "editMessageText" | "editMessageReplyMarkup":
            return _change(method, params, chats)
        case _ if method in SENDS:
            return _send(method, params, files)
    return None


def _send(method: str, params: Params, files: Files) -> Draft:
    chat_id = check_chat_id(params.text("chat_id"))
    markup = check_markup(params.text("reply_markup"))
    mode = params.text("parse_mode")
    fields = params.fields
    if method == "sendMessage":
        text = check_text(params.text("text"), mode)
        content: Mapping[str, object] = {"text": text}
    elif method == "sendLocation":
        text, content = "", {"location": _place(params)}
    else:
        kind = FILES[method]
        # What has no caption ignores the parameter, as it does any that it does not know.
        bare = kind in ("video_note", "sticker")
        text = "" if bare else check_caption(params.text("caption"), mode)
        file = files.sent(params, kind)
        shown = files.shown_as(params, kind)
        content = media(shown, file.file_id, file.name, len(file.content), text)
        fields = fields | {kind: file.file_id}
    if params.text("protect_content").lower() == "true":
        content = {**content, "has_protected_content": True}
    return Draft(method, chat_id, text, content, markup, params=fields)


def _deletion(params: Params, chats: Chats, now: datetime) -> Draft:
    chat_id, message_id, old = _existing(params, chats, "delete")
    sent = old.get("date")
    if isinstance(sent, int) and now.timestamp() - sent >= DELETABLE_FOR:
        raise bad_request("message can't be deleted")
    return Draft("deleteMessage", chat_id, edits=message_id, params=params.fields)


def _existing(params: Params, chats: Chats, what: str) -> tuple[int, int, dict[str, object]]:
    """The message that a call is about."""
    chat_id = check_chat_id(params.text("chat_id"))
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    old = chats.get(chat_id, message_id)
    if old is None:
        raise bad_request(f"message to {what} not found")
    return chat_id, message_id, old


def _change(method: str, params: Params, chats: Chats) -> Draft:
    chat_id, message_id, old = _existing(params, chats, "edit")
    markup = check_markup(params.text("reply_markup"))
    text, content = "", None
    if method == "editMessageText":
        text = check_text(params.text("text"), params.text("parse_mode"))
        content = {"text": text}
    same_text = content is None or old.get("text") == text
    if same_text and old.get("reply_markup") == markup.inline:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    return Draft(method, chat_id, text, content, markup, message_id, params.fields)


def _callback_answer(params: Params) -> Draft:
    if not params.text("callback_query_id").isdigit():
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.text("text")) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    return Draft("answerCallbackQuery", None, params.text("text"), params=params.fields)


def _place(params: Params) -> dict[str, object]:
    try:
        latitude, longitude = float(params.text("latitude")), float(params.text("longitude"))
    except ValueError:
        raise bad_request("latitude is empty") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("invalid location specified")
    return {"latitude": latitude, "longitude": longitude}
