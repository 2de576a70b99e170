"""What people will see of a text that is being typed, piece by piece, and what its SMS costs."""

from hypothesis import given
from hypothesis import strategies as st

from console.editor.choices import FIELD_NAMES, Known, choices, towns, words_of
from console.editor.fields import Fields
from console.editor.form import rows_of
from console.editor.preview import Piece, served, shown
from console.editor.view import View
from delivery.segments import measure

BOTH = ("channels", "telegram,sms")
KNOWN = Known(("viveros",), ("feria",), {12: "Visas"})


def said(text: str, *more: tuple[str, str]) -> Fields:
    return Fields([BOTH, ("language", "es"), ("c.es.text", text), *more])


def test_marks_links_and_placeholders_become_pieces_and_never_markup() -> None:
    text = "**Nadie _del_ todo** 🙂 en {town|su pueblo}: [lea <b>](https://example.org/a?b=1&c) <i>"
    stranger = shown(said(text), "es", filled=False).bubble
    assert stranger.pieces == (
        Piece("Nadie ", bold=True),
        Piece("del", bold=True, italic=True),
        Piece(" todo", bold=True),
        Piece(" 🙂 en "),
        Piece("su pueblo", filled=True),
        Piece(": "),
        Piece("lea <b>", url="https://example.org/a?b=1&c"),
        Piece(" <i>"),
    )
    known = shown(said(text), "es", filled=True).bubble
    assert [one.text for one in known.pieces if one.filled] == ["Heroica Ciudad de Tlaxiaco"]
    assert known.signs == stranger.signs + len("Heroica Ciudad de Tlaxiaco") - len("su pueblo")
    two = shown(said("{region|su región}, **{town|x}** {town|y}."), "es", filled=True).bubble
    assert [(one.text, one.bold) for one in two.pieces if one.filled] == [
        ("Mixteca", False),
        ("Heroica Ciudad de Tlaxiaco", True),
        ("Heroica Ciudad de Tlaxiaco", False),
    ]


@given(st.text(st.sampled_from("ab *_[]()\\{}|\n-🙂ñhtps:/.{town|x}"), max_size=60), st.booleans())
def test_no_text_breaks_the_preview_and_nothing_of_it_is_lost(text: str, filled: bool) -> None:
    found = shown(said(text), "es", filled=filled)
    whole = "".join(one.text for one in found.bubble.pieces)
    assert len(whole) == found.bubble.signs
    assert all(one.url == "" or one.url.startswith("https://") for one in found.bubble.pieces)
    if found.bubble.fault is not None:
        assert whole == text.strip()
        assert found.bubble.fault.line is not None
    if found.sms is not None:
        parts = ["".join(sign.text for sign in part) for part in found.sms.parts]
        assert tuple(parts) == found.sms.cost.segments


def test_a_fault_is_told_at_its_place_and_the_text_is_shown_as_it_was_typed() -> None:
    bubble = shown(said("uno\ndos **tres"), "es", filled=True).bubble
    assert bubble.fault is not None
    assert (bubble.fault.line, bubble.fault.sign) == (2, 5)
    assert [one.text for one in bubble.pieces] == ["uno\ndos **tres"]


def test_signs_that_make_an_sms_dearer_are_marked_where_they_stand() -> None:
    sms = shown(said("x", ("c.es.sms", "Más {region|€} ya, sí")), "es", filled=False).sms
    assert sms is not None
    assert [one.text for one in sms.parts[0] if one.dear] == ["á", "í"]
    assert sms.cost.encoding == "UCS-2"
    plain = shown(said("x", ("c.es.sms", "5 € ya")), "es", filled=False).sms
    assert plain is not None
    assert [one.text for one in plain.parts[0] if one.double] == ["€"]
    assert plain.left == 160 - measure("5 € ya").units
    assert shown(said("x").put({"channels": "telegram"}), "es", filled=False).sms is None


