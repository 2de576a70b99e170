"""The form of a campaign as the document that a campaign file is. Pure.

Names of fields: `title`; `row.N.…` for a condition of the audience; `c.LANGUAGE.…` for what is said
in a language; `w.…` for the public warning. What is left empty is left out, where the file may
leave it out.
"""

from collections.abc import Iterator, Mapping

from campaigns.audience.builder import Match, Row, Rows, Typed, read_rows, to_expression
from campaigns.audience.fields import FIELDS, SAVED, Field
from campaigns.written.dates import RECIPIENT
from console.editor.fields import Fields
from console.editor.lines import Leaf, Node
from console.editor.when import schedule_of
from contacts.model import Topic
from locales.languages import FALLBACK, find_language, language_of

AS_TEXT, AS_ROWS = "text", "rows"
ON = "1"
NOT = "not"
KINDS = ("url", "reply", "helped")
WARNING_WORDS = ("status", "category", "urgency", "severity", "certainty")
WARNING_TEXTS = ("event", "area", "headline", "instruction")
NEEDED_TEXTS = ("event", "area")

__all__ = ["RECIPIENT", "audience_of", "document_of", "languages_of", "rows_of", "topic_of"]


def document_of(fields: Fields) -> dict[str, Node]:
    """The campaign file that a form says. Its audience is the text, also of rows: whoever has
    faults in the rows tells those."""
    audience, _faults = audience_of(fields)
    document: dict[str, Node] = {
        "title": Leaf(fields.one("title"), "title"),
        "topic": Leaf(fields.one("topic"), "topic"),
        "class": Leaf(fields.one("class") or "normal", "class"),
        "audience": Leaf(audience, "audience", long=True),
        "channels": [
            Leaf(one, "channels") for one in fields.one("channels").split(",") if one.strip()
        ],
        "content": {code: _wording(fields, code) for code in languages_of(fields)},
        "schedule": schedule_of(fields),
    }
    if fields.has("reason"):
        document["reason"] = Leaf(fields.one("reason"), "reason")
    if fields.has("stale_n"):
        document["stale_after"] = _length(fields, "stale")
    if fields.one("cohort") == ON:
        document["cohort"] = _cohort(fields)
    if fields.has("keyword"):
        document["keyword"] = Leaf(fields.one("keyword"), "keyword")
    if fields.one("warning") == ON:
        document["warning"] = _warning(fields)
    return document


def languages_of(fields: Fields) -> tuple[str, ...]:
    """The languages of a form in order; Spanish is always there, and first."""
    given = (code for code in fields.each("language") if language_of(code) is not None)
    return tuple(dict.fromkeys((FALLBACK, *given)))


def audience_of(fields: Fields) -> tuple[str, Mapping[int, object]]:
    """The expression of a form, and the faults of its rows by their place. Rows that ask nothing
    are for all who agreed to the topic."""
    if fields.one("audience_as") == AS_TEXT:
        return fields.one("audience"), {}
    read = rows_of(fields)
    everybody = f"{Field.TOPIC}:{topic_of(fields)}"
    return to_expression(read.rows) or ("" if read.faults else everybody), read.faults


def topic_of(fields: Fields) -> Topic:
    """The topic of a form. One that is none is told beside it, and programmes stand in for it."""
    topic = fields.one("topic")
    return Topic(topic) if topic in list(Topic) else Topic.PROGRAMS


def rows_of(fields: Fields) -> Typed:
    """The conditions as they were filled in, with what is wrong with them by place."""
    match = Match.ANY if fields.one("match") == Match.ANY else Match.ALL
    rows = tuple(_row(fields, f"row.{number}") for number in fields.numbers("row"))
    return read_rows(Rows(match, rows))


def _row(fields: Fields, name: str) -> Row:
    asked = fields.one(f"{name}.field")
    known = asked if asked in FIELDS or asked == SAVED else Field.TOPIC.value
    sign = fields.one(f"{name}.sign") if known == Field.JOINED else ""
    typed = (*fields.each(f"{name}.value"), fields.one(f"{name}.more"))
    values = tuple(f"{sign}{_value(known, one)}" for one in typed if one.strip())
    return Row(known, values, fields.one(f"{name}.is") == NOT)


