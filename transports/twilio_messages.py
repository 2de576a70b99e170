"""What Twilio tells about a message, in callbacks and when asked. Pure.

Source: www.twilio.com/docs/messaging/api/message-resource.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from delivery.model import State
from delivery.transport import Receipt
from transports.twilio_errors import meaning

ROW = "m"
"""The name under which a callback's address carries the ledger's row."""

STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.UNDELIVERED,
    "canceled": State.UNDELIVERED,
}
"""The states that change anything; "queued", "accepted", "sending" and others do not."""

TRIAL_WORDS = "Sent from your Twilio trial account - "
"""What a trial account puts before every text."""

_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}", re.ASCII)
_LARGEST_ROW = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Told:
    """A message as the API tells it; `sender` is a number, `service` a messaging service's id."""

    receipt: Receipt
    to: str = field(repr=False)
    sender: str = field(repr=False)
    service: str
    body: str = field(repr=False)
    outbound: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the path of the one that follows."""

    messages: tuple[Told, ...]
    following: str | None


def is_sid(text: str) -> bool:
    """Whether a provider's id can be one of Twilio's."""
    return _SID.fullmatch(text) is not None


def with_row(status_url: str, message_id: int) -> str:
    """The address of a message's callbacks.

    It is part of what Twilio signs, so nobody else can name a row, and a row names nobody.
    """
    return f"{status_url}{'&' if '?' in status_url else '?'}{ROW}={message_id}"


def read_row(params: Mapping[str, str]) -> int | None:
    """The ledger's row that a callback's address names; None if it names none that can be."""
    text = params.get(ROW, "")
    if len(text) > 19 or not (text.isascii() and text.isdecimal()):
        return None
    row = int(text)
    return row if 0 < row <= _LARGEST_ROW else None


def read_message(body: Mapping[str, object]) -> Told | None:
    """One Message resource; None when it is not one."""
    sid, status, created = body.get("sid"), body.get("status"), body.get("date_created")
    if not (isinstance(sid, str) and isinstance(status, str) and isinstance(created, str)):
        return None
    try:
        created_at = parsedate_to_datetime(created)
    except ValueError:
        return None
    if not is_sid(sid) or created_at.tzinfo is None:
        return None
    code = body.get("error_code")
    return Told(
        receipt(sid, status, "" if code is None else str(code)),
        to=_text(body, "to"),
        sender=_text(body, "from"),
        service=_text(body, "messaging_service_sid"),
        body=_text(body, "body"),
        outbound=_text(body, "direction").startswith("outbound"),
        created_at=created_at,
    )


def receipt(sid: str, status: str, code: str) -> Receipt:
    """What a status means; one that says nothing final is SENT, for Twilio has the message."""
    state = STATES.get(status, State.SENT)
    return Receipt(sid, state, code, meaning(code) if state is State.UNDELIVERED else None)


def read_page(body: Mapping[str, object], path: str) -> Page | None:
    """A page of the list that stands at `path`; None when it is not one.

    A next page elsewhere is none of Twilio's: it would be asked with the account's token.
    """
    listed, following = body.get("messages"), body.get("next_page_uri")
    if not isinstance(listed, list):
        return None
    if following is not None and not (
        isinstance(following, str) and following.startswith(f"{path}?")
    ):
        return None
    read = [read_message(one) if isinstance(one, dict) else None for one in listed]
    messages = tuple(one for one in read if one is not None)
    # One that cannot be read may be the one that is looked for.
    return Page(messages, following) if len(messages) == len(read) else None


def candidates(
    told: Sequence[Told], to: str, sender: str, not_before: datetime
) -> tuple[Told, ...]:
    """The messages that this sender sent to this number from a moment on."""
    return tuple(
        one
        for one in told
        if one.outbound
        and one.to == to
        and sender in (one.sender, one.service)
        and one.created_at >= not_before
    )


def says(told: Told, body: str) -> bool:
    """Whether it is exactly this text."""
    return told.body.removeprefix(TRIAL_WORDS) == body


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
