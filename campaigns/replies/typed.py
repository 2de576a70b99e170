"""What somebody types to a poll by SMS: which of its answers it is, if it is one for certain.

A number, the words of an answer, or a plain yes or no, with courtesy around it at most. Whoever
says more than that is read by a person. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kit.fold import fold

MOST_SIGNS = 200
"""A longer text is no answer: a label has 64 signs, and courtesy few words."""

_NUMBERS = {
    spelt: number
    for number, words in enumerate(("uno one", "dos two", "tres three", "cuatro four"), 1)
    for spelt in words.split()
}
_DIGITS = re.compile(r"[0-9]{1,2}", re.ASCII)
_YES = re.compile(r"s+i+|sip|claro|claro que si|si claro|por supuesto|simon|y+e+s+|ye(?:ah|a|p)")
_NO = re.compile(r"n+o+|nop|nope|nel")
_YES_LABELS, _NO_LABELS = frozenset({"si", "yes"}), frozenset({"no"})

_GREETINGS = (
    "hola|buenos dias|buen dia|buenas tardes|buenas noches|buenas(?! tardes| noches)|hello|hi"
    "|good morning|good afternoon|good evening|saludos|que tal"
)
_COURTESY = "por favor|porfavor|porfa|please|muchas gracias|gracias|thank you|thanks|thx"
_LEADS_IN = (
    "mi respuesta|respuesta|respondo|contesto|escojo|elijo|prefiero|creo que|es|la|el|el numero"
    "|numero|la opcion|opcion|my answer|answer|i choose|is|the|option|number"
)
_BEFORE = re.compile(rf"^(?:{_GREETINGS}|{_COURTESY}|{_LEADS_IN}) ")
_AFTER = re.compile(rf" (?:{_GREETINGS}|{_COURTESY}|senor|senora|senorita|sir|madam)$")
_ARTICLE = re.compile(r"^(?:el|la|los|las|un|una|the|a) ")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the bot has offered at `at`: it goes before a poll that was asked earlier. When it is
    the poll of a poster, whose, and its answers. `is_answered`: the words are one of its numbers.
    """

    at: datetime
    campaign_id: int | None = None
    labels: tuple[str, ...] = ()
    is_answered: bool = False


def form_of(label: str) -> str:
    """An answer as it is kept; one of signs alone ("👍") is itself."""
    return fold(label) or "".join(label.split())


def name_of(label: str) -> str:
    """An answer as answers are told apart: "La feria" and "Feria" are one."""
    return _without_article(form_of(label))


def may_answer(said: str) -> bool:
    """Whether it is worth asking for the poll."""
    return 0 < len(said.strip()) <= MOST_SIGNS


def answer_of(said: str, labels: Sequence[str]) -> int | None:
    """The number of the one answer, from 1, that a whole message is for certain."""
    # "¿Sí?" and "2?" ask back, unless an answer is a question itself.
    if not may_answer(said) or (_asks(said) and not any(map(_asks, labels))):
        return None
    forms = [form_of(label) for label in labels]
    for words in _bared(form_of(said)):
        meant = _meant(words, forms)
        if meant:
            return meant.pop() if len(meant) == 1 else None
    return None


def number_of(said: str) -> int | None:
    """The number that a whole message is, whether or not a poll has so many: 0 to 99."""
    if not may_answer(said) or _asks(said):
        return None
    found = (_number(words) for words in _bared(fold(said)))
    return next((number for number in found if number is not None), None)


def says_yes_or_no(said: str) -> bool:
    """Whether it is a plain yes or no, which any question may be answered with."""
    return may_answer(said) and any(_is_plain(words) for words in _bared(fold(said)))


def _asks(text: str) -> bool:
    return "?" in text or "¿" in text


def _meant(words: str, forms: Sequence[str]) -> set[int]:
    """All answers that these words may be."""
    meant, number = _named(words, forms), _number(words)
    if number is not None and 1 <= number <= len(forms):
        meant.add(number)
    if meant:
        return meant
    # "1 si" and "no, 2": both have to say the same.
    first, _blank, after = words.partition(" ")
    before, _blank, last = words.rpartition(" ")
    for digits, name in ((first, after), (last, before)):
        number = _number(digits)
        if number is not None and number in _named(name, forms):
            return {number}
    return set()


def _named(words: str, forms: Sequence[str]) -> set[int]:
    """The answers that have this name, or are a yes or a no as these words are."""
    bare = _without_article(words)
    named = {n for n, form in enumerate(forms, 1) if form and bare == _without_article(form)}
    if named or not _is_plain(words):
        return named
    kind = _YES_LABELS if _YES.fullmatch(words) else _NO_LABELS
    return {n for n, form in enumerate(forms, 1) if form in kind}


def _without_article(words: str) -> str:
    return _ARTICLE.sub("", words, count=1)


def _is_plain(words: str) -> bool:
    return _YES.fullmatch(words) is not None or _NO.fullmatch(words) is not None


def _number(words: str) -> int | None:
    if words in _NUMBERS:
        return _NUMBERS[words]
    return int(words) if _DIGITS.fullmatch(words) else None


def _bared(words: str) -> Iterator[str]:
    """The words as they are, then with less and less courtesy around them; a word said again and
    again ("si si si") once."""
    while True:
        yield words
        once = set(words.split())
        if len(once) == 1 and words not in once:
            words = once.pop()
            continue
        # What follows first: "la feria, gracias" has to leave "la feria".
        words, before = _AFTER.sub("", words), words
        if words == before:
            words = _BEFORE.sub("", words)
        if words == before:
            return
