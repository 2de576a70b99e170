"""Asking the provider: rows that may have left, and rows of which it has said nothing more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from db.session import Database
from delivery import claims, holding
from delivery.checking import SURE_AFTER, Checking
from delivery.claims import Claimant
from delivery.judging import KILLS
from delivery.model import Failure, Lane, SendError, Skip, State
from delivery.receipts import MISSED_AFTER
from delivery.recovery import ASKED_AFTER
from delivery.store import attempt, message
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from tests.stores.sending_rig import Rig, TracedWay, failing, is_sound, phone

LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
LATER = SendError(Failure.TRY_LATER, "503")


class Asked:
    """A run whose process was killed while it held its only row, and who asks about it."""

    def __init__(self, database: Database) -> None:
        self.way = TracedWay(Channel.SMS)
        self.rig = Rig(database, self.way)
        self.checking = Checking(database, self.rig.clock, {"sms": self.way})

    async def killed(self) -> int:
        async with self.rig.database.write() as session:
            await self.rig.bulk_in(session, [phone(1)])
            dead = Claimant("dead")
            now = self.rig.clock.now()
            (row,) = (await claims.claim(session, Lane.BULK, "sms", 1, dead, now)).rows
        await self.rig.sending.take_over()
        return row.id

    async def queued(self, to: Endpoint) -> int:
        """A message on its own; nobody is told of it."""
        async with self.rig.database.write() as session:
            return await self.rig.add_in(session, to, lane=Lane.URGENT)

    async def lose(self, row: int, killed: int) -> None:
        """Its process is killed while it is under way, so many times by now."""
        async with self.rig.database.write() as session:
            now = self.rig.clock.now()
            claimed = {"state": State.SENDING, "claimed_by": "dead", "claimed_at": now}
            this = message.c.id == row
            await session.execute(update(message).where(this).values(killed=killed, **claimed))
        await self.rig.sending.take_over()

    async def set_aside(self, to: Endpoint, killed: int) -> int:
        """A message on its own whose process was killed so many times while it was under way."""
        row = await self.queued(to)
        await self.lose(row, killed)
        return row

    async def check(self, after: timedelta) -> None:
        self.rig.clock.move(after)
        await self.checking.check()
        async with self.rig.database.read() as session:
            await is_sound(session)


async def test_a_row_that_the_provider_has_is_settled_and_not_sent_again(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        row = await asked.killed()
        asked.way.kept[row] = (Receipt("SM5", State.DELIVERED),)
        await asked.check(timedelta(seconds=30))
        assert asked.way.questions == 0
        await asked.check(ASKED_AFTER)
        await rig.becomes(State.DELIVERED)
        await asked.check(timedelta(days=1))
        assert (asked.way.asked, asked.way.questions) == (0, 1)


async def test_a_row_that_the_provider_took_and_has_not_delivered_yet_is_sent(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        row = await asked.killed()
        asked.way.kept[row] = (Receipt("SM5", State.SENT),)
        await asked.check(ASKED_AFTER)
        await rig.becomes(State.SENT)
        asked.way.told["SM5"] = Receipt("SM5", State.UNDELIVERED, "30003")
        await asked.check(MISSED_AFTER[0])
        await rig.becomes(State.UNDELIVERED)
        assert asked.way.asked == 0


async def test_a_row_that_the_provider_does_not_have_goes_again(database: Database) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        await asked.killed()
        # The provider may list what it has taken some time later.
        await asked.check(ASKED_AFTER)
        assert (asked.way.questions, await rig.states()) == (1, [State.UNCERTAIN])
        await asked.check(SURE_AFTER)
        await rig.becomes(State.SENT)
        assert asked.way.asked == 1


async def test_a_message_that_another_row_has_proved_proves_no_second_one(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        row = await asked.killed()
        async with database.write() as session:
            first = await rig.add_in(session, phone(1))
            await session.execute(
                attempt.insert().values(
                    message_id=first,
                    channel="sms",
                    sender="sms",
                    at=rig.clock.now(),
                    outcome=State.SENT,
                    code="",
                    provider_id="SM5",
                )
            )
        asked.way.kept[row] = (Receipt("SM5", State.DELIVERED),)
        await asked.check(SURE_AFTER)
        await rig.becomes(State.SENT, State.SENT)
        assert asked.way.asked == 2


async def test_a_question_that_gets_no_answer_is_asked_again_later(database: Database) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        row = await asked.killed()
        asked.way.refuses = LATER
        await asked.check(ASKED_AFTER)
        await asked.check(timedelta(seconds=1))
        assert await rig.states() == [State.UNCERTAIN]
        assert asked.way.questions == 1
        asked.way.refuses = None
        asked.way.kept[row] = (Receipt("SM5", State.DELIVERED),)
        await asked.check(timedelta(minutes=6))
        assert await rig.states() == [State.DELIVERED]


async def test_a_receipt_that_has_not_come_is_fetched_later_each_time_and_then_never(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENT)
        await asked.check(MISSED_AFTER[0] - timedelta(minutes=1))
        assert asked.way.questions == 0
        for hour in range(200):
            await asked.check(timedelta(minutes=20))
            assert await rig.states() == [State.SENT], hour
        assert asked.way.questions == len(MISSED_AFTER)


async def test_a_fetched_receipt_is_as_good_as_one_that_came(database: Database) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.SENT)
        (sent,) = asked.way.sent
        asked.way.told[f"p1-{sent.message_id}"] = Receipt(f"p1-{sent.message_id}", State.DELIVERED)
        await asked.check(MISSED_AFTER[0])
        assert await rig.states() == [State.DELIVERED]


async def test_a_message_on_its_own_that_was_set_aside_is_asked_about_and_goes_once_more(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        taken = await asked.set_aside(phone(1), KILLS + 1)
        asked.way.kept[taken] = (Receipt("SM5", State.DELIVERED),)
        await asked.set_aside(phone(2), KILLS + 1)
        await asked.check(ASKED_AFTER)
        assert await rig.states() == [State.DELIVERED, State.UNCERTAIN]
        await asked.check(SURE_AFTER)
        await rig.becomes(State.DELIVERED, State.SENT)
        assert [one.to for one in asked.way.sent] == [phone(2)]


async def test_a_message_that_left_at_an_earlier_try_does_not_go_once_more(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        row = await asked.queued(phone(1))
        asked.way.kept[row] = (Receipt("SM5", State.DELIVERED),)
        asked.way.kept_at = rig.clock.now()
        # It was claimed three times more.
        rig.clock.move(timedelta(minutes=10))
        await asked.lose(row, KILLS + 1)
        await asked.check(ASKED_AFTER)
        assert await rig.states() == [State.DELIVERED]
        assert asked.way.sent == []


async def test_a_message_that_kills_its_process_once_more_is_asked_about_and_left_to_people(
    database: Database,
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        taken = await asked.set_aside(phone(1), KILLS + 2)
        asked.way.kept[taken] = (Receipt("SM5", State.DELIVERED),)
        await asked.set_aside(phone(2), KILLS + 2)
        await asked.check(ASKED_AFTER)
        await asked.check(SURE_AFTER)
        questions = asked.way.questions
        await asked.check(timedelta(days=1))
        assert await rig.states() == [State.DELIVERED, State.UNCERTAIN]
        assert (asked.way.sent, asked.way.questions) == ([], questions)


async def test_a_row_that_cannot_be_opened_any_more_stops_no_other_question(
    database: Database,
) -> None:
    asked = Asked(database)
    asked.way.act = failing(LOST, 3)
    async with asked.rig as rig:
        await rig.add(phone(2), lane=Lane.URGENT)
        async with asyncio.timeout(20):
            while asked.way.asked < 3:
                rig.clock.move(timedelta(seconds=10))
                await rig.reconciler.reconcile()
                await asyncio.sleep(0.05)
        await rig.becomes(State.UNCERTAIN)
        async with database.write() as session:
            ruin = text("UPDATE message SET endpoints=:c").bindparams(c=b"\x00a lost key")
            await session.execute(ruin)
        row = await asked.killed()
        asked.way.kept[row] = (Receipt("SM5", State.DELIVERED),)
        await asked.check(ASKED_AFTER)
        assert await rig.states() == [State.UNCERTAIN, State.DELIVERED]


@pytest.mark.parametrize("killed", [0, KILLS + 2])
async def test_somebody_who_must_not_be_written_to_is_not_by_an_uncertain_row(
    database: Database, killed: int
) -> None:
    asked = Asked(database)
    async with asked.rig as rig:
        async with database.write() as session:
            held = await rig.add_in(session, phone(2))
            await rig.claim_in(session, Lane.REPLY)
            await session.execute(
                update(message).values(
                    state=State.UNCERTAIN,
                    killed=killed,
                    claimed_by=None,
                    claimed_at=rig.clock.now() - SURE_AFTER,
                    check_at=rig.clock.now(),
                )
            )
            await holding.hush(session, phone(2), rig.clock.now())
        await asked.check(timedelta(seconds=1))
        await rig.reconciler.reconcile()
        await rig.jobs.idle()
        async with database.read() as session:
            assert await session.scalar(select(message.c.id)) == held
        (row,) = await rig.rows()
        assert (row.state, row.reason) == (State.FAILED, Skip.SILENCED)
        assert asked.way.asked == 0
