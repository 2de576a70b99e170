"""Campaigns that are paused, decided about or altered while something goes on."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from campaigns import deciding, service, store
from campaigns.audience import audiences
from campaigns.content.model import Wording
from campaigns.model import CampaignState
from campaigns.schedule.model import At, Every
from contacts import store as contacts
from db.session import Database
from delivery import receipts, runs
from delivery.deciding import Decision
from delivery.model import Failure, Skip, State
from delivery.runs import Run, RunState
from delivery.store import message
from delivery.transport import Receipt
from kit.channels import Channel
from kit.errors import Refused
from staff.model import Role
from tests.stores.campaign_course import HOUR, MINUTE, SMS, TELEGRAM, leave, look
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    endpoint_of,
    only_run,
    people_in,
    senders_in,
    started,
    state_of,
)
from tests.stores.sending_rig import Way, is_sound

HOURLY = Every(1, "hours", datetime(2026, 11, 23, 7), "America/Mexico_City")  # noqa: DTZ001
"""At one o'clock (UTC), an hour after noon, and each hour after."""
IN_AN_HOUR = At(NOON + HOUR, "UTC")


async def all_runs(database: Database, campaign_id: int) -> list[Run]:
    async with database.read() as session:
        return list(await runs.of_campaign(session, campaign_id))


async def paused(database: Database, campaign_id: int, now: datetime) -> None:
    async with database.write() as session:
        await service.pause(session, campaign_id, None, now)


async def resumed(database: Database, campaign_id: int, now: datetime) -> CampaignState:
    async with database.write() as session:
        return await service.resume(session, campaign_id, None, now)


async def retried(database: Database, campaign_id: int, now: datetime) -> int:
    async with database.write() as session:
        return await deciding.retry(session, campaign_id, None, now)


async def hourly_of_which_one_time_failed(database: Database, now: datetime) -> int:
    """A campaign of every hour that waits for its next time; the last one failed for both."""
    await senders_in(database, Way(SMS))
    await people_in(database, Person(), Person())
    campaign_id = await approved(database, a_draft(schedule=HOURLY))
    await look(database, now)
    assert await leave(database, now, State.FAILED) == 2
    await look(database, now)
    assert await state_of(database, campaign_id) is CampaignState.SCHEDULED
    return campaign_id


async def test_failures_of_a_paused_campaign_leave_only_when_it_is_resumed(
    database: Database,
) -> None:
    now = NOON + HOUR + MINUTE
    campaign_id = await hourly_of_which_one_time_failed(database, now)
    await paused(database, campaign_id, now)
    assert await retried(database, campaign_id, now) == 2
    assert await state_of(database, campaign_id) is CampaignState.PAUSED
    assert await leave(database, now) == 0
    assert await resumed(database, campaign_id, now) is CampaignState.SENDING
    assert await leave(database, now) == 2


async def test_failures_of_a_repeating_campaign_are_tried_again_between_its_times(
    database: Database,
) -> None:
    now = NOON + HOUR + MINUTE
    campaign_id = await hourly_of_which_one_time_failed(database, now)
    assert await retried(database, campaign_id, now) == 2
    assert await leave(database, now) == 2
    await look(database, now)
    assert await state_of(database, campaign_id) is CampaignState.SCHEDULED
    assert [run.state for run in await all_runs(database, campaign_id)] == [RunState.DONE]


@pytest.mark.parametrize("ended", [State.FAILED, State.UNCERTAIN])
async def test_a_time_that_has_grown_too_old_stops_no_decision_about_the_newest(
    database: Database, ended: State
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person(), Person())
    draft = a_draft(schedule=HOURLY, stale_after=30 * MINUTE)
    campaign_id = await approved(database, draft)
    first, second = NOON + HOUR + MINUTE, NOON + 2 * HOUR + MINUTE
    await look(database, first)
    assert await leave(database, first) == 2
    await look(database, first)
    await look(database, second)
    assert await leave(database, second, ended) == 2
    if ended is State.FAILED:
        taken = await retried(database, campaign_id, second)
    else:
        async with database.write() as session:
            taken = await deciding.resolve(session, campaign_id, Decision.RESEND, None, second)
    assert taken == 2
    assert await leave(database, second) == 2


async def test_a_repeating_campaign_goes_on_after_a_pause_that_was_too_long_for_one_time(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person())
    draft = a_draft(schedule=HOURLY, stale_after=30 * MINUTE)
    campaign_id = await approved(database, draft)
    now = NOON + HOUR + MINUTE
    await look(database, now)
    await paused(database, campaign_id, now)
    now += 5 * HOUR - 2 * MINUTE
    await resumed(database, campaign_id, now)
    assert await leave(database, now) == 0, "too old"
    async with database.read() as session:
        (row,) = await session.all(select(message))
    assert (row["state"], row["reason"]) == (State.SKIPPED, Skip.STALE)
    now += 2 * MINUTE
    await look(database, now)
    assert await leave(database, now) == 1


