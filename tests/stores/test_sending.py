"""The senders on a real database: nothing stops a lane, nothing leaves twice, nothing is lost."""

import asyncio
import gc
import time
import warnings
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from contacts import store as contacts
from db.engine import open_database
from db.migrate import upgrade
from db.session import Database
from delivery import holding, runs
from delivery.judging import BULK_ATTEMPTS, NO_SENDER, REPEATS, UNREADABLE
from delivery.model import Failure, Lane, SendError, Skip, State
from delivery.runs import RunState, run_content
from delivery.service import send_job
from delivery.store import attempt, message
from delivery.transport import Outgoing
from kit.channels import Channel
from kit.jobs import Wake
from tests.databases import Postgres, keyring
from tests.stores.sending_rig import Lossy, Rig, Way, chat, failing, phone

THROTTLED = SendError(Failure.SENDER_THROTTLED, "429", timedelta(hours=1))
LATER = SendError(Failure.TRY_LATER, "503")
LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
DEAD = SendError(Failure.ADDRESS_DEAD, "chat_not_found")


async def test_a_row_that_cannot_be_opened_fails_and_stops_no_other(database: Database) -> None:
    way = Way(Channel.SMS)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            for values in ("content=:c", "endpoints=:c"):
                bad = await rig.add_in(session, phone(1), lane=Lane.URGENT)
                await session.execute(
                    text(f"UPDATE message SET {values} WHERE id=:id").bindparams(
                        c=b"\x00sealed with a lost key", id=bad
                    )
                )
        await rig.add(phone(2), lane=Lane.URGENT)
        await rig.becomes(State.FAILED, State.FAILED, State.SENT)
        assert [row.reason for row in await rig.rows()] == [UNREADABLE, UNREADABLE, None]


async def test_a_run_without_its_content_fails_and_stops_no_other(database: Database) -> None:
    way = Way(Channel.SMS)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            await rig.bulk_in(session, [phone(1)])
            await session.execute(run_content.delete())
        await rig.becomes(State.FAILED)
        assert (await rig.rows())[0].reason == UNREADABLE


async def test_a_slice_of_people_who_opted_out_does_not_stop_the_lane(database: Database) -> None:
    way = Way(Channel.SMS, 30)
    ends = [phone(number) for number in range(12)]
    async with Rig(database, way) as rig:
        async with database.write() as session:
            for end in ends[:4]:
                await contacts.add_opt_out(session, end, "self", "baja", rig.clock.now())
        await rig.run_to(ends)
        # Nobody reconciles here: the lane has to go on by itself.
        await rig.tried(way, 8)
        assert await rig.states() == [State.SKIPPED] * 4 + [State.SENT] * 8


async def test_do_not_write_to_me_holds_back_a_row_that_waits_for_a_hanging_one(
    database: Database,
) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        await gate.wait()

    way = Way(Channel.SMS, act=act)
    async with Rig(database, way) as rig:
        await rig.add(phone(1))
        await rig.becomes(State.SENDING)
        await rig.add(phone(1))
        await rig.becomes(State.SENDING, State.SENDING)
        async with database.write() as session:
            await holding.hush(session, phone(1), rig.clock.now())
        gate.set()
        await rig.becomes(State.SENT, State.SKIPPED)
        assert (await rig.rows())[1].reason == Skip.SILENCED
        assert len(way.sent) == 1


@pytest.mark.parametrize("meanwhile", ["opted out", "paused"])
async def test_bulk_that_waits_looks_again_before_it_leaves(
    database: Database, meanwhile: str
) -> None:
    way = Way(Channel.SMS, 0.5)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            run_id = await rig.bulk_in(session, [phone(1)])
            found = await rig.claim_in(session, Lane.BULK)
        rig.sending._flights.held |= {row.id for row in found}
        # Takes the sender for two seconds, so that the row of the run waits for the pace.
        await rig.sending._tempo.reserve("sms", 1, Lane.REPLY)
        launching = asyncio.create_task(rig.sending._launch(Lane.BULK, "sms", found))
        async with database.write() as session:
            if meanwhile == "paused":
                await runs.move(session, run_id, RunState.PAUSED, rig.clock.now())
            else:
                await contacts.add_opt_out(session, phone(1), "self", "baja", rig.clock.now())
        await rig.becomes(State.PENDING if meanwhile == "paused" else State.SKIPPED)
        await launching
        assert way.asked == 0


