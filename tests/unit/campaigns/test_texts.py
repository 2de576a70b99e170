"""What a wording of staff must keep of the text that it stands in for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows import asking, vocabulary
from campaigns.texts import rules
from campaigns.texts.model import is_public
from campaigns.texts.service import keys
from delivery.segments import measure
from kit.fold import fold
from locales import po
from locales.catalog import Catalogues, catalogues, placeholders, render
from locales.limits import most_segments
from locales.samples import samples

RECEIVED = catalogues().templates["es"]["sms.case.received"]
STAFF_ALONE = re.compile(
    r"campaigns/(telling|trying|breakdown)|alerts/(shifts|canary|drills|trying)|delivery/|app/"
)
NAMES = frozenset(
    re.findall(
        "[A-Z]+",
        "IAIMO SMS EE UU US OJO CAREFUL TIJUANA FRESNO SALINAS CALIFORNIA TLAXIACO PUTLA",
    )
)
"""Words in capitals that are no answers: institutions, and places of examples."""


def wrong(key: str, text: str, language: str = "es") -> list[str]:
    """The keys of what is wrong with a wording."""
    return [fault.key.removeprefix("texts.wrong.") for fault in rules.faults(key, text, language)]


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_of_the_files_would_pass_as_a_wording_of_staff(language: str) -> None:
    texts = catalogues().templates[language]
    assert len(keys()) > 250
    assert {key: wrong(key, texts[key], language) for key in keys()} == {key: [] for key in keys()}


def test_no_text_that_staff_alone_read_may_be_worded() -> None:
    uses = po.extract()
    theirs = {key: use.files for key, use in uses.items() if is_public(key)}
    assert [key for key, files in theirs.items() if all(map(STAFF_ALONE.match, files))] == []
    assert not is_public("word.last_resort")
    assert not is_public("sms.duty.page")
    assert not is_public("cli.welcome")


def test_every_text_of_the_bot_may_be_worded() -> None:
    uses = po.extract()
    bot = {key for key, use in uses.items() if use.files & {"bot/texts.py", "bot/commands.py"}}
    case = {key for key in uses if key.startswith(("sms.case.", "chat.case.", "button.kind."))}
    assert len(case) > 50
    assert [key for key in sorted(bot | case) if not is_public(key)] == []


def test_another_wording_that_keeps_everything_passes() -> None:
    other = (
        "Recibido, folio {folio}. Ya avisamos a la guardia. Peligro ahora: marque 911. ¿Le podemos"
        " escribir a este teléfono? 1 SI, 2 NO. Diga qué pasa y en qué lugar."
    )
    assert wrong("sms.case.received", other) == []
    cost = rules.cost("sms.case.received", other, "es")
    assert cost is not None
    assert (cost.encoding, cost.segments) == ("GSM-7", 1)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("folio {folio}", "su folio", ["placeholders"]),
        ("folio {folio}", "folio {foliio}", ["sample", "placeholders"]),
        ("folio {folio}", "folio {folio} {town}", ["segments", "placeholders"]),
        ("{folio}", "{folio", ["braces"]),
        ("{folio}", "{folio.x}", ["braces"]),
        ("marque 911", "llame", ["number_lost"]),
        ("marque 911", "marque 066", ["number_lost", "number_new"]),
        ("en qué lugar", "el 911 o 5550100", ["segments", "number_new"]),
        ("1 SI, 2 NO", "Responda", ["number_lost", "answers", "options"]),
        ("1 SI, 2 NO", "1 NO, 2 SI", ["options"]),
        ("1 SI, 2 NO", "1 SI, 2 NO, 1 NO", ["segments", "options"]),
        ("1 SI, 2 NO", "1 si, 2 no", ["answers", "options"]),
        ("qué pasa", "dónde está", ["not_gsm", "segments"]),
        ("Cuente qué pasa", "Cuente despacio y con calma qué pasa", ["segments"]),
        ("Avisamos a la guardia.", "Le atiende la guardia.", ["claim"]),
        ("Avisamos a la guardia.", "La ayuda va en camino.", ["claim"]),
        ("Cuente qué pasa", "No se preocupe", ["claim"]),
        ("Recibido, folio", "IAIMO, folio", ["telling"]),
        ("y en qué lugar", "en iaimo.mx", ["link"]),
        ("lugar.", "lugar\u202e.", ["sign"]),
        ("lugar.", "lugar\x07.", ["sign"]),
    ],
)
def test_what_a_first_answer_to_a_call_must_keep(old: str, new: str, why: list[str]) -> None:
    assert old in RECEIVED
    assert wrong("sms.case.received", RECEIVED.replace(old, new)) == why


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("chat.menu", "", ["empty"]),
        ("chat.menu", "a" * 1001, ["long"]),
        ("chat.menu", "Hola. Lea https://example.org/aviso", []),
        ("chat.menu", "Hola. Lea http://example.org/aviso", ["open_link"]),
        ("chat.menu", "Hola {town}", ["no_placeholders"]),
        ("chat.menu", "Abrimos de 9:00-18:00, desde 2027.", []),
        ("chat.menu", "Llame al 55 12 34 56 78", ["number_new"]),
        ("chat.menu", "Es seguro.", ["claim"]),
        ("chat.menu", "Eso no quiere decir que sea seguro.", []),
        ("chat.programs", "Afiliación al Seguro Social", []),
        ("chat.stop.done", "Hecho. Ya no le escribimos. SOS sigue sirviendo.", ["answers"]),
        ("chat.help", "Escriba SOS o marque 911. /baja /temas", ["answers"]),
        ("chat.case.stopped", "Su caso {folio} está a salvo. SALIR", ["claim"]),
        ("chat.case.accepted", "{folio}: {pseudonym} ya tiene su caso. Palabra {word}.", []),
        ("button.yes", "Claro", ["answers", "first_word"]),
        ("button.yes", "SI quiero", []),
        ("chat.button.no", "Sí", ["first_word"]),
        ("chat.button.may_write", "No me escriban", ["first_word"]),
        ("chat.button.may_write", "Sí, me pueden escribir a mí", ["button"]),
        ("button.oaxaca", "Mi\npueblo", ["sign"]),
        ("chat.command.sos", "a" * 257, ["long"]),
        ("word.topic.programs", "ayudas", []),
        ("word.topic.programs", "programas y trámites del gobierno", ["word_long"]),
        ("word.topic.programs", "trámites", ["not_gsm"]),
        ("when.now", "hoy", ["placeholders"]),
    ],
)
def test_other_texts_are_held_to_the_rules_of_their_kind(
    key: str, text: str, why: list[str]
) -> None:
    found = wrong(key, text)
    # An accent of the example may force UCS-2 besides.
    assert found == why or [one for one in found if one != "not_gsm"] == why


def test_a_language_without_a_catalogue_is_held_to_the_spanish_text() -> None:
    assert wrong("sms.help", "IAIMO SOS 911 VERIFICAR CONTACTOS PROGRAMAS ALTA BAJA", "mix") == []
    assert wrong("sms.help", "IAIMO SOS 911 VERIFICAR CONTACTOS PROGRAMAS ALTA", "mix") == [
        "answers"
    ]
    assert wrong("sms.verify.received", "Ya. {when} SOS. It is safe", "mixteco") == ["claim"]
    assert wrong("sms.verify.received", "Ya. {when} SOS. Es seguro", "mixteco") == ["claim"]


def test_the_wording_of_a_person_who_has_the_case_may_say_so_and_no_other() -> None:
    assert wrong("chat.case.accepted", "{folio} {pseudonym} {word}: ya tiene su caso.") == []
    assert wrong("chat.case.kept", "{folio} 911. Una persona ya tiene su caso.") == ["claim"]


def test_what_is_pasted_from_elsewhere_is_brought_into_form() -> None:
    assert rules.tidy(" Me\u0301xico \r\nsi  \n") == "México\nsi"
    assert rules.tidy("\n\t ") == ""


def test_several_faults_are_told_a_line_each() -> None:
    found = rules.faults("button.yes", "Claro", "es")
    told = render("texts.wrong", "es", {"faults": rules.together(found)})
    assert len(told.splitlines()) == 3
    assert "SI" in told


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_word_in_capitals_is_an_answer_that_the_bot_knows(language: str) -> None:
    texts = catalogues().templates[language]
    found = {
        word
        for key in keys()
        for word in re.findall(r"\b[^\W\d_a-zà-ü]{2,}\b", re.sub(r"\{\w+\}", " ", texts[key]))
        if word.isupper()
    }
    assert found - rules.ANSWERS - NAMES == set()


def test_the_bot_knows_every_word_to_answer_with() -> None:
    known = asking.YES | asking.NO | vocabulary.SOS | vocabulary.STOP | vocabulary.LEAVE
    known |= vocabulary.CANCEL | vocabulary.HELP
    for words in (*vocabulary.FIRST_WORDS.values(), *vocabulary.WHOLE.values()):
        known |= words
    assert [word for word in sorted(rules.ANSWERS) if fold(word) not in known] == []


PIECES = st.sampled_from(
    [
        *("{folio}", "{town}", "{", "}}", "911", "089", "1 SI", "2 NO", "SOS", "BAJA"),
        *("seguro", "á", "folio", ".", "\n", "http://a.mx", "Ñ", "\u200b", " ", "x" * 40),
    ]
)


@given(st.sampled_from(keys()), st.sampled_from(["es", "en", "mixteco"]), st.data())
def test_whatever_passes_keeps_numbers_answers_and_places_and_fits(
    key: str, language: str, data: st.DataObject
) -> None:
    original = catalogues().template(key, language) or ""
    parts = [st.sampled_from(original.split(" ")), PIECES]
    drawn = data.draw(st.lists(st.one_of(parts), max_size=40))
    kept = data.draw(st.booleans())
    text = rules.tidy(" ".join([*([original] if kept else []), *drawn]))
    if rules.faults(key, text, language):
        return
    assert placeholders(text) == placeholders(original)
    assert set(re.findall(r"\d+", original)) <= set(re.findall(r"\d+", text))
    for word in rules.ANSWERS & set(re.findall(r"[A-Z]+", original)):
        assert word in text
    values = samples("es" if language == "mixteco" else language)
    filled = Catalogues({"es": {key: text}}).render(
        key, "es", {name: values.get(name, "x") for name in placeholders(text)}
    )
    if key.startswith("sms."):
        found = measure(filled)
        assert (found.encoding, found.segments <= most_segments(key)) == ("GSM-7", True)
