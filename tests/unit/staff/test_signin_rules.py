"""The rules of sign-in: passwords, delays, codes, devices, stages."""

import random
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import Invalid
from staff.signin import totp
from staff.signin.delays import FORGOTTEN, LONGEST, Tally, delay
from staff.signin.hashing import Passwords
from staff.signin.model import Stage, is_live, language_of, second_needed, stage_after, told
from staff.signin.passwords import COMMON, SHORTEST, checked, could_be
from staff.signin.visitors import device_of, origin_of

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EMAIL, NAME = "ana.ejemplo@example.org", "Ana Ejemplo Ejemplo"


@pytest.mark.parametrize(
    "good",
    [
        "caballo pila grapa",
        "nopal-rojo-7-lluvia",
        "ññññáéíóúüabc",
        "пароль из слов",
        "🌵🌽🫘🦎🌶️🏔️🐢🦋🌙⭐🔥💧",
        "a" * 6 + "bcdefgh" + "z" * 115,
    ],
)
def test_a_long_password_is_good_whatever_signs_it_has(good: str) -> None:
    assert checked(good, EMAIL, NAME)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("", "short"),
        ("elevensigns", "short"),
        (" " * 40, "short"),
        ("a" * 129, "long"),
        ("x" * 1_000_000, "long"),
        ("ﷺ" * 60, "long"),
        ("medio par \ud800 aquí", "long"),
        ("Password1234", "common"),
        ("contraseña 2026", "common"),
        ("Virgen de Guadalupe", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("abababababababab", "common"),
        ("abcdefghijklmn", "common"),
        ("1234567890123", "common"),
        ("Ana.Ejemplo@example.org", "own"),
        ("ana ejemplo ejemplo", "own"),
        ("AnaEjemploEjemplo2026", "own"),
        ("ana.ejemplo.1234", "own"),
    ],
)
def test_what_somebody_else_would_try_first_is_no_password(bad: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(bad, EMAIL, NAME)
    assert refused.value.key == f"console.signin.password_{why}"
    assert str(refused.value) == "invalid"


def test_the_list_of_the_most_used_holds_only_what_could_be_chosen() -> None:
    assert len(COMMON) > 100
    for one in COMMON:
        assert one.isalnum()
        assert one == one.lower()
    assert sum(len(one) >= SHORTEST for one in COMMON) > 100


async def test_a_password_is_compared_in_any_form_of_its_letters_and_hashed_anew_when_cheap() -> (
    None
):
    cheap, dear = Passwords(1024, 1), Passwords(2048, 1)
    kept = await cheap.hashed("contrasenã larga")
    assert kept.startswith("$argon2id$")
    assert await cheap.hashed("contrasenã larga") != kept
    assert await cheap.matches("contrasenã larga", kept) == (True, None)
    right, fresh = await dear.matches("contrasenã larga", kept)
    assert right
    assert fresh is not None
    assert "m=2048" in fresh
    for wrong in ("", "contrasena larga", "x" * 1_000_000, "\ud800" * 12):
        assert await cheap.matches(wrong, kept) == (False, None)
    assert await cheap.matches("contrasenã larga", None) == (False, None)
    assert await cheap.matches("contrasenã larga", "no hash") == (False, None)
    assert not could_be("x" * 129)


def test_delays_begin_after_three_failures_and_double_up_to_fifteen_minutes() -> None:
    seconds = [int(delay(failures).total_seconds()) for failures in range(14)]
    assert seconds == [0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    assert delay(10**9) == LONGEST


def test_a_delay_ends_by_the_clock_and_failures_are_forgotten_after_a_day() -> None:
    tally = Tally(4, NOW)
    assert Tally(2, NOW).wait(NOW - SECOND) == timedelta()
    assert tally.wait(NOW) == 10 * SECOND
    assert tally.wait(NOW + 9 * SECOND) == SECOND
    assert tally.wait(NOW + 10 * SECOND) == timedelta()
    assert (tally.standing(NOW + FORGOTTEN - SECOND), tally.standing(NOW + FORGOTTEN)) == (4, 0)
    # A try at the same moment, judged with an earlier time, waits as well.
    assert tally.wait(NOW - SECOND) == 11 * SECOND
    # A clock that was put back by a week keeps nobody out for a week.
    assert tally.wait(NOW - timedelta(days=7)) == timedelta()


@given(st.integers(0, 10**6), st.integers(-(10**7), 10**7))
def test_nobody_ever_waits_longer_than_two_of_the_longest_delays(failures: int, ago: int) -> None:
    assert timedelta() <= Tally(failures, NOW).wait(NOW + ago * SECOND) <= 2 * LONGEST


def test_a_wait_is_told_in_words() -> None:
    assert told(timedelta(milliseconds=1)).key.endswith("one_second")
    assert told(timedelta(seconds=4, milliseconds=1)).params == {"count": 5}
    assert told(timedelta(seconds=90)).key.endswith(".seconds")
    assert told(timedelta(seconds=91)).params == {"count": 2}
    assert told(LONGEST).params == {"count": 15}


def test_the_code_of_now_and_of_a_step_before_and_after_is_right() -> None:
    secret = totp.new_secret(random.Random(1).randrange)
    app = pyotp.TOTP(secret)
    step = totp.step_at(NOW)
    for aside, expected in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        code = app.at(NOW + aside * timedelta(seconds=30))
        assert totp.matching_step(secret, code, NOW) == expected
    assert len(secret) == 32
    assert totp.matching_step(secret, "", NOW) is None


def test_the_picture_of_a_secret_is_svg_that_a_strict_page_takes() -> None:
    address = totp.uri("A" * 32, "Milagros")
    drawn = totp.picture(address)
    assert address == f"otpauth://totp/Tequio:Milagros?secret={'A' * 32}&issuer=Tequio"
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    assert "script" not in drawn


def test_codes_are_read_however_they_are_typed_and_nothing_else_is() -> None:
    assert [totp.read_code(one) for one in ("123456", " 123 456 ", "123-456")] == ["123456"] * 3
    for wrong in ("", "12345", "1234567", "١٢٣٤٥٦", "12345a", "9" * 10**6, "１２３４５６"):
        assert totp.read_code(wrong) is None
    codes = totp.new_codes(random.Random(1).randrange)
    assert len(set(codes)) == len(codes) == 10
    for code in codes:
        for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
            assert totp.read_recovery(typed) == code
    for wrong in ("", codes[0][:-1], codes[0] + "2", "AAAAA-AAAAA", "x" * 10**6, "\ud800" * 10):
        assert totp.read_recovery(wrong) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_codes_devices_and_addresses(typed: str) -> None:
    totp.read_code(typed)
    totp.read_recovery(typed)
    assert len(device_of(typed)) <= 60
    assert len(origin_of(typed)) <= 45


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Mozilla/5.0 (Android 11; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0",
            "Firefox · Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 9; SM-J415F) AppleWebKit/537.36 (KHTML, like Gecko)"
            " SamsungBrowser/16.0 Chrome/92.0.4515.166 Mobile Safari/537.36",
            "Samsung Internet · Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>" * 10**5, ""),
    ],
)
def test_of_a_device_only_browser_and_system_are_kept(said: str, shown: str) -> None:
    assert device_of(said) == shown


