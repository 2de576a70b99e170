"""In which of our languages a program wants to be answered."""

from console.page import LANGUAGES

MOST = 200
"""Signs of the header that are looked at."""


def preferred(accepted: str) -> str:
    """The best of `LANGUAGES` by an `Accept-Language` (RFC 9110, 12.5.4); Spanish for want of one.

    Never fails: what cannot be read counts as not said.
    """
    best, weight = LANGUAGES[0], 0.0
    for part in accepted[:MOST].split(","):
        name, _semicolon, rest = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        language = LANGUAGES[0] if language == "*" else language
        given = _weight(rest)
        if language in LANGUAGES and given > weight:
            best, weight = language, given
    return best


def _weight(written: str) -> float:
    name, _equals, value = written.strip().partition("=")
    if not name:
        return 1.0
    try:
        found = float(value)
    except ValueError:
        return 0.0
    return found if name.strip() == "q" and 0 <= found <= 1 else 0.0
