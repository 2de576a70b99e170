"""What people type: quiet hours and waits. What cannot be read is refused, never guessed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import String

from kit.channels import Channel
from kit.errors import Invalid
from locales.languages import language_codes
from staff import rules
from staff.model import LONGEST_WAIT, Quiet
from staff.reading import read_delays, read_quiet
from staff.store import member


@pytest.mark.parametrize("typed", ["22:00-07:00", "22-7", " 22:00 – 7:00 ", "22 - 07"])
def test_quiet_hours_are_read_however_they_are_written(typed: str) -> None:
    assert read_quiet(typed) == Quiet(time(22), time(7))


def test_no_takes_quiet_hours_away() -> None:
    assert read_quiet("no") is None
    assert read_quiet(" NO. ") is None


@pytest.mark.parametrize(
    "typed",
    ["", "22", "22:00", "22:00-", "25:00-07:00", "22:60-7", "24:00-7", "22-22", "7-7:00", "-22-7"],
)
def test_hours_that_no_clock_shows_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_quiet(typed)


@pytest.mark.parametrize(
    "typed",
    ["22:0-7", "２２:００-０７:００", "22:00-07:00-09:00", "22:00:00-7", "noche", "\0", "9" * 9999],
)
def test_other_quiet_hours_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_quiet(typed)


def test_waits_are_read_by_kind() -> None:
    assert read_delays("telegram=0, SMS=60,voice = 180") == {
        Channel.TELEGRAM: timedelta(),
        Channel.SMS: timedelta(seconds=60),
        Channel.VOICE: timedelta(seconds=180),
    }
    assert read_delays("") == read_delays("  ") == {}


@pytest.mark.parametrize(
    "typed",
    [
        *("sms", "sms=", "=60", "sms=-1", "sms=1.5", "sms=60,sms=61", "sms=60,", "fax=1", "sms:60"),
        *("sms=6٠", "sms=" + "9" * 7, "sms=60;voice=1", "sms=1\nvoice=2"),
    ],
)
def test_other_waits_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_delays(typed)


READERS: tuple[Callable[[str], object], ...] = (
    read_quiet,
    read_delays,
    rules.name_of,
    rules.email_of,
    rules.check_zone,
)


@given(typed=st.text(max_size=40) | st.text("0123456789:-=, smvoice", max_size=30))
@example(typed="22:00-07:00")
@pytest.mark.parametrize("read", READERS)
def test_whatever_is_typed_is_read_or_refused(read: Callable[[str], object], typed: str) -> None:
    # Any other error fails the test.
    with suppress(Invalid):
        read(typed)


def test_the_longest_wait_is_half_an_hour() -> None:
    assert timedelta(minutes=30) == LONGEST_WAIT


@pytest.mark.parametrize(
    "zone",
    [
        *("", "Oaxaca", "america/mexico_city", "America", "America/Mexico_City\n", "\0"),
        *("../../etc/passwd", "/etc/passwd", "Etc/..", "posix/America/Mexico_City/../UTC"),
        "x" * 100_000,
    ],
)
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    with pytest.raises(Invalid):
        rules.check_zone(zone)


def test_languages_are_those_of_the_registry_each_once() -> None:
    assert rules.languages_of(["ES", " mixe ", "es"]) == ("es", "mixe")
    for wrong in ([], ["xx"], ["español"], ["es mixe"], [""], ["es"] * 3 + ["klingon"]):
        with pytest.raises(Invalid):
            rules.languages_of(wrong)


def test_as_many_languages_as_are_allowed_fit_the_column() -> None:
    column = member.c.languages.type
    assert isinstance(column, String)
    assert column.length is not None
    longest = sorted(language_codes(), key=len)[-rules.MOST_LANGUAGES :]
    assert len(" ".join(rules.languages_of(longest))) <= column.length
    with pytest.raises(Invalid):
        rules.languages_of(language_codes()[: rules.MOST_LANGUAGES + 1])


@pytest.mark.parametrize(
    "email",
    ["", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\nc", "a\t@b", "a\u200b@b", "a@" + "b" * 300],
)
def test_an_address_that_nobody_can_have_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        rules.email_of(email)


def test_an_address_is_kept_in_small_letters_without_blanks_around_it() -> None:
    assert rules.email_of(" Ana@Example.ORG\n") == "ana@example.org"
