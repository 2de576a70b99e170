"""The life of a campaign in the database: written, approved, paused, cancelled, too old, done."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from campaigns import running, service, standing, tick
from campaigns.content.model import Wording
from campaigns.jobs import handle_sweep
from campaigns.model import CampaignState
from campaigns.schedule.model import At
from db.session import Database
from delivery.claims import claim
from delivery.model import Lane, Skip, State
from delivery.runs import RunState
from delivery.store import message
from kit.clock import Clock
from kit.errors import NotFound, Refused
from kit.jobs import Wake
from staff.model import Role
from staff.store import audit
from tests.stores.campaign_ledger import SMS, TEST, TOMORROW, outcomes, reconciled, rows_of
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    frozen,
    only_run,
    people_in,
    started,
    state_of,
)
from tests.stores.sending_rig import is_sound


async def test_a_campaign_comes_back_as_it_was_written(database: Database) -> None:
    draft = a_draft(
        contents={"es": Wording("Hola", "hola"), "mix": Wording("…")},
        schedule=At(TOMORROW, "America/Tijuana"),
        stale_after=timedelta(hours=6),
    )
    author = await a_member(database, 1)
    async with database.write() as session:
        campaign_id = await service.create(session, draft, author, NOON)
    async with database.read() as session:
        found = await service.get(session, campaign_id)
    assert found.draft == draft
    assert found.draft.content_hash == draft.content_hash
    assert (found.state, found.author_id) == (CampaignState.REVIEW, author.id)


async def test_only_those_with_the_right_write_and_approve(database: Database) -> None:
    duty = await a_member(database, 1, Role.DUTY)
    author = await a_member(database, 2)
    async with database.write() as session:
        with pytest.raises(Refused):
            await service.create(session, a_draft(), duty, NOON)
        campaign_id = await service.create(session, a_draft(), author, NOON)
        with pytest.raises(Refused):
            await service.approve(session, campaign_id, duty, NOON)
        with pytest.raises(Refused):
            await service.approve(session, campaign_id, author, NOON)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW


async def test_a_campaign_that_does_not_exist_is_not_found(database: Database) -> None:
    async with database.write() as session:
        for act in (service.start, service.pause, service.resume, service.cancel):
            with pytest.raises(NotFound):
                await act(session, 404, None, NOON)


async def test_every_act_is_written_down(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    async with database.write() as session:
        await service.pause(session, campaign_id, None, NOON)
        await service.resume(session, campaign_id, None, NOON)
        await service.cancel(session, campaign_id, None, NOON)
        rows = await session.all(select(audit.c.act, audit.c.about).order_by(audit.c.id))
    acts = ["create", "approve", "start", "pause", "resume", "cancel"]
    assert [(row["act"], row["about"]) for row in rows] == [
        (f"campaigns.{act}", f"campaign:{campaign_id}") for act in acts
    ]


async def test_a_paused_schedule_does_not_fire_until_it_is_resumed(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    async with database.write() as session:
        await service.pause(session, campaign_id, None, NOON)
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.PAUSED
    async with database.write() as session:
        await service.resume(session, campaign_id, None, TOMORROW)
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.SENDING


async def test_a_campaign_paused_while_it_freezes_waits_when_it_is_frozen(
    database: Database,
) -> None:
    await people_in(database, Person(), Person())
    campaign_id = await started(database, a_draft())
    async with database.write() as session:
        await service.pause(session, campaign_id, None, NOON)
    await frozen(database, campaign_id)
    assert len(await rows_of(database, campaign_id)) == 2
    assert (await only_run(database, campaign_id)).state is RunState.PAUSED
    async with database.write() as session:
        assert (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows == ()
        await service.resume(session, campaign_id, None, NOON)
        assert len((await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows) == 2


async def test_a_paused_run_holds_its_rows_back(database: Database) -> None:
    await people_in(database, Person())
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    async with database.write() as session:
        await service.pause(session, campaign_id, None, NOON)
        assert (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows == ()
    await reconciled(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.PAUSED


async def test_a_cancelled_campaign_settles_what_had_not_left(database: Database) -> None:
    await people_in(database, *[Person()] * 5)
    campaign_id = await started(database, a_draft())
    run_id = await frozen(database, campaign_id)
    async with database.write() as session:
        await claim(session, Lane.BULK, "sms", 2, TEST, NOON)
        await service.cancel(session, campaign_id, None, NOON)
        assert session.wakes == [Wake(tick.SWEEP, str(run_id))]
        assert await running.sweep_step(session, run_id, NOON, 2)
    assert Wake(tick.SWEEP, str(run_id)) in await reconciled(database, NOON)
    await handle_sweep(database, Clock(), str(run_id))
    found = [outcome[1:] for outcome in (await outcomes(database, campaign_id)).values()]
    assert sorted(found, key=str) == [
        (State.SENDING, None),
        (State.SENDING, None),
        *[(State.SKIPPED, Skip.CANCELLED)] * 3,
    ]
    assert await reconciled(database, NOON) == []


async def test_a_campaign_cancelled_while_it_freezes_freezes_no_further(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 3)
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    async with database.write() as session:
        await running.freeze_step(session, run.id, NOON, 1)
        await service.cancel(session, campaign_id, None, NOON)
        assert not await running.freeze_step(session, run.id, NOON, 1)
    assert (await only_run(database, campaign_id)).state is RunState.CANCELLED
    assert len(await rows_of(database, campaign_id)) == 1


async def test_what_grew_too_old_does_not_leave(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    campaign_id = await started(database, a_draft(stale_after=timedelta(hours=2)))
    run_id = await frozen(database, campaign_id)
    soon, late = NOON + timedelta(minutes=119), NOON + timedelta(hours=2)
    assert await reconciled(database, soon) == []
    assert await reconciled(database, late) == [Wake(tick.SWEEP, str(run_id))]
    async with database.write() as session:
        await running.sweep_step(session, run_id, late)
    found = await outcomes(database, campaign_id)
    assert {outcome[1:] for outcome in found.values()} == {(State.SKIPPED, Skip.STALE)}
    await reconciled(database, late)
    assert await state_of(database, campaign_id) is CampaignState.DONE


async def test_a_campaign_whose_time_passed_long_ago_is_missed_and_told(
    database: Database,
) -> None:
    await people_in(database, Person())
    schedule = At(TOMORROW, "UTC")
    campaign_id = await approved(
        database, a_draft(schedule=schedule, stale_after=timedelta(hours=1))
    )
    wakes = await reconciled(database, TOMORROW + timedelta(hours=3))
    assert (await only_run(database, campaign_id)).state is RunState.MISSED
    assert await rows_of(database, campaign_id) == {}
    assert await state_of(database, campaign_id) is CampaignState.DONE
    assert not [wake for wake in wakes if wake.job == tick.FREEZE]
    async with database.read() as session:
        assert (await standing.status(session, campaign_id, TOMORROW)).missed == 1


async def test_a_run_that_grew_too_old_while_it_froze_is_written_but_does_not_leave(
    database: Database,
) -> None:
    await people_in(database, Person(), Person(stopped=[SMS]))
    schedule = At(TOMORROW, "UTC")
    campaign_id = await approved(
        database, a_draft(schedule=schedule, stale_after=timedelta(hours=1))
    )
    await reconciled(database, TOMORROW)
    await frozen(database, campaign_id, TOMORROW + timedelta(hours=3))
    found = await outcomes(database, campaign_id)
    assert [outcome[1:] for outcome in found.values()] == [
        (State.SKIPPED, Skip.STALE),
        (State.SKIPPED, Skip.OPTED_OUT),
    ]


@pytest.mark.parametrize("unsettled", [State.PENDING, State.SENDING, State.UNCERTAIN])
async def test_a_run_is_done_only_when_every_row_has_settled(
    database: Database, unsettled: State
) -> None:
    first, second = await people_in(database, Person(), Person())
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)

    async def settle(who: int, state: State) -> None:
        async with database.write() as session:
            await session.execute(
                update(message).where(message.c.contact_id == who).values(state=state)
            )

    await settle(first, State.SENT)
    await settle(second, unsettled)
    await reconciled(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.SENDING
    await settle(second, State.FAILED)
    await reconciled(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.DONE
    run = await only_run(database, campaign_id)
    assert (run.state, run.ended_at) == (RunState.DONE, NOON)


async def test_a_campaign_to_nobody_is_done_at_once(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    await reconciled(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.DONE


async def test_a_run_whose_job_was_lost_is_woken_again(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    assert await reconciled(database, NOON) == [Wake(tick.FREEZE, str(run.id))]


async def test_the_status_shows_all_eight_states(database: Database) -> None:
    await people_in(database, Person(), Person(), Person(stopped=[SMS]))
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    async with database.read() as session:
        found = await standing.status(session, campaign_id, NOON)
    assert found.campaign.state is CampaignState.SENDING
    assert found.counts == dict.fromkeys(State, 0) | {State.PENDING: 2, State.SKIPPED: 1}


async def test_a_campaign_without_a_run_has_eight_zeros(database: Database) -> None:
    campaign_id = await approved(database, a_draft())
    async with database.read() as session:
        assert (await standing.status(session, campaign_id, NOON)).counts == dict.fromkeys(State, 0)


async def test_sweeping_takes_no_more_than_its_batch(database: Database) -> None:
    await people_in(database, *[Person()] * 30)
    campaign_id = await started(database, a_draft())
    run_id = await frozen(database, campaign_id)
    async with database.write() as session:
        await service.cancel(session, campaign_id, None, NOON)
        left = 30
        while await running.sweep_step(session, run_id, NOON, 4):
            left -= 4
            counts = (await standing.status(session, campaign_id, NOON)).counts
            assert (counts[State.PENDING], counts[State.SKIPPED]) == (left, 30 - left)
        assert left == 2
        await is_sound(session)
