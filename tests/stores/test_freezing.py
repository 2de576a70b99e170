"""An audience is frozen into the ledger in steps, and the preview says what that then does."""

import asyncio

import pytest
from sqlalchemy import update

from campaigns import ledger, running, standing, tick
from campaigns.content.model import Wording
from campaigns.jobs import handle_freeze, handle_sweep
from campaigns.sheet import previewing
from contacts import store as contacts
from contacts.model import Topic
from db.session import Database
from delivery import runs
from delivery.claims import claim
from delivery.model import Lane, Skip, State
from delivery.runs import RunState
from delivery.service import send_job
from delivery.store import message
from kit.clock import Clock
from kit.jobs import Wake
from tests.stores.campaign_ledger import SMS, TELEGRAM, TEST, outcomes, rows_of
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    endpoint_of,
    frozen,
    only_run,
    people_in,
    senders_in,
    started,
)
from tests.stores.sending_rig import Way, is_sound


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
        assert await running.freeze_step(session, run.id, NOON, 2)
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
        assert await running.freeze_step(session, run.id, NOON)
        assert not await running.freeze_step(session, run.id, NOON)
        assert session.wakes == [
            Wake(send_job(Lane.BULK), "sms"),
            Wake(send_job(Lane.BULK), "sms-2"),
        ]
    assert (await only_run(database, campaign_id)).state is RunState.SENDING


class PlugPulled(Exception):
    """The process dies here."""


async def step_and_die(database: Database, run_id: int) -> None:
    async with database.write() as session:
        await running.freeze_step(session, run_id, NOON, 3)
        raise PlugPulled


async def test_a_step_whose_process_dies_is_done_again_without_a_second_copy(
    database: Database,
) -> None:
    await people_in(database, *[Person()] * 7)
    campaign_id = await started(database, a_draft())
    run = await only_run(database, campaign_id)
    async with database.write() as session:
        await running.freeze_step(session, run.id, NOON, 3)
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


async def test_two_workers_that_freeze_one_run_write_one_copy(database: Database) -> None:
    ids = await people_in(database, *[Person()] * 6)
    campaign_id = await started(database, a_draft())
    key = str((await only_run(database, campaign_id)).id)
    await asyncio.gather(*(handle_freeze(database, Clock(), key, batch=1) for _ in range(3)))
    assert sorted(await rows_of(database, campaign_id)) == ids
    assert (await only_run(database, campaign_id)).state is RunState.SENDING


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
