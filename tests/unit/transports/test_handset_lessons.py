"""Which steps of the exercises have happened on the phones."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kit.channels import Channel
from locales.catalog import render
from transports.handset.lessons import LESSONS, progress
from transports.handset.model import Body, Call, Direction, Line

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
PERSON, GUARD, SECOND = 1, 3, 4


def spoken(*said: tuple[int, str | Body]) -> list[Line]:
    """Lines in order: a text of a phone is what the person wrote, a body is the platform's."""
    lines: list[Line] = []
    for place, (phone, what) in enumerate(said, 1):
        typed = isinstance(what, str)
        body = Body(text=what) if isinstance(what, str) else what
        typed = typed or bool(body.pressed)
        side = Direction.IN if typed else Direction.OUT
        lines.append(Line(place, phone, Channel.TELEGRAM, side, body, place, NOW, None, place))
    return lines


def told(key: str, written_in: str = "es", **params: object) -> Body:
    return Body(text=render(key, written_in, params))


def done(lesson: str, lines: list[Line]) -> int:
    found = progress(lines, {GUARD, SECOND})[lesson]
    assert found == sorted(found, reverse=True)
    return sum(found)


@pytest.mark.parametrize("language", ["es", "en"])
def test_who_subscribes_ticks_one_step_after_the_other(language: str) -> None:
    said = spoken(
        (PERSON, Body(pressed=render("button.subscribe", language))),
        (PERSON, told("chat.subscribe.ask", language)),
        (PERSON, Body(pressed=render("chat.button.yes_notices", language))),
        (PERSON, told("chat.subscribe.done", language, town="Tlaxiaco")),
    )
    assert [done("join", said[:count]) for count in range(5)] == [0, 1, 2, 3, 4]
    by_sms = spoken(
        (PERSON, "  alta tlaxiaco"),
        (PERSON, told("sms.subscribe.ask_town", language, town="Tlaxiaco")),
        (PERSON, "SÍ"),
        (PERSON, told("sms.subscribe.done", language, town="Tlaxiaco")),
    )
    assert done("join", by_sms) == 4


def test_a_call_for_help_is_done_when_the_second_one_took_it_and_the_person_heard_so() -> None:
    page = told("chat.duty.page", folio="AB12CD", urgency="vida", language="español", minutes=0)
    received = Body(text=render("chat.case.received", "es", {"folio": "AB12CD"}) + "\n¿Podemos?")
    heard = told("chat.case.accepted", folio="AB12CD", pseudonym="Rosario", word="PETATE")
    # The one on duty may be told before the person is.
    said = spoken((PERSON, "¡SOS!"), (GUARD, page), (PERSON, received))
    assert done("help", said) == 3
    for took in ("A AB12CD", Body(pressed="Tomarlo"), Body(pressed="1 · Tomarlo")):
        whole = spoken(
            (PERSON, "sos"), (GUARD, page), (PERSON, received), (SECOND, took), (PERSON, heard)
        )
        assert done("help", whole) == 5
        by_the_first = [replace(one, phone_id=GUARD) if one.id == 4 else one for one in whole]
        assert done("help", by_the_first) == 3
    wrong = spoken((GUARD, "SOS"), (PERSON, page), (PERSON, Body(pressed="Tomarlo")))
    assert done("help", wrong) == 0


def test_an_answer_counts_only_after_it_was_said_that_a_person_reads_it() -> None:
    read = told("sms.verify.received", when="hoy, de 9 a 18 h de Oaxaca")
    answer = Body(text="No la conocemos. No pague.")
    asked = (PERSON, "VERIFICAR me piden 5000 por una visa")
    assert done("fraud", spoken((PERSON, answer), asked, (PERSON, read))) == 2
    assert done("fraud", spoken(asked, (PERSON, read), (GUARD, answer))) == 2
    ringing = replace(answer, call=Call.RINGING)
    assert done("fraud", spoken(asked, (PERSON, read), (PERSON, ringing))) == 2
    assert done("fraud", spoken(asked, (PERSON, read), (PERSON, answer))) == 3


def test_nothing_that_is_written_ticks_a_step_by_accident() -> None:
    odd = ("", "a" * 4096, "\n" * 1000, "🌽" * 50_000, "sosiego", "no quiero altavoz", "(((")
    for text in odd:
        found = progress(spoken((PERSON, text), (GUARD, text)), {GUARD})
        assert not any(step for steps in found.values() for step in steps)


def test_every_lesson_has_steps_that_can_happen() -> None:
    for lesson in LESSONS:
        for step in lesson.steps:
            assert step.typed or step.labels or step.says or step.any_answer
