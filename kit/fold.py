"""One way of reading what people type: case, accents and ornaments never matter."""

import re
import unicodedata

# The apostrophe and the saltillo of Oaxaca's alphabets count as letters for Unicode, but people
# type any of them or none. Barred letters have no decomposition.
_LOOKALIKES = str.maketrans(
    {"\ua78c": " ", "\ua78b": " ", "ʼ": " ", "ʻ": " ", "ˀ": " ", "ɨ": "i", "ø": "o", "ł": "l"}
)
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Text as words are matched: lower case, no accents, one space between words.

    ñ becomes n; control characters, zero-width and direction marks vanish (tabs and line ends
    count as spaces); punctuation, symbols and emoji become a space. Compatibility forms (full
    width, bold mathematical letters) are read as plain ones. Never raises, and folding twice
    changes nothing. Time grows with the length of the text and no faster.
    """
    if _COMMON.fullmatch(text):
        return " ".join(text.translate(_FOLDED).split())
    return " ".join(_spread(text).split())


def _spread(text: str) -> str:
    """Folded, with spaces wherever something was that is no word."""
    # Marks go before the first normalisation: sorting a run of 100,000 of them is quadratic.
    plain = unicodedata.normalize("NFKD", _dropped(text))
    plain = unicodedata.normalize("NFKD", _dropped(plain).casefold())
    plain = unicodedata.normalize("NFKC", _dropped(plain).translate(_LOOKALIKES))
    return _NOT_WORD.sub(" ", plain)


def _dropped(text: str) -> str:
    """Without marks and invisible characters."""
    return text.translate(_PLAIN)


def _replacement(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in ("Mn", "Me", "Cc", "Cf", "Cs", "Co", "Cn"):
        return ""
    return char


class _Plain(dict[int, str]):
    """What stands for each character. Those of the alphabets that people write here are worked out
    once; of the others nothing is kept, so that no sender can fill the memory with them."""

    def __missing__(self, code: int) -> str:
        return _replacement(chr(code))


_PLAIN = _Plain({code: _replacement(chr(code)) for code in range(0x370)})

_COMMON = re.compile(r"[\x00-\u036f]*")
_FOLDED = {code: _spread(chr(code)) for code in range(0x370)}
"""The characters of these alphabets fold each alone: what people write here takes one pass."""
