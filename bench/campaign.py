"""A campaign to everybody in a database, and what its ledger says while the platform works."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from time import perf_counter, time

from sqlalchemy import text

from bench.crowd import opened
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from db.session import Database
from kit.channels import Channel, Endpoint
from staff import service as staff
from staff import store as members
from staff.model import Member, Role

TEXT = (
    "Cuidado: si le piden dinero antes de darle una visa de trabajo, puede ser fraude. "
    "No pague ni entregue papeles. Si ya le ofrecieron algo, escriba /verificar"
)
CAMPAIGN = f"""
title: A campaign of the bench
topic: programs
audience: country:US
channels: [telegram]
content:
  es:
    text: "{TEXT}"
  en:
    text: "{TEXT}"
schedule: now
stale_after: 2d
"""
UNSETTLED = "('pending', 'sending', 'uncertain')"


class Watch:
    """Reads the ledger of a platform at work, by connections that only read."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def value(self, query: str) -> object:
        """The first column of the first row."""
        async with self.database.read() as session:
            found: object = await session.scalar(text(query))
            return found

    async def number(self, query: str) -> int:
        """The same, as a whole number; 0 when there is none."""
        found = await self.value(query)
        return found if isinstance(found, int) else 0

    async def frozen(self, every: float = 0.02, within: float = 900) -> float:
        """Wait until the run is frozen; gives when, on CLOCK_MONOTONIC."""
        return await self._until("SELECT count(*) FROM run WHERE state = 'freezing'", every, within)

    async def settled(self, every: float = 0.25, within: float = 900) -> None:
        """Wait until every row of the run has settled."""
        await self.frozen()
        unsettled = (
            f"SELECT count(*) FROM (SELECT 1 FROM message WHERE state IN {UNSETTLED}"
            " AND run_id IS NOT NULL LIMIT 1) AS one"
        )
        await self._until(unsettled, every, within)

    async def sent(self) -> int:
        """How many rows of the run are sent."""
        return await self.number(
            "SELECT count(*) FROM message WHERE run_id IS NOT NULL AND state = 'sent'"
        )

    async def last_settled(self) -> float:
        """When the last row of the run settled, on CLOCK_MONOTONIC."""
        return await self.instant("SELECT max(settled_at) FROM message WHERE run_id IS NOT NULL")

    async def instant(self, query: str) -> float:
        """A time that the ledger holds, on CLOCK_MONOTONIC."""
        found = await self.value(query)
        at = datetime.fromisoformat(found) if isinstance(found, str) else found
        if not isinstance(at, datetime):
            raise LookupError("the ledger holds no such time")
        return at.replace(tzinfo=at.tzinfo or UTC).timestamp() - time() + perf_counter()

    async def _until(self, count: str, every: float, within: float) -> float:
        async with asyncio.timeout(within):
            while True:
                if not await self.number(count):
                    return perf_counter()
                await asyncio.sleep(every)


@asynccontextmanager
async def watching(url: str) -> AsyncIterator[Watch]:
    """A watch over a database."""
    database = opened(url)
    try:
        yield Watch(database)
    finally:
        await database.close()


async def prepare(url: str, *, chats_on_duty: Iterable[int] = ()) -> int:
    """An approved campaign, and somebody on duty for each chat; gives the campaign's id."""
    database = opened(url)
    try:
        async with database.write() as session:
            now = datetime.now(UTC)
            team: list[Member] = []
            for role in (Role.COMMUNICATOR, Role.COORDINATOR):
                member_id = await staff.add(
                    session,
                    name=role,
                    email=f"{role}@example.org",
                    role=role,
                    endpoints=[],
                    now=now,
                    pick=lambda below: 0,
                )
                member = await members.get(session, member_id)
                assert member is not None
                team.append(member)
            for chat in chats_on_duty:
                await staff.add(
                    session,
                    name="Guardia",
                    email=f"duty{chat}@example.org",
                    role=Role.DUTY,
                    endpoints=[Endpoint(Channel.TELEGRAM, str(chat))],
                    now=now,
                    pick=lambda below: 0,
                )
            draft = file.read(CAMPAIGN.encode(), now)
            if not isinstance(draft, CampaignDraft):
                raise TypeError("the campaign of the bench is not well written")
            author, approver = team
            campaign_id = await service.create(session, draft, author, now)
            await service.approve(session, campaign_id, approver, now)
            return campaign_id
    finally:
        await database.close()


async def start(url: str, campaign_id: int) -> None:
    """Let it go; a platform at work finds it within seconds."""
    database = opened(url)
    try:
        async with database.write() as session:
            await service.start(session, campaign_id, None, datetime.now(UTC))
    finally:
        await database.close()
