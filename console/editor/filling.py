"""A campaign as the fields of its form: what `console.editor.form` reads as the same. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, time

from campaigns.audience.builder import Row, Rows, to_rows
from campaigns.audience.fields import Field
from campaigns.audience.language import AudienceError, parse
from campaigns.content.model import AnyButton, Helped, Link, Reply, Wording
from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.model import After, At, AtLocal, Cron, Every, Now, Schedule
from campaigns.warnings.model import Warning
from campaigns.written.dates import RECIPIENT
from console.api.written import written
from console.editor.fields import Fields, Pairs
from console.editor.form import AS_ROWS, AS_TEXT, NOT, ON, WARNING_TEXTS, WARNING_WORDS
from console.editor.when import AFTER, AT, CRON, EVERY, NOW
from contacts.model import Topic
from kit.channels import WRITTEN
from locales.languages import FALLBACK

_LENGTH = re.compile(r"(\d+)([mhd])", re.ASCII)
_SIGN = re.compile(r"(?P<sign>[<>]=?)?(?P<day>\d{4}-\d\d-\d\d)", re.ASCII)


def empty() -> Fields:
    """The form of a new campaign: for all who agreed to be told of programmes, by every way, when
    somebody starts it."""
    return Fields(
        [
            ("topic", Topic.PROGRAMS.value),
            ("class", CampaignClass.NORMAL.value),
            ("channels", ",".join(WRITTEN)),
            ("audience_as", AS_ROWS),
            ("language", FALLBACK),
            ("when", NOW),
            ("zone", RECIPIENT),
        ]
    )


def fields_of(draft: CampaignDraft) -> Fields:
    """The form that says what a draft says."""
    return Fields(_pairs(draft, written(draft)))


def _pairs(draft: CampaignDraft, said: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield "title", draft.title
    yield "topic", draft.topic.value
    yield "class", draft.kind.value
    yield "reason", draft.reason
    yield "channels", ",".join(draft.channels)
    yield from audience_fields(draft.audience, draft.topic.value)
    for code in sorted(draft.contents, key=lambda one: one != FALLBACK):
        yield from _wording(code, draft.contents[code])
    yield from _when(draft.schedule, said["schedule"])
    yield from _length("stale", said.get("stale_after"))
    yield "keyword", draft.keyword or ""
    cohort = said.get("cohort")
    if isinstance(cohort, dict):
        yield "cohort", ON
        for name in ("share", "failures", "opt_outs"):
            yield f"cohort_{name}", str(cohort[name]).removesuffix("%")
        yield from _length("cohort_wait", cohort["wait"])
    warning = said.get("warning")
    if draft.warning is not None and isinstance(warning, dict):
        yield "warning", ON
        yield from _warning(draft.warning, warning)


def audience_fields(text: str, topic: str) -> Pairs:
    """An expression as conditions where it can be, else as the text that it is."""
    try:
        rows = to_rows(parse(text))
    except AudienceError:
        rows = None
    if rows is None:
        return [("audience_as", AS_TEXT), ("audience", text)]
    everybody = Rows(rows.match, (Row(Field.TOPIC, (topic,)),))
    if rows == everybody:
        # What no condition stands for.
        return [("audience_as", AS_ROWS)]
    return [("audience_as", AS_ROWS), *row_fields(rows)]


def row_fields(rows: Rows) -> Pairs:
    """Conditions as fields."""
    found = [("match", rows.match.value)]
    for number, row in enumerate(rows.rows):
        name = f"row.{number}"
        found += [("row", str(number)), (f"{name}.field", row.field)]
        if row.negated:
            found.append((f"{name}.is", NOT))
        found += _values(name, row)
    return found


def _values(name: str, row: Row) -> Pairs:
    day = _SIGN.fullmatch(row.values[0]) if row.field == Field.JOINED else None
    if day is not None and len(row.values) == 1:
        return [(f"{name}.sign", day["sign"] or ""), (f"{name}.value", day["day"])]
    return [(f"{name}.value", value) for value in row.values]


def _wording(code: str, said: Wording) -> Iterator[tuple[str, str]]:
    name = f"c.{code}"
    yield "language", code
    yield f"{name}.text", said.text
    yield f"{name}.sms", said.sms or ""
    yield f"{name}.media", "" if said.media is None else said.media.sha256
    for number, button in enumerate(said.buttons):
        yield f"{name}.button", str(number)
        yield from _button(f"{name}.button.{number}", button)
    if said.poll is not None:
        yield f"{name}.poll.question", said.poll.question
        for answer in said.poll.answers:
            yield f"{name}.poll.answer", answer


def _button(name: str, button: AnyButton) -> Pairs:
    match button:
        case Link(label, url):
            kind, value = "url", url
        case Reply(label, word):
            kind, value = "reply", word
        case Helped(label):
            kind, value = "helped", ""
    return [(f"{name}.label", label), (f"{name}.kind", kind), (f"{name}.value", value)]


def _when(schedule: Schedule, said: object) -> Iterator[tuple[str, str]]:
    """`said` is the same as the file says it."""
    match schedule:
        case At(_, zone):
            # With its offset: an hour that comes twice on a day stays the one that it is.
            local = datetime.fromisoformat(str(said["at"] if isinstance(said, dict) else ""))
            yield "when", AT
            yield from _day_and_time(local.replace(tzinfo=None))
            yield "at_offset", local.isoformat()[-6:]
            yield "zone", zone
        case AtLocal(at):
            yield "when", AT
            yield from _day_and_time(at)
            yield "zone", RECIPIENT
        case Every(count, unit, first, zone):
            yield "when", EVERY
            yield from _day_and_time(first)
            yield "zone", zone or RECIPIENT
            yield "every_count", str(count)
            yield "every_unit", unit
            yield from _limits(schedule)
        case Cron(expression, zone, start):
            yield "when", CRON
            yield "cron", expression
            yield "zone", zone or RECIPIENT
            yield "start_day", "" if start is None else start.isoformat()
            yield from _limits(schedule)
        case After(days, of_day):
            yield "when", AFTER
            yield "zone", RECIPIENT
            yield "after_days", str(days)
            yield "after_time", "" if of_day is None else _clock(of_day)
        case Now():
            yield "when", NOW
            yield "zone", RECIPIENT


def _limits(schedule: Every | Cron) -> Pairs:
    end = "" if schedule.end is None else schedule.end.isoformat()
    return [("end_day", end), ("skip", ", ".join(day.isoformat() for day in schedule.skip))]


def _day_and_time(at: datetime) -> Pairs:
    return [("at_day", at.date().isoformat()), ("at_time", _clock(at.time()))]


def _clock(at: time) -> str:
    """As a field for a time of day has it: seconds only where there are some."""
    return at.isoformat() if at.second else at.isoformat("minutes")


def _length(name: str, said: object) -> Pairs:
    found = _LENGTH.fullmatch(str(said or ""))
    return [] if found is None else [(f"{name}_n", found[1]), (f"{name}_unit", found[2])]


def _warning(warning: Warning, said: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for one in WARNING_WORDS:
        yield f"w.{one}", str(said[one])
    yield from _length("w.expires", said["expires"])
    texts = (warning.event, warning.area, warning.headline, warning.instruction)
    for name, text in zip(WARNING_TEXTS, texts, strict=True):
        for code, words in text.items():
            yield f"w.{name}.{code}", words
    yield "w.web", warning.web or ""
    yield "w.updates", "" if warning.updates is None else str(warning.updates)
