"""What staff type on a small keyboard at three in the morning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.commands import (
    Act,
    CaseCommand,
    looks_like_command,
    read_command,
    read_leading_folio,
    read_outcome,
)
from alerts.model import Outcome
from kit.ids import new_folio

FOLIO = new_folio(lambda below: 3)
HEAD, TAIL = FOLIO[:3], FOLIO[3:]
WRONG = FOLIO[:-1] + ("2" if FOLIO[-1] != "2" else "3")


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
        (f"A {HEAD} {TAIL}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"a {HEAD}-{TAIL}.", CaseCommand(Act.ACCEPT, FOLIO)),
        ("A " + " ".join(FOLIO), CaseCommand(Act.ACCEPT, FOLIO)),
        (f"A{FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"p{FOLIO.lower()}", CaseCommand(Act.PASS_ON, FOLIO)),
        (f"A{HEAD} {TAIL}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"TOMAR {FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"Tomarlo: A {FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"tomo {FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"Yo lo tomo, el caso {FOLIO}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"acepto {HEAD} {TAIL}", CaseCommand(Act.ACCEPT, FOLIO)),
        (f"PASAR {FOLIO}", CaseCommand(Act.PASS_ON, FOLIO)),
        (f"Pasarlo: P {FOLIO}.", CaseCommand(Act.PASS_ON, FOLIO)),
        (f"R {HEAD} {TAIL} ¿Dónde está?", CaseCommand(Act.REPLY, FOLIO, "¿Dónde está?")),
        (f"R {FOLIO}: a las 5: ya", CaseCommand(Act.REPLY, FOLIO, "a las 5: ya")),
        (f"R{FOLIO},¿dónde?", CaseCommand(Act.REPLY, FOLIO, "¿dónde?")),
        (f"Cerrar {FOLIO} localizada", CaseCommand(Act.CLOSE, FOLIO, "localizada")),
    ],
)
def test_commands_are_read(typed: str, read: CaseCommand) -> None:
    assert read_command(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *("", "A", "hola", "A ver si llega", "X " + FOLIO, FOLIO, "A 123", f"{HEAD} {TAIL}"),
        *("tomo agua", "paso seguro", f"A {WRONG}", f"hola A {FOLIO}", f"A {HEAD}", ":", "a" * 99),
    ],
)
def test_anything_else_is_not_a_command(typed: str) -> None:
    assert read_command(typed) is None


@given(st.text(max_size=60))
def test_reading_never_raises(typed: str) -> None:
    read_command(typed)
    read_outcome(typed)
    read_leading_folio(typed)
    looks_like_command(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (FOLIO, (FOLIO, "")),
        (f" {HEAD.lower()} {TAIL}.", (FOLIO, "")),
        (f"caso {FOLIO}", (FOLIO, "")),
        (f"{FOLIO}: ¿dónde está?", (FOLIO, "¿dónde está?")),
        (f"A {FOLIO}", None),
        (f"tomo {FOLIO}", None),
        (f"hola {FOLIO}", None),
        (WRONG, None),
        ("", None),
    ],
)
def test_a_folio_without_a_command_is_seen(typed: str, read: tuple[str, str] | None) -> None:
    assert read_leading_folio(typed) == read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (f"A {WRONG}", True),
        (f"A {WRONG[:3]} {WRONG[3:]}", True),
        (f"tomo {WRONG}", True),
        ("AK7M2Q0", True),
        ("a buscar a mi hijo", False),
        ("paso seguro por aquí", False),
        ("aguanta", False),
        ("ya llegué", False),
        ("A", False),
        ("", False),
    ],
)
def test_a_command_with_a_wrong_folio_is_told_from_words(typed: str, meant: bool) -> None:
    assert looks_like_command(typed) is meant


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
