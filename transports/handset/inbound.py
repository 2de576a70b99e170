"""What the providers would send when a person uses a phone, down to the field names.

Sources: the Bot API's `Update`, and the parameters of Twilio's request to a messaging webhook. The
line's id gives the names that must never come twice, so they rise over restarts.
"""

import hashlib
import json
import re
from datetime import datetime

from delivery.content import Attachment, Button
from delivery.segments import measure
from kit.channels import Channel
from transports.handset.model import PLATFORM_PHONE, Body, Line, Media, Phone
from transports.intake import Arrival
from transports.twilio_messages import ROW

BOT: dict[str, object] = {
    "id": 900_000_000,
    "is_bot": True,
    "first_name": "Tequio",
    "username": "tequio_prueba_bot",
}
ACCOUNT = "AC" + "0" * 32
MEDIA_TYPES = {Media.PHOTO: "image/jpeg", Media.VOICE: "audio/amr"}

Json = dict[str, object]

VOICE: Json = {"duration": 5, "mime_type": "audio/ogg", "file_size": 12_000}
FILES: dict[str, re.Pattern[str]] = {
    Media.PHOTO: re.compile("handset-photo(?:320|1280)-([0-9]{1,9})"),
    Media.VOICE: re.compile("handset-voice-([0-9]{1,9})"),
}
"""What the files are called that phones here send."""


def typed(phone: Phone, line: Line, answered: Line | None = None) -> Arrival:
    """A line of the person: text, photo, voice note or location; in a chat it may be the answer to
    a line of the platform."""
    if line.channel is Channel.SMS:
        return _twilio(phone, line)
    message = _message(phone, line, _user(phone))
    if answered is not None:
        message["reply_to_message"] = _message(phone, answered, BOT)
    return _telegram(line, {"message": message})


def keyed(phone: Phone, call: Line, digit: int) -> dict[str, str]:
    """The form that Twilio posts when a key is pressed in a call of the platform, with the row of
    its ledger that the address names."""
    return {
        "CallSid": call.provider_id,
        "AccountSid": ACCOUNT,
        "From": PLATFORM_PHONE,
        "To": phone.number,
        "Direction": "outbound-api",
        "CallStatus": "in-progress",
        "ApiVersion": "2010-04-01",
        "Digits": str(digit),
        ROW: str(call.body.row),
    }


def pressed(phone: Phone, line: Line, under: Line, button: Button) -> Arrival:
    """A press of a button under an earlier line of the platform; `line` records the press."""
    query = {
        "id": str(phone.chat_id * 2**32 + line.id),
        "from": _user(phone),
        "message": _message(phone, under, BOT),
        "chat_instance": str(-phone.chat_id),
        "data": button.data,
    }
    return _telegram(line, {"callback_query": query})


def blocked(phone: Phone, line: Line) -> Arrival:
    """The person blocked the chat, or opened it again; `line` records which."""
    now_blocked = bool(line.body.blocked)
    change = {
        "chat": _person(phone) | {"type": "private"},
        "from": _user(phone),
        "date": _seconds(line.at),
        "old_chat_member": _member(blocked=not now_blocked),
        "new_chat_member": _member(blocked=now_blocked),
    }
    return _telegram(line, {"my_chat_member": change})


def twilio_sid(line: Line) -> str:
    """The sid of a line; Twilio's begin with MM when there is a picture or a sound."""
    kind = "MM" if line.body.media else "SM"
    return kind + _name("message", line.id)


def _telegram(line: Line, what: Json) -> Arrival:
    update = {"update_id": line.id} | what
    return Arrival(Channel.TELEGRAM, str(line.id), json.dumps(update, ensure_ascii=False))


def _member(*, blocked: bool) -> Json:
    if blocked:
        return {"user": BOT, "status": "kicked", "until_date": 0}
    return {"user": BOT, "status": "member"}


def _message(phone: Phone, line: Line, author: Json) -> Json:
    message: Json = {
        "message_id": line.message_id,
        "from": author,
        "chat": _person(phone) | {"type": "private"},
        "date": _seconds(line.at),
    }
    if line.edited_at is not None:
        message["edit_date"] = _seconds(line.edited_at)
    return message | _said(line.body, line.id)


def _said(body: Body, line_id: int) -> Json:
    """The part of a message that says what kind it is."""
    if body.spot is not None:
        return {"location": {"latitude": body.spot.lat, "longitude": body.spot.lon}}
    match body.media:
        case Media.PHOTO:
            return {"photo": [_photo(line_id, 320, 240), _photo(line_id, 1280, 960)]}
        case Media.VOICE:
            return {"voice": VOICE | _file("voice", line_id)}
    said: Json = {"text": body.text}
    if body.attachment is not None:
        said = _sent_file(body, body.attachment)
    if body.text.startswith("/"):
        command = body.text.split(maxsplit=1)[0]
        # Telegram counts UTF-16 units.
        length = len(command.encode("utf-16-le")) // 2
        said["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    if body.buttons:
        said["reply_markup"] = {
            "inline_keyboard": [[_markup(button) for button in row] for row in body.buttons]
        }
    return said


def _sent_file(body: Body, attachment: Attachment) -> Json:
    """A file that the platform sent, with its caption; a kind that no phone here has as a text."""
    named: Json = {
        "file_id": attachment.file,
        "file_unique_id": _hash(f"handset sent {attachment.file}")[:16],
    }
    said: Json = {"caption": body.text} if body.text else {}
    match attachment.kind:
        case Media.PHOTO:
            return said | {"photo": [named | {"width": 1280, "height": 960}]}
        case Media.VOICE:
            return said | {"voice": VOICE | named}
    return {"text": body.text}


def _markup(button: Button) -> Json:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data}


def _photo(line_id: int, width: int, height: int) -> Json:
    size = {"width": width, "height": height, "file_size": width * height // 8}
    return size | _file(f"{Media.PHOTO}{width}", line_id)


def _file(kind: str, line_id: int) -> Json:
    return {
        "file_id": f"handset-{kind}-{line_id}",
        "file_unique_id": _name(kind, line_id)[:16],
    }


def file_line(attachment: Attachment) -> int | None:
    """The line by which a phone here sent a file; None for a file of anybody else's, or one that
    is not of the kind that it is said to be."""
    named = FILES.get(attachment.kind)
    found = named.fullmatch(attachment.file) if named else None
    return int(found[1]) if found else None


def _user(phone: Phone) -> Json:
    return _person(phone) | {"is_bot": False, "language_code": "es"}


def _person(phone: Phone) -> Json:
    return {"id": phone.chat_id, "first_name": phone.name}


def _twilio(phone: Phone, line: Line) -> Arrival:
    sid = twilio_sid(line)
    media = MEDIA_TYPES.get(line.body.media) if line.body.media else None
    form = {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": sid,
        "NumMedia": "1" if media else "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "CA",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": line.body.text,
        "FromCountry": "US",
        "To": PLATFORM_PHONE,
        "ToZip": "",
        "NumSegments": str(measure(line.body.text).segments),
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": phone.number,
        "ApiVersion": "2010-04-01",
    }
    if media:
        form["MediaContentType0"] = media
        form["MediaUrl0"] = (
            f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
            f"/Messages/{sid}/Media/ME{_name('media', line.id)}"
        )
    return Arrival(Channel.SMS, sid, json.dumps(form, ensure_ascii=False))


def _name(kind: str, line_id: int) -> str:
    """32 hexadecimal digits, always the same for a line."""
    return _hash(f"handset {kind} {line_id}")


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
