"""Placeholders as staff write them, and consulates by the rules of the directory."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.content import rendering
from campaigns.content.placeholders import consulates, named
from campaigns.content.rendering import FAULTS, Said, as_written, in_chat, in_sms
from campaigns.content.slots import SlotError, find
from contacts.atlas import Place
from delivery.content import Entity
from delivery.filling import Known, Whereabouts, place_key
from directory.model import EmergencyContact, Entry
from directory.rules import choose

TODAY = date(2026, 11, 23)


def an_entry(
    number: int,
    name: str,
    state: str | None,
    city: str | None,
    *,
    kind: str = "consulate_emergency",
    source_date: str = "2026-01",
    verified: bool = False,
    hidden: bool = False,
) -> EmergencyContact:
    phone = f"+121355501{number:02}"
    entry = Entry(kind, name, "US", phone, "https://example.org", source_date, state, city)
    checked = datetime(2026, 11, 1, tzinfo=UTC) if verified else None
    return EmergencyContact(number, entry, False, 1 if verified else None, checked, hidden)


ENTRIES = (
    an_entry(1, "Consulado en Houston (24 h)", "TX", "Houston"),
    an_entry(2, "Consulado en Austin, Protección (8-18 h)", "TX", "Austin", verified=True),
    an_entry(3, "Consulado en Nueva York", "NY", "New York"),
    an_entry(4, "Consulado en Miami", "FL", "Miami", source_date="2020"),
    an_entry(5, "Consulado en Atlanta", "GA", "Atlanta", hidden=True),
    an_entry(6, "Citas", "CA", "Fresno", kind="consular_appointments"),
)


def fault(text: str) -> tuple[int, str]:
    with pytest.raises(SlotError) as caught:
        find(text)
    return caught.value.position, caught.value.reason.key.split(".")[-1]


def said_or_refused(read: Callable[[str], Said], text: str) -> Said | int:
    """What is said, or where the fault stands."""
    try:
        return read(text)
    except FAULTS as error:
        return error.position


def test_a_placeholder_has_a_name_and_a_fallback() -> None:
    (hole,) = find("Para {town|su comunidad}.")
    assert (hole.known, hole.text, hole.span) == (Known.TOWN, "su comunidad", (5, 24))


def test_doubled_braces_are_braces() -> None:
    assert as_written("{{town}} {{{town|aquí}}}").text == "{town} {aquí}"


@pytest.mark.parametrize(
    ("text", "position", "key"),
    [
        ("hola {name|usted}", 5, "slot_unknown"),
        ("hola {}", 5, "slot_unknown"),
        ("hola {Town|x}", 5, "slot_unknown"),
        ("hola {town.__class__|x}", 5, "slot_unknown"),
        ("hola {town}", 5, "slot_fallback"),
        ("hola {town| }", 5, "slot_fallback"),
        ("hola {town|su", 5, "slot_open"),
        ("hola {town|su\npueblo}", 5, "slot_open"),
        ("hola {", 5, "slot_open"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, position: int, key: str) -> None:
    assert fault(text) == (position, key)


def test_a_fallback_moves_the_marks_behind_it_and_holds_none() -> None:
    said = in_chat("{{🌵}} **{town|_su_ pueblo} y _{region|x}_**")
    assert said.text == "{🌵} _su_ pueblo y x"
    assert said.entities == (Entity("bold", 5, 15), Entity("italic", 19, 1))
    assert [(place.known, place.offset, place.length) for place in said.places] == [
        (Known.TOWN, 5, 11),
        (Known.REGION, 19, 1),
    ]


def test_an_sms_has_its_own_places() -> None:
    said = in_sms("- [vea](https://example.org) {town|su pueblo}")
    assert said.text == "- vea: https://example.org su pueblo"
    assert [(place.offset, place.length) for place in said.places] == [(27, 9)]


@given(st.text(st.sampled_from("ab{}|_*[]()\\- \n🌵town"), max_size=60))
def test_any_text_is_rendered_or_refused_inside_itself(text: str) -> None:
    for read in (in_chat, in_sms, as_written):
        said = said_or_refused(read, text)
        if isinstance(said, int):
            assert 0 <= said < len(text)
            continue
        units = len(said.text.encode("utf-16-le")) // 2
        assert all(0 <= one.offset <= one.offset + one.length <= units for one in said.places)


@given(st.text(st.sampled_from("ab{}|_*[]()\\- \n🌵"), max_size=60))
def test_a_text_without_marks_says_the_same_with_them(text: str) -> None:
    try:
        plain = as_written(text)
    except FAULTS:
        return
    assert in_chat(rendering.escaped(text)).text == plain.text


def test_an_unverified_consulate_is_named_without_number_and_office() -> None:
    assert named(ENTRIES[0]) == "Consulado en Houston"


def test_a_verified_consulate_has_its_number() -> None:
    assert named(ENTRIES[1]) == "Consulado en Austin, Protección (8-18 h), +12135550102"


@pytest.mark.parametrize("state", ["TX", "NY", "FL", "GA", "CA", None])
@pytest.mark.parametrize(
    "city", ["Houston", "Austin", "New York City", "new york", "Miami", "Fresno", "Dallas", None]
)
def test_the_consulate_of_a_place_is_that_of_the_directory(
    state: str | None, city: str | None
) -> None:
    found = consulates(ENTRIES, TODAY)
    key = place_key(Known.NEAREST_CONSULATE, Whereabouts(country="US", state=state, city=city))
    consulate = choose(ENTRIES, Place("US", state, city, ""), TODAY).consulate
    told = None if consulate is None else named(consulate)
    assert (None if key is None else found.get(key)) == told


def test_a_state_has_its_verified_consulate_and_another_city_none() -> None:
    found = consulates(ENTRIES, TODAY)
    assert found["nearest_consulate:US/TX/"].startswith("Consulado en Austin")
    assert "nearest_consulate:US/TX/dallas" not in found
