"""The Telegram front end: from an Update to what was heard."""

from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from bot.flows.model import Input
from bot.heard import Heard
from kit.channels import Channel, Endpoint


def read_update(raw: str) -> Heard | None:
    """What somebody said in a private chat; None for a kind of update that means nothing here."""
    try:
        update = Update.model_validate_json(raw)
    except ValidationError:
        # A kind or a field that this version of aiogram does not know: kept, and ignored.
        return None
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message or update.edited_message
    if message is not None and message.chat.type == "private":
        return _said(message)
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return None
    gone = change.new_chat_member.status in ("kicked", "left")
    return Heard(_endpoint(change.chat.id), Input(), left=True) if gone else None


def _said(message: Message) -> Heard:
    place = message.location
    return Heard(
        sender=_endpoint(message.chat.id),
        given=Input(
            text=message.text or message.caption or "",
            media=_media(message),
            location=None if place is None else (place.latitude, place.longitude),
        ),
    )


def _pressed(query: CallbackQuery) -> Heard | None:
    if query.message is None or query.message.chat.type != "private":
        return None
    return Heard(
        sender=_endpoint(query.message.chat.id),
        given=Input(choice=query.data or "", pressed_on=query.message.message_id),
        callback_id=query.id,
    )


def _media(message: Message) -> tuple[str, ...]:
    """Telegram's names of the files, each with its kind: "voice:…"."""
    files = {
        "voice": message.voice,
        "photo": message.photo[-1] if message.photo else None,
        "video": message.video,
        "video_note": message.video_note,
        "audio": message.audio,
        "document": message.document,
        "sticker": message.sticker,
    }
    named = tuple(f"{kind}:{file.file_id}" for kind, file in files.items() if file is not None)
    if message.contact is not None:
        named = (*named, "contact")
    return named


def _endpoint(chat_id: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(chat_id))
