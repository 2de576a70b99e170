"""Phones, lines and the clock as the page reads them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from fastapi import Request

from db.session import Session
from delivery.segments import measure
from kit.channels import Channel
from kit.clock import Clock
from locales.catalog import render
from locales.text import _
from transports.handset.duty import Duty
from transports.handset.inbound import file_line
from transports.handset.model import Body, Line, Media, Phone
from transports.handset.page import spoken
from transports.handset.pictures import Pictures
from transports.handset.uploads import uploaded_kind

View = dict[str, object]

COST = {"GSM-7": _("handset.cost.gsm"), "UCS-2": _("handset.cost.ucs")}


@dataclass(frozen=True, slots=True)
class Sight:
    """What makes views: the pictures that are kept, who is on duty, and the page's language."""

    pictures: Pictures
    duty: Duty
    language: str

    def of(self, request: Request) -> "Sight":
        """The same in the language that a browser asks for."""
        accepted = request.headers.get("accept-language", "")
        return replace(self, language=spoken(accepted, self.language))

    async def phones(self, session: Session, phones: Iterable[Phone]) -> list[View]:
        """Phones with their switches, in the unit of the caller."""
        on_duty = await self.duty.numbers(session)
        return [_phone(phone, on_duty=phone.number in on_duty) for phone in phones]

    def line(self, line: Line) -> View:
        """A line. `cost` is what an SMS takes of the network, in words; empty for a chat.
        `entities` are counted in UTF-16 units, as scripts do."""
        return line_view(line, self.pictures, self.language)


def _phone(phone: Phone, *, on_duty: bool) -> View:
    """A phone. The names of the fields are those of `Phone`."""
    return {
        "id": phone.id,
        "name": phone.name,
        "number": phone.number,
        "chat_id": phone.chat_id,
        "blocked": phone.blocked,
        "no_signal": phone.no_signal,
        "stopped": phone.stopped,
        "changes": phone.changes,
        "on_duty": on_duty,
    }


def line_view(line: Line, pictures: Pictures, language: str) -> View:
    body = line.body
    return {
        "id": line.id,
        "phone_id": line.phone_id,
        "channel": line.channel,
        "direction": line.direction,
        "message_id": line.message_id,
        "at": line.at.isoformat(),
        "edited_at": line.edited_at.isoformat() if line.edited_at else None,
        "changed": line.changed,
        "text": body.text,
        "entities": [asdict(one) for one in body.entities],
        "buttons": [
            [{"label": one.label, "data": one.data, "url": one.url} for one in row]
            for row in body.buttons
        ],
        "ask_location": body.ask_location,
        **_media(line, pictures),
        "protected": body.protected,
        "by_urgent": body.by_urgent,
        "reply_to": body.reply_to,
        "withdrawn": body.withdrawn,
        "call": body.call,
        "keys": _keys(body),
        "location": {"lat": body.spot.lat, "lon": body.spot.lon} if body.spot else None,
        "pressed": body.pressed,
        "blocked": body.blocked,
        "lost": body.lost,
        "cost": _cost(line, language),
    }


def _media(line: Line, pictures: Pictures) -> View:
    """What is seen and heard beside the text: of the person's own, or sent on by the platform.

    `picture` is the line whose picture is kept. `media` is "unknown" for a file that no phone here
    has sent, or of a kind that none here can show.
    """
    body = line.body
    if body.attachment is None:
        return {"media": body.media, "picture": _kept(line.id, pictures)}
    uploaded = uploaded_kind(body.attachment)
    if uploaded is not None:
        return {"media": uploaded, "picture": None}
    source = file_line(body.attachment)
    if source is None:
        return {"media": "unknown", "picture": None}
    kind = body.attachment.kind
    return {"media": kind, "picture": _kept(source, pictures) if kind == Media.PHOTO else None}


def _kept(line_id: int, pictures: Pictures) -> int | None:
    return line_id if pictures.find(line_id) is not None else None


def _keys(body: Body) -> list[View]:
    """The keys that mean something in a call that goes on."""
    if body.call is None or body.call.is_over:
        return []
    found = ((digit, body.key(digit)) for digit in range(1, 10))
    return [{"digit": digit, "label": button.label} for digit, button in found if button]


def clock_view(clock: Clock) -> View:
    """The platform's time, and how far it has been moved."""
    return {
        "now": clock.now().isoformat(),
        "moved_minutes": int(clock.offset.total_seconds() // 60),
    }


def _cost(line: Line, language: str) -> str:
    if line.channel is not Channel.SMS or line.body.media is not None:
        return ""
    cost = measure(line.body.text)
    return render(COST[cost.encoding], language, {"units": cost.units, "segments": cost.segments})
