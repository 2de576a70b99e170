"""The sheet before sending: counted in batches, the same as a freezing would write."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from campaigns import service, store
from campaigns.audience import audiences
from campaigns.audience.language import AudienceError
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.content.model import Wording
from campaigns.jobs import reckon_next
from campaigns.model import CampaignDraft, CampaignState
from campaigns.schedule.model import After, Cron
from campaigns.sheet import reckoning
from campaigns.sheet.cautions import Cautioned
from campaigns.sheet.model import Sheet
from campaigns.sheet.prices import Cost
from campaigns.sheet.reckoning import BATCH, RECKON, campaign_sheet, sheet_of
from campaigns.sheet.repeating import Week
from contacts.store import address, contact
from db.session import Database
from delivery.model import State
from delivery.store import message
from engine.cron import CronCalendar
from kit.channels import Channel
from kit.errors import NotFound
from kit.jobs import Wake
from tests.stores.api_rig import Stopped
from tests.stores.campaign_people import (
    NOON,
    SPANISH,
    Person,
    a_draft,
    a_member,
    frozen,
    only_run,
    people_in,
    senders_in,
    started,
)
from tests.stores.sending_rig import Way

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
CONDUCT = Conduct(CronCalendar())
HOUR = timedelta(hours=1)
LOS_ANGELES = "America/Los_Angeles"


async def written(database: Database, draft: CampaignDraft, by: int = 7) -> int:
    """A campaign that waits for somebody else's eyes."""
    author = await a_member(database, by)
    async with database.write() as session:
        return await service.create(session, draft, author, NOON)


async def reckoned(
    database: Database,
    campaign_id: int,
    now: datetime = NOON,
    *,
    limit: int = BATCH,
    conduct: Conduct = CONDUCT,
    most: int = 1_000,
) -> int:
    """Count to the end, or so many steps; gives how many steps it took."""
    for taken in range(most):
        async with database.write() as session:
            if not await reckoning.step(session, campaign_id, now, limit, conduct=conduct):
                return taken
    return most


async def shown(
    database: Database, campaign_id: int, now: datetime = NOON
) -> tuple[Sheet, list[Wake]]:
    """The sheet as it stands, and what asking for it has woken."""
    async with database.read() as session:
        found = await sheet_of(session, campaign_id, CONDUCT, {}, now)
        return found, list(session.wakes)


async def sheet_at(database: Database, campaign_id: int, now: datetime = NOON) -> Sheet:
    return (await shown(database, campaign_id, now))[0]


def everybody() -> list[Person]:
    """People of each kind that a freezing tells apart."""
    return [
        Person(ways=(SMS, TELEGRAM)),
        Person(ways=[SMS], language="mix"),
        Person(ways=[SMS], language="zai"),
        Person(ways=(TELEGRAM, SMS), stopped=[TELEGRAM]),
        Person(ways=(TELEGRAM, SMS), dead=[TELEGRAM]),
        Person(ways=(TELEGRAM, SMS), stopped=[TELEGRAM, SMS]),
        Person(ways=[]),
        Person(ways=[SMS], dead=[SMS]),
        Person(ways=[TELEGRAM], language="en", about={"zone": "America/Tijuana"}),
        Person(ways=[SMS], topics=[]),
        Person(ways=[TELEGRAM], about={"origin_region": "mixteca"}),
    ]


MIXED = {"es": Wording("Hola"), "mixteco": Wording("…")}


async def test_what_is_counted_is_what_a_freezing_writes(database: Database) -> None:
    await people_in(database, *everybody())
    draft = a_draft(audience="topic:fraud or not topic:fraud", contents=MIXED)
    campaign_id = await started(database, draft)
    await reckoned(database, campaign_id, limit=2)
    counted = (await sheet_at(database, campaign_id)).reckoned.counted
    await frozen(database, campaign_id)
    run = await only_run(database, campaign_id)
    async with database.read() as session:
        rows = await session.all(select(message).where(message.c.run_id == run.id))
    leaving = [row for row in rows if row["state"] == State.PENDING]
    assert counted.total == len(rows)
    assert counted.by_channel() == dict(Counter(row["channel"] for row in leaving))
    assert counted.by_language() == dict(Counter(row["language"] for row in leaving))
    assert counted.by_reason() == dict(Counter(row["reason"] for row in rows if row["reason"]))


async def test_the_size_of_the_steps_changes_nothing(database: Database) -> None:
    await people_in(database, *everybody())
    found = []
    for author, limit in ((11, 1), (12, 3), (13, BATCH)):
        campaign_id = await written(database, a_draft(contents=MIXED), author)
        await reckoned(database, campaign_id, limit=limit)
        found.append((await sheet_at(database, campaign_id)).reckoned.counted)
    assert found[0] == found[1] == found[2]


