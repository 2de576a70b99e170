"""Phones, lines and the clock as the page reads them."""

from delivery.segments import measure
from kit.channels import Channel
from kit.clock import Clock
from locales.catalog import render
from locales.text import _
from transports.handset.model import Line, Phone
from transports.handset.pictures import Pictures

View = dict[str, object]

COST = {"GSM-7": _("handset.cost.gsm"), "UCS-2": _("handset.cost.ucs")}


def phone_view(phone: Phone) -> View:
    """A phone with its switches. The names of the fields are those of `Phone`."""
    return {
        "id": phone.id,
        "name": phone.name,
        "number": phone.number,
        "chat_id": phone.chat_id,
        "blocked": phone.blocked,
        "no_signal": phone.no_signal,
        "changes": phone.changes,
    }


def line_view(line: Line, pictures: Pictures, language: str) -> View:
    """A line. `cost` is what an SMS takes of the network, in words; empty for a chat."""
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
        "buttons": [
            [{"label": one.label, "data": one.data, "url": one.url} for one in row]
            for row in body.buttons
        ],
        "ask_location": body.ask_location,
        "media": body.media,
        "picture": pictures.find(line.id) is not None,
        "location": {"lat": body.spot.lat, "lon": body.spot.lon} if body.spot else None,
        "pressed": body.pressed,
        "blocked": body.blocked,
        "lost": body.lost,
        "cost": _cost(line, language),
    }


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
