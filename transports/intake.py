"""The port through which everything that arrives goes in, whoever brought it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from kit.channels import Channel


@dataclass(frozen=True, slots=True)
class Arrival:
    """One raw update as the provider sent it.

    `provider_id` is the provider's own name for it (Telegram's update id, Twilio's MessageSid), so
    that a repetition is known. `raw` is JSON: a Telegram Update, or the form fields of Twilio.
    """

    channel: Channel
    provider_id: str
    raw: str = field(repr=False)


Intake = Callable[[Arrival], Awaitable[None]]
"""Stores an arrival and returns once it is committed; raises when it could not be stored."""
