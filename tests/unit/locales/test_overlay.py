"""Wordings of staff over the texts of the files, and that a broken one silences nobody."""

from collections.abc import Iterator

import pytest

from locales.catalog import catalogues, overlay, render

KEY = "sms.case.again"
FILES = catalogues().templates


@pytest.fixture(autouse=True)
def files_again() -> Iterator[None]:
    yield
    overlay({})


def test_a_wording_is_said_in_the_place_of_the_files() -> None:
    assert overlay({"es": {KEY: "Recibido, folio {folio}. Marque 911."}}) == ()
    assert render(KEY, "es", {"folio": "K7M2QX"}) == "Recibido, folio K7M2QX. Marque 911."


def test_other_languages_and_texts_stay_as_they_were() -> None:
    overlay({"es": {KEY: "Folio {folio}. 911"}})
    assert render(KEY, "en", {"folio": "K7M2QX"}) == FILES["en"][KEY].format(folio="K7M2QX")
    assert render("sms.case.noted", "es") == FILES["es"]["sms.case.noted"]


def test_speakers_without_a_catalogue_hear_the_wording_in_spanish() -> None:
    overlay({"es": {"sms.case.noted": "Anotado."}})
    assert render("sms.case.noted", "mix") == "Anotado."


def test_a_wording_in_their_own_language_comes_first() -> None:
    overlay({"es": {"sms.case.noted": "Anotado."}, "mixteco": {"sms.case.noted": "(mixteco)"}})
    assert render("sms.case.noted", "mix") == "(mixteco)"
    assert render("sms.case.noted", "mixteco") == "(mixteco)"
    assert render("sms.case.noted", "zapoteco") == "Anotado."


def test_an_earlier_wording_is_forgotten() -> None:
    overlay({"es": {KEY: "Folio {folio}."}})
    overlay({"es": {"sms.case.noted": "Anotado."}})
    assert render(KEY, "es", {"folio": "K7M2QX"}) == FILES["es"][KEY].format(folio="K7M2QX")
    overlay({})
    assert render("sms.case.noted", "es") == FILES["es"]["sms.case.noted"]


@pytest.mark.parametrize(
    "broken",
    [
        *("", "Folio", "Folio {folio", "Folio {}", "Folio {folio!r}", "Folio {folio:>9999999}"),
        *("Folio {folio} {phone}", "Folio {folio.__class__}"),
    ],
)
def test_a_broken_wording_leaves_the_words_of_the_files(broken: str) -> None:
    assert overlay({"es": {KEY: broken}}) == (("es", KEY),)
    assert render(KEY, "es", {"folio": "K7M2QX"}) == FILES["es"][KEY].format(folio="K7M2QX")


def test_a_broken_wording_takes_no_other_with_it() -> None:
    told = overlay({"es": {KEY: "{", "sms.case.noted": "Anotado."}})
    assert told == (("es", KEY),)
    assert render("sms.case.noted", "es") == "Anotado."


def test_a_text_that_the_files_do_not_have_is_left_out() -> None:
    assert overlay({"es": {"sms.invented": "Hola"}}) == (("es", "sms.invented"),)


def test_the_files_can_still_be_read_beneath() -> None:
    overlay({"es": {KEY: "Folio {folio}."}})
    assert catalogues().template(KEY, "es") == FILES["es"][KEY]
