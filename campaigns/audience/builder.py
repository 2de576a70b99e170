"""An audience as rows that a person fills in, and back: "all of these" or "any of these".

A row asks one thing about one field: that it is one of some values, or none of them. An expression
and the one that its rows say select the same people; what is nested deeper is no rows, and stays
the text that it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.audience.fields import FIELDS, SAVED, FieldError, read_saved, read_value
from campaigns.audience.language import (
    MOST_SIGNS,
    And,
    AudienceError,
    Expression,
    Not,
    Or,
    Saved,
    Term,
    parse,
    written,
)
from locales.text import Phrase


class Match(StrEnum):
    """How many of the rows must hold."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Row:
    """`field`, a name of the audience language or `saved`, is one of `values`; `negated`: it is
    not known to be any of them."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """What an audience asks."""

    match: Match = Match.ALL
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """Rows as somebody filled them in: what can be used of them, and by the number of its row, from
    0, why the others cannot."""

    rows: Rows
    faults: Mapping[int, Phrase] = field(default_factory=dict)


def to_rows(expression: Expression) -> Rows | None:
    """The rows that select the same people, or None when no rows do.

    They are canonical: the rows of what `to_expression` says of them are they themselves.
    """
    match _plain(expression, negated=False):
        case Or(parts):
            rows = _rows(Match.ANY, parts)
        case And(parts):
            rows = _rows(Match.ALL, parts)
        case one:
            rows = _rows(Match.ALL, (one,))
    # A `not` before a bracket that is said of each of its parts takes more signs.
    return None if rows is None or len(to_expression(rows)) > MOST_SIGNS else rows


def to_expression(rows: Rows) -> str:
    """What rows say in the audience language; "" when they ask nothing. Their values are as
    `read_rows` and `to_rows` give them."""
    joined = And if rows.match is Match.ALL else Or
    said = tuple(_flat(joined, (_said(row) for row in rows.rows if row.values)))
    if not said:
        return ""
    return written(said[0] if len(said) == 1 else joined(said))


def read_rows(typed: Rows) -> Typed:
    """Rows with their values as the audience language writes them. One without a value asks
    nothing; one with a value that its field does not have is told."""
    kept: list[Row] = []
    faults: dict[int, Phrase] = {}
    for number, row in enumerate(typed.rows):
        try:
            values = tuple(_read(row.field, value) for value in row.values if value.strip())
        except FieldError as error:
            faults[number] = error.reason
            continue
        if values:
            kept.append(Row(row.field, tuple(dict.fromkeys(values)), row.negated))
    return Typed(_canonical(Rows(typed.match, tuple(kept))), faults)


def _read(name: str, value: str) -> str:
    return read_saved(value) if name == SAVED else read_value(FIELDS[name], value)


def _canonical(rows: Rows) -> Rows:
    try:
        return to_rows(parse(to_expression(rows))) or rows
    except AudienceError:
        # Nothing, or too much: whoever uses the expression is told.
        return rows


def _plain(expression: Expression, *, negated: bool) -> Expression:
    """The same, with every `not` before a single term and nothing inside of its own kind."""
    match expression:
        case Term() | Saved():
            return Not(expression) if negated else expression
        case Not(part):
            return _plain(part, negated=not negated)
        case And(parts) | Or(parts):
            joined = And if isinstance(expression, And) is not negated else Or
            return joined(tuple(_flat(joined, (_plain(part, negated=negated) for part in parts))))


def _flat(joined: type[And | Or], parts: Iterable[Expression]) -> Iterator[Expression]:
    for part in parts:
        if isinstance(part, And | Or) and isinstance(part, joined):
            yield from part.parts
        else:
            yield part


def _rows(match: Match, parts: Iterable[Expression]) -> Rows | None:
    """Each part as a row. Where all must hold, what must not be of one field is one row; where any
    suffices, what may be."""
    found: list[Row] = []
    places: dict[str, int] = {}
    for part in parts:
        row = _row(part)
        if row is None:
            return None
        # A row of several values that was read from one part stands for itself, else it is merged.
        merges = row.negated is (match is Match.ALL)
        if merges and row.field in places:
            place = places[row.field]
            both = (*found[place].values, *row.values)
            found[place] = Row(row.field, tuple(dict.fromkeys(both)), row.negated)
            continue
        if row in found:
            continue
        if merges:
            places[row.field] = len(found)
        found.append(row)
    if len(found) == 1:
        match = Match.ALL
    return Rows(match, tuple(found))


def _row(part: Expression) -> Row | None:
    """One term, several of one field of which one must hold, or several of which none may."""
    match part:
        case Term() | Saved():
            return Row(*_asked(part))
        case Not(Term() | Saved() as one):
            return Row(*_asked(one), negated=True)
        case Or(parts):
            inner = _rows(Match.ANY, parts)
        case And(parts):
            inner = _rows(Match.ALL, parts)
        case _:
            return None
    if inner is None or len(inner.rows) > 1 or inner.rows[0].negated is isinstance(part, Or):
        return None
    return inner.rows[0]


def _asked(one: Term | Saved) -> tuple[str, tuple[str]]:
    if isinstance(one, Saved):
        return SAVED, (one.name,)
    return one.field.value, (one.value,)


def _said(row: Row) -> Expression:
    terms: tuple[Term | Saved, ...] = tuple(
        Saved(value) if row.field == SAVED else Term(FIELDS[row.field], value)
        for value in row.values
    )
    if row.negated:
        return Not(terms[0]) if len(terms) == 1 else And(tuple(map(Not, terms)))
    return terms[0] if len(terms) == 1 else Or(terms)
