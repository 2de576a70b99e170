"""A yes or a no to «may we write to you here? 1 SI, 2 NO», as people really send it."""

import re

from kit.fold import fold


def _set(phrases: str) -> frozenset[str]:
    return frozenset(phrases.split("|"))


_YES = _set(
    "1|si|yes|sip|simon|uno|1 si|si 1|1 yes|yes 1|1 1|11|si si|si claro|claro que si|si por favor"
    "|si porfavor|si gracias|yes please|si pueden|si puede|opcion 1|la 1|1 por favor|si escriban"
    "|si escribanme|si me pueden escribir|si pueden escribirme|si me escriben"
)
_NO = _set(
    "2|no|nop|nope|nel|dos|2 no|no 2|2 2|22|no no|no no no|no gracias|no por favor|no porfavor"
    "|por favor no|no thanks|no please|please no|opcion 2|la 2|2 por favor|mejor no|ahora no"
    "|no ahora|no ahorita|ahorita no|not now|no pueden|no puede"
)
_YES_WORD, _NO_WORD = frozenset({"1", "si", "yes"}), frozenset({"2", "no"})
# «2, mi esposo lo revisa»: the mark tells an answer from a count («2 hombres») or a story («no
# llega mi hijo»).
_FIRST_WORD_AND_MARK = re.compile(r"\W*(\w+)\s*(?:[.,;:!)/\n]|-|—)")
# What goes on after «1» or «2» without a mark when it is an answer.
_GOES_ON = _set(
    "si|no|mi|me|es|el|ella|estoy|por|porque|pero|pueden|puede|escriban|escribanme|aqui|yes"
    "|because|my|he|she|they|i|it|please"
)


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None when the text is neither for certain."""
    folded = fold(text)
    if folded in _YES or folded in _NO:
        return folded in _YES
    words = folded.split()
    first = words[0] if words else ""
    if first not in _YES_WORD | _NO_WORD:
        return None
    marked = _FIRST_WORD_AND_MARK.match(text)
    counted = first.isdigit() and words[1] in _GOES_ON
    if counted or (marked is not None and fold(marked[1]) == first):
        return first in _YES_WORD
    return None


def is_plain_answer(text: str) -> bool:
    """Whether a text says yes or no and nothing besides."""
    return fold(text) in _YES | _NO
