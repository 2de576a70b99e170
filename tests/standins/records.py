"""What a provider really took, as tests and the journal see it.

A failed test prints these. Recipients and texts stay out of `repr`, as everywhere in the house;
to see them while hunting a fault, run the test with STANDINS_SHOW=1.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime

SHOW = bool(os.environ.get("STANDINS_SHOW"))


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted call of the Telegram Bot API.

    `text` is what a person reads: caption or text, without markup. `params` is what was sent,
    uploads replaced by their file ids. Of two like labels `callback_data` holds the first.
    """

    method: str
    chat_id: int | None = field(repr=SHOW)
    text: str = field(repr=SHOW)
    buttons: tuple[str, ...] = ()
    callback_data: dict[str, str] = field(default_factory=dict)
    message_id: int | None = None
    params: dict[str, str] = field(default_factory=dict, repr=SHOW)


@dataclass(frozen=True, slots=True)
class SentSms:
    """One message that Twilio took; `sender` is a number or a messaging service's sid."""

    sid: str
    to: str = field(repr=SHOW)
    sender: str = field(repr=SHOW)
    body: str = field(repr=SHOW)
    status_callback: str | None
    media: tuple[str, ...]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """One call that Twilio took, with the TwiML or the address it fetches it from."""

    sid: str
    to: str = field(repr=SHOW)
    sender: str = field(repr=SHOW)
    twiml: str = field(repr=SHOW)
    url: str
    status_callback: str | None
    taken_at: datetime
    machine_detection: str = ""
    timeout: int = 60


Record = Sent | SentSms | PlacedCall
