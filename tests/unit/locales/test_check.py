"""Each rule of `python -m locales.check` against an invented catalogue that breaks it."""

import pytest

from locales.check import Catalogue, faults

GOOD = "Recibido, folio {folio}."


def found(es: Catalogue, en: Catalogue | None = None, **others: Catalogue) -> list[str]:
    catalogues = {"es": es, "en": es if en is None else en, **others}
    return faults({key for texts in catalogues.values() for key in texts}, catalogues)


def test_catalogues_in_order_have_no_faults() -> None:
    assert found({"sms.a": GOOD}, {"sms.a": "Received, folio {folio}."}) == []


def test_a_key_without_a_text_is_told_for_spanish_and_english() -> None:
    assert faults({"sms.a"}, {"es": {}, "en": {"sms.a": ""}}) == [
        "es: sms.a has no text",
        "en: sms.a has no text",
    ]


def test_a_third_language_may_lack_texts() -> None:
    assert found({"sms.a": GOOD}, mix={"sms.a": ""}) == []


def test_an_entry_that_the_code_does_not_name_is_told() -> None:
    catalogues = {"es": {"sms.a": GOOD, "sms.old": "Hecho."}, "en": {"sms.a": GOOD}}
    assert faults({"sms.a"}, catalogues) == ["es: sms.old is used nowhere"]


def test_placeholders_must_be_those_of_the_spanish_text() -> None:
    assert found({"sms.a": GOOD}, {"sms.a": "Received, {town}."}) == [
        "en: sms.a has other placeholders than the Spanish text: folio, town"
    ]


@pytest.mark.parametrize("key", ["sms.a", "word.a", "when.a", "button.a"])
def test_what_goes_into_an_sms_holds_no_accent_outside_gsm_7(key: str) -> None:
    assert "es: " + key + " holds signs outside GSM-7: á ó" in found({key: "está allá ó"})


def test_a_chat_text_has_all_its_accents() -> None:
    assert found({"chat.a": "¿Dónde está usted ahora?"}) == []


def test_an_sms_is_one_segment_with_its_sample_values() -> None:
    assert found({"sms.a": "a" * 154 + "{folio}"}) == []
    assert "es: sms.a takes 2 segments (161 units), 1 allowed" in found(
        {"sms.a": "a" * 155 + "{folio}"}
    )


def test_an_sms_that_lists_things_may_be_longer_when_it_is_named() -> None:
    assert found({"sms.data.yours": "a" * 300}) == []
    assert "es: sms.data.yours takes 3 segments (307 units), 2 allowed" in found(
        {"sms.data.yours": "a" * 307}
    )


def test_a_placeholder_of_an_sms_needs_a_sample_value() -> None:
    assert "es: sms.a holds planet, which has no value in locales/samples.py" in found(
        {"sms.a": "{planet}"}
    )


@pytest.mark.parametrize("key", ["button.a", "chat.button.a"])
def test_a_button_has_24_signs_or_fewer(key: str) -> None:
    assert found({key: "a" * 24}) == []
    assert f"es: {key} is a button of 25 signs; 24 are shown" in found({key: "a" * 25})


def test_a_template_that_cannot_be_filled_is_told() -> None:
    assert any("expected '}'" in fault for fault in found({"sms.a": "folio {folio"}))


def test_a_decomposed_accent_is_told() -> None:
    assert any("NFC" in fault for fault in found({"chat.a": "Mexico\u0301"}))


def test_a_blank_at_the_edge_is_told() -> None:
    assert "es: chat.a begins or ends with a blank" in found({"chat.a": "Hecho. "})
