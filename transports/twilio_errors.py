"""What the refusals of Twilio mean, by its error codes. Source: twilio.com/docs/api/errors."""

from datetime import timedelta

from delivery.model import Failure, SendError
from transports.refusal import Refusal, by_status

STOPPED = "21610"
"""The person answered STOP to this sender."""

NOT_FOUND = "20404"
"""There is no such message, or nothing at this address."""

MEANINGS = {
    STOPPED: Failure.CONTACT_STOPPED,
    "21211": Failure.ADDRESS_DEAD,  # not a number
    "21217": Failure.ADDRESS_DEAD,  # not a number
    "21265": Failure.ADDRESS_DEAD,  # a short code
    "21266": Failure.ADDRESS_DEAD,  # the sender itself
    "21268": Failure.ADDRESS_DEAD,  # a premium or information service
    "21614": Failure.ADDRESS_DEAD,  # not a mobile phone
    "21635": Failure.ADDRESS_DEAD,  # landline
    "30004": Failure.ADDRESS_DEAD,  # blocked by the carrier
    "30005": Failure.ADDRESS_DEAD,  # unknown number
    "30006": Failure.ADDRESS_DEAD,  # landline
    "20429": Failure.SENDER_THROTTLED,
    "30454": Failure.SENDER_THROTTLED,  # more messages than the account may send
    "63018": Failure.SENDER_THROTTLED,  # WhatsApp
    "10001": Failure.SENDER_BROKEN,  # account not active
    "20003": Failure.SENDER_BROKEN,  # wrong credentials
    "20005": Failure.SENDER_BROKEN,  # account not active
    "21212": Failure.SENDER_BROKEN,  # the sender is not a number
    "21408": Failure.SENDER_BROKEN,  # the country is not switched on; staff can do that
    "21603": Failure.SENDER_BROKEN,  # no sender
    "21606": Failure.SENDER_BROKEN,  # the sender is not ours, or cannot send
    "21608": Failure.SENDER_BROKEN,  # a trial account
    "21609": Failure.SENDER_BROKEN,  # our address for receipts is not one
    "21659": Failure.SENDER_BROKEN,  # the sender is no number of Twilio's
    "21660": Failure.SENDER_BROKEN,  # the sender belongs to another account
    "21661": Failure.SENDER_BROKEN,  # the sender cannot send SMS
    "21701": Failure.SENDER_BROKEN,  # no such messaging service
    "21703": Failure.SENDER_BROKEN,  # the messaging service has no number
    "21704": Failure.SENDER_BROKEN,  # the messaging service has no number
    "30002": Failure.SENDER_BROKEN,  # account suspended
    "30024": Failure.SENDER_BROKEN,  # the carrier does not know the sender
    "30032": Failure.SENDER_BROKEN,  # unverified toll-free number
    "30033": Failure.SENDER_BROKEN,  # the 10DLC campaign is suspended
    "30034": Failure.SENDER_BROKEN,  # unregistered 10DLC
    "30035": Failure.SENDER_BROKEN,  # 10DLC registration not finished
    "30037": Failure.SENDER_BROKEN,  # the account may not send
    "30040": Failure.SENDER_BROKEN,  # the country wants a registered sender
    "30042": Failure.SENDER_BROKEN,  # the sender is blocked
    "14107": Failure.TRY_LATER,  # too many replies between two numbers, for 30 seconds
    "21611": Failure.TRY_LATER,  # the sender's queue is full
    "30001": Failure.TRY_LATER,  # the queue overflowed
    "30003": Failure.TRY_LATER,  # the phone is off or out of reach
    "30008": Failure.TRY_LATER,  # the carrier did not say
    "30017": Failure.TRY_LATER,  # the carrier is overloaded
    "30022": Failure.TRY_LATER,  # over the rate that one carrier allows
    "30023": Failure.TRY_LATER,  # over the day's limit of one carrier
    "30027": Failure.TRY_LATER,  # over the day's limit of one carrier
    "30036": Failure.TRY_LATER,  # queued for too long
    "30450": Failure.TRY_LATER,  # the number is blocked for now
    "30453": Failure.TRY_LATER,  # the number cannot be reached for now
    "30485": Failure.TRY_LATER,  # the number cannot be reached for now
    "30500": Failure.TRY_LATER,  # Twilio's own error
    "30410": Failure.UNKNOWN_OUTCOME,  # no answer of the carrier's, which may have taken it
    "30007": Failure.CONTENT_REFUSED,  # filtered by the carrier
    "30019": Failure.CONTENT_REFUSED,  # larger than the carrier takes
    "63016": Failure.CONTENT_REFUSED,  # outside the WhatsApp window
    "21617": Failure.CONTENT_REFUSED,  # over 1,600 characters
}
"""Codes of refusals, and of receipts of messages that were taken and did not arrive."""


def meaning(code: str) -> Failure | None:
    """What a receipt's error code means; None when nobody knows."""
    return MEANINGS.get(code)


def judge(refusal: Refusal) -> SendError:
    """The error of a refused request; its code is Twilio's, or the HTTP status."""
    failure = MEANINGS.get(refusal.said) or by_status(refusal.status)
    return refusal.means(failure, refusal.said or str(refusal.status))


def judge_question(error: SendError) -> SendError:
    """The error of a question that was not answered.

    What is neither the account's nor the sender's fault is TRY_LATER, for a question sends
    nothing.
    """
    if error.failure in {Failure.SENDER_THROTTLED, Failure.SENDER_BROKEN}:
        return error
    return SendError(Failure.TRY_LATER, error.code, error.retry_after)


def read_wait(header: str | None) -> timedelta | None:
    """How long a `Retry-After` header in seconds says to wait; its other form, a date, is not read.

    Source: RFC 9110, 10.2.3.
    """
    if header is None or not header.strip().isdecimal():
        return None
    return timedelta(seconds=int(header))