async def test_the_sheet_is_there_before_anybody_is_counted_and_wakes_the_counting(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 4)
    campaign_id = await written(database, a_draft())
    sheet, woken = await shown(database, campaign_id)
    assert (sheet.reckoned.share, sheet.reckoned.counted.total) == (0, 0)
    assert woken == [Wake(RECKON, str(campaign_id))]
    assert await reckoned(database, campaign_id, limit=2, most=1) == 1
    sheet, woken = await shown(database, campaign_id)
    assert 0 < sheet.reckoned.share < 1
    assert sheet.reckoned.counted.total == 2
    assert woken
    await reckoned(database, campaign_id)
    sheet, woken = await shown(database, campaign_id)
    assert (sheet.reckoned.done, sheet.reckoned.counted.total) == (True, 4)
    assert sheet.reckoned.counted_at == NOON
    assert woken == []


async def test_a_campaign_that_was_changed_is_counted_anew(database: Database) -> None:
    await people_in(database, Person(ways=[SMS]), Person(ways=[TELEGRAM]))
    draft = a_draft()
    campaign_id = await written(database, draft)
    await reckoned(database, campaign_id)
    async with database.write() as session:
        changed = replace(draft, channels=(SMS,))
        await store.rewrite(session, campaign_id, changed, CampaignState.REVIEW, [1])
    sheet, woken = await shown(database, campaign_id)
    # Nothing of the old campaign is shown as if it were of the new one.
    assert (sheet.reckoned.share, sheet.reckoned.counted.total) == (0, 0)
    assert woken
    await reckoned(database, campaign_id)
    counted = (await sheet_at(database, campaign_id)).reckoned.counted
    assert (counted.people, counted.by_reason()) == (1, {"no_address": 1})


async def test_after_an_hour_the_old_count_is_shown_until_the_new_one_is_whole(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 2)
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id)
    async with database.write() as session:
        await session.execute(delete(contact).where(contact.c.id == 1))
    fresh = NOON + HOUR - timedelta(seconds=1)
    assert await reckoned(database, campaign_id, fresh) == 0
    assert (await shown(database, campaign_id, fresh))[1] == []
    later = NOON + HOUR
    sheet, woken = await shown(database, campaign_id, later)
    assert (sheet.reckoned.counted.total, sheet.reckoned.counted_at) == (2, NOON)
    assert woken
    await reckoned(database, campaign_id, later, limit=1, most=1)
    sheet, woken = await shown(database, campaign_id, later)
    assert (sheet.reckoned.done, sheet.reckoned.counted.total) == (True, 2)
    assert woken
    await reckoned(database, campaign_id, later)
    sheet, woken = await shown(database, campaign_id, later)
    assert (sheet.reckoned.counted.total, sheet.reckoned.counted_at) == (1, later)
    assert woken == []


async def test_a_count_that_takes_long_goes_on_where_it_stood(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id, limit=1, most=2)
    await reckoned(database, campaign_id, NOON + 2 * HOUR, limit=1, most=1)
    assert (await sheet_at(database, campaign_id)).reckoned.counted.total == 3


async def test_a_step_that_is_lost_with_its_process_is_done_again(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id, limit=1, most=1)

    async def killed() -> None:
        async with database.write() as session:
            await reckoning.step(session, campaign_id, NOON, 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await killed()
    await reckoned(database, campaign_id, limit=1)
    assert (await sheet_at(database, campaign_id)).reckoned.counted.total == 3


async def test_two_processes_that_count_the_same_campaign_count_nobody_twice(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 12)
    campaign_id = await written(database, a_draft())

    async def count() -> None:
        more = True
        while more:
            more = await reckon_next(database, Stopped(), campaign_id, AT_ONCE, batch=1)

    await asyncio.gather(*(count() for _process in range(3)))
    assert (await sheet_at(database, campaign_id)).reckoned.counted.total == 12


async def test_a_phones_own_country_comes_before_that_of_its_person(database: Database) -> None:
    us, mexican, unknown, nowhere = await people_in(
        database,
        Person(about={"country": "MX"}),
        Person(about={"country": "US"}),
        Person(about={"country": "CA"}),
        Person(about={"country": None}),
    )
    async with database.write() as session:
        for who, country in ((us, "US"), (mexican, "MX"), (unknown, "ZZ"), (nowhere, None)):
            await session.execute(
                update(address).where(address.c.contact_id == who).values(country=country)
            )
    campaign_id = await written(database, a_draft(channels=(SMS,)))
    await reckoned(database, campaign_id)
    sheet = await sheet_at(database, campaign_id)
    assert sheet.segments == {"US": 1, "MX": 1, "CA": 1, "": 1}


async def test_people_are_counted_by_the_zone_in_which_they_are_due(database: Database) -> None:
    await people_in(
        database,
        Person(about={"zone": "America/Tijuana"}),
        Person(ways=[TELEGRAM], about={"zone": None}),
    )
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id)
    sheet = await sheet_at(database, campaign_id)
    assert {one.zone for one in sheet.leaving} == {"America/Tijuana", "America/Mexico_City"}


async def sent_to(database: Database, campaign_id: int, *settled: datetime) -> None:
    """Let the first people of a campaign have got it then, one at each time."""
    await frozen(database, campaign_id)
    run = await only_run(database, campaign_id)
    rows = select(message.c.id).where(message.c.run_id == run.id).order_by(message.c.contact_id)
    async with database.write() as session:
        found = await session.all(rows.limit(len(settled)))
        for row, at in zip(found, settled, strict=True):
            which = message.c.id == row["id"]
            sent = {"state": State.SENT, "settled_at": at}
            await session.execute(update(message).where(which).values(**sent))


