"""What people do on Telegram, as the raw updates that a webhook or getUpdates brings.

Every update gets a greater `update_id` than the one before, in this process.
"""

import itertools
from collections.abc import Mapping
from datetime import datetime

from kit.clock import Clock
from tests.standins.telegram_polling import Update

# Files that every stand-in holds, for the updates below.
PHOTO_FILE_ID = "AgACAgEAAxkBAAIstandinphoto"
VOICE_FILE_ID = "AwACAgEAAxkBAAIstandinvoice"

BOT_ID = 4200
BOT_USER: dict[str, object] = {
    "id": BOT_ID,
    "is_bot": True,
    "first_name": "Tequio",
    "username": "tequio_standin_bot",
}

_update_ids = itertools.count(700_000_001)
_message_ids = itertools.count(9_000_001)
_query_ids = itertools.count(4_200_000_000_000_000_001)


def message_update(
    chat_id: int,
    content: Mapping[str, object],
    *,
    kind: str = "message",
    first_name: str = "Persona",
    language_code: str = "es",
    at: datetime | None = None,
) -> Update:
    """Any message of a person to the bot; `content` holds text, photo, sticker or the like."""
    message: dict[str, object] = {
        "message_id": next(_message_ids),
        "from": person(chat_id, first_name, language_code),
        "chat": chat(chat_id, first_name),
        "date": _seconds(at),
    }
    return _update(kind, message | dict(content))


def text_update(
    chat_id: int,
    text: str,
    *,
    kind: str = "message",
    first_name: str = "Persona",
    language_code: str = "es",
    at: datetime | None = None,
) -> Update:
    """A person writes; a command is marked as Telegram marks it."""
    content: dict[str, object] = {"text": text}
    if text.startswith("/"):
        length = len(text.split(maxsplit=1)[0])
        content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return message_update(
        chat_id, content, kind=kind, first_name=first_name, language_code=language_code, at=at
    )


def callback_update(
    chat_id: int,
    data: str,
    message_id: int,
    *,
    text: str = "…",
    first_name: str = "Persona",
    language_code: str = "es",
    at: datetime | None = None,
) -> Update:
    """A person presses a button under the bot's message `message_id`."""
    return _update(
        "callback_query",
        {
            "id": str(next(_query_ids)),
            "from": person(chat_id, first_name, language_code),
            "message": {
                "message_id": message_id,
                "from": BOT_USER,
                "chat": chat(chat_id, first_name),
                "date": _seconds(at),
                "text": text,
            },
            "chat_instance": "-4200000000000000042",
            "data": data,
        },
    )


def location_update(
    chat_id: int, latitude: float = 32.5149, longitude: float = -117.0382
) -> Update:
    """A person shares where they are; by default the middle of Tijuana."""
    return message_update(chat_id, {"location": {"latitude": latitude, "longitude": longitude}})


def photo_update(chat_id: int, caption: str = "", file_id: str = PHOTO_FILE_ID) -> Update:
    """A person sends a photo, in two sizes."""
    sizes = [
        {
            "file_id": name,
            "file_unique_id": f"u{name[-12:]}",
            "width": width,
            "height": width,
            "file_size": width,
        }
        for name, width in ((f"{file_id}-s", 90), (file_id, 800))
    ]
    content: dict[str, object] = {"photo": sizes}
    if caption:
        content["caption"] = caption
    return message_update(chat_id, content)


def voice_update(chat_id: int, seconds: int = 7, file_id: str = VOICE_FILE_ID) -> Update:
    """A person sends a voice note."""
    voice = {
        "file_id": file_id,
        "file_unique_id": f"u{file_id[-12:]}",
        "duration": seconds,
        "mime_type": "audio/ogg",
        "file_size": 1000 * seconds,
    }
    return message_update(chat_id, {"voice": voice})


def unknown_update() -> Update:
    """A kind that Telegram may invent tomorrow: no library or code of today handles it."""
    return _update("hologram_gesture", {"id": "1", "intensity": 3})


def blocked_update(chat_id: int, *, at: datetime | None = None) -> Update:
    """A person blocks the bot."""
    return _membership(chat_id, "member", "kicked", at)


def unblocked_update(chat_id: int, *, at: datetime | None = None) -> Update:
    """A person lets the bot write again."""
    return _membership(chat_id, "kicked", "member", at)


def person(chat_id: int, first_name: str = "Persona", language_code: str = "es") -> Update:
    """A user, whose private chat has the same number."""
    return {
        "id": abs(chat_id),
        "is_bot": False,
        "first_name": first_name,
        "language_code": language_code,
    }


def chat(chat_id: int, first_name: str = "Persona") -> Update:
    """A private chat, or a group when the number is negative."""
    if chat_id < 0:
        return {"id": chat_id, "type": "group", "title": first_name}
    return {"id": chat_id, "type": "private", "first_name": first_name}


def _membership(chat_id: int, old: str, new: str, at: datetime | None) -> Update:
    def member(status: str) -> dict[str, object]:
        state: dict[str, object] = {"user": BOT_USER, "status": status}
        return state | {"until_date": 0} if status == "kicked" else state

    return _update(
        "my_chat_member",
        {
            "chat": chat(chat_id),
            "from": person(chat_id),
            "date": _seconds(at),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        },
    )


def _update(kind: str, content: dict[str, object]) -> Update:
    return {"update_id": next(_update_ids), kind: content}


def _seconds(at: datetime | None) -> int:
    return int((at or Clock().now()).timestamp())
