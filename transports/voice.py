"""Calls: placing them through Twilio, and ending them."""

from delivery.content import Content
from delivery.model import Failure, SendError
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from transports.twilio_account import TwilioAccount
from transports.twilio_calls import OVER, is_call_sid, meaning
from transports.twilio_errors import NOT_FOUND, judge_question
from transports.twilio_messages import with_row

RING_SECONDS = 25
"""How long it rings: most voicemails take a call a little later."""

DETECTION_SECONDS = 10
"""How long Twilio may listen whether a person has answered, who hears nothing meanwhile."""

LONGEST_SECONDS = 600
"""How long a call may last in all."""


class VoiceTransport:
    """The number that calls staff. What is said comes from `answer_url` once somebody answers, and
    how the call ended goes to `status_url`; the message's row is added to both.

    `rate` is calls a second.
    """

    def __init__(
        self,
        account: TwilioAccount,
        *,
        from_number: str,
        answer_url: str,
        status_url: str,
        name: str = Channel.VOICE.value,
        rate: float = 1,
    ) -> None:
        self._account = account
        self._from_number = from_number
        self._answer_url = answer_url
        self._status_url = status_url
        self._name = name
        self._rate = rate

    @property
    def name(self) -> str:
        return self._name

    @property
    def channel(self) -> Channel:
        return Channel.VOICE

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def urgent_only(self) -> bool:
        return False

    def units(self, content: Content) -> int:
        del content
        return 1

    async def send(self, outgoing: Outgoing) -> str:
        """Place the call; the id is its sid."""
        form = {
            "To": outgoing.to.value,
            "From": self._from_number,
            "Url": with_row(self._answer_url, outgoing.message_id),
            "Method": "POST",
            "StatusCallback": with_row(self._status_url, outgoing.message_id),
            "StatusCallbackMethod": "POST",
            # However it ended; the steps before are nothing that we would act on.
            "StatusCallbackEvent": "completed",
            "MachineDetection": "Enable",
            "MachineDetectionTimeout": str(DETECTION_SECONDS),
            "Timeout": str(RING_SECONDS),
            "TimeLimit": str(LONGEST_SECONDS),
        }
        try:
            answer = await self._account.post(self, self._account.calls, form)
        except SendError as refused:
            error = meaning(refused)
        else:
            sid = answer.get("sid")
            if isinstance(sid, str) and sid:
                return sid
            error = SendError(Failure.UNKNOWN_OUTCOME, "unreadable")
        raise error

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        """End a call that still rings or talks; False when it is over, or no call of ours.

        Raises `SendError` when Twilio could not be asked. To ask again does no harm.
        """
        del to
        if not is_call_sid(provider_id):
            return False
        try:
            await self._account.post(self, self._account.call(provider_id), {"Status": "completed"})
        except SendError as refused:
            error = refused
        else:
            return True
        if error.code in (OVER, NOT_FOUND):
            return False
        raise judge_question(error)

    async def close(self) -> None:
        await self._account.release(self)
