"""What the buttons of the form do to it, besides saving: another condition, another language. Pure.

A button is called `do`; its value names the act, and behind a colon what it is done to.
"""

from collections.abc import Sequence

from campaigns.audience.builder import to_rows
from campaigns.audience.fields import FIELDS, SAVED, Field
from campaigns.audience.language import AudienceError, parse
from console.editor.fields import Fields, following
from console.editor.filling import row_fields
from console.editor.form import AS_ROWS, AS_TEXT, audience_of, languages_of, rows_of
from locales.languages import FALLBACK, language_of

MOST_ROWS = 20
MOST_LANGUAGES = 12
MOST_BUTTONS = 8

AUDIENCE = ("rows", "row_add", "row_remove", "as_text", "as_rows")
WORDS = ("language_add", "language_remove", "button_add", "button_remove", "words")
"""Acts by the part of the page that they change."""


def changed(fields: Fields, act: str, on: str) -> Fields:
    """The form after an act; an act that is none, or on nothing, leaves it as it is."""
    match act:
        case "rows":
            return tidied(fields)
        case "row_add" if len(fields.numbers("row")) < MOST_ROWS:
            number = following(fields.numbers("row"))
            asked = fields.one("row_new")
            known = asked if asked in FIELDS or asked == SAVED else Field.REGION.value
            return tidied(fields).added([("row", number), (f"row.{number}.field", known)])
        case "row_remove":
            return tidied(fields.less("row", on).without(f"row.{on}."))
        case "as_text":
            text, _faults = audience_of(fields)
            return fields.put({"audience": text, "audience_as": AS_TEXT})
        case "as_rows":
            return _as_rows(fields)
        case "language_add":
            code = fields.one("language_new")
            there = languages_of(fields)
            if language_of(code) is None or code in there or len(there) >= MOST_LANGUAGES:
                return fields
            return fields.added([("language", code)])
        case "language_remove" if on != FALLBACK:
            return fields.less("language", on).without(f"c.{on}.")
        case "button_add" if on in languages_of(fields):
            name = f"c.{on}.button"
            if len(fields.numbers(name)) >= MOST_BUTTONS:
                return fields
            return fields.added([(name, following(fields.numbers(name)))])
        case "button_remove":
            name, _dot, number = on.rpartition(".")
            return fields.less(name, number).without(f"{name}.{number}.")
        case _:
            return fields


def tidied(fields: Fields) -> Fields:
    """What was added to a condition by its second field stands among its values."""
    for number in fields.numbers("row"):
        name = f"row.{number}"
        if not fields.has(f"{name}.more"):
            continue
        read = rows_of(_alone(fields, number))
        if read.faults or not read.rows.rows:
            continue
        kept = fields.without(f"{name}.more", f"{name}.value", f"{name}.sign")
        values = [pair for pair in row_fields(read.rows) if pair[0].startswith("row.0.")]
        fields = kept.added(
            (f"{name}.{field.removeprefix('row.0.')}", value)
            for field, value in values
            if field in ("row.0.value", "row.0.sign")
        )
    return fields


def _alone(fields: Fields, number: str) -> Fields:
    """One condition of a form, as a form of its own."""
    name = f"row.{number}."
    return Fields([("row", number), *(pair for pair in fields if pair[0].startswith(name))])


def _as_rows(fields: Fields) -> Fields:
    """The conditions of a text; as it is when it has none, which the page says."""
    text = fields.one("audience")
    if not text.strip():
        return _without_rows(fields).put({"audience_as": AS_ROWS})
    try:
        rows = to_rows(parse(text))
    except AudienceError:
        return fields
    if rows is None:
        return fields
    return _without_rows(fields).put({"audience_as": AS_ROWS}).added(row_fields(rows))


def _without_rows(fields: Fields) -> Fields:
    named: Sequence[str] = [f"row.{number}." for number in fields.numbers("row")]
    return fields.without("row", "match", *named)


def shows_as_rows(text: str) -> bool:
    """Whether an expression can be shown as conditions."""
    try:
        return to_rows(parse(text)) is not None
    except AudienceError:
        return False
