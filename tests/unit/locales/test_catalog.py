"""Filling texts: languages, placeholders, phrases, and what a fault does to a person."""

from pathlib import Path

import pytest

from locales.catalog import CatalogueError, Catalogues, FaultyText, load, placeholders, render
from locales.text import Phrase, Text

CATALOGUES = Catalogues(
    {
        "es": {
            "word.last_resort": "Si hay peligro, marque 911.",
            "sms.received": "Recibido, folio {folio}.",
            "sms.only_spanish": "Hecho.",
            "when.tomorrow": "mañana, de {opens} a {closes} h",
            "sms.read": "Lo lee una persona {when}.",
        },
        "en": {
            "word.last_resort": "If there is danger, call 911.",
            "sms.received": "Received, folio {folio}.",
            "when.tomorrow": "tomorrow, {opens} to {closes}",
            "sms.read": "A person reads it {when}.",
        },
    }
)


def test_a_text_is_filled_in_the_language_of_the_reader() -> None:
    assert CATALOGUES.render("sms.received", "es", {"folio": "K7M2QX"}) == (
        "Recibido, folio K7M2QX."
    )
    assert CATALOGUES.render("sms.received", "en", {"folio": "K7M2QX"}) == (
        "Received, folio K7M2QX."
    )


@pytest.mark.parametrize("language", ["en", "mix", "xx-unknown", ""])
def test_what_a_language_lacks_is_said_in_spanish(language: str) -> None:
    assert CATALOGUES.render("sms.only_spanish", language) == "Hecho."


def test_a_variant_without_a_catalogue_is_answered_in_its_family() -> None:
    catalogues = Catalogues({"es": {"a": "Hecho."}, "mixteco": {"a": "(mixteco)"}})
    assert catalogues.render("a", "mix") == "(mixteco)"
    assert catalogues.render("a", "zap") == "Hecho."


def test_a_phrase_is_rendered_in_the_language_of_the_whole() -> None:
    when = Phrase("when.tomorrow", {"opens": 9, "closes": 18})
    assert CATALOGUES.render("sms.read", "es", {"when": when}) == (
        "Lo lee una persona mañana, de 9 a 18 h."
    )
    assert CATALOGUES.render("sms.read", "en", {"when": when}) == (
        "A person reads it tomorrow, 9 to 18."
    )


def test_a_text_inside_a_phrase_takes_the_wording_that_fits_everywhere() -> None:
    catalogues = Catalogues({"es": {"a": "SI", "b": "Sí", "whole": "Responda {answer}"}})
    assert catalogues.render("whole", "es", {"answer": Text("a", "b")}) == "Responda SI"


def test_braces_in_what_somebody_wrote_stay_as_they_are() -> None:
    assert CATALOGUES.render("sms.received", "es", {"folio": "{when} {0} {"}) == (
        "Recibido, folio {when} {0} {."
    )


def test_a_missing_value_warns_and_the_person_still_gets_the_text() -> None:
    with pytest.warns(FaultyText, match="sms.received needs folio"):
        assert CATALOGUES.render("sms.received", "es") == "Recibido, folio -."


def test_a_key_that_nobody_wrote_warns_and_the_person_still_gets_911() -> None:
    with pytest.warns(FaultyText, match="no catalogue has sms.invented"):
        assert CATALOGUES.render("sms.invented", "en") == "If there is danger, call 911."


def test_faults_stop_the_tests_because_warnings_are_errors_there() -> None:
    with pytest.raises(FaultyText):
        CATALOGUES.render("sms.invented", "es")


def test_a_fault_never_shows_what_was_to_be_filled_in() -> None:
    with pytest.warns(FaultyText) as told:
        CATALOGUES.render("sms.read", "es", {"secret": "5550100"})
    assert "5550100" not in str(told[0].message)


@pytest.mark.parametrize("wrong", ["{0}", "{}", "{Folio}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}"])
def test_a_placeholder_is_a_lower_case_name_and_nothing_else(wrong: str) -> None:
    with pytest.raises(ValueError, match="is not a placeholder"):
        placeholders(f"Folio {wrong}")


def _catalogue(directory: Path, language: str, text: str) -> None:
    folder = directory / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{text}',
        encoding="utf-8",
    )


def test_a_new_language_is_a_new_folder(tmp_path: Path) -> None:
    _catalogue(tmp_path, "es", 'msgid "a"\nmsgstr "señora"\n\nmsgid "b"\nmsgstr ""\n')
    _catalogue(tmp_path, "mix", '#, fuzzy\nmsgid "a"\nmsgstr "guess"\n')
    assert load(tmp_path).templates == {"es": {"a": "señora"}, "mix": {}}


def test_a_text_that_cannot_be_filled_is_told_with_its_language_and_key(tmp_path: Path) -> None:
    _catalogue(tmp_path, "es", 'msgid "sms.a"\nmsgstr "folio {folio"\n')
    with pytest.raises(CatalogueError, match=r"es: sms\.a: "):
        load(tmp_path)


def test_the_catalogues_of_the_project_answer_in_both_languages() -> None:
    assert render("sms.case.do_not_write", "es") == "Entendido."
    assert render("sms.case.do_not_write", "en") == "Understood."
