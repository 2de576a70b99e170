"""Folios: short public codes of cases, safe to read aloud over a bad line."""

from collections.abc import Callable

from kit.fold import fold

# 23 signs, a prime number, so that the check sign below finds every single wrong sign and every
# swap of two neighbours. No vowels (no words, good or bad); one sign only of each group that
# sounds or looks alike in Spanish: V for B, C for S and Z, J for G, no I L O 0 1, M without N.
ALPHABET = "23456789CDFHJKMPQRTVWXY"
HEARD_AS = str.maketrans({"B": "V", "S": "C", "Z": "C", "G": "J", "N": "M"})
LENGTH = 6


def new_folio(pick: Callable[[int], int]) -> str:
    """A folio of five random signs and a check sign; `pick(n)` gives a number below n.

    Give `secrets.randbelow`: a folio must not be guessable from another.
    """
    body = "".join(ALPHABET[pick(len(ALPHABET))] for _ in range(LENGTH - 1))
    return body + _check(body)


def read_folio(text: str) -> str | None:
    """The folio that somebody typed or heard, or None when it cannot be one.

    Case, spaces and dashes do not matter and signs that sound alike are taken for each other.
    """
    signs = fold(text).replace(" ", "").upper().translate(HEARD_AS)
    if len(signs) != LENGTH or any(sign not in ALPHABET for sign in signs):
        return None
    return signs if _check(signs[:-1]) == signs[-1] else None


def _check(body: str) -> str:
    total = sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body))
    return ALPHABET[-total * pow(LENGTH, -1, len(ALPHABET)) % len(ALPHABET)]
