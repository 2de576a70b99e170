"""The SMS front end: from Twilio's form to what was heard."""

import json
import re

from bot.flows.model import Input
from bot.heard import Heard, Unanswerable
from contacts.phones import normalise
from kit.channels import Channel, Endpoint

MOST_MEDIA = 10

# A number that the carriers use and phonenumbers does not know (yet) can be answered all the same.
_DIALLED = re.compile(r"\+[0-9]{6,15}")


def read_form(raw: str) -> Heard | None:
    """What somebody texted; None when it is empty and nobody can be answered.

    Raises Unanswerable for words that come from a short code or a name.
    """
    form = json.loads(raw)
    count = str(form.get("NumMedia", "0"))
    many = min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() else 0
    media = tuple(
        f"{form.get(f'MediaContentType{n}', 'file')}:{form.get(f'MediaUrl{n}', '')}"
        for n in range(many)
    )
    # Without a picture an MMS and an SMS are alike: the words stand in Body.
    given = Input(text=str(form.get("Body", "")), media=media)
    phone = _phone(str(form.get("From", "")))
    if phone is not None:
        return Heard(Endpoint(Channel.SMS, phone), given, wrote_to=str(form.get("To", "")))
    if given.text.strip() or given.media:
        raise Unanswerable
    return None


def _phone(sender: str) -> str | None:
    phone = normalise(sender, "US")
    if phone is None and _DIALLED.fullmatch(sender.strip()):
        return sender.strip()
    return phone
