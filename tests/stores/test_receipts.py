"""Receipts: late, twice, too early, of rows whose process was killed; a counter is never wrong."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from contacts import store as contacts
from db.session import Database, Session
from delivery import claims, receipts, recovery, settling, store
from delivery.claims import Claimant
from delivery.model import Claimed, Failure, Lane, NewMessage, Outcome, State
from delivery.pacing import Pace
from delivery.receipts import early_receipt
from delivery.service import UNREACHED, send_job
from delivery.store import attempt, message
from delivery.transport import Receipt
from kit.jobs import Wake
from tests.stores.sending_rig import HELLO, bulk, chat, is_sound, phone

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
DEAD = Receipt("SM1", State.UNDELIVERED, "30006", Failure.ADDRESS_DEAD)


async def claim(session: Session, lane: Lane, sender: str = "sms") -> tuple[Claimed, ...]:
    return (await claims.claim(session, lane, sender, 10, Claimant("me"), NOW)).rows


async def settle(session: Session, *outcomes: Outcome) -> None:
    await settling.write(session, outcomes, lambda sender: Pace(1, NOW, NOW))


async def sent(session: Session, row: Claimed, provider_id: str = "SM1") -> None:
    await settle(session, Outcome(row, State.SENT, NOW, provider_id=provider_id))


async def told(session: Session, receipt: Receipt, row: int | None = None) -> None:
    await receipts.receive(session, receipt, NOW, row)


async def killed_bulk_row(session: Session) -> int:
    """A row of a run whose process was killed while it held it."""
    await bulk(session, [phone(1)], NOW)
    (row,) = await claim(session, Lane.BULK)
    await recovery.recover(session, "next", (), NOW)
    assert await store.state_of(session, row.id) is State.UNCERTAIN
    return row.id


@pytest.mark.parametrize(
    "order", list(permutations([State.SENT, State.UNDELIVERED, State.DELIVERED]))
)
async def test_whatever_the_order_of_receipts_delivered_is_the_last_word(
    database: Database, order: tuple[State, ...]
) -> None:
    async with database.write() as session:
        await bulk(session, [phone(1)], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
        for state in (*order, *order):
            await told(session, Receipt("SM1", state, "30003"))
            await is_sound(session)
        assert await store.state_of(session, row.id) is State.DELIVERED


@pytest.mark.parametrize("order", list(permutations([State.SENT, State.DELIVERED])))
async def test_receipts_that_come_before_the_settling_are_applied_by_it(
    database: Database, order: tuple[State, ...]
) -> None:
    async with database.write() as session:
        await bulk(session, [phone(1)], NOW)
        (row,) = await claim(session, Lane.BULK)
        for state in order:
            await told(session, Receipt("SM1", state), row.id)
        assert await store.state_of(session, row.id) is State.SENDING
        await sent(session, row)
        assert await store.state_of(session, row.id) is State.DELIVERED
        assert await session.scalar(select(func.count()).select_from(early_receipt)) == 0
        await is_sound(session)


async def test_an_early_receipt_is_forgotten_when_its_message_never_comes(
    database: Database,
) -> None:
    async with database.write() as session:
        await told(session, Receipt("SM-of-somebody-else", State.DELIVERED))
        await receipts.forget_early(session, NOW + timedelta(hours=23))
        assert await session.scalar(select(func.count()).select_from(early_receipt)) == 1
        await receipts.forget_early(session, NOW + timedelta(hours=25))
        assert await session.scalar(select(func.count()).select_from(early_receipt)) == 0


@pytest.mark.parametrize("state", [State.SENT, State.DELIVERED, State.UNDELIVERED])
async def test_a_receipt_settles_the_uncertain_row_that_it_names(
    database: Database, state: State
) -> None:
    async with database.write() as session:
        row = await killed_bulk_row(session)
        for _ in range(2):
            await told(session, Receipt("SM7", state, "30003"), row)
            assert await store.state_of(session, row) is state
            await is_sound(session)
        assert await session.scalar(select(attempt.c.provider_id)) == "SM7"
        assert await session.scalar(select(func.count()).select_from(attempt)) == 1


async def test_a_receipt_that_names_another_row_changes_nothing_there(database: Database) -> None:
    async with database.write() as session:
        await bulk(session, [phone(1)], NOW)
        row = await session.scalar(select(message.c.id))
        await told(session, Receipt("SM8", State.DELIVERED), row)
        assert await store.state_of(session, row) is State.PENDING
        await told(session, Receipt("SM8", State.DELIVERED), 4_000_000)
        await is_sound(session)


async def test_an_undelivered_row_goes_to_the_next_address_of_the_person_once(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk(session, [(phone(1), chat(1))], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
    async with database.write() as session:
        for _ in range(3):
            await told(session, DEAD)
            await is_sound(session)
        assert session.wakes == [Wake(send_job(Lane.BULK), "telegram")]
    async with database.write() as session:
        (again,) = await claim(session, Lane.BULK, "telegram")
        assert (again.id, again.to) == (row.id, chat(1))
        await told(session, DEAD)
        await sent(session, again, "17")
        await told(session, DEAD)
        assert await store.state_of(session, row.id) is State.SENT
        (known, _) = await contacts.addresses(session, again.contact_id or 0)
        assert known.dead
        assert await session.scalar(select(func.count()).select_from(message)) == 1
        # The carrier delivered the first copy after all: nobody is told anything else.
        await told(session, Receipt("SM1", State.DELIVERED))
        assert await store.state_of(session, row.id) is State.DELIVERED
        await is_sound(session)


async def test_an_undelivered_row_of_somebody_with_one_address_stays_so(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk(session, [phone(1)], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
        await told(session, DEAD)
        assert await store.state_of(session, row.id) is State.UNDELIVERED
        assert await session.scalar(select(message.c.reason)) == "30006"
        assert session.wakes == []


async def test_a_carrier_that_says_stop_afterwards_is_an_opt_out_of_that_channel(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk(session, [phone(1)], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
        await told(session, Receipt("SM1", State.UNDELIVERED, "21610", Failure.CONTACT_STOPPED))
        assert await contacts.opted_out(session, phone(1))


async def test_a_temporary_failure_of_the_carrier_sends_no_second_copy(database: Database) -> None:
    async with database.write() as session:
        await bulk(session, [(phone(1), chat(1))], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
        await told(session, Receipt("SM1", State.UNDELIVERED, "30003", Failure.TRY_LATER))
        assert await store.state_of(session, row.id) is State.UNDELIVERED
        (known, _) = await contacts.addresses(session, row.contact_id or 0)
        assert not known.dead


async def test_an_undelivered_page_wakes_who_waits_for_it_once(database: Database) -> None:
    new = NewMessage((phone(1),), HELLO, Lane.URGENT, about="page:3")
    async with database.write() as session:
        await store.add(session, new, NOW)
        (row,) = await claim(session, Lane.URGENT)
        await sent(session, row)
    async with database.write() as session:
        await told(session, DEAD)
        await told(session, DEAD)
        assert session.wakes == [Wake(UNREACHED, "page:3")]


async def test_a_row_that_is_tried_again_is_not_stopped_by_the_old_receipt(
    database: Database,
) -> None:
    async with database.write() as session:
        await bulk(session, [(phone(1), phone(2))], NOW)
        (row,) = await claim(session, Lane.BULK)
        await sent(session, row)
        await told(session, DEAD)
        (again,) = await claim(session, Lane.BULK)
        assert again.to == phone(2)
        await sent(session, again, "SM2")
        await told(session, Receipt("SM1", State.UNDELIVERED, "30006", Failure.ADDRESS_DEAD))
        assert await store.state_of(session, row.id) is State.SENT
        await told(session, Receipt("SM2", State.DELIVERED))
        assert await store.state_of(session, row.id) is State.DELIVERED
        await is_sound(session)
