"""SMS: sending through Twilio, and reading what Twilio brings back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import ClientSession, TCPConnector, encode_basic_auth
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from delivery.content import Content
from delivery.model import Failure, Lane, SendError, State
from delivery.segments import measure
from delivery.transport import Outgoing
from kit.channels import Channel
from transports.exchange import exchange, watching
from transports.refusal import Refusal
from transports.twilio_errors import STOPPED, judge, read_wait

MAX_TEXT = 1600  # characters; twilio.com/docs/messaging/api/message-resource
PRODUCTION = "https://api.twilio.com"

_STATES = {
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.UNDELIVERED,
    "canceled": State.UNDELIVERED,
}


class TwilioTransport:
    """Sends SMS from one phone number, or from a messaging service (an id that begins with MG).

    `urgent_sender` is a number of its own for people who wrote STOP to the first and yet need an
    answer. `rate` is segments a second, `timeout` the seconds that a request may take before its
    outcome is unknown.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        sender: str,
        status_url: str,
        urgent_sender: str | None = None,
        api_url: str | None = None,
        rate: float = 1,
        timeout: float = 10,
    ) -> None:
        base = (api_url or PRODUCTION).rstrip("/")
        self._messages = f"{base}/2010-04-01/Accounts/{account_sid}/Messages.json"
        self._credentials = _BasicCredentials(account_sid, auth_token)
        self._sender = sender
        self._urgent_sender = urgent_sender
        self._status_url = status_url
        self._rate = rate
        self._timeout = timeout
        self._client: Client | None = None

    @property
    def channel(self) -> Channel:
        return Channel.SMS

    @property
    def rate(self) -> float:
        return self._rate

    def units(self, content: Content) -> int:
        return measure(content.sms).segments

    async def send(self, outgoing: Outgoing) -> str:
        """Send the SMS wording. Pages and replies to somebody who wrote STOP go from the urgent
        sender: a second request."""
        if len(outgoing.content.sms) > MAX_TEXT:
            raise SendError(Failure.CONTENT_REFUSED, "too_long")
        try:
            return await self._send_from(self._sender, outgoing)
        except SendError as error:
            if error.code != STOPPED or outgoing.lane is Lane.BULK or self._urgent_sender is None:
                raise
        return await self._send_from(self._urgent_sender, outgoing)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.http_client.close()
            self._client = None

    async def _send_from(self, sender: str, outgoing: Outgoing) -> str:
        form = {
            "To": outgoing.to.value,
            "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
            "Body": outgoing.content.sms,
            "StatusCallback": self._status_url,
        }
        return await exchange(lambda: self._post(form), self._timeout, judge)

    async def _post(self, form: Mapping[str, str]) -> str:
        # Not `messages.create_async`, whose errors leave out the header that says how long to wait.
        response = await self._connected().request_async("POST", self._messages, data=dict(form))
        status: int = response.status_code
        text: str = response.text
        if not 200 <= status < 300:
            raise Refusal(status, _read_code(text), read_wait(response.headers.get("Retry-After")))
        return str(json.loads(text)["sid"])

    def _connected(self) -> Client:
        """The client, made at the first use because a session wants a running loop."""
        if self._client is None:
            http = AsyncTwilioHttpClient(pool_connections=False)
            # No limit of connections, or a page would queue behind bulk that hangs.
            http.session = ClientSession(
                connector=TCPConnector(limit=0), trace_configs=[watching()]
            )
            self._client = Client(http_client=http, credential_provider=self._credentials)
        return self._client


class TwilioSignature:
    """Tells a request of Twilio's from anybody else's."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)

    def valid(self, url: str, params: Mapping[str, str | Sequence[str]], signature: str) -> bool:
        """Whether Twilio signed this form for this full public address.

        `params` may hold several values for a name; `signature` is X-Twilio-Signature.
        """
        return bool(self._validator.validate(url, _Form(params), signature))


def read_status(form: Mapping[str, str]) -> tuple[str, State | None, str]:
    """The message's sid, its state and the error code that a status callback tells.

    The state is None for what changes nothing, such as "queued" and "sending". Callbacks come
    late, twice and out of order.
    """
    sid = form.get("MessageSid") or form.get("SmsSid", "")
    status = form.get("MessageStatus") or form.get("SmsStatus", "")
    return sid, _STATES.get(status), form.get("ErrorCode", "")


def _read_code(text: str) -> str:
    try:
        body: object = json.loads(text)
    except ValueError:
        return ""
    code = body.get("code") if isinstance(body, dict) else None
    return str(code) if isinstance(code, int) else ""


@dataclass(frozen=True, slots=True, repr=False)
class _BasicCredentials:
    """A credential provider and strategy of twilio's for an account's id and token.

    Given to the client as names and passwords are, they would go the way of aiohttp's `auth`,
    which is deprecated.
    """

    account_sid: str
    auth_token: str

    def to_auth_strategy(self) -> "_BasicCredentials":
        return self

    def get_auth_string(self) -> str:
        return encode_basic_auth(self.account_sid, self.auth_token)


class _Form(dict[str, list[str]]):
    """The form as twilio's validator reads one with several values for a name."""

    def __init__(self, params: Mapping[str, str | Sequence[str]]) -> None:
        super().__init__(
            (name, [value] if isinstance(value, str) else list(value))
            for name, value in params.items()
        )

    def getlist(self, name: str) -> list[str]:
        return self[name]
