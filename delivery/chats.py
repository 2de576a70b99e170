"""The limit of one chat: a few messages at once, then about one a second.

Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.channels import Channel, Endpoint

EVERY = timedelta(seconds=1)
BURST = 4
"""So many of a conversation's answers may follow at once."""

MOST_AHEAD = timedelta(minutes=10)

KEPT = 4096
"""Chats that are remembered before those that are long past are forgotten."""


@dataclass(slots=True)
class Chats:
    """When each chat may get its next message, in this process."""

    _free_at: dict[Endpoint, datetime] = field(default_factory=dict)

    def reserve(self, to: Endpoint, start: datetime, *, bulk: bool) -> datetime:
        """When a message that the sender lets go at `start` may reach this chat.

        A run writes once to each chat, so that its messages wait but are not remembered.
        """
        if to.channel is not Channel.TELEGRAM:
            return start
        free_at = self._free_at.get(to)
        if free_at is not None and free_at > start + MOST_AHEAD:
            # No chat has so much waiting: the clock was put back.
            free_at = None
        leaves = start if free_at is None else max(start, free_at - (BURST - 1) * EVERY)
        if not bulk:
            if len(self._free_at) >= KEPT:
                self._forget(start)
            self._free_at[to] = max(free_at or leaves, leaves) + EVERY
        return leaves

    def _forget(self, now: datetime) -> None:
        self._free_at = {to: at for to, at in self._free_at.items() if at > now}
