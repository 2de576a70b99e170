"""Where links and posters lead: the bot, by its name at Telegram, and the number for SMS."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import structlog

from app.settings import Settings
from console.posters.reaching import Reaching
from delivery.model import SendError

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds that a page waits for it, once."""

AGAIN = 60.0
"""After so many seconds it is asked for again, when Telegram did not tell."""


class Named(Protocol):
    """A bot that can tell its name."""

    async def username(self) -> str:
        """Its name at Telegram. Raises `SendError`."""


class BotName:
    """The name once it is known, "" until then and where there is no bot.

    Only one page at a time waits for Telegram; the others show what is known.
    """

    # Not the clock of the platform: a trial stops it, and puts it back.
    def __init__(self, bot: Named | None, passed: Callable[[], float] = monotonic) -> None:
        self._bot = bot
        self._passed = passed
        self._name = ""
        self._again = 0.0
        self._asking = False

    async def get(self) -> str:
        """The name as far as it is known."""
        if self._name or self._bot is None or self._asking:
            return self._name
        if self._passed() < self._again:
            return ""
        self._asking = True
        try:
            async with asyncio.timeout(PATIENCE):
                self._name = await self._bot.username()
        except (SendError, TimeoutError) as error:
            self._again = self._passed() + AGAIN
            log.warning("telegram.name_unknown", error=type(error).__name__)
        finally:
            self._asking = False
        return self._name


def reaching_of(settings: Settings, bot: Named | None) -> Reaching:
    """By which ways people reach this platform. What is not configured is not there; in a trial
    the handset plays both."""
    return Reaching(
        BotName(bot).get,
        number=next(iter(settings.twilio_numbers), "") if settings.has_twilio else "",
        handset=settings.base_url if settings.is_trial else "",
        url=settings.base_url,
    )
