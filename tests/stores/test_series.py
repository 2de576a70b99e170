"""Whoever joins while a series is read again gets it once."""

from datetime import datetime, timedelta

import pytest

from campaigns import service
from campaigns.content.model import Wording
from campaigns.model import CampaignDraft
from campaigns.schedule.model import After
from contacts import store as contacts
from contacts.model import Topic
from db.session import Database
from tests.stores.campaign_course import HOUR, MINUTE, SMS, leave, look
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    endpoint_of,
    people_in,
    senders_in,
)
from tests.stores.sending_rig import Way


@pytest.mark.parametrize(
    "audience",
    [" and ".join(["topic:fraud"] * 200), "not " * 50 + "topic:fraud"],
    ids=["long", "deep"],
)
async def test_the_greatest_audience_there_may_be_can_be_that_of_a_series(
    database: Database, audience: str
) -> None:
    await senders_in(database, Way(SMS))
    await approved(database, a_draft(audience=audience, schedule=After(0)))
    await people_in(database, Person())
    now = NOON + HOUR + MINUTE
    await look(database, now)
    assert await leave(database, now) == 1


async def welcomed(database: Database, since: datetime) -> int:
    """How many get the message of a series in the hours after."""
    got = 0
    for minutes in range(0, 181, 10):
        now = since + minutes * MINUTE
        await look(database, now)
        got += await leave(database, now)
    return got


async def a_series(database: Database, draft: CampaignDraft) -> int:
    await senders_in(database, Way(SMS))
    return await approved(database, draft)


async def join(database: Database, number: int, now: datetime) -> None:
    async with database.write() as session:
        made = await contacts.create(session, [endpoint_of(number, SMS)], "es", now)
        await contacts.set_topics(session, made, [Topic.FRAUD])


async def test_whoever_joins_while_a_series_is_read_again_gets_it_once(
    database: Database,
) -> None:
    campaign_id = await a_series(database, a_draft(schedule=After(0)))
    writer, reader = await a_member(database, 8), await a_member(database, 9)
    await join(database, 1, NOON + 20 * MINUTE)
    other = a_draft(schedule=After(0), contents={"es": Wording("Otra.")})
    async with database.write() as session:
        await service.edit(session, campaign_id, other, writer, NOON + 50 * MINUTE)
    async with database.write() as session:
        await service.approve(session, campaign_id, reader, NOON + 70 * MINUTE)
    assert await welcomed(database, NOON + 70 * MINUTE) == 1


async def test_whoever_joins_at_the_hour_and_is_seen_a_moment_later_gets_a_series_once(
    database: Database,
) -> None:
    await a_series(database, a_draft(schedule=After(0)))
    hour, moment = NOON + HOUR, timedelta(milliseconds=100)
    await join(database, 1, NOON + 30 * MINUTE)
    await look(database, hour + moment)
    await join(database, 2, hour - moment)
    assert await welcomed(database, hour + MINUTE) == 2
