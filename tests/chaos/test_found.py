"""What chaos has found, each by itself."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import pytest
from sqlalchemy import RowMapping, Select, select, update

from db.engine import open_database
from db.session import Database, Session
from delivery import claims, receipts
from delivery.claims import Claimant
from delivery.model import Lane, Outcome, State
from delivery.moves import move
from delivery.settling import Settler
from delivery.store import attempt, message
from delivery.tempo import OwnPaces, Tempo
from delivery.transport import Receipt
from kit.clock import Clock
from tests.databases import keyring
from tests.patience import PATIENCE
from tests.stores.sending_rig import Lossy, bulk, phone

SID = "SM" + 32 * "5"


async def a_row_under_way(database: Database) -> int:
    """One row of a run that its provider has taken and whose process has not heard of it."""
    now = Clock().now()
    async with database.write() as session:
        await bulk(session, [phone(5)], now)
        which = message.c.run_id.is_not(None)
        values = {"claimed_by": "me", "claimed_at": now}
        (row,) = await move(session, which, State.PENDING, State.SENDING, **values)
        return int(row["id"])


async def tells(session: Session, state: State, row: int) -> None:
    await receipts.receive(session, Receipt(SID, state), Clock().now(), row)


async def state_of(database: Database) -> State:
    async with database.read() as session:
        return State(await session.scalar(select(message.c.state)))


async def test_delivered_told_before_a_row_was_in_doubt_counts_when_sent_is_told_after(
    database: Database,
) -> None:
    row = await a_row_under_way(database)
    async with database.write() as session:
        await tells(session, State.DELIVERED, row)
    async with database.write() as session:
        doubt = {"claimed_by": None, "reason": "unknown_outcome"}
        await move(session, message.c.id == row, State.SENDING, State.UNCERTAIN, **doubt)
    async with database.write() as session:
        await tells(session, State.SENT, row)
    assert await state_of(database) is State.DELIVERED


async def test_a_receipt_and_the_settling_of_its_row_that_meet_miss_nothing(
    database: Database,
) -> None:
    row, other = await a_row_under_way(database), open_database(database.writer.url, keyring())
    halfway = asyncio.Event()

    async def settle() -> None:
        """As the settling does it, slowly."""
        now = Clock().now()
        async with database.write() as session:
            sent = {"claimed_by": None, "settled_at": now}
            await move(session, message.c.id == row, State.SENDING, State.SENT, **sent)
            halfway.set()
            await session.execute(
                attempt.insert().values(
                    message_id=row, channel="sms", at=now, outcome="sent", code="", provider_id=SID
                )
            )
            await receipts.apply_early(session, [SID], now)
            await asyncio.sleep(0.3)

    async def hear() -> None:
        await halfway.wait()
        async with other.write() as session:
            await tells(session, State.DELIVERED, row)

    await asyncio.gather(settle(), hear())
    await other.close()
    assert await state_of(database) is State.DELIVERED


async def test_the_other_way_round_too(database: Database) -> None:
    row, other = await a_row_under_way(database), open_database(database.writer.url, keyring())
    halfway = asyncio.Event()

    async def hear() -> None:
        async with other.write() as session:
            await tells(session, State.DELIVERED, row)
            halfway.set()
            await asyncio.sleep(0.3)

    async def settle() -> None:
        await halfway.wait()
        now = Clock().now()
        async with database.write() as session:
            await session.execute(update(message).values(claimed_by=None, settled_at=now))
            await move(session, message.c.id == row, State.SENDING, State.SENT)
            await session.execute(
                attempt.insert().values(
                    message_id=row, channel="sms", at=now, outcome="sent", code="", provider_id=SID
                )
            )
            await receipts.apply_early(session, [SID], now)

    await asyncio.gather(settle(), hear())
    await other.close()
    assert await state_of(database) is State.DELIVERED


async def test_of_two_runs_no_row_is_claimed_twice_while_another_sender_claims_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, who, look = Clock().now(), Claimant("me"), claims._open

    async def meanwhile(
        session: Session, query: Select[tuple[object, ...]], at: datetime
    ) -> Sequence[RowMapping]:
        # What the claim of another sender of this process does.
        who.turn[0] += 1
        return await look(session, query, at)

    monkeypatch.setattr(claims, "_open", meanwhile)
    async with database.write() as session:
        for first in (10, 20):
            await bulk(session, [phone(first + number) for number in range(3)], now)
    async with database.write() as session:
        found = await claims.claim(session, Lane.BULK, "sms", 6, who, now)
    assert sorted(row.id for row in found.rows) == [1, 2, 3, 4, 5, 6]


async def test_a_row_that_was_given_back_is_not_taken_from_the_process_that_has_it_now(
    database: Database,
) -> None:
    clock, other = Clock(), open_database(database.writer.url, keyring())
    async with database.write() as session:
        await bulk(session, [phone(5)], clock.now())
    async with database.write() as session:
        now = clock.now()
        found = await claims.claim(session, Lane.BULK, "sms", 1, Claimant("me"), now)
    lossy = Lossy(database)
    lossy.begin()
    # The commit holds, and its answer is lost with the connection.
    lossy.fails_after = {1}
    settler = Settler(database, Tempo(clock, OwnPaces(clock)))
    given = Outcome(found.rows[0], State.PENDING, now, counts=False, attempted=False)
    giving_back = asyncio.create_task(settler.settle(given))
    async with asyncio.timeout(PATIENCE):
        while True:
            async with other.write() as session:
                theirs = await claims.claim(
                    session, Lane.BULK, "sms", 1, Claimant("they"), clock.now()
                )
            if theirs.rows:
                break
            await asyncio.sleep(0.01)
    await asyncio.gather(giving_back, return_exceptions=True)
    lossy.end()
    async with other.read() as session:
        row = await session.first(select(message.c.state, message.c.claimed_by))
    await other.close()
    assert row is not None
    assert (row["state"], row["claimed_by"]) == ("sending", "they")
