"""What the Bot API answers: messages as aiogram's models want them."""

from collections.abc import Mapping
from datetime import datetime

from tests.standins.telegram_rules import Markup
from tests.standins.telegram_updates import BOT_USER, chat


def ok(result: object, description: str = "") -> dict[str, object]:
    """A call that went well."""
    body: dict[str, object] = {"ok": True, "result": result}
    if description:
        body["description"] = description
    return body


def me() -> dict[str, object]:
    """The bot, as getMe tells it."""
    return BOT_USER | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def message(
    chat_id: int, message_id: int, at: datetime, content: Mapping[str, object], markup: Markup
) -> dict[str, object]:
    """A message of the bot."""
    body: dict[str, object] = {
        "message_id": message_id,
        "from": BOT_USER,
        "chat": chat(chat_id),
        "date": int(at.timestamp()),
    }
    body |= content
    if markup.inline is not None:
        body["reply_markup"] = markup.inline
    return body


def media(kind: str, file_id: str, name: str, size: int, caption: str) -> dict[str, object]:
    """The content of a message with a file, called as its `kind` is."""
    file: dict[str, object] = {
        "file_id": file_id,
        "file_unique_id": f"u{file_id[-12:]}",
        "file_size": size,
    }
    content: dict[str, object]
    match kind:
        case "photo":
            content = {"photo": [file | {"width": 800, "height": 800}]}
        case "voice":
            content = {"voice": file | {"duration": 1, "mime_type": "audio/ogg"}}
        case "video_note":
            content = {"video_note": file | {"duration": 1, "length": 240}}
        case "animation":
            moving = file | {"duration": 1, "width": 640, "height": 360}
            content = {"animation": moving, "document": file | {"file_name": name}}
        case "video":
            content = {"video": file | {"duration": 1, "width": 640, "height": 360}}
        case "audio":
            content = {"audio": file | {"duration": 1, "file_name": name}}
        case "sticker":
            shape = {"type": "regular", "is_animated": False, "is_video": False}
            content = {"sticker": file | shape | {"width": 512, "height": 512}}
        case _:
            content = {kind: file | {"file_name": name}}
    if caption:
        content["caption"] = caption
    return content
