"""The tempo of this process: the pace of each sender, and waiting for it in time to end."""

import asyncio
from datetime import datetime

from delivery import pacing
from delivery.model import Lane
from delivery.pacing import Pace
from kit.channels import Channel
from kit.clock import Clock


class Tempo:
    """Holds the paces. Whoever waits here wakes when the clock is moved, a sender is blocked, or
    the process is to end.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._paces: dict[Channel, Pace] = {}
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        clock.on_move(self._tell)

    @property
    def closing(self) -> bool:
        """Whether the process is to end."""
        return self._closing.is_set()

    def close(self) -> None:
        """Let nobody wait any more."""
        self._closing.set()
        self._tell()

    def begin(self, channel: Channel, rate: float, paused_until: datetime | None) -> None:
        """Know the sender of a channel, and the pause that an earlier process was told."""
        self._paces[channel] = Pace(rate, self._clock.now(), paused_until)

    def rate(self, channel: Channel) -> float:
        """Units a second of a channel's sender."""
        return self._paces[channel].rate

    def reserve(self, channel: Channel, units: int, lane: Lane) -> datetime:
        """When `units` may leave, which are taken of the sender."""
        pace, start = pacing.reserve(self._pace(channel), self._clock.now(), units, lane)
        self._paces[channel] = pace
        return start

    def block(self, channel: Channel, until: datetime) -> None:
        """The provider told the sender to wait."""
        self._paces[channel] = pacing.block(self._pace(channel), until)
        self._tell()

    def blocked_until(self, channel: Channel) -> datetime | None:
        """Until when the sender has to wait, if it has to."""
        pace = self._pace(channel)
        return pace.blocked_until if pace.blocked(self._clock.now()) else None

    async def free(self, channel: Channel) -> None:
        """Wait until the sender has nothing reserved, or something changes: see `reached`."""
        await self.reached(channel, self._pace(channel).free_at)

    async def reached(self, channel: Channel, start: datetime) -> None:
        """Wait until `start`, but no longer than until the sender is blocked or all is to end."""
        wait = (start - self._clock.now()).total_seconds()
        while wait > 0 and not self.closing and self.blocked_until(channel) is None:
            try:
                await asyncio.wait_for(self._changed.wait(), wait)
            except TimeoutError:
                return
            # A clock moved back makes nobody wait for longer than was reserved.
            wait = min(wait, (start - self._clock.now()).total_seconds())

    async def over(self, before: asyncio.Task[None]) -> None:
        """Wait until a task is over, or all is to end."""
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait([before, closing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            closing.cancel()

    async def rest(self, seconds: float) -> None:
        """Wait for so long, or until all is to end."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    def _pace(self, channel: Channel) -> Pace:
        pace = pacing.follow(self._paces[channel], self._clock.now())
        self._paces[channel] = pace
        return pace

    def _tell(self) -> None:
        """Wake everybody who waits now; who waits later waits for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()
