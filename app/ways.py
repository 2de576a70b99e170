"""The ways out of the settings: which senders there are, and how Telegram is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.settings import Settings
from db.session import Database
from delivery.transport import Transport
from kit.channels import Channel
from kit.clock import Clock

if TYPE_CHECKING:
    from transports.sms import TwilioTransport
    from transports.telegram import TelegramTransport
    from transports.voice import VoiceTransport

URGENT_SMS = "sms-urgent"
"""The sender that is kept for those who stopped the others and yet need an answer."""

TIMEOUT = 10
"""Seconds that the placing of a call may take before its outcome is unknown."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The senders of this platform by name; a channel that is not configured is absent."""

    telegram: "TelegramTransport | None"
    all: Mapping[str, Transport]

    async def close(self) -> None:
        """Let go of every connection."""
        for transport in self.all.values():
            await transport.close()


def telegram_of(settings: Settings) -> "TelegramTransport | None":
    """Telegram, when it is configured."""
    if not settings.has_telegram:
        return None
    # Here, because aiogram takes two seconds to load, and commands read this module's numbers.
    from transports.telegram import TelegramTransport

    return TelegramTransport(
        settings.telegram_bot_token,
        api_url=settings.telegram_api_url or None,
        rate=settings.telegram_rate,
    )


def twilio_of(settings: Settings) -> "tuple[TwilioTransport, ...]":
    """The senders of SMS: a messaging service or each number, and the urgent one."""
    if not settings.has_twilio:
        return ()
    from transports.sms import TwilioTransport

    service = settings.twilio_messaging_service_sid
    numbers = (service,) if service else settings.twilio_numbers
    first = TwilioTransport(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        sender=numbers[0],
        status_url=_webhook(settings, "status"),
        api_url=settings.twilio_api_url or None,
        rate=settings.twilio_rate,
    )
    senders = [first]
    for number, name in list(numbers_of(settings).items())[1:]:
        senders.append(first.another(name, number, rate=settings.twilio_rate))
    if settings.twilio_from_urgent:
        urgent, rate = settings.twilio_from_urgent, settings.twilio_rate
        senders.append(first.another(URGENT_SMS, urgent, rate=rate, urgent_only=True))
    return tuple(senders)


def voice_of(settings: Settings) -> "VoiceTransport | None":
    """The number that calls people on duty, when it is configured."""
    if not (settings.has_twilio and settings.voice_from):
        return None
    from transports.twilio_account import TwilioAccount
    from transports.voice import VoiceTransport

    # Connections of its own: a call does not wait behind what holds up the others.
    account = TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_api_url or None,
        TIMEOUT,
    )
    return VoiceTransport(
        account,
        from_number=settings.voice_from,
        answer_url=answer_url(settings),
        status_url=_webhook(settings, "status"),
    )


def answer_url(settings: Settings) -> str:
    """Where Twilio asks what a call says."""
    return _webhook(settings, "voice")


def numbers_of(settings: Settings) -> dict[str, str]:
    """Each number that SMS leave from, and the name of its sender; none of a messaging service,
    and not the urgent one, from which no campaign may leave."""
    if settings.twilio_messaging_service_sid:
        return {}
    first = Channel.SMS.value
    return {
        number: first if place == 1 else f"{first}-{place}"
        for place, number in enumerate(dict.fromkeys(settings.twilio_numbers), 1)
    }


def ways_of(settings: Settings, database: Database, clock: Clock) -> Ways:
    """Real senders as configured; in trial mode the handset plays both channels."""
    if settings.is_trial:
        from transports.handset.transport import HandsetTransport

        played = [HandsetTransport(channel, database, clock) for channel in Channel]
        played.append(
            HandsetTransport(Channel.SMS, database, clock, name=URGENT_SMS, urgent_only=True)
        )
        return Ways(None, {one.name: one for one in played})
    telegram = telegram_of(settings)
    found: list[Transport] = [] if telegram is None else [telegram]
    found += twilio_of(settings)
    voice = voice_of(settings)
    found += [] if voice is None else [voice]
    return Ways(telegram, {one.name: one for one in found})


def _webhook(settings: Settings, name: str) -> str:
    return f"{settings.public_url.rstrip('/')}/webhooks/twilio/{name}"
