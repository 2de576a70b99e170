"""The answers of a poll in a file: what means something else when it is typed is refused."""

from datetime import UTC, datetime

import pytest

from app.conduct import outside
from campaigns.model import CampaignDraft
from campaigns.written.document import FileError
from campaigns.written.file import read

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FILE = """\
title: Pregunta
topic: programs
audience: region:mixteca
content:
  es:
    text: Hola
    poll: {{question: "¿Qué falta?", answers: [{answers}]}}
"""


def faults(answers: str) -> list[tuple[int, str]]:
    """Line and last word of the key of each error."""
    found = read(FILE.format(answers=answers).encode(), NOON, outside())
    if isinstance(found, CampaignDraft):
        return []
    assert all(isinstance(one, FileError) for one in found)
    return [(one.line, one.key.split(".")[-1]) for one in found]


@pytest.mark.parametrize(
    "answers",
    [
        *(
            '"Sí", "No"',
            '"Agua potable", "La luz", "Otra cosa"',
            '"👍", "👎"',
            '"De acuerdo", "No"',
        ),
        *('"Sí", "Todavía no", "No sé"', '"Una vez", "2 veces", "3 o más"', '"Sí", "No", "3"'),
    ],
)
def test_answers_that_can_be_typed_are_read(answers: str) -> None:
    assert faults(answers) == []


@pytest.mark.parametrize(
    "answer", ["Baja", "STOP", "Alto", "cancel", "Ayuda", "sos", "Temas", "No más", "me amenazaron"]
)
def test_a_word_that_means_something_else_is_no_answer(answer: str) -> None:
    assert faults(f'"Sí", "{answer}"') == [(7, "answer_reserved")]


@pytest.mark.parametrize("answers", ['"0", "1"', '"2", "1"', '"Sí", "Uno"', '"Sí", "No", "１"'])
def test_the_number_of_another_answer_is_none(answers: str) -> None:
    assert faults(answers) == [(7, "answer_number")]


@pytest.mark.parametrize(
    "answers", ['"Sí", "si"', '"No", "¡No!"', '"👍", "👍 "', '"Agua", "agua."']
)
def test_answers_that_are_typed_alike_are_one(answers: str) -> None:
    assert faults(answers) == [(7, "twice")]
