"""How many SMS segments a text costs, and where it is cut.

A text whose signs all stand in the GSM-7 alphabet (3GPP TS 23.038) travels in septets: 160 in a
single segment, 153 in each of several. One sign outside it turns the whole text into UCS-2: 70
UTF-16 units alone, 67 in each of several. A sign of two units (the extension table of GSM-7, a
surrogate pair) is never cut in half, so a segment may stay one unit short.

An empty text has 0 units and 1 segment: a provider that sends it bills one, and a pacing that
counts segments must never divide by nothing. Whoever composes refuses empty texts.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Signs of one septet. The escape sign is no text: it is left out and forces UCS-2."""

GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Signs of two septets: an escape and a sign."""

GSM_7 = GSM_BASIC | GSM_EXTENSION

SIZES: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
"""Units that fit into a single segment, and into each of several."""

_LAST_OF_ONE_UNIT = "\uffff"

_STAND_INS = {
    **dict(zip("áíóúÁÍÓÚªº", "aiouAIOUao", strict=True)),
    **dict.fromkeys("“”„«»", '"'),
    # Among them the saltillo, which is written with an apostrophe where a keyboard lacks it.
    **dict.fromkeys("‘’‚´`ʼꞌ", "'"),
    **dict.fromkeys("‐‑‒–—―−•", "-"),
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    "…": "...",
}
_TO_GSM = str.maketrans(_STAND_INS)
"""Signs outside GSM-7 that a Spanish text is full of, and the nearest inside it."""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs. `units` are septets for GSM-7 and UTF-16 units for UCS-2.

    `blockers` are the signs that keep the text out of GSM-7, each once, in order of appearance.
    """

    encoding: Encoding
    units: int
    segments: int
    blockers: tuple[str, ...]


def measure(text: str) -> Segments:
    """The encoding, the units, the segments and the blockers of a text."""
    encoding = _encoding(text)
    units = _units(text, encoding)
    single, _ = SIZES[encoding]
    return Segments(
        encoding=encoding,
        units=units,
        segments=1 if units <= single else len(_cut(text, encoding)),
        blockers=()
        if encoding == "GSM-7"
        else tuple(dict.fromkeys(sign for sign in text if sign not in GSM_7)),
    )


def split(text: str) -> tuple[str, ...]:
    """The text of each segment; joined they are the text, and `("",)` for an empty one."""
    encoding = _encoding(text)
    single, _ = SIZES[encoding]
    return (text,) if _units(text, encoding) <= single else _cut(text, encoding)


def offer(text: str) -> str:
    """The text in signs of GSM-7 as far as there are near ones: é ñ ü ¿ ¡ stay, á í ó ú lose their
    accent, typographic quotes, dashes and dots become plain.

    Nothing is left out: what has no stand-in, an emoji or ë, stays and keeps the text out of GSM-7.
    A text of GSM-7 stays as it is.
    """
    if GSM_7.issuperset(text):
        return text
    return unicodedata.normalize("NFC", text).translate(_TO_GSM)


def _encoding(text: str) -> Encoding:
    return "GSM-7" if GSM_7.issuperset(text) else "UCS-2"


def _is_wide(sign: str, encoding: Encoding) -> bool:
    return sign in GSM_EXTENSION if encoding == "GSM-7" else sign > _LAST_OF_ONE_UNIT


def _units(text: str, encoding: Encoding) -> int:
    # Counted in C: a campaign measures one text per recipient.
    if encoding == "GSM-7":
        return len(text) + sum(text.count(sign) for sign in GSM_EXTENSION)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, encoding: Encoding) -> tuple[str, ...]:
    """Segments of at most the size of one among several."""
    _, size = SIZES[encoding]
    parts: list[str] = []
    start = used = 0
    for place, sign in enumerate(text):
        width = 2 if _is_wide(sign, encoding) else 1
        if used + width > size:
            parts.append(text[start:place])
            start, used = place, 0
        used += width
    parts.append(text[start:])
    return tuple(parts)
