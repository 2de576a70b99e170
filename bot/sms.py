"""The SMS front end: from Twilio's form to what was heard."""

import json

from bot.flows.model import Input
from bot.heard import Heard
from contacts.phones import normalise
from kit.channels import Channel, Endpoint

MOST_MEDIA = 10


def read_form(raw: str) -> Heard | None:
    """What somebody texted; None when no phone can be answered."""
    form = json.loads(raw)
    phone = normalise(str(form.get("From", "")), "US")
    if phone is None:
        return None
    count = str(form.get("NumMedia", "0"))
    many = min(int(count), MOST_MEDIA) if count.isascii() and count.isdigit() else 0
    media = tuple(
        f"{form.get(f'MediaContentType{n}', 'file')}:{form.get(f'MediaUrl{n}', '')}"
        for n in range(many)
    )
    # Without a picture an MMS and an SMS are alike: the words stand in Body.
    given = Input(text=str(form.get("Body", "")), media=media)
    return Heard(Endpoint(Channel.SMS, phone), given)