async def test_what_turns_out_undelivered_after_the_end_leaves_by_another_way(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS), Way(TELEGRAM))
    await people_in(database, Person(ways=(SMS, TELEGRAM)))
    campaign_id = await started(database, a_draft(channels=(SMS, TELEGRAM)))
    await look(database, NOON)
    assert await leave(database, NOON) == 1
    await look(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.DONE
    now = NOON + HOUR
    async with database.write() as session:
        (row,) = await session.all(select(message.c.id))
        dead = Receipt(f"p{row['id']}", State.UNDELIVERED, "30006", Failure.ADDRESS_DEAD)
        await receipts.receive(session, dead, now)
    assert await leave(database, now, channel=TELEGRAM) == 1
    await look(database, now)
    assert (await only_run(database, campaign_id)).state is RunState.DONE
    async with database.read() as session:
        await is_sound(session)


async def test_a_run_is_not_closed_over_failures_that_go_again_meanwhile(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person())
    campaign_id = await started(database, a_draft())
    await look(database, NOON)
    assert await leave(database, NOON, State.FAILED) == 1
    async with database.write() as session:
        assert await deciding.retry(session, campaign_id, None, NOON) == 1
        # It sees that every row has settled, and waits for the campaign that this unit holds.
        looking = asyncio.create_task(look(database, NOON))
        await asyncio.sleep(0.5)
    await looking
    assert (await only_run(database, campaign_id)).state is RunState.SENDING
    assert await leave(database, NOON) == 1


async def test_an_audience_that_nobody_can_read_any_more_stops_no_other_campaign(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person())
    writer, reader = await a_member(database, 8), await a_member(database, 9)
    long = " and ".join(["topic:fraud"] * 100)
    draft = a_draft(audience=f"saved:mine and {long}", schedule=IN_AN_HOUR)
    async with database.write() as session:
        await audiences.save(session, "mine", "topic:fraud", writer, NOON)
        grown = await service.create(session, draft, writer, NOON)
        await service.approve(session, grown, reader, NOON)
    other = await approved(database, a_draft(schedule=IN_AN_HOUR))
    async with database.write() as session:
        # Both together are more than an expression may hold.
        await audiences.save(session, "mine", f"{long} and topic:fraud", writer, NOON)
    await look(database, NOON + HOUR)
    assert await state_of(database, grown) is CampaignState.REVIEW
    assert await state_of(database, other) is CampaignState.SENDING
    assert await leave(database, NOON + HOUR) == 1


async def test_who_a_saved_audience_stands_for_is_approved_too(database: Database) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person())
    writer = await a_member(database, 9)
    async with database.write() as session:
        await audiences.save(session, "trial", "topic:fraud and country:CA", writer, NOON)
    campaign_id = await approved(database, a_draft(audience="saved:trial", schedule=IN_AN_HOUR))
    async with database.write() as session:
        await audiences.save(session, "trial", "topic:fraud", writer, NOON)
    await look(database, NOON + HOUR)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW
    assert await all_runs(database, campaign_id) == []


async def test_nobody_starts_what_a_saved_audience_has_changed(database: Database) -> None:
    writer = await a_member(database, 9)
    async with database.write() as session:
        await audiences.save(session, "trial", "topic:fraud and country:CA", writer, NOON)
    campaign_id = await approved(database, a_draft(audience="saved:trial"))
    async with database.write() as session:
        await audiences.save(session, "trial", "topic:fraud", writer, NOON)
        with pytest.raises(Refused):
            await service.start(session, campaign_id, None, NOON)


async def test_nobody_approves_what_they_wrote_because_somebody_else_wrote_last(
    database: Database,
) -> None:
    author = await a_member(database, 1)
    editor = await a_member(database, 2, Role.COORDINATOR)
    reader = await a_member(database, 3)
    theirs = a_draft(contents={"es": Wording("Deposite 500 pesos.")})
    async with database.write() as session:
        campaign_id = await service.create(session, a_draft(), author, NOON)
        await service.edit(session, campaign_id, theirs, editor, NOON)
        await service.edit(session, campaign_id, replace(theirs, title="Fraude"), author, NOON)
        for writer in (editor, author):
            with pytest.raises(Refused):
                await service.approve(session, campaign_id, writer, NOON)
        await service.approve(session, campaign_id, reader, NOON)


BEFORE_COHORTS = "14a00c927a337bf47cbdaa693ddb21b61177f6557b4a9682d5cabf19090c5126"
"""The fingerprint that a version without cohorts, keywords and warnings gave the same draft."""


async def test_what_an_earlier_version_approved_leaves_at_its_time(database: Database) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person())
    campaign_id = await approved(database, a_draft(schedule=IN_AN_HOUR))
    old = {"approved_hash": BEFORE_COHORTS, "approved_audience": None}
    async with database.write() as session:
        await store.change(session, campaign_id, **old)
    await look(database, NOON + HOUR)
    assert await state_of(database, campaign_id) is CampaignState.SENDING
    assert await leave(database, NOON + HOUR) == 1


async def test_a_run_has_caused_the_opt_outs_of_those_who_got_it_there(database: Database) -> None:
    await senders_in(database, Way(SMS), Way(TELEGRAM))
    both = Person(ways=(SMS, TELEGRAM))
    await people_in(database, both, both, both, Person(topics=()))
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await look(database, NOON)
    assert await leave(database, NOON + MINUTE) == 3
    run = await only_run(database, campaign_id)

    async def caused() -> int:
        async with database.read() as session:
            return await store.opt_outs_after(session, run.id, run.started_at)

    async def opt_out(number: int, channel: Channel, at: datetime) -> None:
        async with database.write() as session:
            await contacts.add_opt_out(session, endpoint_of(number, channel), "self", "BAJA", at)

    assert await caused() == 0
    await opt_out(0, TELEGRAM, NOON + 2 * MINUTE)
    await opt_out(1, SMS, NOON)
    await opt_out(3, SMS, NOON + 2 * MINUTE)
    assert await caused() == 0, "elsewhere, before theirs, without having got one"
    await opt_out(0, SMS, NOON + 2 * MINUTE)
    await opt_out(2, SMS, NOON + 3 * MINUTE)
    assert await caused() == 2
