"""Channels and endpoints: where a message can go."""

from dataclasses import dataclass, field
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach somebody."""

    TELEGRAM = "telegram"
    SMS = "sms"
    VOICE = "voice"

    @property
    def terse(self) -> bool:
        """Whether every message costs the writer money and holds plain, short text only."""
        return self is Channel.SMS


WRITTEN = (Channel.TELEGRAM, Channel.SMS)
"""What the public is written to by. Calls wake people on duty alone."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A channel and what names somebody on it: a Telegram chat id, or a phone in E.164.

    The value never shows in `repr`, so that neither a log nor a failed test prints it.
    """

    channel: Channel
    value: str = field(repr=False)