def _value(asked: str, typed: str) -> str:
    """What was chosen from a list, or typed as people call it."""
    text = typed.strip()
    if asked == Field.ORIGIN and text[:5].isdigit() and text[5:6] == " ":
        # The list of towns says `20208 San Juan Mixtepec, Mixteca`: names repeat.
        return text[:5]
    if asked == Field.LANGUAGE and language_of(text.lower()) is None:
        found = find_language(text)
        return found[0].code if len(found) == 1 else text
    return text


def _wording(fields: Fields, code: str) -> Mapping[str, Node]:
    name = f"c.{code}"
    found: dict[str, Node] = {}
    said = [one for one in ("text", "sms") if fields.has(f"{name}.{one}")]
    has_file = fields.has(f"{name}.media")
    if not said and not (has_file and code != FALLBACK):
        # Told beside the text: a language that says nothing.
        found["text"] = Leaf("", f"{name}.text")
    for one in said:
        found[one] = Leaf(fields.one(f"{name}.{one}"), f"{name}.{one}", long=True)
    if has_file:
        found["media"] = {"sha256": Leaf(fields.one(f"{name}.media"), f"{name}.media")}
    buttons = list(_buttons(fields, name))
    if buttons:
        found["buttons"] = buttons
    question, answers = f"{name}.poll.question", f"{name}.poll.answer"
    given = [one for one in fields.each(answers) if one.strip()]
    if fields.has(question) or given:
        found["poll"] = {
            "question": Leaf(fields.one(question), question),
            "answers": [Leaf(one, answers) for one in given or ("",)],
        }
    return found


def _buttons(fields: Fields, language: str) -> Iterator[Mapping[str, Node]]:
    for number in fields.numbers(f"{language}.button"):
        name = f"{language}.button.{number}"
        kind = fields.one(f"{name}.kind")
        kind = kind if kind in KINDS else KINDS[0]
        label, value = Leaf(fields.one(f"{name}.label"), f"{name}.label"), f"{name}.value"
        if kind == "helped":
            if fields.has(label.field):
                yield {"label": label, kind: Leaf("true", label.field)}
        elif fields.has(label.field) or fields.has(value):
            yield {"label": label, kind: Leaf(fields.one(value), value)}


def _length(fields: Fields, name: str) -> Leaf:
    unit = fields.one(f"{name}_unit")
    return Leaf(f"{fields.said(f'{name}_n')}{unit}", f"{name}_n")


def _cohort(fields: Fields) -> Mapping[str, Node]:
    found: dict[str, Node] = {
        name: Leaf(f"{fields.said(f'cohort_{name}')}%", f"cohort_{name}")
        for name in ("share", "failures", "opt_outs")
        if fields.has(f"cohort_{name}") or name == "share"
    }
    if fields.has("cohort_wait_n"):
        found["wait"] = _length(fields, "cohort_wait")
    return found


def warned_in(fields: Fields) -> tuple[str, ...]:
    """The languages of a warning: those of the campaign, and others in which it says something."""
    given = (name.split(".") for name, value in fields if value.strip() and name[:2] == "w.")
    others = (parts[2] for parts in given if len(parts) == 3 and parts[1] in WARNING_TEXTS)
    known = (code for code in others if language_of(code) is not None)
    return tuple(dict.fromkeys((*languages_of(fields), *known)))


def _warning(fields: Fields) -> Mapping[str, Node]:
    found: dict[str, Node] = {
        one: Leaf(fields.one(f"w.{one}"), f"w.{one}") for one in WARNING_WORDS
    }
    found["expires"] = _length(fields, "w.expires")
    for text in WARNING_TEXTS:
        names = {code: f"w.{text}.{code}" for code in warned_in(fields)}
        said: dict[str, Node] = {
            code: Leaf(fields.one(name), name, long=text == "instruction")
            for code, name in names.items()
            if fields.has(name)
        }
        if said or text in NEEDED_TEXTS:
            spanish = names[FALLBACK]
            said.setdefault(FALLBACK, Leaf("", spanish))
            found[text] = said
    for one in ("web", "updates"):
        if fields.has(f"w.{one}"):
            found[one] = Leaf(fields.one(f"w.{one}"), f"w.{one}")
    return found
