"""What is told of a person's yes and no where nobody may learn of a case.

A silent exit from a case is a no, and inside a case the words of a no may be its story. So every no
of a person's own looks alike: that it came, when, and on which channel.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from contacts.model import NOTICE_VERSION, Address, Consent
from contacts.service import SELF

Stopped = tuple[Address, datetime | None]
"""An address, and when it said no."""


def told(consents: Iterable[Consent], addresses: Iterable[Stopped]) -> tuple[Consent, ...]:
    """Every yes and no, the newest first: of who said no themselves without a word, and with the
    noes that left nothing but that an address is stopped."""
    found = [
        replace(one, words="") if one.source == SELF and not one.given else one for one in consents
    ]
    known = {(one.channel, one.at) for one in found if not one.given}
    found += [
        Consent(NOTICE_VERSION, False, at, one.endpoint.channel, "")
        for one, at in addresses
        if at is not None and (one.endpoint.channel, at) not in known
    ]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
