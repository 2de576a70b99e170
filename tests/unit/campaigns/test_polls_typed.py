"""Which answer of a poll somebody means who types it: one for certain, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.replies.typed import MOST_SIGNS, answer_of, number_of, says_yes_or_no

YES_NO = ("Sí", "No")
THREE = ("Agua potable", "La luz", "No sé")
BADLY = ("No", "Sí")


@pytest.mark.parametrize(
    "said",
    [
        *("1", " 1. ", "1)", "(1)", "#1", "1️⃣", "１", "01", "uno", "Uno.", "one", "1 1"),
        *("opcion 1", "la opción 1", "Opción uno", "la 1", "el número 1", "1 por favor"),
        *("1 gracias", "Hola, 1", "Buenas tardes: 1. Muchas gracias", "mi respuesta es la 1"),
        *("sí", "Si", "SI", "si.", "¡Sí!", "s í".replace(" ", ""), "siii", "si si si", "ｓｉ"),
        *("si gracias", "Sí, por favor", "hola si", "yes", "yes please", "simón", "claro que sí"),
        *("1 si", "si, 1", "1: Sí", "sí gracias señora"),
    ],
)
def test_a_number_or_the_words_of_the_first_answer_are_it(said: str) -> None:
    assert answer_of(said, YES_NO) == 1


@pytest.mark.parametrize(
    "said", ["2", "dos", "no", "NO", "No.", "no gracias", "nooo", "nop", "no no", "2 no", "no. 2"]
)
def test_so_are_those_of_the_second(said: str) -> None:
    assert answer_of(said, YES_NO) == 2


@pytest.mark.parametrize(
    ("said", "number"),
    [
        *(("agua potable", 1), ("AGUA  POTABLE!", 1), ("el agua potable, gracias", 1)),
        *(("La luz", 2), ("luz", 2), ("la luz gracias", 2), ("2 luz", 2), ("prefiero la luz", 2)),
        *(("no se", 3), ("No sé, gracias", 3), ("3 no sé", 3)),
    ],
)
def test_words_are_compared_as_people_type_them(said: str, number: int) -> None:
    assert answer_of(said, THREE) == number


@pytest.mark.parametrize(
    "said",
    [
        *("", "   ", ".", "?", "agua", "potable", "no", "si", "no agua potable"),
        *("no hay agua potable en mi pueblo", "agua potable y la luz", "agua potable la luz"),
        *("1 2", "1 y 2", "1.5", "1 luz", "2, me pegan", "2 hombres", "2 dias", "las 2", "22"),
        *("¿agua potable?", "luz?", "2?", "¿1?", "0", "4", "911", "cuatro", "opcion"),
        *("gracias", "hola", "🙏"),
        *("x" * 1_600, "agua potable " * 120, "1" * 1_600, "la " * 66, "\x00", "\ud800"),
    ],
    ids=range(39),
)
def test_whatever_is_not_certain_is_none(said: str) -> None:
    assert answer_of(said, THREE) is None


@pytest.mark.parametrize("said", ["si no", "no si", "sí y no", "1 no", "2 si", "no 1", "ok", "y"])
def test_yes_and_no_at_once_are_neither(said: str) -> None:
    assert answer_of(said, YES_NO) is None


def test_the_place_counts_and_not_what_one_and_two_mean_elsewhere() -> None:
    assert [answer_of(said, BADLY) for said in ("1", "uno", "no", "2", "dos", "si", "yes")] == [
        *(1, 1, 1, 2, 2, 2, 2)
    ]


def test_a_yes_is_none_where_no_answer_is_a_plain_yes() -> None:
    assert answer_of("si", ("Sí, ya fui", "Todavía no")) is None
    assert answer_of("sí ya fui", ("Sí, ya fui", "Todavía no")) == 1
    assert answer_of("no", ("Sí", "Todavía no", "No sé")) is None


def test_answers_of_signs_alone_are_told_apart() -> None:
    assert [answer_of(said, ("👍", "👎")) for said in ("👍", " 👎 ", "🙏")] == [1, 2, None]


def test_an_answer_that_asks_may_be_typed_with_its_mark() -> None:
    assert answer_of("¿Cuándo?", ("¿Cuándo?", "Nunca")) == 1


@pytest.mark.parametrize(
    ("said", "number"),
    [("7", 7), ("0", 0), ("5.", 5), ("７", 7), ("opcion 9", 9), ("99", 99), ("11 gracias", 11)],
)
def test_a_number_is_one_whether_or_not_a_poll_has_it(said: str, number: int) -> None:
    assert number_of(said) == number


@pytest.mark.parametrize(
    "said", ["", "100", "911", "93721", "2 hombres", "7 dias", "siete", "¹²3", "5?"]
)
def test_a_count_or_a_long_number_is_none(said: str) -> None:
    assert number_of(said) is None


def test_a_plain_yes_or_no_is_known() -> None:
    assert all(says_yes_or_no(said) for said in ("si", "No.", "sí gracias", "yes"))
    assert not any(says_yes_or_no(said) for said in ("agua", "1", "", "no llega mi hijo"))


LABELS = st.lists(st.text(max_size=12), min_size=2, max_size=4)


@given(st.text(max_size=MOST_SIGNS + 20), LABELS)
def test_whatever_comes_is_read_without_an_error(said: str, labels: list[str]) -> None:
    assert answer_of(said, labels) in {None, *range(1, len(labels) + 1)}
    assert (number_of(said) or 0) in range(100)


@given(st.lists(st.sampled_from(["agua", "luz", "camino", "clinica"]), min_size=2, unique=True))
def test_each_answer_is_found_by_its_words(labels: list[str]) -> None:
    assert [answer_of(f"{label}, gracias", labels) for label in labels] == [
        *range(1, len(labels) + 1)
    ]


@pytest.mark.parametrize("said", ["buenas tardes gracias", "Buenas noches señor", "buenas tardes"])
def test_a_greeting_is_no_time_of_day(said: str) -> None:
    assert answer_of(said, ("Mañanas", "Tardes", "Noches")) is None


@pytest.mark.parametrize("said", ["el 2", "la 2", "buenas las tardes", "Tardes, gracias"])
def test_a_lead_in_leaves_the_answer(said: str) -> None:
    assert answer_of(said, ("Mañanas", "Tardes")) == 2
