"""Receipts of calls: found by the row that they name, in any order, early, twice."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy import func, select

from db.session import Database, Session
from delivery import claims, receipts, recovery, settling, store
from delivery.claims import Claimant
from delivery.model import Claimed, Lane, NewMessage, Outcome, State
from delivery.moves import move
from delivery.pacing import Pace
from delivery.receipts import early_receipt
from delivery.service import UNREACHED
from delivery.store import message
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from kit.jobs import Wake
from tests.stores.sending_rig import HELLO, is_sound

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.VOICE, "+12135550101")
ABOUT = "page:7"
NO_ANSWER = Receipt("CA1", State.UNDELIVERED, "no-answer")


async def called(session: Session) -> Claimed:
    """A call that is being placed."""
    new = NewMessage((PHONE,), HELLO, Lane.URGENT, about=ABOUT)
    await store.add(session, new, NOW)
    (row,) = (await claims.claim(session, Lane.URGENT, "voice", 10, Claimant("me"), NOW)).rows
    return row


async def placed(session: Session, row: Claimed, sid: str = "CA1") -> None:
    outcome = Outcome(row, State.SENT, NOW, provider_id=sid)
    await settling.write(session, [outcome], lambda sender: Pace(1, NOW, NOW))


async def told(session: Session, receipt: Receipt, row: int | None) -> None:
    await receipts.receive(session, receipt, NOW, row)
    await is_sound(session)


async def test_a_call_that_nobody_answered_is_undelivered_and_told_to_who_waits_for_it(
    database: Database,
) -> None:
    async with database.write() as session:
        row = await called(session)
        await placed(session, row)
        await told(session, NO_ANSWER, row.id)
        assert await store.state_of(session, row.id) is State.UNDELIVERED
        assert session.wakes == [Wake(UNREACHED, ABOUT)]
        await told(session, NO_ANSWER, row.id)
        assert len(session.wakes) == 1


@pytest.mark.parametrize(
    "order", list(permutations([State.SENT, State.UNDELIVERED, State.DELIVERED]))
)
async def test_whatever_the_order_a_call_that_was_heard_stays_heard(
    database: Database, order: tuple[State, ...]
) -> None:
    async with database.write() as session:
        row = await called(session)
        await placed(session, row)
        for state in (*order, *order):
            await told(session, Receipt("CA1", state, "busy"), row.id)
        assert await store.state_of(session, row.id) is State.DELIVERED


async def test_a_receipt_that_comes_before_the_call_is_written_down_is_kept_for_it(
    database: Database,
) -> None:
    async with database.write() as session:
        row = await called(session)
        await told(session, NO_ANSWER, row.id)
        assert await store.state_of(session, row.id) is State.SENDING
        await placed(session, row)
        assert await store.state_of(session, row.id) is State.UNDELIVERED
        assert Wake(UNREACHED, ABOUT) in session.wakes
        assert await session.scalar(select(func.count()).select_from(early_receipt)) == 0


async def test_a_receipt_of_another_row_or_of_none_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        row = await called(session)
        other = await called(session)
        await placed(session, row)
        await placed(session, other, "CA2")
        await told(session, NO_ANSWER, other.id)
        await told(session, NO_ANSWER, None)
        await told(session, Receipt("CA9", State.UNDELIVERED, "busy"), row.id)
        assert await store.state_of(session, row.id) is State.SENT
        assert await store.state_of(session, other.id) is State.SENT


async def test_a_call_placed_again_is_not_missed_by_what_became_of_the_first(
    database: Database,
) -> None:
    async with database.write() as session:
        row = await called(session)
        await recovery.recover(session, "next", (), NOW)
        who = Claimant("next")
        (again,) = (await claims.claim(session, Lane.URGENT, "voice", 10, who, NOW)).rows
        await placed(session, again, "CA2")
        await told(session, NO_ANSWER, row.id)
        assert await store.state_of(session, row.id) is State.SENT
        await told(session, Receipt("CA2", State.UNDELIVERED, "busy"), row.id)
        assert await store.state_of(session, row.id) is State.UNDELIVERED


async def test_a_call_of_which_nobody_knew_is_settled_by_its_receipt_and_never_asked_for(
    database: Database,
) -> None:
    async with database.write() as session:
        row = await called(session)
        this, doubt = message.c.id == row.id, {"claimed_by": None}
        await move(session, this, State.SENDING, State.UNCERTAIN, **doubt)
        await told(session, Receipt("CA1", State.SENT), row.id)
        assert await store.state_of(session, row.id) is State.SENT
        assert await session.scalar(select(message.c.check_at)) is None
        await told(session, NO_ANSWER, row.id)
        assert await store.state_of(session, row.id) is State.UNDELIVERED
        await receipts.forget_early(session, NOW + timedelta(days=2))
