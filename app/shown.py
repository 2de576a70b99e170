"""What of the settings an administrator is shown: no secret, no address of anybody."""

from app.settings import Settings
from console.settings.environment import Setting

OPEN = frozenset(
    {
        "port", "public_url", "trial", "telegram_api_url", "telegram_mode", "telegram_rate",
        "twilio_api_url", "twilio_from", "twilio_from_urgent", "twilio_rate", "whatsapp_from",
        "voice_from", "sms_prices", "institute_name", "transparency_contact", "page_timeout",
        "reporter_timeout", "pages_alone", "sending_hours", "campaigns_a_week", "canary_minutes",
    }
)  # fmt: skip
"""Settings whose value may be read. A new one is not among them until somebody says so."""


def settings_shown(settings: Settings) -> tuple[Setting, ...]:
    """Every setting, in order; of those that are not open only whether they are given."""
    return tuple(_shown(settings, name) for name in Settings.model_fields)


def _shown(settings: Settings, name: str) -> Setting:
    value = getattr(settings, name)
    given = value != "" and value is not None
    usual = value == Settings.model_fields[name].get_default()
    if name == "database_url":
        # Which of the two; the rest may hold a password.
        is_file = settings.database_url.startswith("sqlite")
        return Setting(name.upper(), "SQLite" if is_file else "PostgreSQL", given, usual)
    return Setting(name.upper(), _written(value) if name in OPEN else None, given, usual)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
