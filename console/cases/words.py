"""What the pages of cases call things: keys of the catalogue for codes."""

from collections.abc import Mapping
from types import MappingProxyType

from alerts import speaking, texts
from alerts.board import Flag, Lane
from alerts.model import Case, Kind, MayWrite, Minor, Outcome, Urgency
from alerts.people.model import Answer
from delivery.content import Params, compose
from kit.channels import Channel
from locales.text import Text, _

LANES: Mapping[Lane, str] = MappingProxyType(
    {
        Lane.NOBODY: _("console.cases.lane_nobody"),
        Lane.OWNED: _("console.cases.lane_owned"),
        Lane.WAITING: _("console.cases.lane_waiting"),
        Lane.CLOSED: _("console.cases.lane_closed"),
    }
)
EMPTY: Mapping[Lane, str] = MappingProxyType(
    {
        Lane.NOBODY: _("console.cases.empty_nobody"),
        Lane.OWNED: _("console.cases.empty_owned"),
        Lane.WAITING: _("console.cases.empty_waiting"),
        Lane.CLOSED: _("console.cases.empty_closed"),
    }
)
EMPTY_OF: Mapping[str, Mapping[Lane, str]] = MappingProxyType(
    {
        "mios": {
            Lane.OWNED: _("console.cases.empty_mine"),
            Lane.WAITING: _("console.cases.empty_mine_waiting"),
        },
        "nadie": {Lane.WAITING: _("console.cases.empty_nobody_waiting")},
    }
)
"""What a view says in the place of that."""
FLAGS: Mapping[Flag, str] = MappingProxyType(
    {
        Flag.DO_NOT_WRITE: _("console.cases.flag_do_not_write"),
        Flag.DANGER: _("console.cases.flag_danger"),
        Flag.MINOR: _("console.cases.flag_minor"),
        Flag.DRILL: _("console.cases.flag_drill"),
    }
)
MINORS: Mapping[Minor, str] = MappingProxyType(
    {
        Minor.UNKNOWN: _("console.case.minor_unknown"),
        Minor.YES: _("console.case.minor_yes"),
        Minor.NO: _("console.case.minor_no"),
    }
)
ANSWERS: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.YES: _("console.case.answer_yes"),
        Answer.NO: _("console.case.answer_no"),
        Answer.UNKNOWN: _("console.case.answer_unknown"),
    }
)
CHANNELS: Mapping[str, str] = MappingProxyType(
    {"telegram": _("console.case.by_telegram"), "sms": _("console.case.by_sms")}
)
KINDS: Mapping[Kind, str] = MappingProxyType(
    {kind: texts.KIND_WORDS[kind].key for kind in Kind if kind in texts.KIND_WORDS}
)
URGENCIES: Mapping[Urgency, str] = MappingProxyType(
    {one: texts.URGENCY_WORDS[one].key for one in Urgency}
)
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {one: texts.OUTCOME_WORDS[one].key for one in Outcome}
)
SAFETY: Mapping[MayWrite, str] = MappingProxyType(
    {one: texts.SAFETY_WORDS[one].key for one in MayWrite}
)
LANGUAGE_KEYS: Mapping[str, str] = MappingProxyType(
    {code: phrase.key for code, phrase in texts.LANGUAGE_WORDS.items()}
)


def language_key(code: str) -> str:
    """The word for the language of a case, as a page has it."""
    return LANGUAGE_KEYS.get(code, LANGUAGE_KEYS["other"])


def closing_words(case: Case) -> str:
    """What the reporter gets when their case is closed, in their language, on their channel."""
    return _as_sent(case, texts.CLOSED, {"folio": case.folio})


def reply_as_sent(case: Case, pseudonym: str) -> str:
    """How somebody's own words reach the reporter: "…" stands for the words."""
    return _as_sent(case, texts.RELAYED, {"text": "…", "word": case.word, "pseudonym": pseudonym})


def _as_sent(case: Case, text: Text, params: Params) -> str:
    content = speaking.marked(compose(text, case.language, params), case, case.language)
    return content.sms if case.reporter.channel is Channel.SMS else content.chat


WORDS: Mapping[str, object] = MappingProxyType(
    {
        "LANES": LANES,
        "FLAGS": FLAGS,
        "MINORS": MINORS,
        "ANSWERS": ANSWERS,
        "CHANNELS": CHANNELS,
        "KINDS": KINDS,
        "URGENCIES": URGENCIES,
        "OUTCOMES": OUTCOMES,
        "SAFETY": SAFETY,
        "language_key": language_key,
        "closing_words": closing_words,
        "reply_as_sent": reply_as_sent,
    }
)
"""What templates of this area know beside the usual."""
