"""Folios survive a bad line and a tired reader."""

import secrets

from hypothesis import given
from hypothesis import strategies as st

from kit.ids import ALPHABET, LENGTH, new_folio, read_folio

folios = st.integers(0, 2**64).map(lambda seed: new_folio(lambda below: (seed * 7919 + 13) % below))
bodies = st.lists(st.sampled_from(ALPHABET), min_size=LENGTH - 1, max_size=LENGTH - 1)


def folio_of(body: list[str]) -> str:
    signs = iter(body)
    return new_folio(lambda below: ALPHABET.index(next(signs)))


@given(bodies)
def test_a_folio_is_read_as_it_was_made(body: list[str]) -> None:
    folio = folio_of(body)
    assert read_folio(folio) == folio
    assert read_folio(f" {folio[:3].lower()}-{folio[3:]} ") == folio


@given(bodies, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_sign_is_found(body: list[str], place: int, sign: str) -> None:
    folio = folio_of(body)
    wrong = folio[:place] + sign + folio[place + 1 :]
    assert read_folio(wrong) == (folio if wrong == folio else None)


@given(bodies, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_found(body: list[str], place: int) -> None:
    folio = folio_of(body)
    swapped = folio[:place] + folio[place + 1] + folio[place] + folio[place + 2 :]
    assert read_folio(swapped) == (folio if swapped == folio else None)


def test_signs_that_sound_alike_are_taken_for_each_other() -> None:
    folio = folio_of(list("CVJMC"))
    assert read_folio(folio.replace("C", "S").replace("V", "B").replace("J", "G")) == folio


def test_a_folio_never_spells_a_word() -> None:
    assert not set(ALPHABET) & set("AEIOU01")
    assert len({new_folio(secrets.randbelow) for _ in range(1000)}) > 990


@given(st.text(max_size=40))
def test_reading_a_folio_never_raises(text: str) -> None:
    found = read_folio(text)
    assert found is None or read_folio(found) == found
