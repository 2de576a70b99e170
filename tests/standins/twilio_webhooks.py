"""What Twilio posts to an application: texts of people and receipts, signed.

The signature is worked out here by hand from www.twilio.com/docs/usage/webhooks/webhooks-security
so that a mistake in the application's use of Twilio's library cannot hide in the test.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.standins.records import PlacedCall, SentSms

ACCOUNT_SID = "AC00000000000000000000000000005a5a"
AUTH_TOKEN = "standin-auth-token-of-no-account"
SERVICE_SID = "MG00000000000000000000000000005a5a"
NUMBER = "+12135550100"

_PLACES = {
    "+52": {"Country": "MX", "State": "", "City": "", "Zip": ""},
    "+1": {"Country": "US", "State": "CA", "City": "LOS ANGELES", "Zip": "90012"},
}


def signature(auth_token: str, url: str, params: Mapping[str, str]) -> str:
    """X-Twilio-Signature: the URL and each name and value in the order of names, HMAC-SHA1."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(
        hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    ).decode()


def signed_form(
    url: str, params: Mapping[str, str], auth_token: str = AUTH_TOKEN
) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a webhook as Twilio posts it to the public address `url`."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "I-Twilio-Idempotency-Token": secrets.token_hex(16),
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": signature(auth_token, url, params),
    }
    return urlencode(params).encode(), headers


def inbound_sms(
    from_: str,
    body: str,
    media: int = 0,
    *,
    to: str = NUMBER,
    account_sid: str = ACCOUNT_SID,
    messaging_service_sid: str | None = SERVICE_SID,
    media_type: str = "image/jpeg",
) -> dict[str, str]:
    """A person texts us, with `media` attachments. Post the same dict again for a repetition."""
    sid = new_sid("MM" if media else "SM")
    params = {
        "ToCountry": "US",
        "ToState": "CA",
        "ToCity": "LOS ANGELES",
        "ToZip": "90012",
        "SmsMessageSid": sid,
        "NumMedia": str(media),
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": body,
        "To": to,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": account_sid,
        "From": from_,
        "ApiVersion": "2010-04-01",
    }
    place = next((p for prefix, p in _PLACES.items() if from_.startswith(prefix)), {})
    params |= {f"From{name}": value for name, value in place.items()}
    if messaging_service_sid:
        params["MessagingServiceSid"] = messaging_service_sid
    for number in range(media):
        params[f"MediaContentType{number}"] = media_type
        params[f"MediaUrl{number}"] = (
            f"https://api.twilio.com/2010-04-01/Accounts/{account_sid}/Messages/{sid}"
            f"/Media/{new_sid('ME')}"
        )
    return params


def status_params(
    sms: SentSms, status: str, error_code: int | None = None, account_sid: str = ACCOUNT_SID
) -> dict[str, str]:
    """A receipt for a message: sent, delivered, undelivered, failed …"""
    params = {
        "ApiVersion": "2010-04-01",
        "MessageStatus": status,
        "SmsSid": sms.sid,
        "SmsStatus": status,
        "To": sms.to,
        "MessageSid": sms.sid,
        "AccountSid": account_sid,
    }
    if sms.sender.startswith("MG"):
        params["MessagingServiceSid"] = sms.sender
        params["From"] = NUMBER
    else:
        params["From"] = sms.sender
    if error_code is not None:
        params["ErrorCode"] = str(error_code)
    if status in {"delivered", "undelivered"}:
        params["RawDlrDoneDate"] = "2611220600"
    return params


def call_params(
    placed: PlacedCall,
    status: str,
    *,
    answered_by: str | None = None,
    digits: str | None = None,
    account_sid: str = ACCOUNT_SID,
) -> dict[str, str]:
    """What Twilio asks while somebody is on the line: what to say, or what follows from a key."""
    params = {
        "ApiVersion": "2010-04-01",
        "AccountSid": account_sid,
        "CallSid": placed.sid,
        "CallStatus": status,
        "Direction": "outbound-api",
        "To": placed.to,
        "Called": placed.to,
        "From": placed.sender,
        "Caller": placed.sender,
    }
    if answered_by is not None:
        params["AnsweredBy"] = answered_by
    if digits is not None:
        params |= {"Digits": digits, "FinishedOnKey": "", "msg": "Gather End"}
    return params


def call_status_params(
    placed: PlacedCall, status: str, account_sid: str = ACCOUNT_SID
) -> dict[str, str]:
    """How a call goes on or ended: ringing, completed, busy, no-answer, failed, canceled …"""
    seconds = "17" if status == "completed" else "0"
    return call_params(placed, status, account_sid=account_sid) | {
        "CallbackSource": "call-progress-events",
        "CallDuration": seconds,
        "Duration": seconds,
        "SequenceNumber": "0",
        "Timestamp": "Wed, 25 Nov 2026 16:00:00 +0000",
    }


def new_sid(prefix: str) -> str:
    """An id as Twilio makes them: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)
