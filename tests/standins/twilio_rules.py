"""What Twilio accepts. Sources: www.twilio.com/docs/messaging/api/message-resource and
www.twilio.com/docs/voice/api/call-resource."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from tests.standins.twilio_errors import RestError

MAX_BODY = 1600
MAX_MEDIA = 10
MAX_PAGE = 1000
MAX_RINGING = 600
CALL_EVENTS = {"initiated", "ringing", "answered", "completed"}

_NUMBER = re.compile(r"(?:(whatsapp|messenger):)?\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_PAGE_TOKEN = re.compile(r"P[AB]SM[0-9a-f]{32}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")


class Form:
    """Names and values, as a form or a query brings them; a name may stand several times."""

    def __init__(self, pairs: Iterable[tuple[str, object]]) -> None:
        self._pairs = [(name, value) for name, value in pairs if isinstance(value, str)]

    def get(self, name: str) -> str:
        """The first value, or nothing."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a name."""
        return tuple(value for other, value in self._pairs if other == name)


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A message that Twilio would take; `sender` is a number or a messaging service's sid."""

    to: str
    sender: str
    body: str
    media: tuple[str, ...]
    status_callback: str | None

    @property
    def by_service(self) -> bool:
        """Whether a messaging service picks the number."""
        return self.sender.startswith("MG")


@dataclass(frozen=True, slots=True)
class CallRequest:
    """A call that Twilio would place."""

    to: str
    sender: str
    twiml: str
    url: str
    status_callback: str | None
    machine_detection: str
    timeout: int


@dataclass(frozen=True, slots=True)
class Search:
    """What a listing asks for.

    Bounds are whole days in UTC and inclusive, as Twilio documents them: a caller who gives a
    time gets the earlier messages of that day too.
    """

    to: str = ""
    sender: str = ""
    after: date | None = None
    before: date | None = None
    page: int = 0
    page_size: int = 50
    echo: Mapping[str, str] = field(default_factory=dict)


def check_message(form: Form, numbers: frozenset[str] | None) -> MessageRequest:
    """The message that a form asks for; `numbers` are the account's own, None for any."""
    to = form.get("To")
    sender = form.get("MessagingServiceSid") or form.get("From")
    body, media = form.get("Body"), form.all("MediaUrl")
    callback = _address(form.get("StatusCallback"), 21609)
    _require(bool(to), 21604)
    _require(bool(sender), 21603)
    _require(bool(body or media), 21602)
    _require(bool(_NUMBER.fullmatch(to)), 21211)
    if sender.startswith("MG"):
        _require(bool(_SERVICE.fullmatch(sender)), 21701)
    else:
        _check_sender(sender, to, numbers)
    _require(len(body) <= MAX_BODY, 21617)
    _require(len(media) <= MAX_MEDIA, 21623)
    return MessageRequest(to, sender, body, media, callback)


def check_call(form: Form, numbers: frozenset[str] | None) -> CallRequest:
    """The call that a form asks for."""
    to, sender = form.get("To"), form.get("From")
    twiml, url = form.get("Twiml"), form.get("Url")
    _require(bool(to), 21201)
    _require(bool(_NUMBER.fullmatch(to)), 21211)
    _check_sender(sender, to, numbers)
    _require(bool(twiml or url), 21205)
    _address(url, 21205)
    # Twilio takes a call with wrong events and never calls back; here it is refused to be seen.
    _require(set(form.all("StatusCallbackEvent")) <= CALL_EVENTS, 20001)
    detection, timeout = form.get("MachineDetection"), form.get("Timeout") or "60"
    _require(detection in ("", "Enable", "DetectMessageEnd"), 20001)
    _require(timeout.isdigit() and int(timeout) <= MAX_RINGING, 20001)
    callback = _address(form.get("StatusCallback"), 21609)
    return CallRequest(to, sender, twiml, url, callback, detection, int(timeout))


def check_end(form: Form) -> None:
    """That a form ends a call, and does nothing else to it."""
    _require(form.get("Status") in ("completed", "canceled"), 20001)


def check_credentials(header: str, account_sid: str, auth_token: str) -> None:
    """HTTP Basic with the account's sid and token, or the error 20003."""
    scheme, _, given = header.partition(" ")
    try:
        name, _, password = base64.b64decode(given).decode().partition(":")
    except ValueError:
        raise RestError(20003) from None
    _require(scheme.lower() == "basic", 20003)
    _require((name, password) == (account_sid, auth_token), 20003)


def read_search(query: Form) -> Search:
    """The listing that a query asks for. `DateSent` without a sign means that day alone.

    The number of a page alone leads nowhere: the address of the next page has a token.
    """
    after, before = query.get("DateSent>"), query.get("DateSent<")
    if day := query.get("DateSent"):
        after = before = day
    names = ("To", "From", "DateSent", "DateSent>", "DateSent<")
    _require(all(len(query.all(name)) < 2 for name in (*names, "PageSize", "Page")), 20001)
    size, page = query.get("PageSize") or "50", query.get("Page") or "0"
    _require(size.isdigit() and 1 <= int(size) <= MAX_PAGE, 20001)
    _require(page.isdigit(), 20001)
    _require(int(page) == 0 or bool(_PAGE_TOKEN.fullmatch(query.get("PageToken"))), 20001)
    return Search(
        to=query.get("To"),
        sender=query.get("From"),
        after=_day(after),
        before=_day(before),
        page=int(page),
        page_size=int(size),
        echo={name: query.get(name) for name in names if query.get(name)},
    )


def _check_sender(sender: str, to: str, numbers: frozenset[str] | None) -> None:
    number, short = _NUMBER.fullmatch(sender), _SHORT_CODE.fullmatch(sender)
    _require(bool(number or short), 21212)
    _require(sender != to, 21266)
    recipient = _NUMBER.fullmatch(to)
    channels = {match[1] for match in (number, recipient) if match}
    _require(len(channels) == 1, 21910)
    _require(numbers is None or sender in numbers, 21606)


def _address(url: str, code: int) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    _require(parts.scheme in {"http", "https"} and bool(parts.hostname), code)
    return url


def _day(text: str) -> date | None:
    """The day that a text names, with or without a time, in UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RestError(20001) from None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _require(holds: bool, code: int) -> None:
    if not holds:
        raise RestError(code)
