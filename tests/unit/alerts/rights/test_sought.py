"""What somebody may mean who looks for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alerts.rights.sought import LONGEST, Sought, read
from kit.channels import Channel
from kit.ids import new_folio


def values(sought: Sought) -> set[tuple[Channel, str]]:
    return {(one.channel, one.value) for one in sought.endpoints}


@pytest.mark.parametrize(
    "typed",
    ["+52 951 123 4567", "9511234567", "951-123-4567", "+5219511234567", "0449511234567",
     "(951) 123 45 67"],
)  # fmt: skip
def test_a_phone_is_read_in_any_way_of_writing(typed: str) -> None:
    assert (Channel.SMS, "+529511234567") in values(read(typed, cases=False))


def test_ten_digits_may_be_of_either_country_and_a_chat() -> None:
    sought = read("213 555 0123", cases=False)
    assert (Channel.SMS, "+12135550123") in values(sought)
    chat = read("5551234567", cases=False)
    assert (Channel.TELEGRAM, "5551234567") in values(chat)
    assert "telegram" in chat.kinds
    assert values(read("Telegram: 123456", cases=False)) == {(Channel.TELEGRAM, "123456")}


def test_a_person_is_found_by_their_number_here() -> None:
    for typed in ("persona 123", "PERSONA 123", "person 123", "123", "#123"):
        assert read(typed, cases=False).contact_id == 123
    assert read("persona 0", cases=False).kinds == ()
    assert read("persona 999999999999999", cases=False).contact_id == 999999999999999


def test_folios_and_names_are_for_who_may_know_of_cases() -> None:
    folio = new_folio(lambda most: most // 2)
    assert read(folio.lower(), cases=True).folio == folio
    assert read("María Inventada", cases=True).kinds == ("name",)
    for typed in (folio, "María Inventada"):
        hidden = read(typed, cases=False)
        assert (hidden.folio, hidden.name) == (None, "")


def test_words_that_can_be_nothing_are_nothing() -> None:
    for typed in ("", "   ", "🤷", "+", "a", "%", "1" * (LONGEST + 1), "x" * 100_000):
        assert read(typed, cases=True).kinds == ()


@given(some.text(max_size=150), some.booleans())
def test_reading_never_fails_and_shows_nothing_of_what_was_typed(typed: str, cases: bool) -> None:
    sought = read(typed, cases=cases)
    assert set(sought.kinds) <= {"phone", "telegram", "number", "folio", "name"}
    for one in sought.endpoints:
        assert one.value not in repr(sought)
