"""What two forms of one campaign say differently: for who saves or approves after somebody else
did something to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from console.editor.fields import Fields
from console.editor.form import ON, audience_of, languages_of

WHEN = (
    "when", "at_day", "at_time", "zone", "every_count", "every_unit", "cron", "start_day",
    "end_day", "skip", "after_days", "after_time",
)  # fmt: skip
STALE = ("stale_n", "stale_unit")
COHORT = (
    "cohort_share", "cohort_wait_n", "cohort_wait_unit", "cohort_failures", "cohort_opt_outs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing, what it says for somebody else, and what it says here. `name` is one of
    `console.editor.names.NAMES`, `language` whose words it is, "" where it is of none."""

    name: str
    theirs: str
    ours: str
    language: str = ""


def differences(theirs: Fields, ours: Fields) -> tuple[Difference, ...]:
    """Everything that two forms say differently, in the order of the form."""
    return tuple(one for one in _all(theirs, ours) if one.theirs != one.ours)


def _all(theirs: Fields, ours: Fields) -> Iterable[Difference]:
    for name in ("title", "topic", "class", "reason", "channels"):
        yield Difference(name, theirs.said(name), ours.said(name))
    yield Difference("audience", audience_of(theirs)[0].strip(), audience_of(ours)[0].strip())
    for code in dict.fromkeys((*languages_of(theirs), *languages_of(ours))):
        for part in ("text", "sms", "media"):
            name = f"c.{code}.{part}"
            yield Difference(part, theirs.one(name).strip(), ours.one(name).strip(), code)
        yield Difference("buttons", _buttons(theirs, code), _buttons(ours, code), code)
        yield Difference("poll", _poll(theirs, code), _poll(ours, code), code)
    yield Difference("schedule", _said(theirs, WHEN), _said(ours, WHEN))
    yield Difference("stale_after", _length(theirs), _length(ours))
    yield Difference("cohort", _cohort(theirs), _cohort(ours))
    yield Difference("keyword", theirs.said("keyword"), ours.said("keyword"))
    yield Difference("warning", _warning(theirs), _warning(ours))


def _said(fields: Fields, names: Iterable[str]) -> str:
    return " ".join(said for name in names if (said := fields.said(name)))


def _length(fields: Fields) -> str:
    return _said(fields, STALE) if fields.has("stale_n") else ""


def _cohort(fields: Fields) -> str:
    return _said(fields, COHORT) if fields.one("cohort") == ON else ""


def _buttons(fields: Fields, code: str) -> str:
    name = f"c.{code}.button"
    each = (
        _said(fields, (f"{name}.{number}.{part}" for part in ("label", "value")))
        for number in fields.numbers(name)
    )
    return "\n".join(one for one in each if one)


def _poll(fields: Fields, code: str) -> str:
    name = f"c.{code}.poll"
    lines = [fields.said(f"{name}.question"), *fields.each(f"{name}.answer")]
    return "\n".join(one.strip() for one in lines if one.strip())


def _warning(fields: Fields) -> str:
    if fields.one("warning") != ON:
        return ""
    said = sorted(pair for pair in fields if pair[0].startswith("w.") and pair[1].strip())
    return "\n".join(value.strip() for _name, value in said)
