"""Codes of posters: short, safe to read aloud and to type, never a folio and never a word. Pure."""

from collections.abc import Callable

from kit.fold import fold
from kit.ids import ALPHABET, HEARD_AS

LENGTH = 5
"""One less than a folio, so that neither is ever taken for the other."""

LETTERS = "".join(sign for sign in ALPHABET if sign.isalpha())
"""A code begins with one: no number that people send is a code."""

LONGEST = 64
"""Signs of what may be read as a code; Telegram's links carry no more (core.telegram.org/bots)."""


def new_code(pick: Callable[[int], int]) -> str:
    """A code of four random signs and a check sign; `pick(n)` gives a number below n."""
    body = LETTERS[pick(len(LETTERS))]
    body += "".join(ALPHABET[pick(len(ALPHABET))] for _ in range(LENGTH - 2))
    return body + _check(body)


def read_code(text: str) -> str | None:
    """The code that somebody typed or a link brought, or None when it cannot be one.

    Case, spaces and dashes do not matter and signs that sound alike are taken for each other.
    Whether there is such a poster only the store knows.
    """
    if len(text) > LONGEST:
        return None
    signs = fold(text).replace(" ", "").upper().translate(HEARD_AS)
    if len(signs) != LENGTH or signs[0] not in LETTERS:
        return None
    if any(sign not in ALPHABET for sign in signs):
        return None
    return signs if _check(signs[:-1]) == signs[-1] else None


def _check(body: str) -> str:
    """As a folio's: a prime alphabet finds every wrong sign and every swap of two neighbours."""
    total = sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body))
    return ALPHABET[-total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)]
