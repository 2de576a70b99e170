"""The exercises of the training: their steps, and which of them have happened on the phones.

Whoever learns has the console or a colleague for the rest; here only what a phone sees is asked.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from locales.catalog import catalogues
from locales.text import _
from transports.handset.model import Direction, Line


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, told by `key`.

    It has happened when a line after the beginning of the exercise is of a phone on duty or not
    (`guard`), and either was typed and matches `typed`, or was pressed and has one of `labels`, or
    comes from the platform and is one of its texts `says`. One that is `any_answer` is anything
    that the platform writes to the same phone after the step before it; one that is `elsewhere`
    happens on another phone than that step.
    """

    key: str
    guard: bool = False
    typed: str = ""
    labels: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    any_answer: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """An exercise: what it is called, what for, and its steps in their order."""

    id: str
    title: str
    why: str
    steps: tuple[Step, ...]


LESSONS = (
    Lesson(
        "join",
        _("handset.lesson.join"),
        _("handset.lesson.join_why"),
        (
            Step(
                _("handset.lesson.join_ask"),
                typed=r"\s*(?:alta|avisos|join)\b.*",
                labels=(_("button.subscribe"),),
            ),
            Step(
                _("handset.lesson.join_asked"),
                says=(
                    _("chat.subscribe.ask"),
                    _("chat.subscribe.ask_town"),
                    _("sms.subscribe.ask"),
                    _("sms.subscribe.ask_town"),
                ),
            ),
            Step(
                _("handset.lesson.join_yes"),
                typed=r"\s*s[ií]\b.*",
                labels=(_("chat.button.yes_notices"),),
            ),
            Step(
                _("handset.lesson.join_done"),
                says=(
                    _("chat.subscribe.done"),
                    _("sms.subscribe.done"),
                    _("sms.subscribe.which_town"),
                    _("sms.subscribe.town_unknown"),
                ),
            ),
        ),
    ),
    Lesson(
        "help",
        _("handset.lesson.help"),
        _("handset.lesson.help_why"),
        (
            Step(
                _("handset.lesson.help_sos"),
                typed=r"\W*(?:sos|auxilio|emergencia|911|help me)\b.*",
                labels=(_("button.urgent_help"),),
            ),
            Step(
                _("handset.lesson.help_folio"),
                says=(
                    _("chat.case.received"),
                    _("chat.case.received_story"),
                    _("sms.case.received"),
                    _("sms.case.received_story"),
                ),
            ),
            Step(
                _("handset.lesson.help_page"),
                guard=True,
                says=(_("chat.duty.page"), _("chat.duty.page_kind")),
            ),
            Step(
                _("handset.lesson.help_take"),
                guard=True,
                elsewhere=True,
                typed=r"\s*a\s+[0-9a-z]{4,8}\s*",
                labels=(_("button.take"),),
            ),
            Step(
                _("handset.lesson.help_taken"),
                says=(_("chat.case.accepted"), _("sms.case.accepted")),
            ),
        ),
    ),
    Lesson(
        "fraud",
        _("handset.lesson.fraud"),
        _("handset.lesson.fraud_why"),
        (
            Step(
                _("handset.lesson.fraud_ask"),
                typed=r"\s*/?(?:verificar|fraude|check)\b.*",
                labels=(_("chat.button.verify"),),
            ),
            Step(
                _("handset.lesson.fraud_read"),
                says=(_("chat.verify.received"), _("sms.verify.received")),
            ),
            Step(_("handset.lesson.fraud_answer"), any_answer=True),
        ),
    ),
)


def progress(lines: Sequence[Line], guards: Collection[int]) -> Mapping[str, list[bool]]:
    """Which steps of each lesson have happened in lines, in the order of their writing.

    `guards` are the phones of people on duty. A step counts only when those before it do; two of
    them may be written in any order, as the platform may tell the one on duty first.
    """
    return {lesson.id: _steps(lesson, lines, guards) for lesson in LESSONS}


def _steps(lesson: Lesson, lines: Sequence[Line], guards: Collection[int]) -> list[bool]:
    done: list[bool] = []
    before: Line | None = None
    for step in lesson.steps:
        found = next((one for one in lines if _is(step, one, before, guards)), None)
        if found is None:
            break
        before = found
        done.append(True)
    return done + [False] * (len(lesson.steps) - len(done))


def _is(step: Step, line: Line, before: Line | None, guards: Collection[int]) -> bool:
    if step.any_answer:
        later = before is not None and line.id > before.id and line.phone_id == before.phone_id
        return later and line.direction is Direction.OUT and not line.body.call
    if (line.phone_id in guards) is not step.guard:
        return False
    if step.elsewhere and before is not None and line.phone_id == before.phone_id:
        return False
    if line.direction is Direction.OUT:
        text = line.body.text
        return any(pattern.fullmatch(text) for key in step.says for pattern in _patterns(key))
    if line.body.pressed:
        # In a call, the number of the key stands before it.
        label = line.body.pressed.rpartition(" · ")[2]
        return any(pattern.fullmatch(label) for key in step.labels for pattern in _patterns(key))
    return bool(step.typed) and re.fullmatch(step.typed, line.body.text, _AS_TYPED) is not None


_AS_TYPED = re.IGNORECASE | re.DOTALL


def _patterns(key: str) -> list[re.Pattern[str]]:
    """What a text of the catalogues looks like when it is filled, in each language."""
    known = catalogues()
    templates = {known.template(key, code) for code in known.templates}
    return [_pattern(template) for template in sorted(one for one in templates if one)]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = (
        re.escape(literal) + ("" if name is None else ".*?")
        for literal, name, _spec, _conversion in Formatter().parse(template)
    )
    # More may follow: a question, or the hours of the office.
    return re.compile("".join(parts) + ".*", re.DOTALL)
