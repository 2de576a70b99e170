"""Settings from the environment and `.env`, checked before anything starts."""

import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.model import Times
from delivery.quiet import Hours
from kit.crypto import new_field_key, parse_field_keys
from locales.catalog import render
from locales.text import _

ROOT = Path(__file__).resolve().parent.parent
KEYS_FILE = ROOT / "var" / "keys.env"


BOT_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
"""A bot's number, a colon and a secret."""

NUMBER = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""A phone number as E.164 has it."""

NUMBER_OR_CODE = re.compile(rf"{NUMBER.pattern}|\d{{3,8}}", re.ASCII)


class SettingsError(Exception):
    """The settings are wrong or half given; `lines` holds one sentence for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("settings")
        self.lines = lines


class Settings(BaseSettings):
    """Every setting with its help. Empty means: not given."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: str = Field(
        default="sqlite:///var/tequio.db",
        description="Where the data stands: sqlite:///path or postgresql://…",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="The port of the web server.")
    public_url: str = Field(
        default="",
        description="The address under which providers reach this platform, with https.",
    )
    secret_key: str = Field(
        default="", description="Secret of blind indexes and sessions. Never change it."
    )
    field_keys: str = Field(
        default="", description="Keys of encrypted columns: id:base64, newest first."
    )
    telegram_bot_token: str = Field(default="", description="The bot's token from BotFather.")
    telegram_api_url: str = Field(default="", description="Another server of the Bot API.")
    telegram_mode: Literal["polling", "webhook"] = Field(
        default="polling", description="How updates come: polling, or webhook (needs PUBLIC_URL)."
    )
    telegram_webhook_secret: str = Field(
        default="", description="Secret that Telegram's webhook carries."
    )
    telegram_rate: float = Field(
        default=30, gt=0, description="Messages a second that Telegram allows."
    )
    twilio_account_sid: str = Field(default="", description="Twilio's account.")
    twilio_auth_token: str = Field(
        default="", description="Twilio's secret: sends, and proves webhooks."
    )
    twilio_api_url: str = Field(default="", description="Another server in place of Twilio's.")
    twilio_from: str = Field(
        default="",
        description="The number that SMS leave from; several, with commas, share the load.",
    )
    twilio_messaging_service_sid: str = Field(
        default="", description="A messaging service instead."
    )
    twilio_from_urgent: str = Field(
        default="", description="A number of its own for urgent replies."
    )
    twilio_rate: float = Field(default=1, gt=0, description="Segments a second that Twilio allows.")
    whatsapp_from: str = Field(default="", description="The WhatsApp sender (a later part).")
    voice_from: str = Field(
        default="", description="The number that calls to people on duty leave from."
    )
    institute_name: str = Field(
        default="IAIMO", description="The institute's name on public pages."
    )
    transparency_contact: str = Field(
        default="", description="Where the Transparency Unit is reached, for the privacy notice."
    )
    page_timeout: float = Field(
        default=300, gt=0, description="Seconds before the next person on duty is paged."
    )
    reporter_timeout: float = Field(
        default=600,
        gt=0,
        description="Seconds before an unanswered reporter is sent emergency numbers.",
    )
    pages_alone: int = Field(
        default=3,
        ge=1,
        description="Cases a minute that somebody is paged for one by one; more come together.",
    )
    sending_hours: str = Field(
        default="",
        description="When campaigns may leave, by each recipient's clock: 09:00-20:00/12:00 "
        "(Sundays behind the slash), which is the default, or always, the default in trial mode.",
    )
    campaigns_a_week: int = Field(
        default=7,
        ge=0,
        description="Messages of other campaigns within seven days after which somebody gets no "
        "further one; 0: no limit. Emergencies do not count it.",
    )
    sms_prices: str = Field(
        default="",
        description="A CSV of prices in place of data/sms_prices.csv, with the same columns.",
    )
    canary_minutes: float = Field(
        default=60,
        ge=0,
        description="Minutes between two canary cases through each channel; 0: none.",
    )
    canary_telegram: str = Field(
        default="", description="Chat of the canary: a group or channel that the bot writes to."
    )
    canary_sms: str = Field(
        default="", description="The number of ours that answers the canary; else the urgent one."
    )
    deadman_url: str = Field(
        default="", description="An address outside that is called every minute while all is well."
    )
    trial: bool = Field(default=False, description="Lets separate processes run in trial mode.")
    tequio_kill_at: str = Field(
        default="", description="For the crash suite alone: a checkpoint, or name:n."
    )

    @property
    def has_telegram(self) -> bool:
        """Whether Telegram is configured."""
        return bool(self.telegram_bot_token)

    @property
    def has_twilio(self) -> bool:
        """Whether SMS are configured."""
        return bool(self.twilio_account_sid)

    @property
    def twilio_numbers(self) -> tuple[str, ...]:
        """The numbers that SMS leave from; several share the load."""
        return tuple(one.strip() for one in self.twilio_from.split(",") if one.strip())

    @property
    def base_url(self) -> str:
        """Where this platform is found, without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def times(self) -> Times:
        """The two waits of a case."""
        return Times(
            timedelta(seconds=self.page_timeout),
            timedelta(seconds=self.reporter_timeout),
            alone=self.pages_alone,
        )

    @property
    def is_trial(self) -> bool:
        """With no provider at all, the handset plays both and nothing leaves this machine."""
        return not (self.has_telegram or self.has_twilio)


