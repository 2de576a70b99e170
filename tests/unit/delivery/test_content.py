"""Contents as the ledger keeps them."""

import json

from delivery.content import Button, Content, Entity, Slot

MARKED = Content(
    "Ojo",
    "Ojo",
    ((Button("Sí", "k:1:p1"),),),
    entities=(Entity("link", 0, 3, "https://example.org"),),
    slots=(Slot("chat", "town", 0, 3), Slot("sms", "town", 0, 3)),
)


def test_marks_and_slots_come_back() -> None:
    assert Content.unpack(MARKED.pack()) == MARKED


def test_a_content_without_them_is_kept_as_it_always_was() -> None:
    plain = json.loads(Content("a", "b").pack())
    assert sorted(plain) == [
        "ask_location",
        "attachment",
        "buttons",
        "chat",
        "protected",
        "replaces",
        "sms",
        "spoken",
    ]


def test_a_row_from_before_attachments_can_still_be_read() -> None:
    old = '{"chat":"a","sms":"b","buttons":[[{"label":"x","data":"y","url":""}]]}'
    assert Content.unpack(old) == Content("a", "b", ((Button("x", "y"),),))
