"""A platform of a test's own, for the commands: untouched by the developer's `.env` and keys."""

from pathlib import Path

import pytest

import app.settings
from kit.crypto import new_field_key


def own_platform(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Settings of a new database in `folder`, with no provider."""
    patch.setattr(app.settings, "KEYS_FILE", folder / "keys.env")
    patch.setenv("DATABASE_URL", f"sqlite:///{folder}/tequio.db")
    patch.setenv("SECRET_KEY", "a secret of tests")
    patch.setenv("FIELD_KEYS", new_field_key("t1"))
    for name in ("TELEGRAM_BOT_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL"):
        patch.setenv(name, "")
