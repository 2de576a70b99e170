"""Texts that are too long for one message of a chat, and where they are cut."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from delivery.captions import parts_of
from delivery.content import Attachment, Button, Content, Entity
from delivery.filling import MOST_CHAT
from delivery.graphemes import may_cut
from delivery.splitting import Part, split_chat

FAMILY = "👨‍👩‍👧"
ACCENTED = "a\u0301"
FLAG = "🇲🇽"
SYLLABLE = "\u1100\u1161\u11a8"
SIGNS = st.sampled_from(
    ["a", "ñ", " ", "\n", ". ", "🌵", FAMILY, ACCENTED, FLAG, "👍🏽", "각", SYLLABLE]
)
LONG_TEXTS = st.lists(SIGNS, max_size=150).map("".join)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def texts(text: str, limit: int) -> list[str]:
    return [part.text for part in split_chat(text, (), limit)]


def clusters(text: str) -> list[str]:
    cuts = [0, *(at for at in range(1, len(text)) if may_cut(text, at)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if start < end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FAMILY, 1),
        (f"{FAMILY}{FAMILY}", 2),
        (f"{ACCENTED}{ACCENTED}", 2),
        (f"{FLAG}{FLAG}🇲", 3),
        ("👍🏽", 1),
        ("1\ufe0f\u20e3", 1),
        ("각", 1),
        ("각각", 2),
        ("\uac00\u11a8", 1),
        (SYLLABLE, 1),
        (f"{SYLLABLE}\u1100", 2),
        ("\r\n", 1),
        ("\n\r", 2),
        ("\n\u0301", 2),
        ("🏴\U000e0067\U000e0062\U000e007f", 1),
        ("né", 2),
    ],
)
def test_a_reader_counts_so_many_signs(text: str, expected: int) -> None:
    assert len(clusters(text)) == expected


def test_what_fits_is_left_as_it_is() -> None:
    text, bold = " hola \n", (Entity("bold", 1, 4),)
    assert split_chat(text, bold, 7) == (Part(text, bold),)


def test_a_cut_falls_where_a_reader_would_pause() -> None:
    assert texts("uno dos ya.\n\ntres cuatro\ncinco", 18) == ["uno dos ya.", "tres cuatro\ncinco"]
    assert texts("uno dos tres\ncuatro cinco", 18) == ["uno dos tres", "cuatro cinco"]
    assert texts("Uno dos tres. Cuatro cinco", 18) == ["Uno dos tres.", "Cuatro cinco"]
    assert texts("uno dos tres cuatro cinco", 18) == ["uno dos tres", "cuatro cinco"]


def test_a_paragraph_near_the_beginning_does_not_leave_a_part_half_empty() -> None:
    assert texts("a\n\nuno dos tres cuatro", 18) == ["a\n\nuno dos tres", "cuatro"]


def test_a_word_longer_than_a_part_is_cut_between_signs() -> None:
    assert texts("ab" + FAMILY * 3, 10) == ["ab" + FAMILY, FAMILY, FAMILY]


def test_a_sign_longer_than_a_part_is_cut_and_no_pair_is() -> None:
    parts = texts("🌵" + "\u0301" * 10, 3)
    assert "".join(parts) == "🌵" + "\u0301" * 10
    assert all(units(part) <= 3 for part in parts)


def test_an_entity_goes_whole_into_the_next_part() -> None:
    text = "uno dos tres cuatro"
    assert split_chat(text, (Entity("link", 8, 11, "https://example.org"),), 14) == (
        Part("uno dos"),
        Part("tres cuatro", (Entity("link", 0, 11, "https://example.org"),)),
    )


def test_an_entity_longer_than_a_part_goes_on_in_the_next() -> None:
    assert split_chat("🌵uno dos tres", (Entity("bold", 2, 12),), 8) == (
        Part("🌵uno", (Entity("bold", 2, 3),)),
        Part("dos tres", (Entity("bold", 0, 8),)),
    )


@given(LONG_TEXTS, st.integers(12, 40))
@example("\n" * 40, 12)
def test_nothing_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    parts = texts(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(units(part) <= limit for part in parts)
    if units(text) > limit:
        assert all(part == part.strip() and part for part in parts)


@given(LONG_TEXTS, st.integers(12, 40))
def test_no_sign_is_torn_and_no_word_that_fits(text: str, limit: int) -> None:
    parts = texts(text, limit)
    seen = [sign for part in parts for sign in clusters(part) if sign.strip()]
    assert seen == [sign for sign in clusters(text) if sign.strip()]
    if all(units(word) <= limit for word in text.split()):
        assert [word for part in parts for word in part.split()] == text.split()


@given(
    st.lists(st.tuples(st.text("ab ", min_size=1, max_size=9), st.booleans()), max_size=30),
    st.integers(10, 25),
)
def test_no_entity_that_fits_is_torn(pieces: list[tuple[str, bool]], limit: int) -> None:
    text, entities = "", []
    for piece, bold in pieces:
        if bold and piece.strip() == piece:
            entities.append(Entity("bold", len(text), len(piece)))
        text += piece
    marked = [text[one.offset : one.offset + one.length] for one in entities]
    parts = split_chat(text, entities, limit)
    found = [
        part.text[one.offset : one.offset + one.length] for part in parts for one in part.entities
    ]
    assert found == marked


def test_a_part_of_one_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="two units"):
        split_chat("hola", (), 1)


BUTTONS = ((Button("Tomar", "A:K7Q2"),),)
PHOTO = Attachment("photo", "file")
WORDS = ("palabra " * 1_200).strip()


def test_a_message_too_long_for_a_chat_becomes_several_rows() -> None:
    whole = Content(WORDS, "sms", BUTTONS, replaces=7, spoken="dicho", protected=True)
    first, middle, last = parts_of(whole)
    assert " ".join(part.chat for part in (first, middle, last)) == WORDS
    assert max(len(part.chat) for part in (first, middle, last)) <= MOST_CHAT
    assert (first.sms, first.replaces, first.spoken, first.buttons) == ("sms", 7, "dicho", ())
    assert (middle.sms, middle.replaces, middle.buttons) == ("", None, ())
    assert (last.sms, last.replaces, last.buttons) == ("", None, BUTTONS)
    assert first.protected
    assert middle.protected
    assert last.protected


def test_the_attachment_comes_after_all_of_the_words() -> None:
    parts = parts_of(Content(WORDS, "sms", BUTTONS, attachment=PHOTO))
    assert [part.attachment for part in parts] == [None, None, None, PHOTO]
    assert parts[-2].buttons == BUTTONS


def test_what_fits_stays_one_row() -> None:
    whole = Content("ñ" * MOST_CHAT, "sms", BUTTONS)
    assert parts_of(whole) == (whole,)
