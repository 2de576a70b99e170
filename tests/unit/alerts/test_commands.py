"""What staff type on a small keyboard at three in the morning."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.commands import (
    Act,
    CaseCommand,
    looks_like_command,
    read_command,
    read_hours,
    read_leading_folio,
    read_outcome,
    split_outcome,
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
        (f"N {FOLIO} hablé con su tía", CaseCommand(Act.NOTE, FOLIO, "hablé con su tía")),
        (f"n{FOLIO.lower()}: fui a verlo", CaseCommand(Act.NOTE, FOLIO, "fui a verlo")),
        (f"anoto {FOLIO} que llamé", CaseCommand(Act.NOTE, FOLIO, "que llamé")),
        (f"Nota: {FOLIO} llamé", CaseCommand(Act.NOTE, FOLIO, "llamé")),
        (f"V {FOLIO}", CaseCommand(Act.SHOW, FOLIO)),
        (f"v{HEAD} {TAIL}", CaseCommand(Act.SHOW, FOLIO)),
        (f"Leer: V {FOLIO}.", CaseCommand(Act.SHOW, FOLIO)),
        (f"ver el caso {FOLIO}", CaseCommand(Act.SHOW, FOLIO)),
        (f"E {FOLIO}", CaseCommand(Act.CAN_WAIT, FOLIO)),
        (f"espera {FOLIO}", CaseCommand(Act.CAN_WAIT, FOLIO)),
        (f"Z {FOLIO} 2 espero al cónsul", CaseCommand(Act.SNOOZE, FOLIO, "2 espero al cónsul")),
        (f"z{FOLIO} 30 min. voy", CaseCommand(Act.SNOOZE, FOLIO, "30 min. voy")),
        (f"posponer {FOLIO} 2h", CaseCommand(Act.SNOOZE, FOLIO, "2h")),
        (f"T {FOLIO} ya lo conozco", CaseCommand(Act.TAKE_OVER, FOLIO, "ya lo conozco")),
        (f"relevo {FOLIO} duerme", CaseCommand(Act.TAKE_OVER, FOLIO, "duerme")),
        (f"D {FOLIO} para llamarle", CaseCommand(Act.REVEAL, FOLIO, "para llamarle")),
        (f"datos {FOLIO}", CaseCommand(Act.REVEAL, FOLIO)),
        (f"B {FOLIO} volvió a llamar", CaseCommand(Act.REOPEN, FOLIO, "volvió a llamar")),
        (f"reabrir {FOLIO}", CaseCommand(Act.REOPEN, FOLIO)),
    ],
)
def test_commands_are_read(typed: str, read: CaseCommand) -> None:
    assert read_command(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *("", "A", "hola", "A ver si llega", "X " + FOLIO, FOLIO, "A 123", f"{HEAD} {TAIL}"),
        *("tomo agua", "paso seguro", f"A {WRONG}", f"hola A {FOLIO}", f"A {HEAD}", ":", "a" * 99),
        *("espera", "relevo", "espera por favor", "no", "OK", "E", "ver a mi hijo", "datos"),
        *("t extraño", "de nada", "B", "n", "z 2 horas", "nota de voz", f"F {FOLIO}"),
    ],
)
def test_anything_else_is_not_a_command(typed: str) -> None:
    assert read_command(typed) is None


@given(st.text(max_size=60))
def test_reading_never_raises(typed: str) -> None:
    read_command(typed)
    read_outcome(typed)
    split_outcome(typed)
    read_hours(typed)
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


@pytest.mark.parametrize("act", list(Act))
def test_every_letter_is_read_and_no_two_are_the_same(act: Act) -> None:
    assert read_command(f"{act} {FOLIO} palabras") == CaseCommand(act, FOLIO, "palabras")
    assert len(act) == 1


@pytest.mark.parametrize(
    ("typed", "outcome", "words"),
    [
        ("localizada", Outcome.LOCATED, ""),
        ("localizado en Nogales", Outcome.LOCATED, "en Nogales"),
        ("Localizada reservada", Outcome.LOCATED_NO_CONTACT, ""),
        ("no quiere contacto lo pidió ella", Outcome.LOCATED_NO_CONTACT, "lo pidió ella"),
        ("located_alone", Outcome.LOCATED_NO_CONTACT, ""),
        ("FALSA ALARMA: me lo dijo su hermano", Outcome.FALSE_ALARM, "me lo dijo su hermano"),
        ("falsa  alarma, llamé", Outcome.FALSE_ALARM, "llamé"),
        ("sin contacto - tres llamadas", Outcome.NO_CONTACT, "tres llamadas"),
        (f"repetido {FOLIO}", Outcome.DUPLICATE, FOLIO),
        ("otro. Se fue", Outcome.OTHER, "Se fue"),
        ("Canalizada al consulado", Outcome.REFERRED, "al consulado"),
        ("repatriado", Outcome.REPATRIATED, ""),
        ("Atendida", Outcome.ATTENDED, ""),
        ("ya no localizada", None, ""),
        ("no", None, ""),
        ("", None, ""),
    ],
)
def test_what_follows_an_outcome_is_kept(typed: str, outcome: Outcome | None, words: str) -> None:
    assert split_outcome(typed) == (outcome, words)


def test_an_outcome_with_more_words_is_not_read_as_one_alone() -> None:
    assert read_outcome("localizada en Nogales") is None


@pytest.mark.parametrize(
    ("typed", "hours", "reason"),
    [
        ("2 espero al consulado", 2, "espero al consulado"),
        ("2h espero", 2, "espero"),
        ("2 hrs. espero", 2, "espero"),
        ("12 horas: abre mañana", 12, "abre mañana"),
        ("1.5 voy", 1.5, "voy"),
        ("1,5 horas, voy", 1.5, "voy"),
        ("30 min espero", 0.5, "espero"),
        ("90m espero", 1.5, "espero"),
        ("45 minutos: espero", 0.75, "espero"),
        ("2 hermanos vienen", 2, "hermanos vienen"),
        ("2 mañana", 2, "mañana"),
        ("2", 2, ""),
        ("0 ya", 0, "ya"),
        ("999 nunca", 999, "nunca"),
    ],
)
def test_a_wait_and_its_reason_are_read(typed: str, hours: float, reason: str) -> None:
    assert read_hours(typed) == (timedelta(hours=hours), reason)


@pytest.mark.parametrize(
    "typed", ["", "espero", "dos horas", "-2 espero", "1000 x", "2026", "h", "½ hora", "٢ x"]
)
def test_what_begins_with_no_number_is_no_wait(typed: str) -> None:
    assert read_hours(typed) is None
