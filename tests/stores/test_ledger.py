"""The ledger: its rows are claimed once, and move forward."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from contacts import store as contacts
from contacts.model import Topic
from db.session import Database, Session
from delivery import claims, runs, store, tally
from delivery.claims import Claimant
from delivery.model import MOVES, UNSETTLED, Failure, Lane, NewMessage, Outcome, Skip, State, Way
from delivery.moves import IllegalMove, move
from delivery.runs import NewRun, RunState
from delivery.store import message
from kit.channels import Channel, Endpoint
from tests.stores.ledger_rig import CHAT, NOW, PHONE, add, bulk_row, claim, settle, told
from tests.stores.sending_rig import HELLO, bulk, is_sound


async def test_a_row_is_claimed_once_and_holds_what_a_transport_needs(database: Database) -> None:
    async with database.write() as session:
        await add(session)
        (row,) = await claim(session, Lane.REPLY)
        assert (row.to, row.content) == (PHONE, HELLO)
        assert await claim(session, Lane.REPLY) == ()


async def test_lanes_and_times_are_kept_apart(database: Database) -> None:
    async with database.write() as session:
        await add(session, due_at=NOW + timedelta(minutes=1))
        await add(session, Lane.URGENT)
        assert await claim(session, Lane.REPLY) == ()
        assert len(await claim(session, Lane.URGENT)) == 1
        assert await store.next_due(session, Lane.REPLY, "sms") == NOW + timedelta(minutes=1)


async def test_an_opt_out_after_the_freezing_is_seen_at_sending(database: Database) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await contacts.add_opt_out(session, PHONE, "self", "baja", NOW)
        assert await claim(session, Lane.BULK) == ()
        (row,) = await session.all(select(message.c.state, message.c.reason))
    assert (row["state"], row["reason"]) == (State.SKIPPED, Skip.OPTED_OUT)


async def test_a_contact_erased_after_the_freezing_is_skipped(database: Database) -> None:
    async with database.write() as session:
        _, contact_id = await bulk_row(session)
        await contacts.erase(session, contact_id)
        assert await claim(session, Lane.BULK) == ()
        assert await session.scalar(select(message.c.reason)) == Skip.ERASED


async def test_a_contact_whose_address_died_after_the_freezing_is_not_called_erased(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await contacts.mark_dead(session, PHONE)
        assert await claim(session, Lane.BULK) == ()
        assert await session.scalar(select(message.c.reason)) == Skip.NO_ADDRESS


async def test_rows_of_a_paused_run_stay(database: Database) -> None:
    async with database.write() as session:
        run_id, _ = await bulk_row(session)
        await runs.move(session, run_id, RunState.PAUSED, NOW)
        assert await claim(session, Lane.BULK) == ()
        assert await store.due_lanes(session, NOW) == ()
        await runs.move(session, run_id, RunState.SENDING, NOW)
        assert len(await claim(session, Lane.BULK)) == 1


async def test_a_claim_of_which_nothing_may_leave_says_that_it_took_rows(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await contacts.add_opt_out(session, PHONE, "self", "baja", NOW)
        found = await claims.claim(session, Lane.BULK, "sms", 10, Claimant("me"), NOW)
        assert (found.taken, found.rows) == (1, ())


async def test_words_of_a_provider_that_are_too_long_are_cut_and_still_found(
    database: Database,
) -> None:
    async with database.write() as session:
        await add(session)
        (row,) = await claim(session, Lane.REPLY)
        long = "S" * 70
        await settle(session, Outcome(row, State.SENT, NOW, provider_id=long, code="c" * 50))
        await told(session, long, State.UNDELIVERED, "c" * 50)
        assert await store.state_of(session, row.id) is State.UNDELIVERED


async def test_receipts_in_any_order_never_go_backwards(database: Database) -> None:
    async with database.write() as session:
        await add(session)
        (row,) = await claim(session, Lane.REPLY)
        await settle(session, Outcome(row, State.SENT, NOW, provider_id="SM1"))
        await told(session, "SM1", State.DELIVERED)
        for late in (State.SENT, State.UNDELIVERED, State.DELIVERED):
            await told(session, "SM1", late, "30003")
        await told(session, "SM-unknown", State.DELIVERED)
        assert await store.state_of(session, row.id) is State.DELIVERED


async def test_a_row_that_fails_for_good_goes_on_to_the_next_endpoint(database: Database) -> None:
    async with database.write() as session:
        await store.add(session, NewMessage((PHONE, CHAT), HELLO, Lane.URGENT), NOW)
        (row,) = await claim(session, Lane.URGENT)
        way = Way("telegram", 1)
        await settle(
            session, Outcome(row, State.PENDING, NOW, "address_dead", due_at=NOW, moves=way)
        )
        who = Claimant("me")
        (second,) = (await claims.claim(session, Lane.URGENT, "telegram", 10, who, NOW)).rows
    assert second.to == CHAT
    assert second.position == 1


async def test_two_clocks_fire_one_run(database: Database) -> None:
    async with database.write() as session:
        firing = NewRun(7, NOW, {"es": HELLO}, "fraud", (Channel.SMS,))
        first = await runs.open_run(session, firing, NOW)
        second = await runs.open_run(session, firing, NOW)
    assert first is not None
    assert second is None


async def test_claiming_from_two_sides_takes_each_row_once(database: Database) -> None:
    async with database.write() as session:
        for _ in range(15):
            await add(session)
    taken: list[int] = []
    for side in ("one", "two", "one", "two"):
        async with database.write() as session:
            taken += [row.id for row in await claim(session, Lane.REPLY, side)]
    assert len(taken) == 15
    assert len(set(taken)) == 15


async def stand(session: Session, run_id: int, state: State) -> None:
    """Put the one row of a run where a test wants it, by hand, and its tally with it."""
    settled_at = None if state in UNSETTLED else NOW
    claimed_by = "me" if state is State.SENDING else None
    await session.execute(
        update(message)
        .where(message.c.run_id == run_id)
        .values(state=state, settled_at=settled_at, claimed_by=claimed_by)
    )
    await session.execute(tally.run_tally.delete())
    await tally.add(session, run_id, {state: 1})


async def test_a_row_moves_by_a_legal_move_and_by_no_other(database: Database) -> None:
    async with database.write() as session:
        run_id, _ = await bulk_row(session)
        this = message.c.run_id == run_id
        for old in State:
            for new in State:
                await stand(session, run_id, old)
                if new in MOVES[old]:
                    assert len(await move(session, this, old, new)) == 1
                    assert await session.scalar(select(message.c.state)) == new
                else:
                    with pytest.raises(IllegalMove):
                        await move(session, this, old, new)
                    assert await session.scalar(select(message.c.state)) == old


async def test_a_row_that_stands_elsewhere_does_not_move_and_is_not_counted(
    database: Database,
) -> None:
    async with database.write() as session:
        run_id, _ = await bulk_row(session)
        this = message.c.run_id == run_id
        assert await move(session, this, State.SENDING, State.SENT) == []
        await is_sound(session)
        assert (await tally.counts(session, [run_id]))[State.PENDING] == 1


async def test_counters_are_the_same_after_they_are_folded(database: Database) -> None:
    ends = [Endpoint(Channel.SMS, f"+121355501{number:02}") for number in range(40)]
    async with database.write() as session:
        run_id = await bulk(session, ends, NOW)
        other = await bulk(session, ends[:3], NOW)
        for _ in range(30):
            # One row at a time, as a slow sender does.
            who = Claimant("me")
            for row in (await claims.claim(session, Lane.BULK, "sms", 1, who, NOW)).rows:
                await settle(session, Outcome(row, State.PENDING, NOW, due_at=NOW))
                await settle(session, Outcome(row, State.SENT, NOW))
        for _ in range(60):
            await tally.add(session, run_id, {State.SENT: 2, State.PENDING: -2})
            await tally.add(session, run_id, {State.SENT: -2, State.PENDING: 2})
        await is_sound(session)
        before = await tally.counts(session, [run_id, other])
        await tally.fold(session)
        assert await tally.counts(session, [run_id, other]) == before
        await is_sound(session)
        written = await session.scalar(
            select(func.count())
            .select_from(tally.run_tally)
            .where(tally.run_tally.c.run_id == run_id)
        )
        assert written <= len(State)


async def test_folding_while_others_count_loses_nothing(database: Database) -> None:
    async with database.write() as session:
        run_id, _ = await bulk_row(session)
        for _ in range(tally.FOLDED_AT):
            await tally.add(session, run_id, {State.SENT: 1, State.PENDING: -1})

    async def count() -> None:
        for _ in range(10):
            async with database.write() as session:
                await tally.add(session, run_id, {State.SENT: 1, State.PENDING: -1})

    async def fold() -> None:
        for _ in range(5):
            async with database.write() as session:
                await tally.fold(session)

    await asyncio.gather(count(), count(), fold(), fold())
    async with database.read() as session:
        found = await tally.counts(session, [run_id])
    assert found[State.SENT] == tally.FOLDED_AT + 20
    assert found[State.PENDING] == 1 - found[State.SENT]


async def test_every_attempt_is_kept_with_its_address_its_code_and_the_providers_id(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        (row,) = await claim(session, Lane.BULK)
        later = Outcome(row, State.PENDING, NOW, Failure.TRY_LATER, code="503", due_at=NOW)
        await settle(session, later)
        (row,) = await claim(session, Lane.BULK)
        assert row.attempts == 1
        at = NOW + timedelta(seconds=9)
        await settle(session, Outcome(row, State.SENT, at, provider_id="SM9"))
        found = await session.all(select(store.attempt).order_by(store.attempt.c.id))
        assert [(one["outcome"], one["code"], one["provider_id"], one["at"]) for one in found] == [
            (Failure.TRY_LATER, "503", None, NOW),
            (State.SENT, "", "SM9", at),
        ]
        assert {(one["address_id"], one["sender"]) for one in found} == {(row.address_id, "sms")}
        await is_sound(session)


async def test_who_withdrew_the_topic_after_the_freezing_gets_nothing(database: Database) -> None:
    async with database.write() as session:
        run_id = await bulk(session, [PHONE, CHAT], NOW, topic=Topic.FRAUD)
        for end, topic in ((PHONE, Topic.FRAUD), (CHAT, Topic.PROGRAMS)):
            found = await contacts.find(session, end)
            assert found is not None
            await contacts.set_topics(session, found.id, [topic])
        assert len(await claim(session, Lane.BULK)) == 1
        who = Claimant("me")
        assert (await claims.claim(session, Lane.BULK, "telegram", 9, who, NOW)).rows == ()
        rows = await session.all(
            select(message.c.state, message.c.reason)
            .where(message.c.run_id == run_id)
            .order_by(message.c.id)
        )
        assert (rows[1]["state"], rows[1]["reason"]) == (State.SKIPPED, Skip.NO_CONSENT)
        await is_sound(session)


async def test_what_is_too_old_does_not_leave(database: Database) -> None:
    async with database.write() as session:
        await bulk(session, [PHONE], NOW, stale_at=NOW)
        assert await claim(session, Lane.BULK) == ()
        assert await session.scalar(select(message.c.reason)) == Skip.STALE
        await is_sound(session)


async def test_runs_take_turns_at_one_sender(database: Database) -> None:
    ends = [Endpoint(Channel.SMS, f"+121355501{number:02}") for number in range(30)]
    who = Claimant("me")
    async with database.write() as session:
        long = await bulk(session, ends[:25], NOW)
        short = await bulk(session, ends[25:], NOW)
        seen: list[int | None] = []
        for _ in range(10):
            seen += [
                row.run_id
                for row in (await claims.claim(session, Lane.BULK, "sms", 1, who, NOW)).rows
            ]
        assert seen.count(long) == seen.count(short) == 5
