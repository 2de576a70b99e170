"""The timeline in sentences: every kind has one, codes become words, secrets stay out."""

from datetime import UTC, datetime

import pytest

from alerts.chronicle import BY_STAFF, FILE_WORDS, PLAIN, file_kind, line_of, without_words
from alerts.model import Entry, EntryKind, Outcome
from alerts.referral.model import Body, ReferralState
from locales.catalog import catalogues, placeholders, render
from locales.text import Phrase

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
NAMES = {7: "Luz"}


def told(kind: EntryKind, body: str | None = None, member: int | None = None) -> str:
    """An entry as somebody reads it in Spanish."""
    line = line_of(Entry(NOW, kind, member, body), NAMES)
    return render(line.key, "es", line.params)


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_of_line_has_a_sentence_that_its_entry_fills(kind: EntryKind) -> None:
    bodies = {
        EntryKind.CLOSED: "attended la vieron",
        EntryKind.MERGED: "FP5DWV: la misma",
        EntryKind.FOLLOW_UP: "7: va bien",
    }
    for member in (None, 7, 8):
        line = line_of(Entry(NOW, kind, member, bodies.get(kind, "x")), NAMES)
        for language in ("es", "en"):
            wanted = placeholders(catalogues().template(line.key, language) or "")
            assert wanted <= set(line.params)
            assert "{" not in render(line.key, language, line.params)


def test_codes_become_words_and_what_was_written_stands_apart() -> None:
    line = line_of(Entry(NOW, EntryKind.CLOSED, 7, "false_alarm lo vi"), NAMES)
    assert render(line.key, "es", line.params) == "Luz cerró el caso: falsa alarma."
    assert line.words == "lo vi"
    assert without_words(line).words == ""
    assert told(EntryKind.KIND, "captive") == "La persona dijo qué pasa: no le dejan irse."
    assert told(EntryKind.SAFE_HOURS, "18:00-21:00 America/Los_Angeles", 7) == (
        "Luz fijó las horas seguras: 18:00-21:00, hora de Los Angeles."
    )
    assert told(EntryKind.SAFE_HOURS, "-", 7).endswith("a cualquier hora.")
    assert told(EntryKind.PERSON, "minor: yes", 7) == "Luz anotó que es menor de edad."
    assert "dio permiso" in told(EntryKind.PERSON, "4: disclosure yes to 5", 7)
    assert "revisó" in told(EntryKind.PERSON, "4: check passed", 7)
    assert told(EntryKind.REFERRAL, "3: consulate", 7) == "Luz canalizó el caso: consulado."
    assert told(EntryKind.REFERRAL, "3: accepted", 7).endswith("queda aceptada.")
    assert told(EntryKind.ACTED, "consulate: mandan ayuda", 7) == "Luz habló con: consulado."
    assert told(EntryKind.MERGED, "-FP5DWV: no era", 7) == "Luz separó este caso de FP5DWV."
    assert told(EntryKind.FALSE_ALARM).startswith("La persona escribió")
    assert told(EntryKind.FALSE_ALARM, "la vi", 7) == "Luz anotó que la persona está bien."
    assert told(EntryKind.PAGED, None, 99) == "Se avisó a Alguien."


def test_the_secret_names_of_files_and_the_place_are_in_no_line() -> None:
    for kind, body in (
        (EntryKind.MEDIA, "photo:AgACsecret"),
        (EntryKind.MEDIA, "image/jpeg:https://example.org/AgACsecret"),
        (EntryKind.LOCATION, "[36.1, -119.2] AgACsecret"),
    ):
        line = line_of(Entry(NOW, kind, None, body), NAMES)
        assert "AgACsecret" not in f"{render(line.key, 'es', line.params)}{line.words}"
    assert file_kind("image/png:x") == FILE_WORDS["photo"]
    assert file_kind("voice:x") == FILE_WORDS["voice"]
    assert file_kind("application/pdf:x") == file_kind("poll") == "console.file.other"


def test_all_codes_that_the_services_write_are_known() -> None:
    assert set(PLAIN) == set(EntryKind)
    assert set(BY_STAFF) <= set(PLAIN)
    for outcome in Outcome:
        line = line_of(Entry(NOW, EntryKind.CLOSED, 7, f"{outcome} x"), NAMES)
        assert (isinstance(line.params["outcome"], Phrase), line.words) == (True, "x")
    for place in Body:
        line = line_of(Entry(NOW, EntryKind.REFERRAL, 7, f"1: {place}"), NAMES)
        assert isinstance(line.params["body"], Phrase)
    for state in ReferralState:
        line = line_of(Entry(NOW, EntryKind.REFERRAL, 7, f"1: {state}"), NAMES)
        assert isinstance(line.params["state"], Phrase)
