"""Phone numbers in E.164, as they are stored and sent to; a typed face for phonenumbers."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

_LONGEST = 40
_TYPED = re.compile(r"(?:tel:)?\+?[\d\s().\-–—/]+")
# Mexico's forms of before 2019 and 2020: a 1 after the country for mobiles, 044, 045 and 01 in
# front of the ten digits.
_OLD_MOBILE = re.compile(r"(?:00)?521(\d{10})")
_OLD_PREFIX = re.compile(r"(?:044|045|01)(\d{10})")
# The country written without a plus: too long to be anything else in either country.
_NO_PLUS = re.compile(r"52\d{10}|1\d{10}")
_UNKNOWN_ZONE = "Etc/Unknown"
# Those of `contacts.areas`, for numbers that may be anywhere in a country: see there.
_COUNTRY_ZONES = {"MX": "America/Mexico_City", "US": "America/Denver"}
_MOST_ZONES = 3
_WINTER = datetime(2026, 1, 1, tzinfo=UTC)


def normalise(text: str, default_region: str = "MX") -> str | None:
    """A typed number in E.164, or None when it is no number that can be dialled from abroad.

    A number without a country is read as one of `default_region` (ISO). Spaces, brackets, dots and
    dashes may stand anywhere, other characters nowhere; short codes (911) are refused; Mexico's old
    `+521…` becomes `+52…`. Never raises.
    """
    if len(text) > _LONGEST:
        return None
    typed = "".join(
        char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf"
    ).strip()
    if not _TYPED.fullmatch(typed):
        return None
    digits = re.sub(r"\D", "", typed)
    old = _OLD_MOBILE.fullmatch(digits)
    if old is None and default_region == "MX" and "+" not in typed:
        old = _OLD_PREFIX.fullmatch(digits)
    if old:
        typed = f"+52{old[1]}"
    elif _NO_PLUS.fullmatch(digits):
        typed = f"+{digits}"
    number = _parsed(typed, default_region)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def as_read(number: str) -> str:
    """A number in E.164 as people read it, "+1 213-219-0175"; anything else as it is: "911"."""
    parsed = _parsed(number, None) if number.startswith("+") else None
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def country_of(e164: str) -> str | None:
    """The ISO country of a number in E.164 ("US" and "CA" share +1), None when it has none."""
    number = _parsed(e164, None)
    return phonenumbers.region_code_for_number(number) if number else None


def zones_of(e164: str) -> tuple[str, ...]:
    """The IANA zones that the area of a number in E.164 lies in: none when it is not known, many
    for a toll-free one. A mobile phone may be elsewhere."""
    number = _parsed(e164, None)
    zones = time_zones_for_number(number) if number else ()
    return tuple(zone for zone in zones if zone != _UNKNOWN_ZONE)


def country_of_phone(e164: str) -> str | None:
    """The ISO country of a number in E.164; None for one of no country, such as +800."""
    country = country_of(e164)
    return country if country is not None and len(country) == 2 else None


def zone_of_phone(e164: str) -> str | None:
    """The IANA zone to go by for a number in E.164 of whose holder no place is known.

    Of an area in several zones, that of its country's middle if it is one of them, else the one
    furthest west: from 9 to 20 there is 10 to 21 next to it, which is decent too. None where too
    many come into question, and where none is known.
    """
    zones = zones_of(e164)
    if len(zones) < 2:
        return zones[0] if zones else None
    middle = _COUNTRY_ZONES.get(country_of(e164) or "")
    if middle in zones:
        return middle
    return min(zones, key=_offset) if len(zones) <= _MOST_ZONES else None


def _offset(zone: str) -> timedelta:
    return _WINTER.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _parsed(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
