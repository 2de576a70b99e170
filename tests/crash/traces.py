"""Looking for what names a person, in whatever form a program may have written it down."""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from kit.fold import fold

_HEX_COLUMN = re.compile(rb"\\+x((?:[0-9a-f]{2})+)")


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that must be nowhere. `label` may be shown, `value` may not."""

    label: str
    value: str = field(repr=False)
    number: bool = False
    """A chat id: counts only as a whole number, and as a binary one too."""


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A secret that was found: whose, how it was written, and in what."""

    label: str
    form: str
    where: str


def phone(label: str, value: str) -> tuple[Secret, ...]:
    """A phone in E.164, as it is and as people and programs shorten it."""
    digits = value.removeprefix("+")
    national = digits[-10:]
    area, middle, last = national[:3], national[3:6], national[6:]
    forms = (value, digits, national, national[-7:])
    spoken = (f"{area}-{middle}-{last}", f"({area}) {middle}-{last}", f"{middle}-{last}")
    return tuple(Secret(label, form) for form in (*forms, *spoken))


def words(label: str, value: str) -> tuple[Secret, ...]:
    """A name, an address or a text, as it is and without its accents."""
    return tuple(Secret(label, form) for form in dict.fromkeys((value, fold(value))))


def search(secrets: Sequence[Secret], where: str, data: bytes) -> set[Trace]:
    """Every secret in `data`, which is a file of any kind or a dump of PostgreSQL."""
    parts = [data.lower()]
    columns = _HEX_COLUMN.findall(data)
    if columns:
        # Taken out, or the digits of sealed columns would hold any short number by chance.
        parts = [_HEX_COLUMN.sub(b" ", data).lower()]
        parts.append(b"\n".join(bytes.fromhex(found.decode()) for found in columns).lower())
    found = set()
    # Most secrets are the same in several forms, and some are parts of others' names.
    looked: dict[tuple[bytes, bool], bool] = {}
    for secret in secrets:
        for form, needle in forms(secret):
            what = (needle, secret.number)
            if what not in looked:
                looked[what] = any(_holds(part, needle, secret) for part in parts)
            if looked[what]:
                found.add(Trace(secret.label, form, where))
    return found


def forms(secret: Secret) -> Iterator[tuple[str, bytes]]:
    """How a secret may be written: each form with its bytes, ASCII in small letters."""
    # Letters beyond ASCII keep their case in `bytes.lower`, so both are looked for.
    for text in dict.fromkeys((secret.value, secret.value.lower(), secret.value.upper())):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
            yield encoding, text.encode(encoding, "ignore").lower()
        yield "json", json.dumps(text)[1:-1].lower().encode()
        yield "percent", quote(text).lower().encode()
    for encoding in ("utf-8", "utf-16-le"):
        plain = secret.value.encode(encoding)
        yield f"hex of {encoding}", plain.hex().encode()
        for shift in range(3):
            yield f"base64 of {encoding}", _inside_base64(plain, shift)
    if secret.number:
        number = int(secret.value)
        yield "binary", number.to_bytes((number.bit_length() + 7) // 8, "big")


def _inside_base64(plain: bytes, shift: int) -> bytes:
    """The signs that `plain` becomes in base64, wherever it stands: those of it alone."""
    whole = base64.b64encode(bytes(shift) + plain)
    first = 0 if shift == 0 else shift + 1
    last = len(whole) - 4 if (shift + len(plain)) % 3 else len(whole)
    return whole[first:last].lower()


def _holds(data: bytes, needle: bytes, secret: Secret) -> bool:
    if not needle:
        return False
    if not secret.number or not needle.isdigit():
        return needle in data
    return needle in data and re.search(rb"(?<!\d)" + needle + rb"(?!\d)", data) is not None
