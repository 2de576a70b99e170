"""What staff type on a small keyboard at three in the morning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.commands import Act, CaseCommand, read_command, read_outcome
from alerts.model import Outcome
from kit.ids import new_folio

FOLIO = new_folio(lambda below: 3)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f"A {FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"a {FOLIO.lower()}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"A:{FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"  p   {FOLIO} ", CaseCommand(Act.PASS_ON, FOLIO)),
        (f"R {FOLIO} ¿Dónde está?", CaseCommand(Act.REPLY, FOLIO, "¿Dónde está?")),
        (f"r {FOLIO}  dos\nlíneas", CaseCommand(Act.REPLY, FOLIO, "dos\nlíneas")),
        (f"C {FOLIO} falsa alarma", CaseCommand(Act.CLOSE, FOLIO, "falsa alarma")),
    ],
)
def test_commands_are_read(typed: str, read: CaseCommand) -> None:
    assert read_command(typed) == read


@pytest.mark.parametrize("typed", ["", "A", "hola", "A ver si llega", "X " + FOLIO, FOLIO, "A 123"])
def test_anything_else_is_not_a_command(typed: str) -> None:
    assert read_command(typed) is None


@given(st.text(max_size=60))
def test_reading_never_raises(typed: str) -> None:
    read_command(typed)
    read_outcome(typed)


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("Localizada", Outcome.LOCATED),
        ("FALSA ALARMA", Outcome.FALSE_ALARM),
        ("no_contact", Outcome.NO_CONTACT),
        ("sin contacto", Outcome.NO_CONTACT),
        ("referred", Outcome.REFERRED),
        ("quién sabe", None),
        ("", None),
    ],
)
def test_outcomes_are_read_by_code_and_by_word(typed: str, outcome: Outcome | None) -> None:
    assert read_outcome(typed) is outcome
