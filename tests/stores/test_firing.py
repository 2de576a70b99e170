"""A schedule fires at its time and once."""

import asyncio
from datetime import timedelta

from campaigns import service, store, tick
from campaigns.conduct import AT_ONCE
from campaigns.model import CampaignState
from campaigns.schedule.model import At
from campaigns.schedule.occurrences import Occurrence
from db.session import Database
from delivery import runs
from kit.jobs import Wake
from tests.stores.campaign_ledger import TOMORROW, reconciled, rows_of
from tests.stores.campaign_people import (
    Person,
    a_draft,
    approved,
    frozen,
    only_run,
    people_in,
    state_of,
)


async def test_a_scheduled_campaign_fires_at_its_time_and_once(database: Database) -> None:
    await people_in(database, Person())
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "America/Mexico_City")))
    assert await state_of(database, campaign_id) is CampaignState.SCHEDULED
    assert await reconciled(database, TOMORROW - timedelta(seconds=1)) == []
    wakes = await reconciled(database, TOMORROW + timedelta(minutes=5))
    run = await only_run(database, campaign_id)
    assert Wake(tick.FREEZE, str(run.id)) in wakes
    assert run.due_at == TOMORROW
    await reconciled(database, TOMORROW + timedelta(minutes=6))
    assert (await only_run(database, campaign_id)).id == run.id
    await frozen(database, campaign_id, TOMORROW)
    (row,) = (await rows_of(database, campaign_id)).values()
    assert row["due_at"] == TOMORROW


async def test_two_clocks_that_fire_at_once_open_one_run(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    await asyncio.gather(*(reconciled(database, TOMORROW) for _ in range(4)))
    await only_run(database, campaign_id)


async def test_a_firing_that_exists_is_not_opened_again(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    async with database.write() as session:
        campaign = await service.get(session, campaign_id)
        await tick.open_run(session, campaign, [Occurrence(TOMORROW)], AT_ONCE, TOMORROW)
        await tick.open_run(session, campaign, [Occurrence(TOMORROW)], AT_ONCE, TOMORROW)
    await only_run(database, campaign_id)


async def test_what_was_altered_after_the_approval_does_not_fire(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    async with database.write() as session:
        await store.change(session, campaign_id, audience="topic:fraud or country:US")
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW
    async with database.read() as session:
        assert await runs.of_campaign(session, campaign_id) == ()
