"""What Twilio tells about a call, and what it is told to say. Pure.

Sources: www.twilio.com/docs/voice/api/call-resource, www.twilio.com/docs/voice/twiml/gather,
www.twilio.com/docs/voice/answering-machine-detection, www.twilio.com/docs/api/errors.
"""

import re
from collections.abc import Mapping

from twilio.twiml.voice_response import Gather, VoiceResponse

from delivery.calls import VOICEMAIL
from delivery.model import Failure, SendError, State
from delivery.transport import Receipt

STATES = {
    "completed": State.DELIVERED,
    "busy": State.UNDELIVERED,
    "no-answer": State.UNDELIVERED,
    "failed": State.UNDELIVERED,
    "canceled": State.UNDELIVERED,
}
"""How a call ended; "queued", "initiated", "ringing" and "in-progress" are no end."""

OVER = "21220"
"""The call that should be ended has ended already."""

MEANINGS = {
    "21202": Failure.ADDRESS_DEAD,  # a premium or emergency number
    "21214": Failure.ADDRESS_DEAD,  # a number that cannot be reached
    "21216": Failure.ADDRESS_DEAD,  # a number that may not be called
    "10004": Failure.TRY_LATER,  # too many calls at once
    "21205": Failure.SENDER_BROKEN,  # our address for what is said is not one
    "21210": Failure.SENDER_BROKEN,  # the sender is not verified
    "21213": Failure.SENDER_BROKEN,  # no sender
    "21215": Failure.SENDER_BROKEN,  # the country is not switched on; staff can do that
    "21219": Failure.SENDER_BROKEN,  # a trial account
}
"""Codes that calls alone are refused with, or that mean something else there than of an SMS."""

LANGUAGE = "es-MX"
VOICE = "Polly.Mia"
"""A voice for that language: the one that Twilio takes by itself need not speak it."""

KEY_SECONDS = 8
"""How long a key is waited for after the words."""

LONGEST = 1500
"""Signs of what is said; about a minute and a half. Twilio takes 4,096."""

SAID = "r"
"""The name under which the address of a key carries how often the words were said."""

_SID = re.compile(r"CA[0-9a-fA-F]{32}", re.ASCII)
# What XML 1.0 cannot hold, not even escaped (its section 2.2).
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_call_sid(text: str) -> bool:
    """Whether a provider's id can be one of a call of Twilio's."""
    return _SID.fullmatch(text) is not None


def by_machine(form: Mapping[str, str]) -> bool:
    """Whether a voicemail or a fax has answered: nobody who could take a case."""
    answered_by = form.get("AnsweredBy", "")
    return answered_by.startswith("machine") or answered_by == "fax"


def read_end(form: Mapping[str, str]) -> Receipt | None:
    """How a call ended, of a status callback; None while it goes on, or when it is of no call.

    The code is the status itself. A call that only a machine answered has not arrived.
    """
    sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
    state = STATES.get(status)
    if not sid or state is None:
        return None
    if state is State.DELIVERED:
        return voicemail(sid) if by_machine(form) else Receipt(sid, state)
    return Receipt(sid, state, status)


def voicemail(sid: str) -> Receipt:
    """What it means that a machine has answered."""
    return Receipt(sid, State.UNDELIVERED, VOICEMAIL)


def meaning(error: SendError) -> SendError:
    """The error of a call that was refused, which `judge` has read as one of an SMS."""
    failure = MEANINGS.get(error.code)
    return error if failure is None else SendError(failure, error.code, error.retry_after)


def with_said(url: str, said: int) -> str:
    """The address of a key that is pressed after the words were said so often."""
    return f"{url}{'&' if '?' in url else '?'}{SAID}={said}"


def read_said(params: Mapping[str, str]) -> int:
    """How often the words were said before; 0 when nothing tells."""
    text = params.get(SAID, "")
    return int(text) if len(text) < 4 and text.isascii() and text.isdecimal() else 0


def twiml(words: str, keys_to: str | None = None) -> str:
    """What a call says, in Twilio's language, for people of Mexico.

    With `keys_to`, an address, it says it twice and waits for a key, which is posted there, and so
    is silence. Without, it says it once and ends; without words it ends at once.
    """
    answer = VoiceResponse()
    said = _UNSPEAKABLE.sub(" ", words)[:LONGEST].strip()
    if keys_to is not None:
        keys = Gather(
            input="dtmf",
            num_digits=1,
            timeout=KEY_SECONDS,
            action=keys_to,
            method="POST",
            action_on_empty_result=True,
        )
        keys.say(said, voice=VOICE, language=LANGUAGE)
        keys.pause(length=1)
        keys.say(said, voice=VOICE, language=LANGUAGE)
        answer.append(keys)
    elif said:
        answer.say(said, voice=VOICE, language=LANGUAGE)
    answer.hangup()
    return str(answer)
