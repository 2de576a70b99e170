"""A transport of Twilio's against the stand-in, as its tests use it."""

import itertools
from datetime import datetime, timedelta

from delivery.content import Content
from delivery.model import Lane
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, TwilioStandIn
from transports.sms import TwilioTransport

PHONE = "+12135550142"
OTHER_PHONE = "+12135550143"
OTHER_NUMBER = "+12135550198"
URGENT_NUMBER = "+12135550199"
PUBLIC_URL = "https://tequio.example"
STATUS_URL = f"{PUBLIC_URL}/webhooks/twilio/status"

_ids = itertools.count(1)


class HandClock:
    """Twilio's clock, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


def connected(
    standin: TwilioStandIn, *, sender: str = NUMBER, timeout: float = 5
) -> TwilioTransport:
    """The first sender of the account."""
    return TwilioTransport(
        ACCOUNT_SID,
        AUTH_TOKEN,
        sender=sender,
        status_url=STATUS_URL,
        api_url=standin.url,
        timeout=timeout,
    )


def outgoing(text: str, lane: Lane = Lane.BULK, phone: str = PHONE) -> Outgoing:
    """A message of a row of its own."""
    return Outgoing(next(_ids), Endpoint(Channel.SMS, phone), Content("chat", text), lane)
