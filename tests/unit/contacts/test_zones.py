"""What a phone tells of where somebody is."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.phones import country_of_phone, zone_of_phone
from kit.zones import OAXACA


@pytest.mark.parametrize(
    ("phone", "country", "zone"),
    [
        ("+12135550100", "US", "America/Los_Angeles"),
        ("+529515550100", "MX", OAXACA),
        # A toll-free number may be anywhere: the middle of its country.
        ("+18005550100", "US", "America/Denver"),
        # Idaho lies in two zones.
        ("+12085550100", "US", "America/Los_Angeles"),
        ("+80012345678", None, None),
        ("911", None, None),
        ("", None, None),
        ("no phone", None, None),
    ],
)
def test_a_phone_tells_its_country_and_zone(
    phone: str, country: str | None, zone: str | None
) -> None:
    assert country_of_phone(phone) == country
    assert zone_of_phone(phone) == zone


@given(st.one_of(st.text(max_size=20), st.from_regex(r"\+(1|52|502)\d{8,10}", fullmatch=True)))
def test_any_phone_has_a_zone_that_exists_or_none(phone: str) -> None:
    zone, country = zone_of_phone(phone), country_of_phone(phone)
    assert zone is None or zone in available_timezones()
    assert country is None or len(country) == 2
