"""How a button of a campaign and the word of a poster are written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.replies.presses import (
    MOST_DATA,
    AnswerKind,
    Press,
    keyword_form,
    poll_of,
    read_press,
)
from delivery.content import Button, Content

PRESSES = {
    "k:5:h": Press(5, AnswerKind.HELPED),
    "k:5:p1": Press(5, AnswerKind.POLL, "1"),
    "k:999999999999999999:p4": Press(999_999_999_999_999_999, AnswerKind.POLL, "4"),
    "k:12:w:ALTA": Press(12, AnswerKind.WORD, "ALTA"),
    "k:12:w:ALTA TLAXIACO": Press(12, AnswerKind.WORD, "ALTA TLAXIACO"),
    "k:12:w:h": Press(12, AnswerKind.WORD, "h"),
}
NO_PRESSES = [
    "", "k", "k:", "k:5", "k:5:", "k:5:x", "k:5:hh", "k:5:H", "K:5:h", "k:5:p", "k:5:p0", "k:5:p5",
    "k:5:p11", "k:5:p1 ", " k:5:h", "k:5:h\n", "k:0:h", "k:05:h", "k:-5:h", "k:5.0:h", "k:٥:h",
    "k:5:p١", "k:1000000000000000000:h", "k::h", "k:h", "k:5:w", "k:5:w:", "k:5:w:   ", "5:h",
    "k:5:h:k:6:h", "k:5;h", "menu:sos", "kind:missing", "k:5:w:" + "x" * 60, "k:5:w:" + "ñ" * 30,
    "k:" + "9" * 5_000 + ":h", "k:5:w:" + "A" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize(("data", "press"), PRESSES.items(), ids=range(len(PRESSES)))
def test_a_button_says_which_campaign_and_what(data: str, press: Press) -> None:
    assert read_press(data) == press
    assert press.data == data


@pytest.mark.parametrize("data", NO_PRESSES, ids=range(len(NO_PRESSES)))
def test_anything_else_is_no_button_of_a_campaign(data: str) -> None:
    assert read_press(data) is None


@given(st.text() | st.text("k:hpw0123456789").map("k:".__add__))
def test_whatever_comes_is_read_without_an_error(data: str) -> None:
    press = read_press(data)
    assert press is None or press.data == data


@given(
    st.integers(1, 10**18 - 1),
    st.text(min_size=1, max_size=10).filter(lambda word: word.strip() != ""),
)
def test_every_word_that_fits_comes_back(campaign_id: int, word: str) -> None:
    press = Press(campaign_id, AnswerKind.WORD, word)
    fits = len(press.data.encode(errors="replace")) <= MOST_DATA
    assert read_press(press.data) == (press if fits else None)


@pytest.mark.parametrize(
    "text", ["FERIA", "feria", "  Fería! ", "«feria»", "FERIA\u200b", "/feria"]
)
def test_a_keyword_is_compared_as_people_type_it(text: str) -> None:
    assert keyword_form(text) == "feria"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "la feria",
        "feria 2026",
        "ab",
        "2026",
        "911",
        "x" * 21,
        "x" * 1_000_000,
        "фея",
        "🎪",
    ],
    ids=range(11),
)
def test_what_is_not_one_word_of_fitting_length_is_none(text: str) -> None:
    assert keyword_form(text) is None


@given(st.text())
def test_a_keyword_is_its_own_form(text: str) -> None:
    word = keyword_form(text)
    assert word is None or keyword_form(word) == word


def test_a_poll_is_found_among_other_buttons() -> None:
    yes, no = Button("Sí", "k:5:p1"), Button("No", "k:5:p2")
    others = (Button("Me sirvió", "k:5:h"), Button("Ver", url="https://tequio.example"))
    assert poll_of(Content("¿?", "¿?", ((yes, no), others))) == (yes, no)
    assert poll_of(Content("hola", "hola", (others,))) == ()
