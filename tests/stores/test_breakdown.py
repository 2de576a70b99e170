"""A sender that is out of order puts its campaigns on hold."""

import pytest

from campaigns.brakes import breakdown
from campaigns.model import CampaignState
from db.session import Database
from delivery import senders
from delivery.breaker import TRIPS_AFTER
from delivery.claims import claim
from delivery.model import Lane
from tests.stores.campaign_ledger import SMS, TELEGRAM, TEST
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    frozen,
    people_in,
    senders_in,
    started,
    state_of,
)
from tests.stores.sending_rig import Way


async def broken(database: Database, sender: str) -> None:
    """A sender trips, and the campaigns hear of it."""
    for _ in range(TRIPS_AFTER):
        async with database.write() as session:
            await senders.note_failure(session, sender, "401", NOON)
    async with database.write() as session:
        await breakdown.hear(session, sender, NOON)


@pytest.mark.parametrize("taken", [0, 1, 3])
async def test_a_campaign_waits_also_when_all_its_rows_are_with_the_sender(
    database: Database, taken: int
) -> None:
    await senders_in(database, Way(SMS), Way(TELEGRAM))
    await people_in(database, *[Person()] * 3)
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    if taken:
        async with database.write() as session:
            assert len((await claim(session, Lane.BULK, SMS, taken, TEST, NOON)).rows) == taken
    await broken(database, SMS)
    assert await state_of(database, campaign_id) is CampaignState.PAUSED


async def test_a_campaign_that_needs_another_sender_goes_on(database: Database) -> None:
    await senders_in(database, Way(SMS), Way(TELEGRAM))
    await people_in(database, Person())
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    await broken(database, TELEGRAM)
    assert await state_of(database, campaign_id) is CampaignState.SENDING
