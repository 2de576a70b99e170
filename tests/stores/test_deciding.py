"""What people decide: try failures again, send uncertain rows once more or leave them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from db.session import Database, Session
from delivery import claims, deciding, receipts, recovery, settling
from delivery.claims import Claimant
from delivery.deciding import MAY_GO_AGAIN, Decision
from delivery.model import Claimed, Failure, Lane, Outcome, State
from delivery.pacing import Pace
from delivery.store import message
from delivery.transport import Receipt
from tests.stores.sending_rig import bulk, is_sound, phone

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PRESS = NOW + timedelta(minutes=1)


async def claim(session: Session, now: datetime = NOW) -> Sequence[Claimed]:
    return (await claims.claim(session, Lane.BULK, "sms", 50, Claimant("me"), now)).rows


async def settle(session: Session, *outcomes: Outcome) -> None:
    await settling.write(session, outcomes, lambda sender: Pace(1, NOW, NOW))


async def states(session: Session) -> list[str]:
    rows = await session.all(select(message.c.state).order_by(message.c.id))
    return [row["state"] for row in rows]


async def uncertain_run(session: Session, people: int) -> int:
    """A run of which a killed process held every row."""
    run_id = await bulk(session, [phone(number) for number in range(people)], NOW)
    await claim(session)
    await recovery.recover(session, "next", (), NOW)
    return run_id


async def test_uncertain_rows_are_sent_again_by_decision_alone(database: Database) -> None:
    async with database.write() as session:
        run_id = await uncertain_run(session, 5)
        assert await claim(session) == ()
        assert await deciding.resolve(session, run_id, Decision.RESEND, 3, PRESS) == 3
        assert await deciding.resolve(session, run_id, Decision.RESEND, 3, PRESS) == 2
        assert await deciding.resolve(session, run_id, Decision.RESEND, 3, PRESS) == 0
        await is_sound(session)
        assert len(await claim(session, PRESS)) == 5


async def test_one_press_sends_nobody_a_second_copy_of_what_fails_again_at_once(
    database: Database,
) -> None:
    async with database.write() as session:
        run_id = await uncertain_run(session, 2)
        for again in (Decision.RESEND, None):
            # The provider drops the line at once, each time: batch after batch of one press.
            sends = 0
            press = PRESS if again else PRESS + timedelta(hours=1)
            for batch in range(1, 5):
                if again:
                    taken = await deciding.resolve(session, run_id, again, 1, press)
                else:
                    taken = await deciding.retry(session, run_id, 1, press)
                assert taken == (1 if batch <= 2 else 0), batch
                at = press + batch * timedelta(seconds=1)
                for row in await claim(session, at):
                    sends += 1
                    ended = State.UNCERTAIN if again else State.FAILED
                    why = Failure.UNKNOWN_OUTCOME if again else Failure.TRY_LATER
                    await settle(session, Outcome(row, ended, at, why))
            assert sends == 2
            await is_sound(session)
            if again:
                # The next press is another decision.
                later = PRESS + timedelta(minutes=1)
                assert await deciding.resolve(session, run_id, again, 9, later) == 2
                for row in await claim(session, later):
                    await settle(session, Outcome(row, State.FAILED, later, Failure.TRY_LATER))


async def test_uncertain_rows_that_are_left_have_failed_and_stay_so(database: Database) -> None:
    async with database.write() as session:
        run_id = await uncertain_run(session, 2)
        assert await deciding.resolve(session, run_id, Decision.LEAVE, 10, NOW) == 2
        assert await states(session) == [State.FAILED] * 2
        # They may have arrived: the other command does not send them either.
        assert await deciding.retry(session, run_id, 10, NOW) == 0
        assert await claim(session) == ()
        await is_sound(session)


async def test_a_decision_touches_no_other_run(database: Database) -> None:
    async with database.write() as session:
        await uncertain_run(session, 2)
        other = await bulk(session, [phone(9)], NOW)
        assert await deciding.resolve(session, other, Decision.RESEND, 10, NOW) == 0
        assert await states(session) == [State.UNCERTAIN] * 2 + [State.PENDING]


async def test_only_what_another_try_may_mend_is_tried_again(database: Database) -> None:
    reasons = [*MAY_GO_AGAIN, *(one for one in Failure if one not in MAY_GO_AGAIN)]
    async with database.write() as session:
        run_id = await bulk(session, [phone(number) for number in range(len(reasons))], NOW)
        for row, reason in zip(await claim(session), reasons, strict=True):
            await settle(session, Outcome(row, State.FAILED, NOW, reason))
        await session.execute(update(message).values(attempts=8))
        taken = 0
        while found := await deciding.retry(session, run_id, 2, NOW):
            taken += found
            await is_sound(session)
        assert taken == len(MAY_GO_AGAIN)
        rows = await session.all(select(message).order_by(message.c.id))
        again = [row["state"] == State.PENDING for row in rows]
        assert again == [reason in MAY_GO_AGAIN for reason in reasons]
        assert {row["attempts"] for row in rows if row["state"] == State.PENDING} == {0}


async def test_undelivered_rows_are_tried_again_and_delivered_ones_are_not(
    database: Database,
) -> None:
    async with database.write() as session:
        run_id = await bulk(session, [phone(1), phone(2)], NOW)
        for row, word in zip(await claim(session), ("SM1", "SM2"), strict=True):
            await settle(session, Outcome(row, State.SENT, NOW, provider_id=word))
        await receipts.receive(session, Receipt("SM1", State.UNDELIVERED, "30003"), NOW)
        await receipts.receive(session, Receipt("SM2", State.DELIVERED), NOW)
        assert await deciding.retry(session, run_id, 10, NOW) == 1
        assert await states(session) == [State.PENDING, State.DELIVERED]
        (again,) = await claim(session)
        # The first copy is said to have failed once more, and the second has not been answered.
        await receipts.receive(session, Receipt("SM1", State.UNDELIVERED, "30003"), NOW)
        assert await states(session) == [State.SENDING, State.DELIVERED]
        await settle(session, Outcome(again, State.SENT, NOW, provider_id="SM3"))
        await receipts.receive(session, Receipt("SM3", State.DELIVERED), NOW)
        assert await states(session) == [State.DELIVERED] * 2
        await is_sound(session)
