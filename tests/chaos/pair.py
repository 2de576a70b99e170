"""Two clocks and two workers of one installation on PostgreSQL, in the test's own process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.engine import URL

from app.roles import Crew, Role, Timekeeper
from campaigns.model import CampaignState
from campaigns.store import campaign
from db.engine import open_database
from db.session import Database
from delivery.model import Lane
from delivery.runs import RunState, run
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.chaos.audit import Violation, audit
from tests.chaos.diary import Diary
from tests.chaos.evidence import call_witness, read_evidence
from tests.chaos.log import ListLog, Logged
from tests.chaos.people import Person
from tests.chaos.planning import prepare
from tests.chaos.providers import LoggedTelegram, LoggedTwilio
from tests.databases import keyring, knowing
from tests.stories.world import story_settings

PEOPLE = (
    *(Person(Endpoint(Channel.TELEGRAM, str(7_903_000_000 + n)), None) for n in range(60)),
    *(Person(None, Endpoint(Channel.SMS, f"+131055501{n:02}")) for n in range(30)),
)
SENDERS = ("telegram", "sms")
RATES = {"telegram_rate": 100.0, "twilio_rate": 50.0}


@dataclass
class Pair:
    """What works, and the database as somebody else has it."""

    clock: Clock
    beside: Database
    log: ListLog
    diary: Diary
    crews: Sequence[Crew] = ()

    async def schedule(self, campaign_id: int) -> None:
        """Let a campaign be due, and both clocks look at the same moment."""
        async with self.beside.write() as session:
            await session.execute(
                update(campaign)
                .where(campaign.c.id == campaign_id)
                .values(state=CampaignState.SCHEDULED, due_at=self.clock.now())
            )
        self.clock.move(timedelta(seconds=1))

    async def work(self) -> None:
        """Start the workers."""
        for crew in self.crews:
            await crew.start()

    async def send(self) -> None:
        """Both workers send at the same moment, as soon as there is something to send."""
        async with asyncio.timeout(20):
            while True:
                async with self.beside.read() as session:
                    sending = select(func.count()).where(run.c.state == RunState.SENDING)
                    if await session.scalar(sending):
                        break
                await asyncio.sleep(0.02)
        await asyncio.gather(
            *(crew._sending.drain(Lane.BULK, name) for crew in self.crews for name in SENDERS)
        )

    async def jobs(self) -> int:
        """How many jobs wait for a worker."""
        async with self.beside.read() as session:
            return int(await session.scalar(text("SELECT count(*) FROM jobs.pgqueuer")))

    async def forget_jobs(self) -> None:
        """The table of jobs is lost."""
        async with self.beside.write() as session:
            await session.execute(text("TRUNCATE jobs.pgqueuer"))

    async def over(self, seconds: float = 15) -> bool:
        """Wait until every run is done; False when that takes longer."""
        open_runs = select(func.count()).where(run.c.state != RunState.DONE)
        every = select(func.count()).select_from(run)
        for _ in range(int(seconds / 0.1)):
            async with self.beside.read() as session:
                if await session.scalar(every) and not await session.scalar(open_runs):
                    return True
            await asyncio.sleep(0.1)
        return False

    async def judged(self) -> list[Violation]:
        """What the audit finds."""
        async with self.beside.read() as session:
            ledger = await read_evidence(session)
        return audit(ledger, Logged.of(self.log.events), self.diary)


@asynccontextmanager
async def pair_of(url: URL) -> AsyncIterator[Pair]:
    """Two clocks at work on a migrated database, two workers that may begin, and providers that
    keep a log."""
    log, clock = ListLog(), Clock()
    pair = Pair(clock, knowing(open_database(url, keyring())), log, Diary(rate=300))
    async with LoggedTelegram(log=log) as telegram, LoggedTwilio(log=log) as twilio:
        settings = story_settings(
            telegram.url,
            twilio.url,
            database_url=url.render_as_string(hide_password=False),
            **RATES,
            # These go by the machine's own clock, at night too.
            sending_hours="always",
        )
        async with pair.beside.write() as session:
            await call_witness(session)
        clocks = [
            Timekeeper(settings, knowing(open_database(url, keyring())), clock) for _ in range(2)
        ]
        crews = [
            Crew(settings, knowing(open_database(url, keyring())), clock, "bulk") for _ in range(2)
        ]
        pair.crews = crews
        roles: list[Role] = [*clocks, *crews]
        try:
            for role in clocks:
                await role.start()
            yield pair
        finally:
            await asyncio.gather(*(role.stop() for role in roles))
            await pair.beside.close()


async def both(url: URL) -> list[Violation]:
    """A campaign that both clocks see due and both workers send; what the audit finds."""
    async with pair_of(url) as pair:
        campaign_id = await prepare(pair.beside, PEOPLE, pair.clock.now())
        pair.diary.rows[campaign_id] = len(PEOPLE)
        await pair.work()
        await pair.schedule(campaign_id)
        await pair.send()
        await pair.over()
        return await pair.judged()
