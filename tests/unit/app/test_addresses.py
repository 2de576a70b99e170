"""Addresses in the settings: a wrong one stops the start with a line, and is not shown."""

import pytest

from app.settings import SettingsError, load_settings

NAMES = ("PUBLIC_URL", "TELEGRAM_API_URL", "TWILIO_API_URL")
WRONG = (
    "provider.example",
    "ftp://provider.example",
    "http://",
    "http://[::1",
    "https://secret@provider.example",
    "https://provider.example/?a=b",
    "https://provider.example/#x",
)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:" + "a" * 35)
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "0" * 32)
    monkeypatch.setenv("TWILIO_FROM", "+12135550100")
    for name in NAMES:
        monkeypatch.setenv(name, "https://provider.example/path")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("FIELD_KEYS", "k1:" + "A" * 43 + "=")
    return monkeypatch


def test_good_addresses_start(given: pytest.MonkeyPatch) -> None:
    assert load_settings().telegram_api_url == "https://provider.example/path"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_address_is_named_and_not_shown(
    given: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    given.setenv(name, wrong)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    (line,) = refused.value.lines
    assert name in line
    assert wrong not in line


@pytest.mark.parametrize("name", ["VOICE_FROM", "CANARY_SMS", "TWILIO_FROM", "TWILIO_FROM_URGENT"])
@pytest.mark.parametrize(
    "wrong", ["2135550100", "+0135550100", "+1 213 555 0100", "+1213", "x" * 9]
)
def test_a_wrong_number_is_named_and_not_shown(
    given: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    given.setenv(name, wrong)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    (line,) = refused.value.lines
    assert name in line
    assert wrong not in line


def test_sms_may_leave_from_several_numbers_and_from_a_short_code(
    given: pytest.MonkeyPatch,
) -> None:
    given.setenv("TWILIO_FROM", "+12135550100, 89210")
    assert load_settings().twilio_numbers == ("+12135550100", "89210")
    given.setenv("VOICE_FROM", "89210")
    with pytest.raises(SettingsError):
        load_settings()
