"""What Twilio answers about messages and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode

import smsutil

from tests.standins.records import PlacedCall, SentSms
from tests.standins.twilio_errors import SENTENCES
from tests.standins.twilio_rules import Search

VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a message has come."""

    status: str
    error_code: int | None = None

    @property
    def begun(self) -> bool:
        """Whether it has left Twilio, or was given up."""
        return self.status not in {"queued", "accepted"}


def segments_of(body: str) -> int:
    """How many messages a text is split into."""
    return len(smsutil.split(body).parts)


def message(account_sid: str, sms: SentSms, standing: Standing, number: str) -> dict[str, object]:
    """One Message resource; `number` is the one that a messaging service picks."""
    service = sms.sender.startswith("MG")
    picked = number if standing.begun else None
    uri = f"/{VERSION}/Accounts/{account_sid}/Messages/{sms.sid}"
    segments = 0 if service and not standing.begun else segments_of(sms.body)
    error = standing.error_code
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "body": sms.body,
        "date_created": rfc2822(sms.taken_at),
        "date_sent": rfc2822(sms.taken_at) if standing.begun else None,
        "date_updated": rfc2822(sms.taken_at),
        "direction": "outbound-api",
        "error_code": error,
        "error_message": None if error is None else SENTENCES.get(error, "Unknown error"),
        "from": picked if service else sms.sender,
        "messaging_service_sid": sms.sender if service else None,
        "num_media": str(len(sms.media)),
        "num_segments": str(segments),
        "price": None,
        "price_unit": "USD",
        "sid": sms.sid,
        "status": standing.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": sms.to,
        "uri": f"{uri}.json",
    }


def page(
    account_sid: str, search: Search, messages: Sequence[dict[str, object]]
) -> dict[str, object]:
    """One page of a listing, of all the `messages` that were found."""
    start = search.page * search.page_size
    end = start + search.page_size
    more = end < len(messages)
    return {
        "messages": list(messages[start:end]),
        "page": search.page,
        "page_size": search.page_size,
        "start": start,
        "end": min(end, len(messages)) - 1,
        "uri": _page_uri(account_sid, search, search.page),
        "first_page_uri": _page_uri(account_sid, search, 0),
        "previous_page_uri": (
            _page_uri(account_sid, search, search.page - 1, "PB") if search.page else None
        ),
        "next_page_uri": (_page_uri(account_sid, search, search.page + 1, "PA") if more else None),
    }


def call(
    account_sid: str, placed: PlacedCall, status: str = "queued", answered_by: str | None = None
) -> dict[str, object]:
    """One Call resource."""
    return {
        "account_sid": account_sid,
        "api_version": VERSION,
        "answered_by": answered_by,
        "date_created": rfc2822(placed.taken_at),
        "date_updated": rfc2822(placed.taken_at),
        "direction": "outbound-api",
        "duration": None,
        "end_time": None,
        "from": placed.sender,
        "from_formatted": placed.sender,
        "price": None,
        "price_unit": "USD",
        "sid": placed.sid,
        "start_time": None,
        "status": status,
        "subresource_uris": {},
        "to": placed.to,
        "to_formatted": placed.to,
        "uri": f"/{VERSION}/Accounts/{account_sid}/Calls/{placed.sid}.json",
    }


def rfc2822(moment: datetime) -> str:
    """A moment as Twilio writes it: Sun, 22 Nov 2026 14:00:00 +0000."""
    return format_datetime(moment.replace(microsecond=0))


def _page_uri(account_sid: str, search: Search, number: int, token: str = "") -> str:
    query = {**search.echo, "PageSize": search.page_size, "Page": number}
    if token:
        query["PageToken"] = f"{token}SM{number:032x}"
    return f"/{VERSION}/Accounts/{account_sid}/Messages.json?{urlencode(query)}"
