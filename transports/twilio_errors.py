"""What the refusals of Twilio mean, by its error codes. Source: twilio.com/docs/api/errors."""

from datetime import timedelta

from delivery.model import Failure, SendError
from transports.refusal import Refusal, by_status

STOPPED = "21610"
"""The person answered STOP to this sender."""

MEANINGS = {
    STOPPED: Failure.CONTACT_STOPPED,
    "21211": Failure.ADDRESS_DEAD,  # not a number
    "21217": Failure.ADDRESS_DEAD,  # not a number
    "21614": Failure.ADDRESS_DEAD,  # not a mobile phone
    "30004": Failure.ADDRESS_DEAD,  # blocked by the carrier
    "30005": Failure.ADDRESS_DEAD,  # unknown number
    "30006": Failure.ADDRESS_DEAD,  # landline
    "20429": Failure.SENDER_THROTTLED,
    "63018": Failure.SENDER_THROTTLED,  # WhatsApp
    "20003": Failure.SENDER_BROKEN,  # wrong credentials
    "20005": Failure.SENDER_BROKEN,  # account not active
    "30002": Failure.SENDER_BROKEN,  # account suspended
    "21408": Failure.SENDER_BROKEN,  # the country is not switched on; staff can do that
    "21606": Failure.SENDER_BROKEN,  # the sender is not ours, or cannot send
    "21608": Failure.SENDER_BROKEN,  # a trial account
    "30034": Failure.SENDER_BROKEN,  # unregistered 10DLC
    "21611": Failure.TRY_LATER,  # the sender's queue is full
    "30001": Failure.TRY_LATER,  # the queue overflowed
    "30003": Failure.TRY_LATER,  # the phone is off or out of reach
    "30008": Failure.TRY_LATER,  # the carrier did not say
    "30007": Failure.CONTENT_REFUSED,  # filtered by the carrier
    "30450": Failure.CONTENT_REFUSED,  # taken for SMS pumping
    "63016": Failure.CONTENT_REFUSED,  # outside the WhatsApp window
    "21617": Failure.CONTENT_REFUSED,  # over 1,600 characters
}


def judge(refusal: Refusal) -> SendError:
    """The error of a refused request; its code is Twilio's, or the HTTP status."""
    failure = MEANINGS.get(refusal.said) or by_status(refusal.status)
    return refusal.means(failure, refusal.said or str(refusal.status))


def read_wait(header: str | None) -> timedelta | None:
    """How long a `Retry-After` header in seconds says to wait; its other form, a date, is not read.

    Source: RFC 9110, 10.2.3.
    """
    if header is None or not header.strip().isdecimal():
        return None
    return timedelta(seconds=int(header))
