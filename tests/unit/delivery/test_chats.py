"""One chat gets a few messages at once, and then about one a second."""

from datetime import UTC, datetime, timedelta

from delivery.chats import BURST, EVERY, KEPT, Chats
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
CHAT = Endpoint(Channel.TELEGRAM, "900101")
PHONE = Endpoint(Channel.SMS, "+12135550101")


def test_a_conversation_may_burst_and_then_waits_a_second_each() -> None:
    chats = Chats()
    turns = [chats.reserve(CHAT, NOW, bulk=False) for _ in range(BURST + 3)]
    assert turns[:BURST] == [NOW] * BURST
    assert turns[BURST:] == [NOW + EVERY * late for late in (1, 2, 3)]


def test_whoever_was_silent_may_burst_again() -> None:
    chats = Chats()
    for _ in range(BURST + 3):
        chats.reserve(CHAT, NOW, bulk=False)
    later = NOW + timedelta(minutes=1)
    assert [chats.reserve(CHAT, later, bulk=False) for _ in range(BURST)] == [later] * BURST


def test_a_run_waits_for_a_chat_that_is_busy_and_makes_it_no_busier() -> None:
    chats = Chats()
    for _ in range(BURST):
        chats.reserve(CHAT, NOW, bulk=False)
    assert [chats.reserve(CHAT, NOW, bulk=True) for _ in range(3)] == [NOW + EVERY] * 3


def test_phones_have_no_such_limit() -> None:
    chats = Chats()
    assert {chats.reserve(PHONE, NOW, bulk=False) for _ in range(20)} == {NOW}


def test_chats_that_are_long_past_are_forgotten_and_busy_ones_are_not() -> None:
    chats = Chats()
    for number in range(KEPT):
        chats.reserve(Endpoint(Channel.TELEGRAM, str(number)), NOW, bulk=False)
    later = NOW + timedelta(minutes=1)
    for _ in range(BURST):
        chats.reserve(CHAT, later, bulk=False)
    assert len(chats._free_at) == 1
    assert chats.reserve(CHAT, later, bulk=False) == later + EVERY
