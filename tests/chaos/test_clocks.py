"""Two clocks fire once; and what the table of jobs has lost, a clock finds in the other tables."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from campaigns import jobs, tick
from campaigns.model import CampaignState
from campaigns.store import campaign
from db.engine import open_database
from db.session import Database
from delivery.runs import run
from kit.clock import Clock
from tests.chaos.audit import Rule, audit
from tests.chaos.diary import Diary
from tests.chaos.evidence import call_witness, read_evidence
from tests.chaos.log import Logged
from tests.chaos.pair import PEOPLE, pair_of
from tests.chaos.planning import another, prepare
from tests.databases import Postgres, keyring
from tests.patience import PATIENCE

pytestmark = pytest.mark.xdist_group("cluster")

CAMPAIGNS = 8
ABOUT_FIRING = frozenset({Rule.FIRED, Rule.KEY, Rule.MISSING, Rule.COUNTED, Rule.FORWARD})


async def test_two_clocks_that_look_at_once_fire_and_freeze_each_campaign_once(
    database: Database,
) -> None:
    clock, diary = Clock(), Diary(rate=0)
    other = open_database(database.writer.url, keyring())
    async with database.write() as session:
        await call_witness(session)
    first = await prepare(database, PEOPLE, clock.now())
    ids = [first] + [await another(database, clock.now()) for _ in range(CAMPAIGNS - 1)]
    diary.rows = dict.fromkeys(ids, len(PEOPLE))
    async with database.write() as session:
        due = {"state": CampaignState.SCHEDULED, "due_at": clock.now()}
        await session.execute(update(campaign).values(**due))

    async def look(held: Database) -> None:
        for _ in range(3):
            async with held.write() as session:
                await tick.wake_due(session, clock.now())

    await asyncio.gather(*(look(held) for held in (database, other)))
    async with database.read() as session:
        found = [row["id"] for row in await session.all(select(run.c.id))]
    # Small steps, so that each of the two finds the other in the middle of a run.
    await asyncio.gather(
        *(
            jobs.handle_freeze(held, clock, str(number), batch=20, steps=50)
            for number in found
            for held in (database, other)
        )
    )
    async with database.read() as session:
        violations = audit(await read_evidence(session), Logged.of(()), diary)
        assert await session.scalar(select(func.count()).select_from(run)) == CAMPAIGNS
    await other.close()
    assert [str(one) for one in violations if one.rule in ABOUT_FIRING] == []


async def test_a_clock_finds_again_what_an_emptied_table_of_jobs_has_lost(
    postgres: Postgres,
) -> None:
    async with pair_of(await postgres.fresh()) as pair:
        campaign_id = await prepare(pair.beside, PEOPLE, pair.clock.now())
        pair.diary.rows[campaign_id] = len(PEOPLE)
        await pair.schedule(campaign_id)
        async with asyncio.timeout(PATIENCE):
            while True:
                if await pair.jobs():
                    break
                await asyncio.sleep(0.05)
        # The run waits to be frozen, and nobody remembers.
        await pair.forget_jobs()
        await pair.work()
        assert await pair.over(), "nobody has found it again"
        violations = await pair.judged()
    assert [str(one) for one in violations] == []
