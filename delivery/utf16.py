"""Lengths and cuts in UTF-16 units, in which Telegram counts the places of entities."""

from itertools import accumulate

_LAST_OF_ONE_UNIT = "\uffff"


def length(text: str) -> int:
    """How many units a text has."""
    return len(_encoded(text)) // 2


def cut(text: str, start: int, end: int) -> str:
    """What stands from one unit up to another."""
    return _encoded(text)[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def places(text: str) -> list[int]:
    """The unit at which each sign begins, and at last the length."""
    widths = (2 if sign > _LAST_OF_ONE_UNIT else 1 for sign in text)
    return list(accumulate(widths, initial=0))


def _encoded(text: str) -> bytes:
    # Half a pair cannot be sent, but it must not break whoever counts.
    return text.encode("utf-16-le", "surrogatepass")
