"""The tempo of this process: the pace of each sender, and waiting for it in time to end."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from delivery import pacing
from delivery.model import Lane
from delivery.pacing import Grant, Pace
from kit.clock import Clock


class Paces(Protocol):
    """Where the paces are kept: in this process, or shared with others."""

    async def begin(self, paces: Mapping[str, Pace]) -> None:
        """Know the senders, and the pauses that an earlier process was told."""

    def look(self, sender: str) -> Pace:
        """What is known of a sender, without asking anybody."""

    async def reserve(self, sender: str, units: float, lane: Lane) -> Grant:
        """Take units of a sender: see `delivery.pacing.reserve`."""

    def learn(self, sender: str, pace: Pace) -> None:
        """Something was told about a sender that `Pace` keeps."""


class OwnPaces:
    """The paces of the embedded mode: one process has all of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._paces: dict[str, Pace] = {}

    async def begin(self, paces: Mapping[str, Pace]) -> None:
        self._paces = dict(paces)

    def look(self, sender: str) -> Pace:
        pace = pacing.follow(self._paces[sender], self._clock.now())
        self._paces[sender] = pace
        return pace

    async def reserve(self, sender: str, units: float, lane: Lane) -> Grant:
        pace, grant = pacing.reserve(self.look(sender), self._clock.now(), units, lane)
        self._paces[sender] = pace
        return grant

    def learn(self, sender: str, pace: Pace) -> None:
        self._paces[sender] = pace


class Tempo:
    """Waits for paces. Whoever waits here wakes when the clock is moved, a sender is blocked, or
    the process is to end.
    """

    def __init__(self, clock: Clock, paces: Paces) -> None:
        self._clock = clock
        self._paces = paces
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

    async def begin(self, paces: Mapping[str, Pace]) -> None:
        """Know the senders, and the pauses that an earlier process was told."""
        await self._paces.begin(paces)

    def look(self, sender: str) -> Pace:
        """What this process knows of a sender's pace."""
        return self._paces.look(sender)

    async def reserve(self, sender: str, units: float, lane: Lane) -> Grant:
        """Take units of a sender."""
        return await self._paces.reserve(sender, units, lane)

    def block(self, sender: str, until: datetime) -> None:
        """The provider told the sender to wait."""
        self._paces.learn(sender, pacing.block(self.look(sender), until))
        self._tell()

    def hold_bulk(self, sender: str, until: datetime) -> None:
        """Bulk stands back for urgent."""
        self._paces.learn(sender, pacing.hold(self.look(sender), until))

    def learn(self, known: Mapping[str, Pace]) -> None:
        """What the database knows that may be news: others write there too."""
        for sender, told in known.items():
            pace = replace(
                self.look(sender),
                held_until=told.held_until,
                broken_at=told.broken_at,
                failures=told.failures,
            )
            if told.blocked_until is not None:
                pace = pacing.block(pace, told.blocked_until)
            self._paces.learn(sender, pace)

    def judge_sender(self, sender: str, broken_at: datetime | None, failures: int) -> None:
        """The breaker of a sender has counted, tripped or closed."""
        pace = replace(self.look(sender), broken_at=broken_at, failures=failures)
        self._paces.learn(sender, pace)

    def closed_until(self, sender: str, lane: Lane) -> datetime | None:
        """Until when a lane of a sender has to wait for more than its turn, if it has to."""
        return self.look(sender).closed_until(self._clock.now(), lane)

    async def near(self, sender: str, start: datetime, lane: Lane) -> None:
        """Wait until a reservation that begins at `start` may be asked for."""
        await self.reached(sender, start - pacing.ahead(lane), lane)

    async def reached(self, sender: str, start: datetime, lane: Lane) -> None:
        """Wait until `start`, but no longer than until the sender is blocked or all is to end."""
        wait = (start - self._clock.now()).total_seconds()
        while wait > 0 and not self.closing and self.closed_until(sender, lane) is None:
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

    def _tell(self) -> None:
        """Wake everybody who waits now; who waits later waits for the next change."""
        self._changed.set()
        self._changed = asyncio.Event()
