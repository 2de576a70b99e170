"""Senders that take back what they sent."""

import asyncio
from datetime import datetime

from sqlalchemy import select

from db.session import Database
from delivery.model import Lane, NewMessage
from delivery.service import WITHDRAW, queue
from delivery.store import message
from delivery.withdrawing import withdraw_about, withdraw_to
from kit.channels import Channel, Endpoint
from tests.stores.sending_rig import HELLO, Act, Rig, Way, is_sound

ABOUT = "case:7"


class Deleting(Way):
    """A sender that can take back what it sent, after `refuses` have let it."""

    def __init__(
        self, channel: Channel, rate: float = 1000, act: Act | None = None, name: str | None = None
    ) -> None:
        super().__init__(channel, rate, act, name=name)
        self.refuses: list[BaseException] = []
        self.gone: set[str] = set()
        self.wanted: list[tuple[Endpoint, str]] = []
        self.at: list[float] = []

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        self.wanted.append((to, provider_id))
        self.at.append(asyncio.get_running_loop().time())
        if self.refuses:
            raise self.refuses.pop(0)
        return provider_id not in self.gone


class Taking(Rig):
    """Senders that also take back."""

    def __init__(self, database: Database, *ways: Way) -> None:
        super().__init__(database, *ways)
        self.jobs.handler(WITHDRAW, self.sending.withdraw)

    async def write(
        self,
        *to: Endpoint,
        withdraw_at: datetime | None = None,
        due_at: datetime | None = None,
        lane: Lane = Lane.REPLY,
    ) -> int:
        new = NewMessage(to, HELLO, lane, due_at=due_at, about=ABOUT, withdraw_at=withdraw_at)
        async with self.database.write() as session:
            return await queue(session, new, self.clock.now())

    async def take_back(
        self, *, channel: Channel | None = None, to: Endpoint | None = None
    ) -> None:
        async with self.database.write() as session:
            await withdraw_about(session, ABOUT, self.clock.now(), channel=channel, to=to)

    async def take_back_from(self, endpoint: Endpoint) -> None:
        async with self.database.write() as session:
            await withdraw_to(session, endpoint, self.clock.now())

    async def settle(self) -> None:
        """Let what is due be done, and reconcile once more."""
        for _ in range(2):
            await self.reconciler.reconcile()
            await self.jobs.idle()
        async with self.database.read() as session:
            await is_sound(session)

    async def marks(self) -> list[tuple[bool, bool]]:
        """Of each row, whether it is still to be taken back, and whether it was."""
        async with self.database.read() as session:
            rows = await session.all(
                select(message.c.withdraw_at, message.c.withdrawn_at).order_by(message.c.id)
            )
        return [(row["withdraw_at"] is not None, row["withdrawn_at"] is not None) for row in rows]


WAITS, DONE, GIVEN_UP = (True, False), (False, True), (False, False)
