"""The Telegram front end: from an Update to what was heard."""

import json
from collections.abc import Collection
from dataclasses import replace

from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from bot.flows.model import Input
from bot.heard import Heard
from kit.channels import Channel, Endpoint

Fields = dict[str, object]

_FILES = ("voice", "video", "video_note", "audio", "document", "sticker", "live_photo")
_WITHOUT_FILE = ("checklist", "dice", "game", "paid_media", "poll", "rich_message", "story")
_WORDS = ("message_id", "date", "text", "caption")
_ANSWERED = "reply_to_message"
_PRESSED = ("id", "from", "chat_instance", "data")


def read_update(raw: str) -> Heard | None:
    """What somebody said in a private chat; None for an update in which nobody says anything."""
    try:
        return _heard(Update.model_validate_json(raw))
    except ValidationError:
        # A kind or a field that this version of aiogram does not know. It may stand beside a
        # call for help, so what is known is read without it.
        files = (*_FILES, "photo", "location", "contact")
        for names in ((*_WORDS, *files, _ANSWERED), (*_WORDS, _ANSWERED), _WORDS):
            try:
                return _heard(Update.model_validate(_pared(raw, names)))
            except ValidationError:
                continue
    return None


def _heard(update: Update) -> Heard | None:
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    edited = update.edited_message
    if edited is not None and edited.location is not None:
        # A live location is an edit every few seconds, of which nobody has said a thing.
        return None
    message = update.message or edited
    if message is not None and message.chat.type == "private":
        return _said(message)
    change = update.my_chat_member
    if change is None or change.chat.type != "private":
        return None
    gone = change.new_chat_member.status in ("kicked", "left")
    return Heard(_endpoint(change.chat.id), Input(), left=True) if gone else None


def _said(message: Message) -> Heard | None:
    place = message.location
    given = Input(
        text=_clean(message.text or message.caption or ""),
        media=_media(message),
        location=None if place is None else (place.latitude, place.longitude),
    )
    if given == Input():
        # Telegram itself tells that a timer was set or a message pinned: nobody speaks.
        return None
    answered = message.reply_to_message
    if answered is not None:
        given = replace(given, reply_to=answered.message_id)
    return Heard(_endpoint(message.chat.id), given)


def _pressed(query: CallbackQuery) -> Heard | None:
    if query.message is None or query.message.chat.type != "private":
        return None
    return Heard(
        sender=_endpoint(query.message.chat.id),
        given=Input(choice=_clean(query.data or ""), pressed_on=query.message.message_id),
        callback_id=query.id,
    )


def _media(message: Message) -> tuple[str, ...]:
    """Telegram's names of the files, each with its kind: "voice:…"; a shared contact in full."""
    files = {name: getattr(message, name, None) for name in _FILES}
    files["photo"] = message.photo[-1] if message.photo else None
    named = [f"{kind}:{file.file_id}" for kind, file in files.items() if file is not None]
    card = message.contact
    if card is not None:
        told = (card.phone_number, card.first_name, card.last_name)
        named.append("contact:" + _clean(" ".join(part for part in told if part)))
    named += [kind for kind in _WITHOUT_FILE if getattr(message, kind, None) is not None]
    return tuple(named)


def _endpoint(chat_id: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(chat_id))


def _clean(text: str) -> str:
    """Without the sign that PostgreSQL refuses, and without halves of signs."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _pared(raw: str, names: Collection[str]) -> Fields:
    """An update with no other fields than these in its message."""
    update: object = json.loads(raw)
    pared = _only(update, ("update_id",))
    for kind in ("message", "edited_message"):
        if found := _only(update, (kind,)):
            pared[kind] = _pared_message(found[kind], names)
    if found := _only(update, ("callback_query",)):
        query = found["callback_query"]
        message = _only(query, ("message",)).get("message")
        pared["callback_query"] = {
            **_only(query, _PRESSED),
            "message": _pared_message(message, _WORDS),
        }
    return pared


def _pared_message(message: object, names: Collection[str]) -> Fields:
    chat = _only(message, ("chat",)).get("chat")
    pared = {**_only(message, names), "chat": _only(chat, ("id", "type"))}
    if _ANSWERED in pared:
        pared[_ANSWERED] = _pared_message(pared[_ANSWERED], ("message_id", "date"))
    return pared


def _only(found: object, names: Collection[str]) -> Fields:
    if not isinstance(found, dict):
        return {}
    return {
        name: _clean(found[name]) if isinstance(found[name], str) else found[name]
        for name in names
        if name in found
    }
