"""The audience language: `topic:fraud and (region:mixteca or origin:20399) and not state:CA`.

    expression = both { "or" both }
    both       = one { "and" one }
    one        = "not" one | "(" expression ")" | field ":" value | "saved" ":" name
    value      = a word | text in double quotes

Capital letters do not matter. Every error says at which sign it is, counted from 1, and what was
expected there.
"""

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from campaigns.audience.fields import FIELDS, SAVED, Field, FieldError, read_saved, read_value
from campaigns.written.quoting import shown
from kit.errors import Invalid
from locales.text import Phrase, _

MOST_SIGNS = 4_000
MOST_TERMS = 200
MOST_DEPTH = 50
SPARE = 2
"""Terms, and brackets, that a frozen expression may have more: the window of a series."""


@dataclass(frozen=True, slots=True)
class Term:
    """A field has a value, in the form in which the tables hold it.

    `position` is where the value stands in what was written, from 1: for errors alone.
    """

    field: Field
    value: str
    position: int = dataclasses.field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Saved:
    """Whatever a saved audience says when it is looked up: see `campaigns.audience.audiences`."""

    name: str
    position: int = dataclasses.field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody of whom the part is not known to hold, so also those of whom nothing is known."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple["Expression", ...]


Expression = Term | Saved | Not | And | Or


class AudienceError(Invalid):
    """The expression cannot be read. `position` is a sign of it, from 1; `reason` says what was
    expected there."""

    code = "audience"

    def __init__(self, position: int, reason: Phrase) -> None:
        super().__init__(_("campaigns.audience.at"), position=position, reason=reason)
        self.position = position
        self.reason = reason


def parse(text: str, *, frozen: bool = False) -> Expression:
    """Read an expression; raises AudienceError and nothing else. One that was `frozen` was measured
    when it was written: a series has put its window around it since."""
    if len(text) > MOST_SIGNS and not frozen:
        raise AudienceError(
            MOST_SIGNS + 1, Phrase(_("campaigns.audience.too_long"), {"most": MOST_SIGNS})
        )
    return _Parser(text, spare=SPARE if frozen else 0).whole()


def written(expression: Expression) -> str:
    """An expression that was read, in the words of the language: `parse` gives the same back."""
    match expression:
        case Term(field, value):
            return f"{field}:{value}" if _WORD.fullmatch(value) else f'{field}:"{value}"'
        case Saved(name):
            return f"{SAVED}:{name}"
        case Not(part):
            return f"not {_enclosed(part)}"
        case And(parts):
            return " and ".join(_enclosed(part) for part in parts)
        case Or(parts):
            return " or ".join(
                written(part) if isinstance(part, And) else _enclosed(part) for part in parts
            )


def _enclosed(part: Expression) -> str:
    return f"({written(part)})" if isinstance(part, And | Or) else written(part)


def leaves(expression: Expression) -> Iterator[Term | Saved]:
    """Every term and every saved audience of an expression, in order."""
    match expression:
        case Term() | Saved():
            yield expression
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for one in parts:
                yield from leaves(one)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


_TOKENS = re.compile(
    r'(?P<blank>\s+)|(?P<open>\()|(?P<close>\))|(?P<colon>:)|"(?P<quoted>[^"]*)"|(?P<stray>")'
    r'|(?P<word>[^\s():"]+)'
)
_WORD = re.compile(r'[^\s():"]+')
_END = "end"
_WORDS = frozenset({"and", "or", "not"})

_EXPECTED_TERM = Phrase(_("campaigns.audience.expected.term"))
_EXPECTED_JOIN = Phrase(_("campaigns.audience.expected.join"))
_EXPECTED_CLOSE = Phrase(_("campaigns.audience.expected.close"))
_EXPECTED_COLON = Phrase(_("campaigns.audience.expected.colon"))
_EXPECTED_VALUE = Phrase(_("campaigns.audience.expected.value"))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKENS.finditer(text):
        kind = str(match.lastgroup)
        position = match.start() + 1
        if kind == "stray":
            raise AudienceError(position, Phrase(_("campaigns.audience.unclosed_quote")))
        said = match.group(kind)
        if kind == "word" and said.lower() in _WORDS:
            kind = said.lower()
        if kind != "blank":
            found.append(_Token(kind, said, position))
    found.append(_Token(_END, "", len(text) + 1))
    return found


class _Parser:
    """Recursive descent, one method for each rule of the grammar."""

    def __init__(self, text: str, spare: int = 0) -> None:
        self._tokens = _tokens(text)
        self._spare = spare
        self._at = 0
        self._terms = 0
        self._depth = 0

    def whole(self) -> Expression:
        if self._next.kind == _END:
            raise AudienceError(1, Phrase(_("campaigns.audience.empty")))
        expression = self._either()
        if self._next.kind != _END:
            self._unexpected(_EXPECTED_JOIN)
        return expression

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _either(self) -> Expression:
        parts = self._joined("or", self._both)
        return parts[0] if len(parts) == 1 else Or(parts)

    def _both(self) -> Expression:
        parts = self._joined("and", self._one)
        return parts[0] if len(parts) == 1 else And(parts)

    def _joined(self, word: str, part: Callable[[], Expression]) -> tuple[Expression, ...]:
        parts = [part()]
        while self._next.kind == word:
            self._take()
            parts.append(part())
        return tuple(parts)

    def _one(self) -> Expression:
        if self._next.kind not in ("not", "open"):
            return self._term()
        opening = self._take()
        self._depth += 1
        if self._depth > MOST_DEPTH + self._spare:
            raise AudienceError(
                opening.position, Phrase(_("campaigns.audience.too_deep"), {"most": MOST_DEPTH})
            )
        inner: Expression
        if opening.kind == "not":
            inner = Not(self._one())
        else:
            inner = self._either()
            if self._next.kind != "close":
                self._unexpected(_EXPECTED_CLOSE)
            self._take()
        self._depth -= 1
        return inner

    def _term(self) -> Term | Saved:
        if self._next.kind != "word":
            self._unexpected(_EXPECTED_TERM)
        name = self._take()
        field = self._field(name)
        if self._next.kind != "colon":
            self._unexpected(_EXPECTED_COLON)
        self._take()
        if self._next.kind not in ("word", "quoted", *_WORDS):
            self._unexpected(_EXPECTED_VALUE)
        value = self._take()
        self._terms += 1
        if self._terms > MOST_TERMS + self._spare:
            raise AudienceError(
                name.position, Phrase(_("campaigns.audience.too_many"), {"most": MOST_TERMS})
            )
        try:
            if field is None:
                return Saved(read_saved(value.text), value.position)
            return Term(field, read_value(field, value.text), value.position)
        except FieldError as error:
            raise AudienceError(value.position, error.reason) from None

    def _field(self, name: _Token) -> Field | None:
        """The field that a word names; None when a saved audience stands in its place."""
        said = name.text.lower()
        if said == SAVED:
            return None
        field = FIELDS.get(said)
        if field is None:
            params = {"found": shown(name.text), "fields": ", ".join((*FIELDS, SAVED))}
            reason = Phrase(_("campaigns.audience.unknown_field"), params)
            raise AudienceError(name.position, reason)
        return field

    def _unexpected(self, expected: Phrase) -> NoReturn:
        token = self._next
        if token.kind == _END:
            reason = Phrase(_("campaigns.audience.ended"), {"expected": expected})
        else:
            found = {"found": shown(token.text), "expected": expected}
            reason = Phrase(_("campaigns.audience.unexpected"), found)
        raise AudienceError(token.position, reason)
