"""SMS: sending through Twilio, and reading what Twilio brings back."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import Self

from twilio.request_validator import RequestValidator

from delivery.content import Content
from delivery.model import Failure, SendError, State
from delivery.segments import measure
from delivery.transport import Outgoing, Receipt
from kit.channels import Channel
from transports.twilio_account import TwilioAccount
from transports.twilio_errors import NOT_FOUND
from transports.twilio_messages import (
    STATES,
    Told,
    candidates,
    is_sid,
    read_message,
    read_page,
    says,
    with_row,
)

MAX_TEXT = 1600  # characters; twilio.com/docs/messaging/api/message-resource
SKEW = timedelta(minutes=1)
"""How far Twilio's clock may be behind ours."""

PAGE_SIZE = 1000
MOST_PAGES = 10


class TwilioTransport:
    """One sender: a phone number, or a messaging service (an id that begins with MG).

    `name` is the sender's in the ledger; `urgent_only` says that it is kept for people who wrote
    STOP to the others and yet need an answer. `rate` is segments a second, `timeout` the seconds
    that a request may take before its outcome is unknown. Callbacks go to `status_url`, which the
    message's row is added to.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        sender: str,
        status_url: str,
        name: str = Channel.SMS.value,
        urgent_only: bool = False,
        api_url: str | None = None,
        rate: float = 1,
        timeout: float = 10,
    ) -> None:
        self._account = TwilioAccount(account_sid, auth_token, api_url, timeout)
        self._status_url = status_url
        self._name = name
        self._sender = sender
        self._rate = rate
        self._urgent_only = urgent_only

    def another(
        self, name: str, sender: str, *, rate: float = 1, urgent_only: bool = False
    ) -> Self:
        """Another sender of the same account, over the same connections. Each is closed."""
        other = copy(self)
        other._name, other._sender = name, sender
        other._rate, other._urgent_only = rate, urgent_only
        return other

    @property
    def name(self) -> str:
        return self._name

    @property
    def channel(self) -> Channel:
        return Channel.SMS

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def urgent_only(self) -> bool:
        return self._urgent_only

    def units(self, content: Content) -> int:
        return measure(content.sms).segments

    async def send(self, outgoing: Outgoing) -> str:
        """Send the SMS wording; the id is the message's sid."""
        if len(outgoing.content.sms) > MAX_TEXT:
            raise SendError(Failure.CONTENT_REFUSED, "too_long")
        form = {
            "To": outgoing.to.value,
            "MessagingServiceSid" if self._by_service else "From": self._sender,
            "Body": outgoing.content.sms,
            "StatusCallback": with_row(self._status_url, outgoing.message_id),
        }
        answer = await self._account.post(self, self._account.messages, form)
        sid = answer.get("sid")
        if not isinstance(sid, str) or not sid:
            raise SendError(Failure.UNKNOWN_OUTCOME, "unreadable")
        return sid

    async def find(self, outgoing: Outgoing, since: datetime) -> tuple[Receipt, ...]:
        """The messages with this very text that this sender sent to this number since then.

        Newest first. An empty answer says only that Twilio's list does not show it yet: the list
        may lag behind what was taken. Two rows of the same words to the same person find the same
        messages; the ledger knows which of them are settled. Raises `SendError`: TRY_LATER when
        Twilio could not be asked, UNKNOWN_OUTCOME when it keeps no texts that could be compared.
        """
        told = candidates(
            await self._listed(outgoing.to.value), outgoing.to.value, self._sender, since - SKEW
        )
        found = tuple(one.receipt for one in told if says(one, outgoing.content.sms))
        if not found and any(not one.body for one in told):
            # An account may be set to keep no texts: one of these may be the message.
            raise SendError(Failure.UNKNOWN_OUTCOME, "redacted")
        return found

    async def fetch(self, provider_id: str) -> Receipt | None:
        """What became of a message, None when Twilio knows of none; raises `SendError`."""
        if not is_sid(provider_id):
            return None
        path = self._account.message(provider_id)
        try:
            answer = await self._account.get(self, path)
        except SendError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        told = read_message(answer)
        if told is None:
            raise SendError(Failure.TRY_LATER, "unreadable")
        return told.receipt

    async def close(self) -> None:
        await self._account.release(self)

    @property
    def _by_service(self) -> bool:
        return self._sender.startswith("MG")

    async def _listed(self, to: str) -> list[Told]:
        """Every message to a number that may be this sender's.

        Not bounded by DateSent: a message that is still queued has no such date.
        """
        # By their ids: a message that comes meanwhile moves the last of a page to the next one.
        found: dict[str, Told] = {}
        query = {"To": to, "PageSize": str(PAGE_SIZE)}
        if not self._by_service:
            # One that a service sends has no number before it leaves.
            query["From"] = self._sender
        path = self._account.messages
        for number in range(MOST_PAGES):
            # The path of a later page has its query already.
            answer = await self._account.get(self, path, query if number == 0 else None)
            page = read_page(answer, self._account.messages)
            if page is None:
                raise SendError(Failure.TRY_LATER, "unreadable")
            found |= {one.receipt.provider_id: one for one in page.messages}
            if page.following is None:
                return list(found.values())
            path = page.following
        raise SendError(Failure.TRY_LATER, "too_many")


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
    return sid, STATES.get(status), form.get("ErrorCode", "")


class _Form(dict[str, list[str]]):
    """The form as twilio's validator reads one with several values for a name."""

    def __init__(self, params: Mapping[str, str | Sequence[str]]) -> None:
        super().__init__(
            (name, [value] if isinstance(value, str) else list(value))
            for name, value in params.items()
        )

    def getlist(self, name: str) -> list[str]:
        return self[name]
