import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.fold import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Tlaxiaco", "tlaxiaco"),
        ("  ÁÉÍÓÚ ñÑ üç ", "aeiou nn uc"),
        ("San\tJuan\r\nMixtepec", "san juan mixtepec"),
        ("¡¡SOS!!... ya_ya", "sos ya ya"),
        ("S\u200bO\u200dS\u200f \u202eBAJA\u202c", "sos baja"),
        ("ba\u0000ja\u0007", "baja"),
        ("ＢＡＪＡ", "baja"),
        ("𝗦𝗢𝗦", "sos"),
        ("🆘 ayuda 🙏🏽👨‍👩‍👧", "ayuda"),
        ("hola🙂mundo", "hola mundo"),
        ("nin\u0303o", "nino"),
        ("tu'un tuꞌun tuʼun", "tu un tu un tu un"),
        ("ɨ Ë", "i e"),
        ("İstanbul", "istanbul"),
        ("1.º 50%", "1 o 50"),
        ("🇲🇽", ""),
        ("", ""),
    ],
)
def test_case_accents_and_ornaments_do_not_matter(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(st.characters(max_codepoint=0x36F)))
def test_common_text_is_read_in_one_pass_and_to_the_same_end(text: str) -> None:
    # A letter of another alphabet takes the whole text the long way.
    assert fold(f"{text} \u0436") == f"{fold(text)} \u0436".strip()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_what_is_left_is_lower_case_words_with_one_space_between(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() or not word.isascii() for word in folded.split())


def test_a_long_run_of_combining_marks_is_gone_and_not_sorted() -> None:
    assert fold("a" + "\u0327\u0301" * 50_000) == "a"


def test_a_hundred_thousand_characters_are_kept_whole() -> None:
    assert fold("ñ" * 100_000) == "n" * 100_000