async def test_who_got_another_campaign_in_the_last_day_is_counted(database: Database) -> None:
    await people_in(database, *[Person()] * 4)
    other = await started(database, a_draft())
    hours = (NOON - timedelta(hours=passed) for passed in (23, 24, 25))
    await sent_to(database, other, *hours)
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id)
    sheet = await sheet_at(database, campaign_id)
    assert sheet.reckoned.counted.recent == 2
    assert Cautioned.RECENT in {one.kind for one in sheet.cautions}


async def test_its_own_runs_are_not_another_campaign(database: Database) -> None:
    await people_in(database, *[Person()] * 4)
    campaign_id = await started(database, a_draft())
    await sent_to(database, campaign_id, NOON)
    await reckoned(database, campaign_id)
    assert (await sheet_at(database, campaign_id)).reckoned.counted.recent == 0


async def test_who_has_had_enough_this_week_is_counted_as_such(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    other = await started(database, a_draft())
    await sent_to(database, other, NOON)
    run = await only_run(database, other)
    async with database.write() as session:
        await session.execute(
            update(message)
            .where(message.c.run_id == run.id, message.c.state == State.PENDING)
            .values(state=State.SKIPPED, reason="cancelled")
        )
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id, conduct=replace(CONDUCT, most_a_week=1))
    counted = (await sheet_at(database, campaign_id)).reckoned.counted
    assert (counted.people, counted.by_reason()) == (2, {"full": 1})


async def test_a_series_counts_who_joined_in_the_last_week(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    async with database.write() as session:
        await session.execute(
            update(contact).where(contact.c.id == 1).values(joined_at=NOON - timedelta(days=8))
        )
    campaign_id = await written(database, a_draft(schedule=After(7)))
    await reckoned(database, campaign_id)
    sheet = await sheet_at(database, campaign_id)
    assert (sheet.series, sheet.reckoned.counted.total) == (True, 2)


async def test_a_campaign_that_repeats_has_its_week_by_the_calendar_of_the_platform(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 3)
    schedule = Cron("0 10 * * 1,4", LOS_ANGELES)
    campaign_id = await written(database, a_draft(schedule=schedule))
    assert (await sheet_at(database, campaign_id)).week == Week(2, Cost(0, {}, {}, ()))
    await reckoned(database, campaign_id)
    week = (await sheet_at(database, campaign_id)).week
    assert week is not None
    assert (week.times, week.cost.segments) == (2, 6)


async def test_the_time_is_that_of_all_senders_of_a_channel_together(database: Database) -> None:
    await people_in(database, *[Person()] * 9)
    await senders_in(
        database,
        Way(SMS, rate=1),
        Way(SMS, rate=4, name="sms-2"),
        Way(SMS, rate=100, name="sms-urgent", urgent_only=True),
    )
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id)
    assert (await sheet_at(database, campaign_id)).seconds == {SMS: pytest.approx(2)}


async def test_a_saved_audience_is_followed_and_one_that_is_gone_is_told(
    database: Database,
) -> None:
    await people_in(database, Person(about={"country": "US"}), Person(about={"country": "MX"}))
    author = await a_member(database, 8)
    async with database.write() as session:
        await audiences.save(session, "norte", "country:US", author, NOON)
    campaign_id = await written(database, a_draft(audience="saved:norte"))
    await reckoned(database, campaign_id)
    assert (await sheet_at(database, campaign_id)).reckoned.counted.total == 1
    async with database.write() as session:
        await session.execute(delete(audiences.audience))
    with pytest.raises(AudienceError):
        await sheet_at(database, campaign_id)
    again = NOON + HOUR
    assert await reckoned(database, campaign_id, again) == 0
    # What was known before is not lost by it.
    async with database.read() as session:
        row = await session.first(select(campaign_sheet))
    assert row is not None
    assert row["earlier"] is not None


async def test_a_campaign_that_does_not_exist_has_no_sheet(database: Database) -> None:
    assert await reckoned(database, 404) == 0
    with pytest.raises(NotFound):
        await sheet_at(database, 404)


async def test_with_nobody_at_all_the_sheet_is_whole_and_says_so(database: Database) -> None:
    campaign_id = await written(database, a_draft(contents=SPANISH))
    await reckoned(database, campaign_id)
    sheet = await sheet_at(database, campaign_id)
    assert sheet.reckoned.done
    kinds: Mapping[Cautioned, int | None] = {one.kind: one.people for one in sheet.cautions}
    assert kinds == {Cautioned.NOBODY: None}


async def test_no_phone_stands_in_what_is_kept(database: Database) -> None:
    await people_in(database, *[Person(ways=(SMS, TELEGRAM))] * 3)
    campaign_id = await written(database, a_draft())
    await reckoned(database, campaign_id)
    async with database.read() as session:
        kept = await session.scalar(select(campaign_sheet.c.figures))
    assert "555" not in kept
    assert "700" not in kept