async def test_a_clock_stepped_back_does_not_hold_up_a_page(database: Database) -> None:
    way = Way(Channel.SMS, 30)
    async with Rig(database, way) as rig:
        await rig.add(phone(1))
        await rig.becomes(State.SENT)
        rig.clock.move(timedelta(hours=-1))
        await rig.add(phone(2), lane=Lane.URGENT)
        await rig.becomes(State.SENT, State.SENT)


async def test_a_clock_moved_on_ends_the_wait_for_the_pace(database: Database) -> None:
    way = Way(Channel.SMS, 0.01)
    async with Rig(database, way) as rig:
        await rig.add(phone(1))
        await rig.becomes(State.SENT)
        await rig.add(phone(2))
        await asyncio.sleep(0.2)
        assert len(way.sent) == 1
        rig.clock.move(timedelta(minutes=5))
        await rig.becomes(State.SENT, State.SENT)


async def test_an_unknown_outcome_is_repeated_twice_and_then_a_person_decides(
    database: Database,
) -> None:
    way = Way(Channel.SMS, act=failing(LOST))
    async with Rig(database, way) as rig:
        await rig.add(phone(1))
        for _ in range(20):
            await rig.rests()
            rig.clock.move(timedelta(minutes=6))
            await rig.reconciler.reconcile()
        assert await rig.states() == [State.UNCERTAIN]
        assert way.asked == 1 + REPEATS


async def test_stopping_while_a_claim_waits_for_the_writer_leaves_nothing_in_sending(
    database: Database,
) -> None:
    way = Way(Channel.SMS, 30)
    rig = Rig(database, way)
    async with rig:
        async with database.write() as session:
            await rig.bulk_in(session, [phone(1), phone(2)])
        async with database.write():
            rig.jobs.enqueue(Wake(send_job(Lane.BULK), "sms"))
            await asyncio.sleep(0.1)
            stopping = asyncio.create_task(rig.stop())
            await asyncio.sleep(0.05)
        await stopping
    found = await rig.states()
    assert State.SENDING not in found
    assert State.UNCERTAIN not in found


async def test_a_row_queued_behind_a_hanging_one_is_given_back_when_all_ends(
    database: Database,
) -> None:
    async def hang(outgoing: Outgoing) -> None:
        del outgoing
        await asyncio.sleep(60)

    rig = Rig(database, Way(Channel.SMS, act=hang))
    async with rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENDING)
        # The same person again: by another campaign.
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENDING, State.SENDING)
        begun = time.monotonic()
        await rig.stop()
        assert time.monotonic() - begun < 8
    assert await rig.states() == [State.UNCERTAIN, State.PENDING]


