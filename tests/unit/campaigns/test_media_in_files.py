"""`media` in a campaign file: beside it or stored, with a text that fits below it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from campaigns.content.model import Media, Wording, packed_contents, unpacked_contents
from campaigns.files.formats import MediaKind
from campaigns.model import CampaignDraft
from campaigns.written import file
from campaigns.written.file import Outside
from delivery.content import Attachment, Content, Slot
from delivery.filling import MOST_CAPTION, fill
from locales.catalog import render
from tests.unit.campaigns.media_samples import jpeg, opus, pdf

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHOTO, VOICE = jpeg(), opus()
FOLDER = {"foto.jpg": PHOTO, "otra.jpg": PHOTO, "voz/aviso.ogg": VOICE, "virus.jpg": b"MZ\x90\0"}
HEAD = "title: Aviso\ntopic: programs\naudience: topic:programs\n"


def told(media: str, text: str = "Hola.", more: str = "", head: str = HEAD) -> str:
    return f"{head}content:\n  es:\n    text: {text}\n    media: {media}\n{more}"


def read(written: str, files: Mapping[str, bytes] = FOLDER) -> CampaignDraft:
    draft = file.read(written.encode(), NOW, Outside(open_file=files.get))
    assert isinstance(draft, CampaignDraft), [error.key for error in draft]
    return draft


def wrong(written: str, outside: Outside | None = None) -> tuple[int, str]:
    """The line of the only error and what it says."""
    found = file.read(written.encode(), NOW, outside or Outside(open_file=FOLDER.get))
    assert isinstance(found, list)
    (error,) = found
    return error.line, render(error.key, "es", error.params)


def media_of(draft: CampaignDraft, language: str = "es") -> Media:
    media = draft.contents[language].media
    assert media is not None
    return media


def test_a_file_is_known_by_what_it_holds() -> None:
    media = media_of(read(told("foto.jpg")))
    assert media == Media(
        MediaKind.PHOTO, hashlib.sha256(PHOTO).hexdigest(), "foto.jpg", len(PHOTO)
    )


def test_a_table_may_say_the_kind_again() -> None:
    media = media_of(read(told("{file: voz/aviso.ogg, kind: voice}")))
    assert (media.kind, media.name) == (MediaKind.VOICE, "aviso.ogg")
    line, said = wrong(told("{file: foto.jpg, kind: voice}"))
    assert line == 7
    assert "Dice que el archivo es voice, pero es photo." in said


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../foto.jpg", "voz/../../foto.jpg", "'C:\\foto.jpg'", "'..\\foto.jpg'",
     "'\\\\servidor\\foto.jpg'", "'C:foto.jpg'", '"foto\\u0000.jpg"', '"foto\\u202e.jpg"'],
)  # fmt: skip
def test_no_path_leads_away_from_the_folder(path: str) -> None:
    asked: list[str] = []

    def open_file(name: str) -> bytes | None:
        asked.append(name)
        return PHOTO

    found = file.read(told(path).encode(), NOW, Outside(open_file=open_file))
    assert isinstance(found, list)
    assert not asked


def test_what_is_not_there_or_not_what_it_seems_is_told_at_its_line() -> None:
    line, said = wrong(told("falta.jpg"))
    assert line == 7
    assert "No se encuentra el archivo" in said
    assert "Su nombre no cuenta" in wrong(told("virus.jpg"))[1]
    assert "No existe el campo «tipo»" in wrong(told("{file: foto.jpg, tipo: x}"))[1]
    assert wrong(told("[foto.jpg]"))[0] == 7
    assert wrong(told('"  "'))[0] == 7


def test_where_there_is_no_folder_a_stored_file_is_named_by_its_fingerprint() -> None:
    assert "sha256" in wrong(told("foto.jpg"), Outside())[1]
    known = media_of(read(told("foto.jpg")))
    outside = Outside(stored={known.sha256: known}.get)
    draft = file.read(told(f"{{sha256: {known.sha256}}}").encode(), NOW, outside)
    assert isinstance(draft, CampaignDraft)
    assert media_of(draft) == known
    assert "huella" in wrong(told("{sha256: " + "0" * 64 + "}"), outside)[1]
    assert "huella" in wrong(told("{sha256: nada}"), outside)[1]


def test_two_languages_may_show_the_same_file_which_is_read_once() -> None:
    asked: list[str] = []

    def open_file(name: str) -> bytes | None:
        asked.append(name)
        return FOLDER.get(name)

    written = told("foto.jpg", more="  en:\n    text: Hello.\n    media: foto.jpg\n")
    draft = file.read(written.encode(), NOW, Outside(open_file=open_file))
    assert isinstance(draft, CampaignDraft)
    assert media_of(draft) == media_of(draft, "en")
    assert asked == ["foto.jpg"]


def test_a_recording_without_a_text_goes_with_that_of_its_family_and_else_with_spanish() -> None:
    written = HEAD + (
        "content:\n"
        "  es: {text: Hola., buttons: [{label: Ver, url: 'https://tequio.example'}]}\n"
        "  mixteco: {text: Familia.}\n"
        "  mix: {media: voz/aviso.ogg}\n"
        "  zapoteco: {media: voz/aviso.ogg}\n"
    )
    draft = read(written)
    assert draft.contents["mix"].text == "Familia."
    assert media_of(draft, "mix").kind is MediaKind.VOICE
    assert draft.contents["zapoteco"].text == "Hola."
    assert draft.contents["zapoteco"].buttons == draft.contents["es"].buttons
    assert draft.contents["mixteco"].media is None


def test_a_variant_takes_the_words_and_not_the_voice_of_a_family_that_is_only_spoken() -> None:
    written = HEAD + (
        "content:\n"
        "  mix: {media: foto.jpg}\n"
        "  mixteco: {media: voz/aviso.ogg, buttons: [{label: Kua'an, helped: true}]}\n"
        "  es: {text: Hola., media: foto.jpg}\n"
    )
    draft = read(written)
    assert draft.contents["mix"].text == draft.contents["mixteco"].text == "Hola."
    assert draft.contents["mix"].buttons == draft.contents["mixteco"].buttons != ()
    assert media_of(draft, "mix").kind is MediaKind.PHOTO
    assert media_of(draft, "mixteco").kind is MediaKind.VOICE


def test_spanish_always_has_a_text() -> None:
    line, said = wrong(HEAD + "content:\n  es:\n    media: foto.jpg\n")
    assert line == 5
    assert said


def test_a_poll_is_asked_in_a_language_that_is_only_spoken_too() -> None:
    written = HEAD + (
        "content:\n"
        "  es: {text: Hola., poll: {question: '¿Va?', answers: [Sí, No]}}\n"
        "  mix: {media: voz/aviso.ogg}\n"
    )
    draft = read(written)
    assert draft.contents["mix"].poll == draft.contents["es"].poll


def test_a_text_below_a_file_is_shorter() -> None:
    read(told("foto.jpg", "x" * MOST_CAPTION))
    line, said = wrong(told("foto.jpg", "x" * (MOST_CAPTION + 1)))
    assert line == 7
    assert "1025" in said
    # The marks do not count, the question of a poll does.
    read(told("foto.jpg", "'**" + "x" * MOST_CAPTION + "**'"))
    poll = "    poll: {question: '¿Va?', answers: [Sí, No]}\n"
    head = HEAD + "channels: [telegram]\n"
    assert wrong(told("foto.jpg", "x" * (MOST_CAPTION - 3), poll, head))[0] == 8


def test_a_file_without_a_chat_would_be_seen_by_nobody() -> None:
    line, said = wrong(told("foto.jpg", head=HEAD + "channels: [sms]\n"))
    assert line == 8
    assert "Telegram" in said


def test_what_is_approved_is_this_very_file() -> None:
    one = read(told("foto.jpg"))
    assert one.content_hash == read(told("foto.jpg")).content_hash
    assert one.content_hash != read(told("otra.jpg")).content_hash
    assert one.content_hash != read(told("foto.jpg"), {"foto.jpg": jpeg(9)}).content_hash
    assert one.content_hash != read(told("")).content_hash


def test_wordings_are_kept_with_their_file_and_older_ones_have_none() -> None:
    contents = dict(read(told("foto.jpg")).contents)
    assert unpacked_contents(packed_contents(contents)) == contents
    old = '{"es": {"text": "Hola.", "sms": null, "links": []}}'
    assert unpacked_contents(old) == {"es": Wording("Hola.")}
    assert packed_contents({"es": Wording("Hola.")}) == old.replace("{}", "").replace(
        '"text": "Hola.", "sms": null, "links": []', '"links": [], "sms": null, "text": "Hola."'
    )


def test_a_content_holds_the_name_of_its_file_and_an_sms_goes_without_it() -> None:
    wording = read(told("foto.jpg")).contents["es"]
    named = wording.content(7, Attachment("photo", "AAA"))
    assert named.attachment == Attachment("photo", "AAA")
    assert named.sms == "Hola."
    assert Content.unpack(named.pack()) == named
    assert replace(named, attachment=None) == wording.content(7)


def test_a_caption_does_not_grow_too_long_by_what_is_filled_in() -> None:
    text = "x" * (MOST_CAPTION - 10) + "aquí"
    slots = (Slot("chat", "town", MOST_CAPTION - 10, 4),)
    content = Content(text, "", attachment=Attachment("photo", "AAA"), slots=slots)
    assert len(fill(content, {"town": "Tlaxiaco"}).chat) == MOST_CAPTION - 2
    assert fill(content, {"town": "Heroica Ciudad de Tlaxiaco"}).chat == text
    alone = replace(content, attachment=None)
    assert "Heroica" in fill(alone, {"town": "Heroica Ciudad de Tlaxiaco"}).chat


def test_a_pdf_is_a_document() -> None:
    media = media_of(read(told("formato.pdf"), {"formato.pdf": pdf()}))
    assert media.kind is MediaKind.DOCUMENT


def test_a_long_name_keeps_its_end() -> None:
    name = "a" * 200 + ".jpg"
    media = media_of(read(told(name), {name: PHOTO}))
    assert len(media.name) == 100
    assert media.name.endswith("a.jpg")
