"""Where a text may be cut without tearing what a reader takes for one sign.

The rules for extended grapheme clusters of Unicode (UAX #29), as far as the tables of Python reach:
of the marks that stand in front of a sign (Prepend) and of the conjuncts of Indic scripts it knows
nothing.
"""

from bisect import bisect_right
from unicodedata import category

_JOINER = "\u200d"
_HANGUL = (
    (0x1100, "L"),
    (0x1160, "V"),
    (0x11A8, "T"),
    (0x1200, ""),
    (0xA960, "L"),
    (0xA980, ""),
    (0xAC00, "S"),
    (0xD7A4, ""),
    (0xD7B0, "V"),
    (0xD7CB, "T"),
    (0xD800, ""),
)
"""Where each kind of a Hangul sign begins: leading, vowel, trailing, whole syllable, none."""

_STARTS = [start for start, _kind in _HANGUL]
_FOLLOWERS = {"L": "LVXY", "V": "VT", "X": "VT", "T": "T", "Y": "T", "": ""}


def may_cut(text: str, at: int) -> bool:
    """Whether the text may be cut in front of the sign at `at`."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if category(before) in ("Cc", "Zl", "Zp") or category(after) in ("Cc", "Zl", "Zp"):
        return True
    if before == _JOINER or _extends(after):
        return False
    if _is_regional(before) and _is_regional(after):
        return _flags_before(text, at) % 2 == 0
    following = _hangul(after)
    return not following or following not in _FOLLOWERS[_hangul(before)]


def _extends(sign: str) -> bool:
    """Whether a sign belongs to the one before it: a mark, a joiner, a colour of skin, a tag."""
    return (
        category(sign) in ("Mn", "Me", "Mc")
        or sign in "\u200c\u200d\uff9e\uff9f"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )


def _is_regional(sign: str) -> bool:
    """Whether it is one of the two letters of a flag."""
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _is_regional(text[start - 1]):
        start -= 1
    return at - start


def _hangul(sign: str) -> str:
    """L, V or T for a part of a syllable, X for a syllable without a trailing part, Y for one with,
    "" for anything else."""
    code = ord(sign)
    place = bisect_right(_STARTS, code)
    kind = _HANGUL[place - 1][1] if place else ""
    if kind != "S":
        return kind
    return "X" if (code - 0xAC00) % 28 == 0 else "Y"
