"""Words that mean something already cannot stand on a poster."""

import pytest

from bot.flows import vocabulary
from bot.flows.asking import NO, YES
from bot.keywords import goes_first, reserved

EVERY_WORD = sorted(
    {
        *vocabulary.SOS,
        *vocabulary.SOS_WHOLE,
        *vocabulary.STOP,
        *vocabulary.NO_MORE,
        *vocabulary.LEAVE,
        *vocabulary.GOODBYE,
        *vocabulary.CANCEL,
        *vocabulary.HELP,
        *(word for words in vocabulary.FIRST_WORDS.values() for word in words),
        *(word for words in vocabulary.WHOLE.values() for word in words),
        *vocabulary.STARTS_A_GREETING,
        *YES,
        *NO,
    }
)
SCRIPTS = """
    SOS AUXILIO EMERGENCIA 911 AYUDA HELP INFO BAJA STOP ALTO CANCEL QUIT END REVOKE UNSUBSCRIBE
    CANCELAR SALIR ADIOS EXIT SI NO 1 2 ALTA VERIFICAR CONTACTOS PROGRAMAS PRIVACIDAD DATOS
    BORRAR TEMAS IDIOMA LUGAR START HOLA
"""
"""Every word that the scripts know."""
MISSPELT = ["vaja", "berificar", "SOSSS", "alluda", "auxiliooo", "ausilio", "Bája", "ｂａｊａ"]
DUTY = ["ok", "relevo", "casos", "lista", "confirmo", "localizada", "falsa alarma"]
FREE = ["FERIA", "salud", "Pasaporte", "VISA", "becas", "Guelaguetza", "mezcal", "nomina2026"]


@pytest.mark.parametrize("word", [*EVERY_WORD, *SCRIPTS.split(), *MISSPELT, *DUTY])
def test_a_word_of_the_system_is_reserved(word: str) -> None:
    assert reserved(word)
    assert reserved(word.upper())


@pytest.mark.parametrize("word", ["ayúdenme", "auxilio", "déjenme", "borrenme", "spam"])
def test_so_is_a_word_of_danger_or_of_leaving(word: str) -> None:
    assert reserved(word)


@pytest.mark.parametrize("word", FREE)
def test_other_words_are_free(word: str) -> None:
    assert not reserved(word)


@pytest.mark.parametrize("word", ["", " ", "?", "x" * 100_000])
def test_odd_words_raise_nothing(word: str) -> None:
    assert reserved(word) in (True, False)


@pytest.mark.parametrize(
    "answer",
    [
        *("BAJA", "Stop", "Alto", "vaja", "Cancelar", "SOS", "Ayuda", "Información", "Temas"),
        *("No más", "Ya no quiero avisos", "Me secuestraron", "No me escriban", "Temas de salud"),
    ],
)
def test_an_answer_that_means_something_else_by_sms_is_known(answer: str) -> None:
    assert goes_first(answer)


@pytest.mark.parametrize(
    "answer",
    ["Sí", "No", "Yes", "Todavía no", "De acuerdo", "No sé", "Agua potable", "Otro", "Dos", "👍"],
)
def test_others_are_answers(answer: str) -> None:
    assert not goes_first(answer)