def test_addresses_of_one_household_count_as_one() -> None:
    assert origin_of("2001:db8:1:2:3:4:5:6") == origin_of("2001:db8:1:2::1") != origin_of("::1")
    assert origin_of("::ffff:192.0.2.7") == origin_of(" 192.0.2.7 ") == "192.0.2.7"
    assert origin_of("testclient") == origin_of("") == ""


def test_a_second_factor_is_asked_of_everybody_outside_of_a_trial() -> None:
    assert (second_needed(trial=True), second_needed(trial=False)) == (False, True)
    assert stage_after(has_second=False, trial=True) is Stage.IN
    assert stage_after(has_second=False, trial=False) is Stage.ENROL
    assert {stage_after(has_second=True, trial=one) for one in (True, False)} == {Stage.SECOND}
    assert [language_of(one) for one in ("en", "es", "fr", "")] == ["en", "es", "es", "es"]


def test_sessions_run_out_unused_or_old_and_half_open_ones_soon() -> None:
    hour = timedelta(hours=1)
    assert is_live(Stage.IN, NOW, NOW, NOW + 12 * hour - SECOND)
    assert not is_live(Stage.IN, NOW, NOW, NOW + 12 * hour)
    week = NOW + 7 * 24 * hour
    assert is_live(Stage.IN, NOW, week - hour, week - SECOND)
    assert not is_live(Stage.IN, NOW, week - hour, week)
    for stage in (Stage.ENROL, Stage.SECOND):
        assert is_live(stage, NOW, NOW, NOW + hour / 2 - SECOND)
        assert not is_live(stage, NOW, NOW, NOW + hour / 2)