def test_buttons_and_answers_stand_below_in_their_order() -> None:
    poll = [("c.es.poll.question", "¿Qué?"), ("c.es.poll.answer", "Sí"), ("c.es.poll.answer", "")]
    buttons = [
        ("c.es.button", "0"),
        ("c.es.button.0.label", "Leer"),
        ("c.es.button.0.value", "javascript:alert(1)"),
        ("c.es.button", "7"),
        ("c.es.button.7.kind", "helped"),
        ("c.es.button.7.label", "Me sirvió"),
        ("c.es.button", "9"),
    ]
    found = shown(said("x", *poll, *buttons), "es", filled=False)
    assert found.bubble.buttons == (("Sí", "answer"), ("Leer", "url"), ("Me sirvió", "helped"))
    assert found.sms is not None
    assert found.sms.cost.segments == ("x\n¿Qué? 1 Sí",)


def test_a_language_with_a_recording_alone_borrows_the_nearest_text() -> None:
    more = [("language", "mixteco"), ("c.mixteco.text", "Ñuu"), ("language", "mib")]
    fields = said("Hola", *more, ("c.mib.media", "a" * 64))
    found = shown(fields, "mib", filled=False)
    assert found.borrowed == "mixteco"
    assert found.bubble.pieces == (Piece("Ñuu"),)
    assert found.bubble.most == 1_024
    assert [served(("es", "mixteco"), one) for one in ("mib", "mixteco", "en", "es")] == [
        "mixteco", "mixteco", "es", "es",
    ]  # fmt: skip


def test_every_value_that_is_offered_can_be_used_and_has_words_in_both_languages() -> None:
    for asked in FIELD_NAMES:
        for language in ("es", "en"):
            offered = choices(asked, language, KNOWN)
            assert len({one.value for one in offered}) == len(offered)
            for one in offered:
                assert one.words.strip()
        for one in choices(asked, "es", KNOWN):
            fields = Fields([("row", "0"), ("row.0.field", asked), ("row.0.value", one.value)])
            read = rows_of(fields)
            assert not read.faults
            assert read.rows.rows[0].values == (str(one.value),)
    assert words_of("country", "US", "es", KNOWN) == "Estados Unidos"
    assert words_of("origin", "20397", "es", KNOWN) == "Heroica Ciudad de Tlaxiaco (Mixteca)"
    assert words_of("joined", ">=2026-01-01", "es", KNOWN) == "desde el 2026-01-01"
    assert words_of("tag", "other", "es", KNOWN) == "other"


def test_a_town_of_the_list_is_read_as_itself() -> None:
    names = [one.value for one in towns()]
    assert len(set(names)) == len(names) == 570
    pairs = [("row", "0"), ("row.0.field", "origin")]
    some = names[::19]
    read = rows_of(Fields([*pairs, *(("row.0.value", one) for one in some)]))
    assert not read.faults
    assert read.rows.rows[0].values == tuple(one[:5] for one in some)


def test_a_language_is_found_as_people_call_it() -> None:
    pairs = [("row", "0"), ("row.0.field", "language"), ("row.0.more", "Mixteco")]
    assert rows_of(Fields(pairs)).rows.rows[0].values == ("mixteco",)


def test_the_page_shows_every_part_of_a_condition() -> None:
    pairs = [
        ("row", "0"), ("row.0.field", "region"), ("row.0.value", "mixteca"),
        ("row", "1"), ("row.1.field", "state"), ("row.1.value", "CA"), ("row.1.is", "not"),
        ("row", "2"), ("row.2.field", "joined"), ("row.2.sign", "<"), ("row.2.value", "2026-01-01"),
        ("row", "3"), ("row.3.field", "joined"), ("row.3.value", ">2026-01-01T10:00:00Z"),
    ]  # fmt: skip
    region, state, day, instant = View(Fields(pairs), "es", KNOWN).rows
    assert region.few
    assert len(region.others) == 8
    assert not state.few
    assert state.negated
    assert [one.words for one in state.chosen] == ["California"]
    assert "CA" not in [one.value for one in state.others]
    assert day.is_one_day
    assert day.sign == "<"
    assert not instant.is_one_day