def let_go() -> None:
    """A process has ended here, and what it held goes with it: a connection that waited for a lock
    when it was cancelled must not be found in the middle of another test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


async def test_all_ends_within_ten_seconds_while_somebody_else_holds_the_database(
    as_in_life: None, database: Database
) -> None:
    del as_in_life

    async def hang(outgoing: Outgoing) -> None:
        del outgoing
        await asyncio.sleep(60)

    async def look(key: str) -> None:
        async with database.write() as session:
            await session.all(select(message).where(message.c.id == int(key)).with_for_update())

    rig = Rig(database, Way(Channel.SMS, act=hang))
    rig.jobs.handler("look", look)
    other = open_database(database.writer.url, keyring())
    async with rig:
        await rig.add(phone(1))
        await rig.becomes(State.SENDING)
        async with other.write() as session:
            await session.all(select(message).where(message.c.id == 1).with_for_update())
            rig.jobs.enqueue(Wake("look", "1"))
            await asyncio.sleep(0.2)
            begun = time.monotonic()
            await rig.stop()
            assert time.monotonic() - begun < 10
    await other.close()
    let_go()


async def test_a_claim_whose_commit_held_although_its_answer_was_lost_is_sent(
    database: Database,
) -> None:
    way, lossy = Way(Channel.SMS), Lossy(database)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            await rig.bulk_in(session, [phone(1)])
        lossy.fails_after = {1}
        lossy.begin()
        await rig.reconciler.reconcile()
        await rig.jobs.idle()
        lossy.end()
        assert await rig.states() == [State.SENDING]
        await rig.sending.take_over()
        await rig.becomes(State.SENT)
        assert way.asked == 1


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_a_settling_unit_that_fails_loses_no_outcome_and_sends_nothing_twice(
    database: Database, lost: str
) -> None:
    way, lossy = Way(Channel.SMS), Lossy(database)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            await rig.add_in(session, phone(1))
        # The claim is the first unit, the settling the second.
        if lost == "before":
            lossy.fails_before = {2, 3}
        else:
            lossy.fails_after = {2, 3}
        lossy.begin()
        await rig.reconciler.reconcile()
        await asyncio.sleep(0.1)
        await rig.sending.in_air()
        lossy.end()
        await rig.sending.take_over()
        await rig.becomes(State.SENT)
        assert way.asked == 1
        async with database.read() as session:
            assert len(await session.all(select(attempt.c.id))) == 1


async def test_a_claimed_row_is_given_back_when_its_sender_gets_blocked(
    database: Database,
) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        if outgoing.to == phone(1):
            await gate.wait()
            raise THROTTLED

    way = Way(Channel.SMS, 1, act)
    async with Rig(database, way) as rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENDING)
        async with database.write() as session:
            await rig.add_in(session, phone(2))
            (row,) = await rig.claim_in(session, Lane.REPLY)
        rig.sending._flights.held.add(row.id)
        await rig.sending._launch(Lane.REPLY, "sms", [row])
        gate.set()
        await rig.becomes(State.PENDING, State.PENDING)
        assert all(row.due_at > rig.clock.now() + timedelta(minutes=59) for row in await rig.rows())


async def test_a_page_does_not_wait_behind_a_hanging_bulk_to_the_same_person(
    database: Database,
) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        if outgoing.lane is Lane.BULK:
            await gate.wait()

    way = Way(Channel.SMS, act=act)
    async with Rig(database, way) as rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENDING)
        await rig.add(phone(1), lane=Lane.URGENT)
        await rig.becomes(State.SENDING, State.SENT)
        gate.set()


async def test_rows_of_a_channel_that_is_not_configured_go_another_way_or_fail(
    database: Database,
) -> None:
    way = Way(Channel.TELEGRAM)
    async with Rig(database, way) as rig:
        await rig.add(phone(1), chat(1), lane=Lane.URGENT)
        await rig.add(phone(2), lane=Lane.URGENT)
        await rig.run_to([phone(3)])
        await rig.becomes(State.SENT, State.FAILED, State.FAILED)
        assert [row.reason for row in await rig.rows()] == [None, NO_SENDER, NO_SENDER]


async def test_a_failed_address_does_not_fall_back_to_a_channel_that_is_not_configured(
    database: Database,
) -> None:
    way = Way(Channel.TELEGRAM, act=failing(DEAD))
    async with Rig(database, way) as rig:
        await rig.add(chat(1), phone(1), lane=Lane.URGENT)
        await rig.becomes(State.FAILED)
        assert (await rig.rows())[0].reason == Failure.ADDRESS_DEAD


async def test_a_late_row_of_a_long_run_is_tried_again_but_not_for_ever(
    database: Database,
) -> None:
    way = Way(Channel.SMS, act=failing(LATER))
    async with Rig(database, way) as rig:
        long_ago = rig.clock.now() - timedelta(hours=25)
        await rig.run_to([phone(1)], created=long_ago)
        for _ in range(30):
            await rig.rests()
            rig.clock.move(timedelta(minutes=6))
            await rig.reconciler.reconcile()
        assert await rig.states() == [State.FAILED]
        assert way.asked == BULK_ATTEMPTS


async def test_timers_do_not_pile_up_while_a_sender_is_blocked(database: Database) -> None:
    way = Way(Channel.SMS, act=failing(THROTTLED))
    async with Rig(database, way) as rig:
        await rig.add(phone(1), lane=Lane.URGENT)
        await asyncio.sleep(0.3)
        await rig.add(phone(2), lane=Lane.URGENT)
        for _ in range(50):
            await rig.reconciler.reconcile()
            await asyncio.sleep(0.01)
        assert len(rig.jobs._timers) < 5


async def test_connections_that_died_idle_are_not_noticed(postgres: Postgres) -> None:
    database = open_database(await postgres.fresh(), keyring())

    async def one() -> None:
        async with database.write() as session:
            await session.scalar(select(message.c.id))
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one() for _ in range(6)))
    name = database.writer.url.database
    ends = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname=:name AND pid <> pg_backend_pid()"
    )
    async with database.write() as session:
        await session.execute(ends.bindparams(name=name))
    await asyncio.gather(*(one() for _ in range(6)))
    await database.close()


async def test_two_first_starts_at_once_both_succeed(postgres: Postgres) -> None:
    url = await postgres.empty()
    starts = [open_database(url, keyring()) for _ in range(2)]
    await asyncio.gather(*(upgrade(database) for database in starts))
    for database in starts:
        await database.close()
