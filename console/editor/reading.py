"""A form read by the rules of the campaign file: a draft, or what is wrong beside each field.

Pure: what only the database can tell comes in `Outside`, and from the services later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from campaigns.audience.language import AudienceError
from campaigns.model import CampaignDraft
from campaigns.written import file
from campaigns.written.document import FileError
from campaigns.written.file import Outside
from console.editor.fields import Fields
from console.editor.form import AS_TEXT, audience_of, document_of, rows_of
from console.editor.lines import Place, lined
from console.editor.names import NAMES, SAID_HERE
from kit.errors import Problem
from locales.text import Phrase, _

WHOLE = ""
"""In place of a field: the form as a whole."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a field, and where in it: line and sign, both from 1, of what was typed."""

    phrase: Phrase
    line: int | None = None
    sign: int | None = None


Faults = Mapping[str, tuple[Fault, ...]]


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it was read: the draft that it says, or the faults by field."""

    draft: CampaignDraft | None
    faults: Faults = field(default_factory=dict)


def read(fields: Fields, now: datetime, outside: Outside) -> Read:
    """The draft of a form, or everything that is wrong with it. May take seconds for a long one:
    call it in a thread."""
    found = row_faults(fields)
    whole = lined(document_of(fields))
    result = file.read(whole.data, now, outside)
    if isinstance(result, CampaignDraft):
        return Read(None, found) if found else Read(result)
    audience, _rows = audience_of(fields)
    faults: dict[str, list[Fault]] = {name: list(told) for name, told in found.items()}
    for error in result:
        place = whole.place(error.line, error.column)
        if place.field == "audience" and found and not audience:
            # What is missing is what could not be read of the conditions.
            continue
        fault = _fault(error, place)
        told = faults.setdefault(_where(error, place), [])
        if fault not in told:
            told.append(fault)
    return Read(None, {name: tuple(told) for name, told in faults.items()})


def row_faults(fields: Fields) -> dict[str, tuple[Fault, ...]]:
    """What is wrong with the conditions of a form, by the name of each."""
    if fields.one("audience_as") == AS_TEXT:
        return {}
    marks = fields.numbers("row")
    faults = rows_of(fields).faults
    return {f"row.{marks[place]}": (Fault(reason),) for place, reason in faults.items()}


def refused(problem: Problem, fields: Fields) -> Faults:
    """What a service said of a draft, beside the field that it is about."""
    if isinstance(problem, AudienceError):
        sign = problem.position if fields.one("audience_as") == AS_TEXT else None
        key, params = problem.reason
        said = Phrase(SAID_HERE.get(key, key), params)
        return {"audience": (Fault(said, 1 if sign else None, sign),)}
    phrase = Phrase(SAID_HERE.get(problem.key, problem.key), problem.params)
    return {ABOUT.get(problem.key, WHOLE): (Fault(phrase),)}


ABOUT: Mapping[str, str] = {
    "campaigns.keyword_taken": "keyword",
    "campaigns.media.gone": "c.es.media",
}


def _where(error: FileError, place: Place) -> str:
    if error.key == _("campaigns.file.poll_differs"):
        return f"c.{error.params['language']}.poll.question"
    return place.field


def _fault(error: FileError, place: Place) -> Fault:
    """The sentence with the names that a form has for things."""
    params = dict(error.params)
    name = params.get("name")
    if isinstance(name, str) and name in NAMES:
        params["name"] = Phrase(NAMES[name])
    phrase = Phrase(SAID_HERE.get(error.key, error.key), params)
    return Fault(phrase, place.line, place.sign if place.line else None)
