"""Updates that wait to be fetched with getUpdates, confirmed as Telegram confirms them."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from tests.standins.telegram_errors import ApiError

Update = dict[str, object]

MAX_TIMEOUT = 50  # seconds; github.com/tdlib/telegram-bot-api, LONG_POLL_MAX_TIMEOUT
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Keeps each update until a call with a greater offset confirms it."""

    def __init__(self) -> None:
        self.pending: list[Update] = []
        self.allowed: frozenset[str] = frozenset()
        self._polls = 0
        self._changed = asyncio.Event()
        self._closed = False

    def push(self, update: Mapping[str, object]) -> None:
        """A person did something. Kinds that the bot did not ask for are not kept."""
        kinds = set(update) - {"update_id"}
        if kinds & self.allowed if self.allowed else not kinds <= _UNASKED:
            self.pending.append(dict(update))
            self.wake()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """At most `limit` updates from `offset` on, or none after `timeout` seconds.

        A negative offset forgets all but the last ones. Raises the error 409 when another call
        begins meanwhile.
        """
        self._polls += 1
        mine = self._polls
        self.wake()
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset > 0:
            self.pending = [one for one in self.pending if update_id(one) >= offset]
        with suppress(TimeoutError):
            async with asyncio.timeout(min(timeout, MAX_TIMEOUT)):
                while not (self.pending or self._closed) and mine == self._polls:
                    await self._changed.wait()
        if mine != self._polls:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        return self.pending[:limit]

    async def wait_for_polls(self, times: int) -> None:
        """Return once getUpdates was called so many times in all."""
        while self._polls < times:
            await self._changed.wait()

    def close(self) -> None:
        """Send every waiting caller away with nothing."""
        self._closed = True
        self.wake()

    def wake(self) -> None:
        """Let whoever waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()


def update_id(update: Mapping[str, object]) -> int:
    """The number by which an update is confirmed."""
    number = update["update_id"]
    if not isinstance(number, int):
        raise TypeError("update_id is not a whole number")
    return number
