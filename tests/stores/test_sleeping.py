"""Rows of people for whom it is night do not stand in the way of those who are awake."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns import service, tick
from campaigns.conduct import Conduct
from campaigns.schedule.model import At
from db.session import Database
from delivery import sleeping
from delivery.claims import Slice, claim
from delivery.model import Lane, State
from delivery.quiet import Hours
from tests.stores.campaign_course import SMS, TEST
from tests.stores.campaign_ledger import rows_of
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    frozen,
    people_in,
    senders_in,
)
from tests.stores.sending_rig import Way

EVENING = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # 17:30 in New York, 14:30 in Tijuana
CLOSED = EVENING + timedelta(hours=3)  # 20:30 and 17:30
MORNING = datetime(2026, 11, 25, 14, tzinfo=UTC)  # nine in New York
EAST = Person(about={"zone": "America/New_York"})
WEST = Person(about={"zone": "America/Tijuana"})


async def due(database: Database, *people: Person) -> tuple[int, list[int]]:
    """A campaign by its people's hours, frozen while all of them were awake."""
    await senders_in(database, Way(SMS))
    ids = await people_in(database, *people)
    conduct = Conduct(hours=Hours())
    author, reader = await a_member(database, 1), await a_member(database, 2)
    draft = a_draft(channels=(SMS,), schedule=At(EVENING, "UTC"))
    async with database.write() as session:
        campaign_id = await service.create(session, draft, author, NOON)
        await service.approve(session, campaign_id, reader, NOON, conduct)
    async with database.write() as session:
        await tick.wake_due(session, EVENING, conduct)
    await frozen(database, campaign_id, EVENING)
    return campaign_id, ids


async def claimed(database: Database, now: datetime) -> Slice:
    """What a sender of one message a second takes."""
    async with database.write() as session:
        return await claim(session, Lane.BULK, SMS, 1, TEST, now)


async def test_one_claim_lays_down_all_who_sleep(database: Database) -> None:
    campaign_id, ids = await due(database, *[EAST] * 20, WEST)
    first = await claimed(database, CLOSED)
    assert (first.taken, first.rows) == (1, ())
    (row,) = (await claimed(database, CLOSED)).rows
    assert row.contact_id == ids[-1]
    assert (await claimed(database, CLOSED)).taken == 0
    rows = await rows_of(database, campaign_id)
    assert {rows[one]["due_at"] for one in ids[:-1]} == {MORNING}
    assert (await claimed(database, MORNING)).rows


async def test_nobody_but_those_who_sleep_is_laid_down(database: Database) -> None:
    campaign_id, ids = await due(database, EAST, WEST, Person())
    assert (await claimed(database, CLOSED)).rows == ()
    rows = await rows_of(database, campaign_id)
    assert [rows[one]["due_at"] for one in ids] == [MORNING, EVENING, EVENING]
    assert {row["state"] for row in rows.values()} == {State.PENDING}


async def test_a_claim_looks_no_further_than_it_may(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sleeping, "AHEAD", 3)
    campaign_id, ids = await due(database, EAST, WEST, EAST, EAST)
    await claimed(database, CLOSED)
    rows = await rows_of(database, campaign_id)
    assert [rows[one]["due_at"] for one in ids] == [MORNING, EVENING, MORNING, EVENING]
