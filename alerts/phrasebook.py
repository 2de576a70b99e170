"""Lists of phrases that the staff can read, matched in the text of people in a hurry.

A phrase is a line of words: `a|b` one of them, `stem*` or `*ending` any such word, `a|b?` may be
absent, `!a|b` the next word is none of them, `..` up to three words of any kind and `...` up to
eight, `..!a|b` up to three but none of these, `^` and `$` the start and the end of the message. A
line that begins with `|` goes on with the one above. Spanish is matched by ear (biolar, enserrada,
kieren), English by spelling.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kit.fold import fold
from kit.spelling import sound

# How people shorten words when each message costs money, or when there is no time.
_SHORT_SPANISH = {
    "q": "que", "k": "que", "ke": "que", "qe": "que", "x": "por", "xq": "porque", "pq": "porque",
    "porq": "porque", "xk": "porque", "xfa": "por favor", "xfavor": "por favor",
    "porfavor": "por favor", "porfa": "por favor", "porfis": "por favor", "plis": "por favor",
    "pliz": "por favor", "toy": "estoy", "sta": "esta", "ta": "esta", "stan": "estan",
    "tamos": "estamos", "stamos": "estamos",
    "stoy": "estoy", "tngo": "tengo", "d": "de", "m": "me", "n": "en", "cel": "celular",
    "tel": "telefono", "poli": "policia", "polis": "policia", "ijo": "hijo", "ija": "hija",
    "djan": "dejan", "dja": "deja", "degan": "dejan", "dega": "deja", "tmb": "tambien",
    "nome": "no me",
}  # fmt: skip
_SHORT_ENGLISH = {
    "u": "you", "ur": "your", "r": "are", "im": "i m", "ive": "i ve", "theyre": "they re",
    "hes": "he s", "shes": "she s", "pls": "please", "plz": "please", "plis": "please",
    "helpme": "help me", "gonna": "going to", "wanna": "want to", "cannot": "cant",
}  # fmt: skip
# «won't», «wont» and «will not» are one word for whoever writes the phrases.
_CUT_IN_TWO = re.compile(
    r"\b(can|don|won|isn|aren|doesn|didn|hasn|haven|wasn|weren|wouldn|couldn|ain) t\b"
)
_NOT = re.compile(r"\b(do|is|are|does|did|has|have|was|were|would|could) not\b")
_IRREGULAR_NOT = ((re.compile(r"\bcan not\b"), "cant"), (re.compile(r"\bwill not\b"), "wont"))
_SIGNS = {"^": r"\A", "$": r"\Z", "..": r"(?:\S+ ){0,3}?", "...": r"(?:\S+ ){0,8}?"}
_SAME_WORD = re.compile(r"\n\s*(?=\|\S)")
_NEW_WORD = re.compile(r"\n\s*\| +")
_SOS_SIGN = "\U0001f198"


def with_signs_spelled(text: str) -> str:
    """The text with the SOS sign (an emoji, which folding removes) spelled as the word."""
    return text.replace(_SOS_SIGN, " SOS ")


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Phrases of one meaning, in both languages. Harmless phrases are struck out first."""

    _spanish: re.Pattern[str]
    _english: re.Pattern[str]
    _harmless_spanish: re.Pattern[str]
    _harmless_english: re.Pattern[str]

    @classmethod
    def of(
        cls,
        *,
        spanish: str = "",
        english: str = "",
        harmless_spanish: str = "",
        harmless_english: str = "",
    ) -> "PhraseBook":
        return cls(
            _compiled(spanish, by_ear=True),
            _compiled(english, by_ear=False),
            _compiled(harmless_spanish, by_ear=True),
            _compiled(harmless_english, by_ear=False),
        )

    def found_in(self, text: str) -> bool:
        """Whether the text, as it was written or already folded, holds one of the phrases."""
        words = fold(with_signs_spelled(text)).split()
        heard = self._harmless_spanish.sub("- ", _heard(words))
        if self._spanish.search(heard):
            return True
        read = self._harmless_english.sub("- ", _read(words))
        return self._english.search(read) is not None


def _heard(words: Iterable[str]) -> str:
    spelled_out = " ".join(_SHORT_SPANISH.get(word, word) for word in words).split()
    return _line(key for word in spelled_out if (key := sound(word)))


def _read(words: Iterable[str]) -> str:
    line = _line(_SHORT_ENGLISH.get(word, word) for word in words)
    for pattern, short in _IRREGULAR_NOT:
        line = pattern.sub(short, line)
    return _NOT.sub(r"\1nt", _CUT_IN_TWO.sub(r"\1t", line))


def _line(words: Iterable[str]) -> str:
    return "".join(f"{word} " for word in words)


def _compiled(phrases: str, *, by_ear: bool) -> re.Pattern[str]:
    lines = _NEW_WORD.sub(" ", _SAME_WORD.sub("", phrases)).splitlines()
    patterns = ["".join(_piece(word, by_ear) for word in line.split()) for line in lines]
    # An empty alternative would match everything, and none at all must match nothing.
    choices = "|".join(filter(None, patterns)) or "(?!)"
    return re.compile(rf"(?<!\S)(?:{choices})")


def _piece(token: str, by_ear: bool) -> str:
    """The pattern of one word of a phrase. In the matched text every word ends with a space."""
    if token in _SIGNS:
        return _SIGNS[token]
    if token.startswith("..!"):
        return f"(?:{_piece(token[2:], by_ear)}\\S+ ){{0,3}}?"
    choices = "|".join(_choice(word, by_ear) for word in token.strip("!?").split("|"))
    if token.startswith("!"):
        return f"(?!(?:{choices}) )"
    return f"(?:(?:{choices}) )?" if token.endswith("?") else f"(?:{choices}) "


def _choice(word: str, by_ear: bool) -> str:
    folded = fold(word.strip("*"))
    key = re.escape(sound(folded) if by_ear else folded)
    before, after = (r"\S*" if word[at] == "*" else "" for at in (0, -1))
    return f"{before}{key}{after}"
