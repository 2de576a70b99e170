"""The `content` of a campaign file, and what its messages say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.content.model import (
    AnyButton,
    Helped,
    Link,
    Poll,
    Reply,
    Wording,
    packed_contents,
    unpacked_contents,
)
from campaigns.written.document import FileError, read_document
from campaigns.written.reading import Reading
from campaigns.written.wording import read_contents
from delivery.content import Button, Content, Entity
from delivery.filling import Known

HEAD = "content:\n"
WHOLE = (
    HEAD
    + """\
  es:
    text: |
      **Ojo** en {town|su comunidad}:
      - no pague
    sms: "IAIMO: ojo en {town|su pueblo}"
    buttons:
      - {label: Saber más, url: "https://example.org"}
      - {label: Verificar, reply: VERIFICAR}
      - {label: Me sirvió, helped: true}
    poll:
      question: ¿Le han cobrado?
      answers: [Sí, No]
  en:
    text: Beware
    poll: {question: "Were you charged?", answers: ["Yes", "No"]}
"""
)
LONG_WORD = "ñ" * 20
TEXTS = st.text(max_size=30)
BUTTONS: st.SearchStrategy[AnyButton] = st.one_of(
    st.builds(Link, TEXTS, TEXTS), st.builds(Reply, TEXTS, TEXTS), st.builds(Helped, TEXTS)
)
WORDINGS = st.builds(
    Wording,
    TEXTS,
    st.none() | TEXTS,
    st.lists(BUTTONS, max_size=4).map(tuple),
    st.none() | st.builds(Poll, TEXTS, st.lists(TEXTS, min_size=2, max_size=4).map(tuple)),
)


def read(text: str) -> tuple[dict[str, Wording], list[FileError]]:
    source, table = read_document(text.encode())
    reading = Reading(source)
    key, node = table.entries["content"]
    return dict(read_contents(key, node, reading, by_sms=True) or {}), reading.errors


def contents_of(text: str) -> dict[str, Wording]:
    contents, errors = read(text)
    assert not errors
    return contents


def spanish(text: str) -> Wording:
    """The wording of a file with this below `es`."""
    lines = "\n".join(f"    {line}" for line in text.splitlines())
    return contents_of(f"{HEAD}  es:\n{lines}\n")["es"]


def faults_of(text: str) -> list[tuple[int, int, str]]:
    """Line, column and last word of the key of each error."""
    return [told(error) for error in read(text)[1]]


def told(error: FileError) -> tuple[int, int, str]:
    return error.line, error.column, error.key.split(".")[-1]


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


def test_a_whole_content_is_read() -> None:
    assert contents_of(WHOLE) == {
        "es": Wording(
            "**Ojo** en {town|su comunidad}:\n- no pague",
            "IAIMO: ojo en {town|su pueblo}",
            (
                Link("Saber más", "https://example.org"),
                Reply("Verificar", "VERIFICAR"),
                Helped("Me sirvió"),
            ),
            Poll("¿Le han cobrado?", ("Sí", "No")),
        ),
        "en": Wording("Beware", poll=Poll("Were you charged?", ("Yes", "No"))),
    }


def test_a_wording_becomes_a_message_with_a_button_a_row() -> None:
    content = contents_of(WHOLE)["es"].content(12)
    assert content.chat == "Ojo en su comunidad:\n• no pague\n\n¿Le han cobrado?"
    assert content.sms == "IAIMO: ojo en su pueblo\n¿Le han cobrado? 1 Sí, 2 No"
    assert content.entities == (Entity("bold", 0, 3), Entity("bold", 33, 16))
    assert content.buttons == (
        (Button("Sí", "k:12:p1"),),
        (Button("No", "k:12:p2"),),
        (Button("Saber más", url="https://example.org"),),
        (Button("Verificar", "k:12:w:VERIFICAR"),),
        (Button("Me sirvió", "k:12:h"),),
    )
    assert [(slot.wording, slot.name, slot.offset) for slot in content.slots] == [
        ("chat", "town", 7),
        ("sms", "town", 14),
    ]


def test_without_an_sms_the_text_is_said_without_its_marks() -> None:
    wording = Wording("**Vea** [aquí](https://example.org/a):\n- _uno_")
    assert wording.in_sms == "Vea aquí: https://example.org/a:\n- uno"
    assert wording.plain == wording.in_sms
    assert wording.content(1).sms == wording.in_sms


def test_the_plain_text_has_no_question() -> None:
    wording = Wording("**Ojo**", "ojo", poll=Poll("¿Sí?", ("a", "b")))
    assert (wording.plain, wording.in_sms) == ("Ojo", "ojo\n¿Sí? 1 a, 2 b")


def test_what_stands_in_an_sms_alone_is_said_in_chats_sign_by_sign() -> None:
    wording = spanish('sms: "- Mande SI_NO o **2** a {region|Oaxaca} [x]"')
    content = wording.content(1)
    assert content.chat == content.sms == "- Mande SI_NO o **2** a Oaxaca [x]"
    assert content.entities == ()
    assert wording.placeholders == {Known.REGION}


def test_what_was_kept_before_there_were_marks_is_said_as_it_stands() -> None:
    content = Wording("**Ojo {", "a {b}").content(1)
    assert (content.chat, content.sms, content.entities) == ("**Ojo {", "a {b}", ())


def test_links_alone_are_kept_as_they_always_were() -> None:
    packed = '{"es": {"links": [["Ver", "https://example.org"]], "sms": null, "text": "Hola"}}'
    contents = {"es": Wording("Hola", None, (Link("Ver", "https://example.org"),))}
    assert unpacked_contents(packed) == contents
    assert packed_contents(contents) == packed


@given(st.dictionaries(st.sampled_from(["es", "en", "mix"]), WORDINGS, max_size=3))
def test_what_is_packed_comes_back(contents: dict[str, Wording]) -> None:
    assert unpacked_contents(packed_contents(contents)) == contents


@given(WORDINGS)
def test_any_wording_can_be_said_and_kept(wording: Wording) -> None:
    content = wording.content(7)
    assert Content.unpack(content.pack()) == content
    assert content.sms == wording.in_sms


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("**Ojo**", "**Ojo", [(4, 7, "mark_open")]),
        ("- no pague", "- no [pague](http://x)", [(5, 12, "mark_link")]),
        ("{town|su comunidad}", "{name|usted}", [(4, 18, "slot_unknown")]),
        ("{town|su comunidad}", "{town}", [(4, 18, "slot_fallback")]),
        ("{town|su pueblo}", "{town|su pueblo", [(6, 25, "slot_open")]),
        ("reply: VERIFICAR", "reply: ' '", [(9, 35, "reply_word")]),
        ("reply: VERIFICAR", f"reply: {LONG_WORD}1", [(9, 35, "reply_word")]),
        ("reply: VERIFICAR", "reply: [a]", [(9, 35, "not_a_text")]),
        ("reply: VERIFICAR", "reply: A, helped: true", [(9, 9, "button_kind")]),
        (", reply: VERIFICAR", "", [(9, 9, "button_kind")]),
        ("helped: true", "helped: quizá", [(10, 36, "unknown_value")]),
        ("reply: VERIFICAR", "helped: true", [(10, 9, "twice")]),
        ("label: Me sirvió", "label: '{town|a}'", [(10, 17, "slot_here")]),
        ("¿Le han cobrado?", "'{'", [(12, 17, "slot_here")]),
        ("¿Le han cobrado?", "a" * 301, [(12, 17, "line_long")]),
        ("[Sí, No]", "[Sí]", [(13, 16, "poll_answers")]),
        ("[Sí, No]", "[a, b, c, d, e]", [(13, 16, "poll_answers")]),
        ("[Sí, No]", "[Sí, Sí]", [(13, 21, "twice")]),
        ("[Sí, No]", "[Sí, '']", [(13, 21, "line_long")]),
        ("[Sí, No]", "[Sí, No, Quizá]", [(14, 3, "poll_differs")]),
        ("      answers: [Sí, No]\n", "", [(12, 7, "missing")]),
        (
            '    poll: {question: "Were',
            '    encuesta: {question: "Were',
            [(14, 3, "poll_differs"), (16, 5, "unknown_key")],
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_column(
    old: str, new: str, expected: list[tuple[int, int, str]]
) -> None:
    assert faults_of(changed(old, new)) == expected


def test_a_word_of_forty_bytes_fits_beside_the_largest_number() -> None:
    wording = spanish(f"text: Hola\nbuttons: [{{label: a, reply: {LONG_WORD}}}]")
    (row,) = wording.content(2**63 - 1).buttons
    assert len(row[0].data.encode()) <= 64


def test_all_faults_of_both_texts_are_told() -> None:
    text = f"{HEAD}  es: {{text: '**a', sms: '{{a|b}}'}}\n"
    assert [key for *_, key in faults_of(text)] == ["mark_open", "slot_unknown"]


def test_marks_and_addresses_do_not_count_for_the_length_of_a_chat() -> None:
    words = " ".join(["**a**"] * 90)
    wording = spanish(f'text: "{words} {"b" * 3900}"\nsms: corto')
    assert len(wording.content(1).chat) == 4_080


@pytest.mark.parametrize(
    ("below", "key"),
    [
        (
            "text: '" + "a" * 4_091 + "'\n    sms: a\n    poll: {question: hola, answers: [a, b]}",
            "text_long",
        ),
        ("text: '" + "a" * 20_000 + "'\n    sms: a", "text_long"),
        (
            "text: a\n    sms: '" + "a" * 1_525 + "'\n    poll: {question: hola, answers: [a, b]}",
            "sms_long",
        ),
        ("text: '[a](https://example.org/" + "a" * 1_600 + ")'", "sms_long"),
    ],
)
def test_what_a_channel_cannot_take_is_refused(below: str, key: str) -> None:
    assert [told[2] for told in faults_of(f"{HEAD}  es:\n    {below}\n")] == [key]
