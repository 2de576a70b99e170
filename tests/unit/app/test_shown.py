"""What an administrator is shown of the environment: all that holds, and nothing that opens."""

from app.settings import Settings
from app.shown import OPEN, settings_shown
from console.settings.environment import grouped
from console.settings.words import HELP
from tests.console_stage import trial_settings

SECRET = "no-one-is-shown-this"
KEYS = (
    "secret_key", "field_keys", "telegram_bot_token", "telegram_webhook_secret",
    "twilio_account_sid", "twilio_auth_token", "twilio_messaging_service_sid", "canary_telegram",
    "canary_sms", "deadman_url", "tequio_kill_at",
)  # fmt: skip


def test_no_secret_is_shown_only_that_it_is_given() -> None:
    given = trial_settings(
        **dict.fromkeys(KEYS, SECRET), database_url=f"postgresql://u:{SECRET}@db/x?a={SECRET}"
    )
    shown = {one.name: one for one in settings_shown(given)}
    assert SECRET not in repr(shown)
    assert all(shown[name.upper()].value is None for name in KEYS)
    assert all(shown[name.upper()].given for name in KEYS)
    assert shown["DATABASE_URL"].value == "PostgreSQL"
    assert not OPEN & set(KEYS)


def test_what_holds_is_shown_and_whether_somebody_set_it() -> None:
    shown = {one.name: one for one in settings_shown(trial_settings(page_timeout=240.0))}
    assert (shown["PAGE_TIMEOUT"].value, shown["PAGE_TIMEOUT"].usual) == ("240", False)
    assert (shown["REPORTER_TIMEOUT"].value, shown["REPORTER_TIMEOUT"].usual) == ("600", True)
    assert (shown["TRIAL"].value, shown["DATABASE_URL"].value) == ("false", "SQLite")
    assert not shown["PUBLIC_URL"].given


def test_every_setting_has_its_place_and_its_help() -> None:
    there = [
        one.name for group in grouped(settings_shown(trial_settings())) for one in group.settings
    ]
    expected = {name.upper() for name in Settings.model_fields} - {"TEQUIO_KILL_AT"}
    assert set(there) == set(HELP) == expected
    assert len(there) == len(expected)
    assert set(Settings.model_fields) >= OPEN
