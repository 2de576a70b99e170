"""The ledger: rows move forward, and what a dead process held is accounted for."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from contacts import store as contacts
from db.session import Database, Session
from delivery import claims, runs, store
from delivery.content import Content
from delivery.model import Claimed, Lane, NewMessage, Outcome, Skip, State
from delivery.runs import RunState
from delivery.store import message
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.SMS, "+12135550101")
HELLO = Content(chat="Buenos días", sms="Buenos dias")


async def add(session: Session, lane: Lane = Lane.REPLY, *, due_at: datetime | None = None) -> int:
    return await store.add(session, NewMessage((PHONE,), HELLO, lane, due_at=due_at), NOW)


async def bulk_row(session: Session) -> tuple[int, int]:
    """A run of one contact; gives the run and the contact."""
    contact_id = await contacts.create(session, [PHONE], "es", NOW)
    (address,) = await contacts.addresses(session, contact_id)
    run_id = await runs.open_run(session, 1, NOW, {"es": HELLO}, NOW)
    assert run_id is not None
    await runs.move(session, run_id, RunState.SENDING, NOW)
    await session.execute(
        message.insert().values(
            lane=Lane.BULK,
            channel=Channel.SMS,
            state=State.PENDING,
            run_id=run_id,
            contact_id=contact_id,
            address_id=address.id,
            position=0,
            language="es",
            created_at=NOW,
            due_at=NOW,
            attempts=0,
        )
    )
    return run_id, contact_id


async def claim(session: Session, lane: Lane, by: str = "me") -> tuple[Claimed, ...]:
    return (await claims.claim(session, lane, Channel.SMS, 10, by, NOW)).rows


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
        assert await store.next_due(session, Lane.REPLY, Channel.SMS) == NOW + timedelta(minutes=1)


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


async def test_what_a_dead_process_held_is_uncertain_for_bulk_and_goes_again_for_others(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await add(session)
        await claim(session, Lane.BULK, "dead")
        await claim(session, Lane.REPLY, "dead")
        await claims.recover(session, "me", (), NOW)
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
        await claims.recover(session, "me", {held}, NOW)
        assert await store.state_of(session, held) is State.SENDING
        assert await store.state_of(session, lost) is State.PENDING


async def test_what_this_process_claimed_and_never_sent_goes_again_even_in_bulk(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        (row,) = await claim(session, Lane.BULK)
        await claims.recover(session, "me", (), NOW, {row.id})
        assert await store.state_of(session, row.id) is State.PENDING


async def test_a_claim_of_which_nothing_may_leave_says_that_it_took_rows(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk_row(session)
        await contacts.add_opt_out(session, PHONE, "self", "baja", NOW)
        found = await claims.claim(session, Lane.BULK, Channel.SMS, 10, "me", NOW)
        assert (found.taken, found.rows) == (1, ())


async def test_words_of_a_provider_that_are_too_long_are_cut_and_still_found(
    database: Database,
) -> None:
    async with database.write() as session:
        await add(session)
        (row,) = await claim(session, Lane.REPLY)
        long = "S" * 70
        await store.settle(
            session, [Outcome(row, State.SENT, NOW, provider_id=long, code="c" * 50)]
        )
        await store.receive(session, long, State.UNDELIVERED, "c" * 50, NOW)
        assert await store.state_of(session, row.id) is State.UNDELIVERED


async def test_receipts_in_any_order_never_go_backwards(database: Database) -> None:
    async with database.write() as session:
        await add(session)
        (row,) = await claim(session, Lane.REPLY)
        await store.settle(session, [Outcome(row, State.SENT, NOW, provider_id="SM1")])
        await store.receive(session, "SM1", State.DELIVERED, "", NOW)
        for late in (State.SENT, State.UNDELIVERED, State.DELIVERED):
            await store.receive(session, "SM1", late, "30003", NOW)
        await store.receive(session, "SM-unknown", State.DELIVERED, "", NOW)
        assert await store.state_of(session, row.id) is State.DELIVERED


async def test_a_row_that_fails_for_good_goes_on_to_the_next_endpoint(database: Database) -> None:
    chat = Endpoint(Channel.TELEGRAM, "900101")
    async with database.write() as session:
        await store.add(session, NewMessage((PHONE, chat), HELLO, Lane.URGENT), NOW)
        (row,) = await claim(session, Lane.URGENT)
        again = Outcome(row, State.PENDING, NOW, "address_dead", due_at=NOW, next_position=1)
        await store.settle(session, [again])
        (second,) = (await claims.claim(session, Lane.URGENT, Channel.TELEGRAM, 10, "me", NOW)).rows
    assert second.to == chat
    assert second.position == 1


async def test_two_clocks_fire_one_run(database: Database) -> None:
    async with database.write() as session:
        first = await runs.open_run(session, 7, NOW, {"es": HELLO}, NOW)
        second = await runs.open_run(session, 7, NOW, {"es": HELLO}, NOW)
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