def load_settings() -> Settings:
    """Read and check the settings. Keys that are not given are made once in var/keys.env."""
    try:
        given = Settings()
    except ValidationError as error:
        raise SettingsError(
            [
                render(_("settings.wrong"), "es", {"name": _name(part["loc"])})
                for part in error.errors(include_input=False)
            ]
        ) from None
    keys = {} if given.secret_key and given.field_keys else _keys()
    settings = given.model_copy(
        update={name: value for name, value in keys.items() if not getattr(given, name)}
    )
    lines = _half_given(settings)
    if lines:
        raise SettingsError(lines)
    return settings


def _name(location: tuple[int | str, ...]) -> str:
    return str(location[0]).upper() if location else "?"


def _half_given(settings: Settings) -> list[str]:
    """One sentence for each setting that another one needs."""
    needs: list[tuple[str, str]] = []

    def need(condition: bool, name: str, because: str) -> None:
        if condition and not getattr(settings, name.lower()):
            needs.append((name, because))

    hook = settings.telegram_mode == "webhook"
    need(settings.has_telegram and hook, "PUBLIC_URL", "TELEGRAM_MODE=webhook")
    need(settings.has_telegram and hook, "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_MODE=webhook")
    for name in ("TELEGRAM_API_URL", "TELEGRAM_WEBHOOK_SECRET"):
        need(bool(getattr(settings, name.lower())), "TELEGRAM_BOT_TOKEN", name)
    for name in (
        "TWILIO_AUTH_TOKEN",
        "TWILIO_API_URL",
        "TWILIO_FROM",
        "TWILIO_MESSAGING_SERVICE_SID",
        "TWILIO_FROM_URGENT",
        "VOICE_FROM",
        "CANARY_SMS",
    ):
        need(bool(getattr(settings, name.lower())), "TWILIO_ACCOUNT_SID", name)
    need(bool(settings.canary_telegram), "TELEGRAM_BOT_TOKEN", "CANARY_TELEGRAM")
    need(settings.has_twilio, "TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID")
    need(settings.has_twilio, "PUBLIC_URL", "TWILIO_ACCOUNT_SID")
    lines = [
        render(_("settings.needed"), "es", {"name": name, "because": because})
        for name, because in dict.fromkeys(needs)
    ]
    if settings.has_twilio and not (
        settings.twilio_numbers or settings.twilio_messaging_service_sid
    ):
        lines.append(render(_("settings.twilio_sender"), "es", {}))
    if settings.has_telegram and not BOT_TOKEN.fullmatch(settings.telegram_bot_token):
        lines.append(render(_("settings.wrong"), "es", {"name": "TELEGRAM_BOT_TOKEN"}))
    for name in ("PUBLIC_URL", "TELEGRAM_API_URL", "TWILIO_API_URL", "DEADMAN_URL"):
        url = str(getattr(settings, name.lower()))
        if url and not _is_address(url):
            lines.append(render(_("settings.wrong"), "es", {"name": name}))
    numbers = {
        "TWILIO_FROM": settings.twilio_numbers,
        "TWILIO_FROM_URGENT": (settings.twilio_from_urgent,),
        "VOICE_FROM": (settings.voice_from,),
        "CANARY_SMS": (settings.canary_sms,),
    }
    for name, given in numbers.items():
        # SMS may leave from a short code; nobody calls or is called by one.
        form = NUMBER if name in ("VOICE_FROM", "CANARY_SMS") else NUMBER_OR_CODE
        if any(one and not form.fullmatch(one) for one in given):
            lines.append(render(_("settings.wrong"), "es", {"name": name}))
    if settings.sending_hours.strip().lower() not in ("", "always"):
        try:
            Hours.unpacked(settings.sending_hours)
        except ValueError:
            lines.append(render(_("settings.wrong"), "es", {"name": "SENDING_HOURS"}))
    try:
        parse_field_keys(settings.field_keys)
    except ValueError:
        lines.append(render(_("settings.field_keys"), "es", {}))
    if settings.database_url.split(":")[0].split("+")[0] not in (
        "sqlite",
        "postgres",
        "postgresql",
    ):
        lines.append(render(_("settings.database"), "es", {}))
    return lines


def _is_address(url: str) -> bool:
    """Whether it is http or https, a host, and perhaps a port and a path."""
    try:
        parts = urlsplit(url)
        more = (parts.username, parts.query, parts.fragment)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(more)
    except ValueError:
        return False


def _keys() -> dict[str, str]:
    """Keys kept in var/keys.env, made at the first start, readable by the owner alone."""
    if not KEYS_FILE.exists():
        KEYS_FILE.parent.mkdir(parents=True, exist_ok=True)
        fresh = f"SECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_KEYS={new_field_key('k1')}\n"
        draft = KEYS_FILE.with_suffix(f".{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        try:
            # Two processes may start at once: the first one's keys are the keys.
            os.link(draft, KEYS_FILE)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    pairs = (line.split("=", 1) for line in KEYS_FILE.read_text().splitlines() if "=" in line)
    return {name.strip().lower(): value.strip() for name, value in pairs}
