"""What staff can correct of a contact, and what of it is another by now than when it was read."""

import json
from dataclasses import dataclass

from contacts.model import Contact

FIELDS = ("language", "origin", "place", "relation", "topics")
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that says another thing now than it said to who is changing it."""

    name: str
    was: str
    now: str


def values_of(contact: Contact) -> dict[str, str]:
    """Each field in one way of writing."""
    place = (contact.country, contact.state, contact.city)
    origin = contact.origin_clave or contact.origin_region or ""
    return {
        "language": contact.language,
        "origin": str(origin),
        "place": ", ".join(part for part in place if part),
        "relation": contact.relation or "",
        "topics": " ".join(sorted(contact.topics)),
    }


def packed(contact: Contact) -> str:
    """What a form carries along of a contact as it was read."""
    return json.dumps(values_of(contact), ensure_ascii=False, separators=(",", ":"))


def differences(seen: str, contact: Contact) -> tuple[Difference, ...]:
    """What somebody else has changed since. Of words that were never packed here, everything."""
    now, was = values_of(contact), unpacked(seen)
    return tuple(
        Difference(name, was.get(name, ""), now[name])
        for name in FIELDS
        if was.get(name) != now[name]
    )


def unpacked(seen: str) -> dict[str, str]:
    """What a form brought back; nothing of words that were never packed here."""
    if len(seen) > LONGEST:
        return {}
    try:
        found = json.loads(seen)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
