import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.phones import country_of, normalise, zones_of


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("+1 (213) 555-0142", "+12135550142"),
        ("1 213 555 0142", "+12135550142"),
        ("001 213 555 0142", "+12135550142"),
        ("tel:+1-213-555-0142", "+12135550142"),
        ("\u202a+12135550142\u202c", "+12135550142"),
        ("＋１２１３５５５０１４２", "+12135550142"),
        ("951 555 0100", "+529515550100"),
        ("(951) 555.01.00", "+529515550100"),
        ("52 951 555 0100", "+529515550100"),
        ("+52 1 951 555 0100", "+529515550100"),
        ("52 1 951 555 0100", "+529515550100"),
        ("044 951 555 0100", "+529515550100"),
        ("045 951 555 0100", "+529515550100"),
        ("01 951 555 0100", "+529515550100"),
    ],
)
def test_a_typed_number_is_read_as_it_would_be_dialled(typed: str, e164: str) -> None:
    assert normalise(typed) == e164


def test_a_number_without_country_is_of_the_region_that_the_caller_says() -> None:
    assert normalise("(213) 555-0142", "US") == "+12135550142"
    assert normalise("52 951 555 0100", "US") == "+529515550100"


@pytest.mark.parametrize(
    "typed",
    [
        *("911", "079", "988", "233733", "+1", "+", "", "   ", "213 555 0142", "+1 555 0142"),
        *("hola 951 555 0100", "951 555 0100 ext 3", "whatsapp:+12135550142", "K7M2QX"),
        *("9" * 41, "+52" + "1" * 100_000),
    ],
)
def test_short_codes_and_what_is_no_number_are_refused(typed: str) -> None:
    assert normalise(typed) is None


@given(st.one_of(st.text(), st.text("+0123456789 ()-.", max_size=20)))
def test_no_text_breaks_it_and_a_normal_number_stays_as_it_is(text: str) -> None:
    number = normalise(text)
    if number is not None:
        assert normalise(number) == number
        assert country_of(number) is None or len(country_of(number) or "") in (2, 3)
        assert "Etc/Unknown" not in zones_of(number)


def test_the_country_and_zone_of_a_number_are_those_of_its_area() -> None:
    assert country_of("+12135550142") == "US"
    assert country_of("+529515550100") == "MX"
    assert zones_of("+12135550142") == ("America/Los_Angeles",)
    assert zones_of("+529515550100") == ("America/Mexico_City",)


def test_a_short_code_has_no_country_and_no_zone() -> None:
    assert country_of("911") is None
    assert zones_of("911") == ()
