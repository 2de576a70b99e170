"""Asking, and reading an answer: a button, a number, or SI and NO."""

from collections.abc import Mapping, Sequence

from bot.flows.model import Input, Question, Say, Turn, View
from delivery.content import Option, Params
from delivery.model import Lane
from kit.fold import fold
from locales.text import Text

YES = frozenset({"si", "sii", "simon", "claro", "acepto", "de acuerdo", "yes", "ok", "okey", "y"})
NO = frozenset({"no", "nop", "nel", "ahora no", "not now", "no gracias", "no thanks"})


def say(view: View, text: Text, params: Params | None = None, lane: Lane = Lane.REPLY) -> Say:
    """A reply without options."""
    del view
    return Say(text, params or {}, lane=lane)


def ask(
    view: View,
    name: str,
    text: Text,
    options: Sequence[Option] = (),
    params: Params | None = None,
    *,
    data: Mapping[str, str] | None = None,
    misses: int = 0,
    columns: int = 1,
    lane: Lane = Lane.REPLY,
    ask_location: Text | None = None,
) -> Turn:
    """Say something and wait for its answer."""
    reply = Say(text, params or {}, tuple(options), columns, lane, ask_location=ask_location)
    asked = Question(
        name,
        view.now,
        tuple(option.value for option in options),
        data or {},
        misses,
        tuple(fold(option.label_in(view.language, terse=view.terse)) for option in options),
    )
    return Turn((reply,), question=asked)


def chosen(question: Question | None, given: Input) -> str:
    """The action of a button, or of the number or the label that was typed; else empty."""
    if given.choice:
        return given.choice
    if question is None:
        return ""
    # The whole message: "2 hombres me siguen" is no answer.
    number = fold(given.text)
    if number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= len(question.options):
        return question.options[int(number[:3]) - 1]
    if number in question.labels:
        return question.options[question.labels.index(number)]
    return ""


def read_yes(text: str) -> tuple[bool | None, str]:
    """Whether an answer says yes or no, and what follows: "SI TLAXIACO" is (True, "TLAXIACO").

    A question ("si acepto, ¿quién ve mis datos?") is neither.
    """
    if "?" in text or "¿" in text:
        return None, ""
    words = text.replace(",", " ").replace(".", " ").split(maxsplit=1)
    whole, first = fold(text), fold(words[0]) if words else ""
    if whole in NO or first == "no":
        return False, ""
    if whole in YES:
        return True, ""
    if first in YES:
        return True, words[1].strip() if len(words) > 1 else ""
    return None, ""
