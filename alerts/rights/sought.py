"""What somebody may mean who looks for a person: everything that the typed words can be."""

import re
from dataclasses import dataclass, field

from contacts.phones import normalise
from kit.channels import Channel, Endpoint
from kit.fold import fold
from kit.ids import read_folio

LONGEST = 120
REGIONS = ("MX", "US")

_CONTACT = re.compile(r"(?:persona|person|contacto|contact)\s*(?:numero|number|no|n)?\s*(\d{1,15})")
_CHAT = re.compile(r"(?:telegram|chat|tg)\s*(?:id)?\s*(\d{4,16})")
_NUMBER = re.compile(r"\d{1,16}")
LONGEST_BARE = 8
"""Digits of a bare number that may be that of a contact."""
SHORTEST_CHAT = 5
MOST_ID = 2**53


@dataclass(frozen=True, slots=True)
class Sought:
    """What to look for, each of it exactly. Nothing at all when the words can be nothing."""

    endpoints: tuple[Endpoint, ...] = field(default=(), repr=False)
    contact_id: int | None = None
    folio: str | None = None
    name: str = field(default="", repr=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it may be, in the words of the audit; tells nothing of what was typed."""
        found = {
            "phone": any(one.channel is Channel.SMS for one in self.endpoints),
            "telegram": any(one.channel is Channel.TELEGRAM for one in self.endpoints),
            "number": self.contact_id is not None,
            "folio": self.folio is not None,
            "name": bool(self.name),
        }
        return tuple(kind for kind, is_it in found.items() if is_it)


def read(typed: str, *, cases: bool) -> Sought:
    """Read what was typed: a phone in any way of writing, `telegram 123`, `persona 123`; and a
    folio or a name only for who may know of cases. Never raises."""
    if len(typed) > LONGEST:
        return Sought()
    words = fold(typed)
    told = _CONTACT.fullmatch(words)
    if told is not None:
        return Sought(contact_id=_id(told[1]))
    chat = _CHAT.fullmatch(words)
    if chat is not None:
        return Sought((Endpoint(Channel.TELEGRAM, str(int(chat[1]))),))
    phones = dict.fromkeys(found for one in REGIONS if (found := normalise(typed, one)))
    endpoints = [Endpoint(Channel.SMS, one) for one in phones]
    contact_id = None
    if words.isascii() and _NUMBER.fullmatch(words):
        if len(words) <= LONGEST_BARE:
            contact_id = _id(words)
        if len(words) >= SHORTEST_CHAT and "+" not in typed:
            endpoints.append(Endpoint(Channel.TELEGRAM, str(int(words))))
    if not cases:
        return Sought(tuple(endpoints), contact_id)
    is_name = any(sign.isalpha() for sign in words) and len(words) > 1
    folio = read_folio(typed)
    return Sought(tuple(endpoints), contact_id, folio, typed.strip() if is_name else "")


def _id(digits: str) -> int | None:
    number = int(digits)
    return number if 0 < number <= MOST_ID else None
