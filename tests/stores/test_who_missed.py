"""Who did not get a campaign: counted in the background, never while somebody waits."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from campaigns import store
from campaigns.audience.counting import count
from campaigns.audience.language import AudienceError
from campaigns.conduct import Conduct
from campaigns.figures import missing
from campaigns.figures.missing import Missed
from campaigns.jobs import handle_reckon
from campaigns.model import CampaignState
from campaigns.schedule.model import After, Every
from campaigns.sheet import reckoning
from campaigns.sheet.reckoning import RECKON, campaign_sheet
from contacts.store import contact
from db.session import Database
from engine.cron import CronCalendar
from kit.errors import NotFound
from kit.jobs import Wake
from kit.turns import Turns
from tests.stores.api_rig import Stopped
from tests.stores.campaign_course import HOUR, MINUTE, SMS, TELEGRAM, leave, look
from tests.stores.campaign_people import NOON, Person, a_draft, approved, people_in, started

CONDUCT = Conduct(CronCalendar())
FIRST = NOON + timedelta(days=1)
DAILY = Every(1, "days", FIRST.replace(tzinfo=None), "UTC")
TOLD = "(topic:fraud) and not received:1"


async def asked(
    database: Database, campaign_id: int, now: datetime = NOON
) -> tuple[Missed, list[Wake]]:
    """What is known, and what asking for it has woken."""
    async with database.read() as session:
        return await missing.of_campaign(session, campaign_id, now), list(session.wakes)


async def told(database: Database, campaign_id: int, now: datetime = NOON) -> tuple[int, bool]:
    """How many they are by what is known, and whether that is everybody."""
    found, _woken = await asked(database, campaign_id, now)
    return found.total, found.done


async def counted(
    database: Database, campaign_id: int, now: datetime = NOON, *, limit: int = 2, most: int = 1_000
) -> int:
    """Count to the end, or so many steps; gives how many it took."""
    for taken in range(most):
        async with database.write() as session:
            if not await reckoning.step(session, campaign_id, now, limit, conduct=CONDUCT):
                return taken
    return most


async def by_expression(database: Database, campaign_id: int) -> int:
    """How many the audience counts when it is counted at once."""
    found, _woken = await asked(database, campaign_id)
    async with database.read() as session:
        return (await count(session, found.audience))["total"]


async def test_asking_counts_nobody_and_wakes_the_counting(database: Database) -> None:
    await people_in(database, *[Person()] * 3, Person(topics=[]))
    made = await started(database, a_draft())
    woken = [Wake(RECKON, str(made))]
    assert await asked(database, made) == (Missed(made, TOLD, 0, 0, None), woken)
    await counted(database, made, most=1)
    found, more = await asked(database, made)
    assert (found.total, found.done, found.counted_at, more) == (2, False, NOON, woken)
    await counted(database, made)
    assert await asked(database, made) == (Missed(made, TOLD, 3, 1, NOON), [])


async def test_what_was_counted_before_a_run_began_or_ended_is_not_told(
    database: Database,
) -> None:
    await people_in(database, Person(), Person(), Person(ways=[TELEGRAM]), Person(stopped=[SMS]))
    made = await approved(database, a_draft(schedule=DAILY))
    await counted(database, made, FIRST - HOUR)
    assert await told(database, made, FIRST - MINUTE) == (4, True)
    await look(database, FIRST)
    assert await told(database, made, FIRST) == (0, False)
    await leave(database, FIRST + MINUTE)
    await counted(database, made, FIRST + MINUTE)
    assert await told(database, made, FIRST + MINUTE) == (2, True)
    await leave(database, FIRST + MINUTE, channel=TELEGRAM)
    await look(database, FIRST + 2 * MINUTE)
    assert await told(database, made, FIRST + 3 * MINUTE) == (0, False)
    await counted(database, made, FIRST + 3 * MINUTE)
    assert await told(database, made, FIRST + 3 * MINUTE) == (1, True)
    assert await by_expression(database, made) == 1


async def test_whoever_got_one_of_several_runs_has_not_missed_it(database: Database) -> None:
    await people_in(database, *[Person()] * 3, Person(stopped=[SMS]))
    made = await approved(database, a_draft(schedule=DAILY))
    for day in range(3):
        at = FIRST + timedelta(days=day)
        await look(database, at)
        await leave(database, at + MINUTE)
        await look(database, at + 2 * MINUTE)
    await people_in(database, Person(ways=[TELEGRAM]))
    later = at + HOUR
    for limit in (1, 3, 500):
        async with database.write() as session:
            await session.execute(delete(campaign_sheet))
        await counted(database, made, later, limit=limit)
        assert await told(database, made, later) == (2, True), "who left, and who came since"
    assert await by_expression(database, made) == 2


async def test_of_a_series_everybody_is_counted_who_ever_joined(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    async with database.write() as session:
        await session.execute(
            update(contact).where(contact.c.id == 1).values(joined_at=NOON - timedelta(days=30))
        )
    made = await approved(database, a_draft(schedule=After(7)))
    await counted(database, made)
    assert await told(database, made) == (3, True)


async def test_after_an_hour_the_old_count_is_told_until_the_new_one_is_whole(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 3)
    made = await started(database, a_draft())
    await counted(database, made)
    async with database.write() as session:
        await session.execute(delete(contact).where(contact.c.id == 1))
    assert (await asked(database, made, NOON + HOUR - MINUTE))[1] == []
    found, woken = await asked(database, made, NOON + HOUR)
    assert (found.total, found.done, found.counted_at) == (3, True, NOON)
    assert woken
    await counted(database, made, NOON + HOUR, limit=1, most=1)
    assert await told(database, made, NOON + HOUR) == (3, True)
    await counted(database, made, NOON + HOUR)
    assert await told(database, made, NOON + HOUR) == (2, True)


async def test_another_audience_is_counted_anew(database: Database) -> None:
    await people_in(database, Person(), Person(about={"country": "US"}))
    draft = a_draft()
    made = await started(database, draft)
    await counted(database, made)
    async with database.write() as session:
        changed = replace(draft, audience="country:US")
        await store.rewrite(session, made, changed, CampaignState.REVIEW, [1])
    assert await told(database, made) == (0, False)
    await counted(database, made)
    assert await told(database, made) == (1, True)


async def test_counts_from_before_it_was_counted_are_not_told_and_begin_anew(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 3)
    made = await started(database, a_draft())
    await counted(database, made)
    async with database.write() as session:
        known = json.loads(await session.scalar(select(campaign_sheet.c.figures)))
        del known["missed"]
        await session.execute(update(campaign_sheet).values(figures=json.dumps(known)))
    found, woken = await asked(database, made)
    assert (found.total, found.done, bool(woken)) == (0, False, True)
    assert await counted(database, made) > 0
    assert await told(database, made) == (3, True)


async def test_the_job_that_counts_for_the_sheet_counts_them_too(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    made = await started(database, a_draft())
    await handle_reckon(database, Stopped(), str(made), CONDUCT, Turns(rests=False), batch=1)
    assert await told(database, made) == (3, True)


async def test_what_does_not_exist_is_not_found_and_what_cannot_be_looked_up_is_told(
    database: Database,
) -> None:
    with pytest.raises(NotFound):
        await asked(database, 404)
    made = await started(database, a_draft())
    async with database.write() as session:
        gone = a_draft(audience="saved:perdida")
        await store.rewrite(session, made, gone, CampaignState.REVIEW, [1])
    with pytest.raises(AudienceError):
        await asked(database, made)
    assert await counted(database, made) == 0
