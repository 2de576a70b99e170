"""What is known of a recipient, put into a content that many share."""

from hypothesis import given
from hypothesis import strategies as st

from delivery.content import Content, Entity, Slot
from delivery.filling import (
    MOST_CHAT,
    MOST_SMS,
    Swap,
    Whereabouts,
    fill,
    place_key,
    swapped,
)

TEMPLATE = Content(
    chat="🌵 Para su pueblo: vea aquí",
    sms="Para su pueblo: vea",
    entities=(Entity("bold", 8, 9), Entity("link", 23, 4, "https://example.org")),
    slots=(Slot("chat", "town", 8, 9), Slot("sms", "town", 5, 9)),
)


def marked(content: Content) -> list[str]:
    units = content.chat.encode("utf-16-le")
    return [
        units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
        for one in content.entities
    ]


def test_the_fallback_stays_where_nothing_is_known() -> None:
    for values in ({}, {"town": ""}, {"region": "Mixteca"}):
        filled = fill(TEMPLATE, values)
        assert (filled.chat, filled.sms, filled.slots) == (TEMPLATE.chat, TEMPLATE.sms, ())
        assert marked(filled) == ["su pueblo", "aquí"]


def test_what_is_known_takes_its_place_and_the_marks_move_along() -> None:
    filled = fill(TEMPLATE, {"town": "San Juan 🌵"})
    assert filled.chat == "🌵 Para San Juan 🌵: vea aquí"
    assert marked(filled) == ["San Juan 🌵", "aquí"]


def test_an_sms_of_gsm_7_stays_one() -> None:
    filled = fill(TEMPLATE, {"town": "Santa María Yucuñuti"})
    assert filled.chat.startswith("🌵 Para Santa María Yucuñuti")
    assert filled.sms == "Para Santa Maria Yucuñuti: vea"


def test_an_sms_with_accents_keeps_those_of_a_value() -> None:
    content = Content("x", "Aquí x", slots=(Slot("sms", "town", 5, 1),))
    assert fill(content, {"town": "María"}).sms == "Aquí María"


def test_a_content_without_slots_is_the_same() -> None:
    content = Content("a {town|b}", "a")
    assert fill(content, {"town": "c"}) is content


def test_what_would_grow_too_long_for_its_channel_keeps_its_fallback() -> None:
    chat, sms = "a" * (MOST_CHAT - 1) + "b", "a" * (MOST_SMS - 1) + "b"
    content = Content(
        chat,
        sms,
        entities=(Entity("bold", MOST_CHAT - 1, 1),),
        slots=(Slot("chat", "town", MOST_CHAT - 1, 1), Slot("sms", "town", MOST_SMS - 1, 1)),
    )
    assert fill(content, {"town": "c"}).chat.endswith("ac")
    filled = fill(content, {"town": "cc"})
    assert (filled.chat, filled.sms, filled.entities) == (chat, sms, content.entities)


@given(
    st.lists(st.tuples(st.text(max_size=4), st.text(min_size=1, max_size=4), st.text(max_size=6)))
)
def test_swaps_put_every_text_in_its_place(parts: list[tuple[str, str, str]]) -> None:
    text, swaps, wanted = "", [], ""
    for kept, old, new in parts:
        text += kept
        swaps.append(Swap(units(text), units(old), new))
        text += old
        wanted += kept + new
    bold = tuple(Entity("bold", swap.offset, swap.length) for swap in swaps)
    found, entities, begins = swapped(text, bold, swaps)
    assert found == wanted
    assert [entity.offset for entity in entities] == list(begins)
    assert [entity.length for entity in entities] == [units(new) for *_, new in parts]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_a_place_has_one_key_however_it_is_written() -> None:
    def consulate(state: str | None, city: str | None) -> str | None:
        return place_key("nearest_consulate", Whereabouts(country="US", state=state, city=city))

    assert consulate("NY", "New York City") == consulate("NY", "new york")
    assert consulate("TX", None) == "nearest_consulate:US/TX/"
    assert consulate(None, None) is None
    assert consulate("TX", "???") is None
    assert place_key("town", Whereabouts(origin_region="mixteca")) is None
    assert place_key("region", Whereabouts(origin_region="mixteca")) == "region:mixteca"
    assert place_key("town", Whereabouts(origin_clave=20399)) == "town:20399"
    assert place_key("name", Whereabouts(country="US")) is None
