"""Campaigns from approval to the last row of their ledger."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import RowMapping, select, update

from campaigns import ledger, service, standing, store, tick
from campaigns.conduct import AT_ONCE
from campaigns.content.model import Wording
from campaigns.jobs import handle_freeze, handle_sweep
from campaigns.model import CampaignState
from campaigns.schedule.model import At
from campaigns.schedule.occurrences import Occurrence
from campaigns.sheet import previewing
from contacts import store as contacts
from contacts.model import Topic
from db.session import Database
from delivery import runs, senders
from delivery import store as messages
from delivery.claims import Claimant, claim
from delivery.content import Content
from delivery.model import Lane, NewMessage, Skip, State
from delivery.runs import RunState
from delivery.service import send_job
from delivery.store import message
from kit.channels import Channel
from kit.clock import Clock
from kit.errors import NotFound, Refused
from kit.jobs import Wake
from staff.model import Role
from staff.store import audit
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    endpoint_of,
    frozen,
    only_run,
    people_in,
    senders_in,
    started,
    state_of,
)
from tests.stores.sending_rig import Way, is_sound

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
TOMORROW = NOON + timedelta(days=1)
TEST = Claimant("test")


async def rows_of(database: Database, campaign_id: int) -> dict[int, RowMapping]:
    """The ledger of a campaign by contact."""
    run = await only_run(database, campaign_id)
    async with database.read() as session:
        rows = await session.all(select(message).where(message.c.run_id == run.id))
    assert len({row["contact_id"] for row in rows}) == len(rows)
    return {row["contact_id"]: row for row in rows}


async def outcomes(database: Database, campaign_id: int) -> dict[int, tuple[str, str, str | None]]:
    """Channel, state and reason by contact."""
    rows = await rows_of(database, campaign_id)
    return {who: (row["channel"], row["state"], row["reason"]) for who, row in sorted(rows.items())}


async def reconciled(database: Database, now: datetime) -> list[Wake]:
    async with database.write() as session:
        await tick.wake_due(session, now)
        return session.wakes


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
                await act(session, 404, NOON)


async def test_every_act_is_written_down(database: Database) -> None:
    campaign_id = await started(database, a_draft())
    async with database.write() as session:
        await service.pause(session, campaign_id, NOON)
        await service.resume(session, campaign_id, NOON)
        await service.cancel(session, campaign_id, NOON)
        rows = await session.all(select(audit.c.act, audit.c.about).order_by(audit.c.id))
    acts = ["create", "approve", "start", "pause", "resume", "cancel"]
    assert [(row["act"], row["about"]) for row in rows] == [
        (f"campaigns.{act}", f"campaign:{campaign_id}") for act in acts
    ]


async def test_each_person_gets_one_row_by_the_first_channel_that_reaches_them(
    database: Database,
) -> None:
    both, phone, stopped_chat, dead_chat, stopped, nothing, dead, mixed = await people_in(
        database,
        Person(ways=(SMS, TELEGRAM)),
        Person(ways=[SMS]),
        Person(ways=(TELEGRAM, SMS), stopped=[TELEGRAM]),
        Person(ways=(TELEGRAM, SMS), dead=[TELEGRAM]),
        Person(ways=(TELEGRAM, SMS), stopped=[TELEGRAM, SMS]),
        Person(ways=[]),
        Person(ways=[SMS], dead=[SMS]),
        Person(ways=(TELEGRAM, SMS), dead=[TELEGRAM], stopped=[SMS]),
    )
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    assert await outcomes(database, campaign_id) == {
        both: (TELEGRAM, State.PENDING, None),
        phone: (SMS, State.PENDING, None),
        stopped_chat: (SMS, State.PENDING, None),
        dead_chat: (SMS, State.PENDING, None),
        stopped: (TELEGRAM, State.SKIPPED, Skip.OPTED_OUT),
        nothing: (TELEGRAM, State.SKIPPED, Skip.NO_ADDRESS),
        dead: (TELEGRAM, State.SKIPPED, Skip.NO_ADDRESS),
        mixed: (TELEGRAM, State.SKIPPED, Skip.OPTED_OUT),
    }


async def test_a_channel_that_the_campaign_does_not_use_reaches_nobody(database: Database) -> None:
    (chat,) = await people_in(database, Person(ways=[TELEGRAM]))
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    assert await outcomes(database, campaign_id) == {chat: (SMS, State.SKIPPED, Skip.NO_ADDRESS)}


async def test_the_topic_must_have_been_agreed_to_whatever_the_audience_says(
    database: Database,
) -> None:
    wanted, unasked = await people_in(
        database, Person(topics=[Topic.FRAUD]), Person(topics=[Topic.PROGRAMS])
    )
    campaign_id = await started(database, a_draft(audience="topic:fraud or topic:programs"))
    await frozen(database, campaign_id)
    assert await outcomes(database, campaign_id) == {
        wanted: (SMS, State.PENDING, None),
        unasked: (SMS, State.SKIPPED, Skip.NO_CONSENT),
    }


async def test_each_row_has_the_language_that_comes_first_in_the_persons_chain(
    database: Database,
) -> None:
    spoken = ("es", "en", "mixteco", "mix", "mim", "zai", "xx-old")
    ids = await people_in(database, *(Person(language=language) for language in spoken))
    contents = {code: Wording(code) for code in ("es", "mixteco", "mim")}
    campaign_id = await started(database, a_draft(contents=contents))
    await frozen(database, campaign_id)
    rows = await rows_of(database, campaign_id)
    assert [rows[who]["language"] for who in ids] == [
        "es",
        "es",
        "mixteco",
        "mixteco",
        "mim",
        "es",
        "es",
    ]


async def test_the_rows_are_complete_and_the_senders_can_claim_them(database: Database) -> None:
    (somebody,) = await people_in(database, Person(ways=[SMS], language="en"))
    contents = {"es": Wording("Hola", "hola"), "en": Wording("Hello", "hi")}
    campaign_id = await started(database, a_draft(contents=contents))
    run_id = await frozen(database, campaign_id)
    async with database.write() as session:
        (claimed,) = (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows
    assert claimed.to == endpoint_of(0, SMS)
    assert (claimed.content.chat, claimed.content.sms) == ("Hello", "hi")
    assert (claimed.contact_id, claimed.run_id, claimed.attempts) == (somebody, run_id, 0)
    assert claimed.created_at == NOON


async def test_nothing_leaves_before_the_last_contact_is_frozen(database: Database) -> None:
    await people_in(database, *[Person()] * 5)
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    async with database.write() as session:
        assert await tick.freeze_step(session, run.id, NOON, 2)
        assert (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows == ()
        assert session.wakes == []
    await frozen(database, campaign_id, limit=2)
    assert len(await rows_of(database, campaign_id)) == 5
    async with database.write() as session:
        assert len((await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows) == 5


async def test_the_last_step_wakes_every_sender(database: Database) -> None:
    await people_in(database, Person())
    await senders_in(database, Way(SMS), Way(SMS, name="sms-2"))
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    async with database.write() as session:
        assert await tick.freeze_step(session, run.id, NOON)
        assert not await tick.freeze_step(session, run.id, NOON)
        assert session.wakes == [
            Wake(send_job(Lane.BULK), "sms"),
            Wake(send_job(Lane.BULK), "sms-2"),
        ]
    assert (await only_run(database, campaign_id)).state is RunState.SENDING


class PlugPulled(Exception):
    """The process dies here."""


async def step_and_die(database: Database, run_id: int) -> None:
    async with database.write() as session:
        await tick.freeze_step(session, run_id, NOON, 3)
        raise PlugPulled


async def test_a_step_whose_process_dies_is_done_again_without_a_second_copy(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 7)
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    async with database.write() as session:
        await tick.freeze_step(session, run.id, NOON, 3)
    with pytest.raises(PlugPulled):
        await step_and_die(database, run.id)
    assert len(await rows_of(database, campaign_id)) == 3
    await frozen(database, campaign_id, limit=3)
    assert len(await rows_of(database, campaign_id)) == 7


async def test_a_batch_written_twice_changes_no_row(database: Database) -> None:
    ids = await people_in(database, *[Person()] * 4)
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    async with database.write() as session:
        await session.execute(
            update(message).where(message.c.contact_id == ids[0]).values(state=State.SENT)
        )
        # A restored backup, a step that ran elsewhere: it is looked at from the beginning again.
        run = (await runs.of_campaign(session, campaign_id))[0]
        await runs.move(session, run.id, RunState.FREEZING, NOON, frozen_through=0)
    await frozen(database, campaign_id)
    found = await outcomes(database, campaign_id)
    assert [state for _, state, _ in found.values()] == [State.SENT] + [State.PENDING] * 3


async def test_whoever_joins_after_the_freezing_is_not_in_the_run(database: Database) -> None:
    first = await people_in(database, Person())
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    async with database.write() as session:
        late = await contacts.create(session, [endpoint_of(50, SMS)], "es", NOON)
        await contacts.set_topics(session, late, [Topic.FRAUD])
    await frozen(database, campaign_id)
    assert list(await rows_of(database, campaign_id)) == first


async def test_the_handler_freezes_to_the_end_in_short_calls(database: Database) -> None:
    await people_in(database, *[Person()] * 3)
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    told: list[Wake] = []
    database.after_commit(told.append)
    key = str(run.id)
    await handle_freeze(database, Clock(), key, batch=1, steps=2)
    assert told == [Wake(tick.FREEZE, key)]
    assert len(await rows_of(database, campaign_id)) == 2
    await handle_freeze(database, Clock(), key, batch=1, steps=2)
    assert len(await rows_of(database, campaign_id)) == 3
    assert (await only_run(database, campaign_id)).state is RunState.SENDING


async def test_a_wake_up_for_a_run_that_is_over_or_never_was_does_nothing(
    database: Database,
) -> None:
    await handle_freeze(database, Clock(), "404")
    await handle_sweep(database, Clock(), "404")


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


async def test_two_workers_that_freeze_one_run_write_one_copy(database: Database) -> None:
    ids = await people_in(database, *[Person()] * 6)
    campaign_id = await started(database, a_draft())
    key = str((await only_run(database, campaign_id)).id)
    await asyncio.gather(*(handle_freeze(database, Clock(), key, batch=1) for _ in range(3)))
    assert sorted(await rows_of(database, campaign_id)) == ids
    assert (await only_run(database, campaign_id)).state is RunState.SENDING


async def test_what_was_altered_after_the_approval_does_not_fire(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    async with database.write() as session:
        await store.change(session, campaign_id, audience="topic:fraud or country:US")
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW
    async with database.read() as session:
        assert await runs.of_campaign(session, campaign_id) == ()


async def test_a_paused_schedule_does_not_fire_until_it_is_resumed(database: Database) -> None:
    campaign_id = await approved(database, a_draft(schedule=At(TOMORROW, "UTC")))
    async with database.write() as session:
        await service.pause(session, campaign_id, NOON)
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.PAUSED
    async with database.write() as session:
        await service.resume(session, campaign_id, TOMORROW)
    await reconciled(database, TOMORROW)
    assert await state_of(database, campaign_id) is CampaignState.SENDING


async def test_a_campaign_paused_while_it_freezes_waits_when_it_is_frozen(
    database: Database,
) -> None:
    await people_in(database, Person(), Person())
    campaign_id = await started(database, a_draft())
    async with database.write() as session:
        await service.pause(session, campaign_id, NOON)
    await frozen(database, campaign_id)
    assert len(await rows_of(database, campaign_id)) == 2
    assert (await only_run(database, campaign_id)).state is RunState.PAUSED
    async with database.write() as session:
        assert (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows == ()
        await service.resume(session, campaign_id, NOON)
        assert len((await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows) == 2


async def test_a_paused_run_holds_its_rows_back(database: Database) -> None:
    await people_in(database, Person())
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    async with database.write() as session:
        await service.pause(session, campaign_id, NOON)
        assert (await claim(session, Lane.BULK, "sms", 10, TEST, NOON)).rows == ()
    await reconciled(database, NOON)
    assert await state_of(database, campaign_id) is CampaignState.PAUSED


async def test_a_cancelled_campaign_settles_what_had_not_left(database: Database) -> None:
    await people_in(database, *[Person()] * 5)
    campaign_id = await started(database, a_draft())
    run_id = await frozen(database, campaign_id)
    async with database.write() as session:
        await claim(session, Lane.BULK, "sms", 2, TEST, NOON)
        await service.cancel(session, campaign_id, NOON)
        assert session.wakes == [Wake(tick.SWEEP, str(run_id))]
        assert await tick.sweep_step(session, run_id, NOON, 2)
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
        await tick.freeze_step(session, run.id, NOON, 1)
        await service.cancel(session, campaign_id, NOON)
        assert not await tick.freeze_step(session, run.id, NOON, 1)
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
        await tick.sweep_step(session, run_id, late)
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


async def test_the_preview_says_what_the_freezing_then_does(database: Database) -> None:
    await people_in(
        database,
        Person(ways=(SMS, TELEGRAM), language="en"),
        Person(ways=[SMS]),
        Person(ways=[SMS], stopped=[SMS]),
        Person(ways=[]),
        Person(topics=[]),
    )
    draft = a_draft(contents={"es": Wording("¿Mañana?", "manana"), "en": Wording("Mañá")})
    async with database.read() as session:
        found = await previewing.preview(session, draft)
    assert {code: (cost.encoding, len(cost.segments)) for code, cost in found.sms.items()} == {
        "es": ("GSM-7", 1),
        "en": ("UCS-2", 1),
    }
    assert found.reach.total == 4
    assert found.reach.by_channel == {TELEGRAM: 1, SMS: 1}
    assert found.reach.by_language == {"es": 1, "en": 1}
    assert found.reach.excluded == {Skip.OPTED_OUT: 1, Skip.NO_ADDRESS: 1}
    campaign_id = await started(database, draft)
    await frozen(database, campaign_id)
    assert len(await rows_of(database, campaign_id)) == found.reach.total


async def test_a_campaign_that_sends_no_sms_costs_none(database: Database) -> None:
    async with database.read() as session:
        found = await previewing.preview(session, a_draft(channels=(TELEGRAM,)))
    assert found.sms == {}


async def test_the_steps_of_a_freezing_look_at_every_contact_once(database: Database) -> None:
    ids = await people_in(database, *[Person()] * 5)
    seen = []
    after = 0
    async with database.read() as session:
        while (batch := await ledger.next_batch(session, after, 2)) is not None:
            seen.append((batch.after, batch.through))
            after = batch.through
    assert seen == [(0, ids[1]), (ids[1], ids[3]), (ids[3], ids[4])]


async def test_the_freezing_counts_what_it_writes_and_says_why_somebody_gets_nothing(
    database: Database,
) -> None:
    await people_in(
        database,
        Person(),
        Person(ways=[TELEGRAM]),
        Person(stopped=[SMS]),
        Person(ways=[]),
        Person(topics=[Topic.PROGRAMS]),
    )
    campaign_id = await started(database, a_draft(audience="topic:fraud or topic:programs"))
    run_id = await frozen(database, campaign_id, limit=2)
    async with database.read() as session:
        await is_sound(session)
        found = (await standing.status(session, campaign_id, NOON)).counts
    assert found == dict.fromkeys(State, 0) | {State.PENDING: 2, State.SKIPPED: 3}
    async with database.write() as session:
        # Twice over the same contacts: nothing is written or counted a second time.
        await runs.move(session, run_id, RunState.FREEZING, NOON, frozen_through=0)
    await frozen(database, campaign_id, limit=3)
    async with database.read() as session:
        await is_sound(session)
        assert (await standing.status(session, campaign_id, NOON)).counts == found


async def test_two_numbers_share_the_load_by_their_rates(database: Database) -> None:
    two = Way(SMS, 1), Way(SMS, 3, name="sms-2"), Way(SMS, 50, name="sms-urgent", urgent_only=True)
    await senders_in(database, *two)
    await people_in(database, *[Person()] * 100)
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    rows = (await rows_of(database, campaign_id)).values()
    shares = Counter(row["sender"] for row in rows)
    assert set(shares) == {"sms", "sms-2"}
    assert 65 <= shares["sms-2"] <= 85


async def test_somebody_is_written_to_from_the_number_that_wrote_to_them_before(
    database: Database,
) -> None:
    one, other = Way(SMS, 1), Way(SMS, 1, name="sms-2")
    await senders_in(database, one, other)
    await people_in(database, *[Person()] * 40)
    first = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, first)
    before = {who: row["sender"] for who, row in (await rows_of(database, first)).items()}
    assert set(before.values()) == {"sms", "sms-2"}
    # A third number takes nobody away from the two, and a person may have changed over.
    await senders_in(database, one, other, Way(SMS, 9, name="sms-3"))
    moved = min(who for who, name in before.items() if name == "sms")
    async with database.write() as session:
        (address,) = await contacts.addresses(session, moved)
        await senders.remember(session, address.endpoint, "sms-3")
        again = await store.add(session, a_draft(channels=(SMS,)), CampaignState.SENDING, 1, NOON)
        campaign = await service.get(session, again)
        await tick.open_run(session, campaign, [Occurrence(NOON)], AT_ONCE, NOON)
    await frozen(database, again)
    after = {who: row["sender"] for who, row in (await rows_of(database, again)).items()}
    assert after == before | {moved: "sms-3"}


async def test_a_message_on_its_own_leaves_from_the_number_that_they_wrote_to(
    database: Database,
) -> None:
    end = endpoint_of(7, SMS)
    await senders_in(database, Way(SMS), Way(SMS, name="sms-2"))
    new = NewMessage((end,), Content("Hola", "Hola"), Lane.REPLY)
    async with database.write() as session:
        assert (await messages.add(session, new, NOON))[1] == "sms"
        await senders.remember(session, end, "sms-2")
        assert (await messages.add(session, new, NOON))[1] == "sms-2"


async def test_sweeping_takes_no_more_than_its_batch(database: Database) -> None:
    await people_in(database, *[Person()] * 30)
    campaign_id = await started(database, a_draft())
    run_id = await frozen(database, campaign_id)
    async with database.write() as session:
        await service.cancel(session, campaign_id, NOON)
        left = 30
        while await tick.sweep_step(session, run_id, NOON, 4):
            left -= 4
            counts = (await standing.status(session, campaign_id, NOON)).counts
            assert (counts[State.PENDING], counts[State.SKIPPED]) == (left, 30 - left)
        assert left == 2
        await is_sound(session)
