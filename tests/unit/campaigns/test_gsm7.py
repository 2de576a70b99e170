"""The cheaper wording of an SMS that a person may choose."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.content.gsm7 import offer, sms_preview
from delivery.segments import GSM_7, measure

gsm_texts = st.text(st.sampled_from(sorted(GSM_7)), max_size=300)


def test_spanish_keeps_what_gsm_7_has_and_loses_four_accents() -> None:
    assert offer("¿Mañana a las 5? Sí, ahí estará la güera José — ¡ÁNDELE, ÚLTIMO!") == (
        "¿Mañana a las 5? Si, ahi estara la güera José - ¡ANDELE, ULTIMO!"
    )
    assert offer("“Hola”, ‘sí’… 1.º y 2.ª «x»") == '"Hola", \'si\'... 1.o y 2.a "x"'


def test_an_accent_typed_apart_is_the_same_accent() -> None:
    assert offer("cancio\u0301n, e\u0301l") == "cancion, él"


def test_what_has_no_stand_in_stays() -> None:
    assert offer("á 🌵 ë ŧ") == "a 🌵 ë ŧ"


@given(gsm_texts)
def test_a_text_of_gsm_7_is_never_changed(text: str) -> None:
    assert offer(text) == text


@given(st.text(max_size=200))
def test_offering_twice_changes_nothing_and_loses_no_word(text: str) -> None:
    once = offer(text)
    assert offer(once) == once
    assert bool(once) == bool(text)
    assert measure(once).units >= 1 or not text


def test_a_preview_shows_each_segment_and_what_forces_the_dear_alphabet() -> None:
    text = "Información " + "a" * 60
    found = sms_preview(text)
    assert (found.encoding, found.units, len(found.segments)) == ("UCS-2", 72, 2)
    assert "".join(found.segments) == text
    assert found.blockers == ("ó",)
    assert (found.offered, found.offered_segments) == ("Informacion " + "a" * 60, 1)


def test_nothing_is_offered_that_costs_as_much() -> None:
    assert sms_preview("Información").offered is None
    assert sms_preview("Informacion").offered is None


def test_a_sign_without_a_stand_in_is_told_and_nothing_offered() -> None:
    found = sms_preview("Información 🌵" + "a" * 60)
    assert (found.blockers, found.stubborn, found.offered) == (("ó", "🌵"), ("🌵",), None)


@given(st.text(max_size=400))
def test_the_segments_joined_are_the_text(text: str) -> None:
    assert "".join(sms_preview(text).segments) == text
