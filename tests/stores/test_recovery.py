"""What a dead process held is accounted for, and what it holds alive is left alone."""

from sqlalchemy import select

from db.session import Database
from delivery import claims, holding, recovery, store
from delivery.claims import Claimant
from delivery.judging import KILLS
from delivery.model import Failure, Lane, NewMessage, Outcome, Skip, State
from delivery.service import UNREACHED
from delivery.store import message
from kit.jobs import Wake
from tests.stores.ledger_rig import NOW, PHONE, add, bulk_row, claim, settle
from tests.stores.sending_rig import HELLO, is_sound


async def test_what_a_dead_process_held_is_uncertain_for_bulk_and_goes_again_for_others(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await add(session)
        await claim(session, Lane.BULK, "dead")
        await claim(session, Lane.REPLY, "dead")
        await recovery.recover(session, "me", (), NOW)
        rows = await session.all(select(message.c.lane, message.c.state))
    assert {(row["lane"], row["state"]) for row in rows} == {
        (Lane.BULK, State.UNCERTAIN),
        (Lane.REPLY, State.PENDING),
    }


async def test_what_this_process_holds_in_the_air_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        held = await add(session)
        lost = await add(session)
        await claim(session, Lane.REPLY)
        await recovery.recover(session, "me", {held}, NOW)
        assert await store.state_of(session, held) is State.SENDING
        assert await store.state_of(session, lost) is State.PENDING


async def test_what_this_process_claimed_and_never_sent_goes_again_even_in_bulk(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        (row,) = await claim(session, Lane.BULK)
        await recovery.recover(session, "me", (), NOW, unsent={row.id})
        assert await store.state_of(session, row.id) is State.PENDING


async def test_a_row_that_kills_its_process_is_set_aside_and_its_neighbours_are_not(
    database: Database,
) -> None:
    async with database.write() as session:
        neighbours = [await add(session, Lane.URGENT) for _ in range(3)]
        new = NewMessage((PHONE,), HELLO, Lane.URGENT, about="case:7")
        killer, _ = await store.add(session, new, NOW)
    for _ in range(20):
        async with database.write() as session:
            rows = await claim(session, Lane.URGENT, "doomed")
            for row in rows:
                if row.killed:
                    await recovery.suspect(session, row.id)
            if not any(row.id == killer for row in rows):
                # The process lives for as long as it does not hold that row.
                await settle(session, *(Outcome(row, State.SENT, NOW) for row in rows))
                continue
            await recovery.recover(session, "next", (), NOW)
            if await store.state_of(session, killer) is State.UNCERTAIN:
                assert session.wakes[-1] == Wake(UNREACHED, "case:7")
                break
    async with database.write() as session:
        for _ in range(3):
            rows = await claim(session, Lane.URGENT)
            await settle(session, *(Outcome(row, State.SENT, NOW) for row in rows))
        states = [await store.state_of(session, one) for one in (*neighbours, killer)]
        assert states == [State.SENT] * 3 + [State.UNCERTAIN]
        killed = await session.scalar(select(message.c.killed).where(message.c.id == killer))
        assert killed == KILLS + 1


async def test_a_row_that_waits_while_its_process_is_killed_again_and_again_is_not_blamed(
    database: Database,
) -> None:
    async with database.write() as session:
        waits = await add(session, Lane.URGENT)
    for _ in range(10):
        async with database.write() as session:
            assert await claim(session, Lane.URGENT, "doomed")
            await recovery.recover(session, "next", (), NOW)
    async with database.write() as session:
        assert await store.state_of(session, waits) is State.PENDING


async def test_what_its_process_survives_is_no_suspect_any_more(database: Database) -> None:
    async with database.write() as session:
        await add(session, Lane.URGENT)
        await claim(session, Lane.URGENT, "doomed")
        await recovery.recover(session, "next", (), NOW)
        (row,) = await claim(session, Lane.URGENT)
        await recovery.suspect(session, row.id)
        await settle(session, Outcome(row, State.PENDING, NOW, Failure.TRY_LATER, due_at=NOW))
        (again,) = await claim(session, Lane.URGENT)
        assert again.killed == 0


async def test_a_process_that_lives_keeps_what_it_holds(database: Database) -> None:
    async with database.write() as session:
        alive, gone = await add(session), await add(session)
        who = Claimant("alive"), Claimant("gone")
        for one in who:
            await claims.claim(session, Lane.REPLY, "sms", 1, one, NOW)
        await recovery.recover(session, "me", (), NOW, living={"me", "alive"})
        assert await store.state_of(session, alive) is State.SENDING
        assert await store.state_of(session, gone) is State.PENDING


async def test_what_was_thought_lost_and_was_answered_after_all_is_not_sent_again(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await add(session)
        slow = [*await claim(session, Lane.BULK, "slow"), *await claim(session, Lane.REPLY, "slow")]
        await recovery.recover(session, "me", (), NOW)
        await settle(session, *(Outcome(row, State.SENT, NOW, provider_id="x") for row in slow))
        for row in slow:
            assert await store.state_of(session, row.id) is State.SENT
        assert await claim(session, Lane.REPLY) == ()
        await is_sound(session)


async def test_somebody_who_must_not_be_written_to_is_not_by_a_row_that_comes_back(
    database: Database,
) -> None:
    async with database.write() as session:
        held = await add(session)
        (row,) = await claim(session, Lane.REPLY)
        await holding.hush(session, PHONE, NOW)
        await settle(session, Outcome(row, State.PENDING, NOW, Failure.TRY_LATER, due_at=NOW))
        assert await store.state_of(session, held) is State.SKIPPED
        assert await session.scalar(select(message.c.reason)) == Skip.SILENCED
        await is_sound(session)
