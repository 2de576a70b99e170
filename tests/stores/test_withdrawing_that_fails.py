"""What a provider refuses, puts off or never answered is tried again, within its time."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from db.session import Database
from delivery import senders
from delivery.model import Failure, SendError, State
from delivery.store import message
from delivery.taking_back import BATCH, NEXT_TRY
from delivery.withdrawing import COPIES_STAY
from kit.channels import Channel
from tests.stores.sending_rig import chat
from tests.stores.withdrawing_rig import DONE, GIVEN_UP, WAITS, Deleting, Taking

LATER = SendError(Failure.TRY_LATER, "503")
LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
GONE = SendError(Failure.CONTENT_REFUSED, "chat_not_found")


@pytest.mark.parametrize("error", [LATER, LOST, RuntimeError("a fault of ours")])
async def test_a_failure_is_tried_again_and_an_answer_that_was_lost_too(
    database: Database, error: Exception
) -> None:
    way = Deleting(Channel.TELEGRAM)
    way.refuses = [error]
    async with Taking(database, way) as rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
        await rig.take_back()
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (1, [WAITS])
        rig.clock.move(timedelta(minutes=2))
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (2, [DONE])


async def test_what_the_provider_refuses_for_good_is_given_up(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    way.refuses = [GONE]
    async with Taking(database, way) as rig:
        for _ in range(2):
            await rig.write(chat(1))
        await rig.becomes(State.SENT, State.SENT)
        way.gone = {f"p2-{(await rig.rows())[1].id}"}
        await rig.take_back()
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (2, [GIVEN_UP, GIVEN_UP])


async def test_what_is_too_old_is_not_even_asked_for(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1), withdraw_at=rig.clock.now() + COPIES_STAY)
        await rig.becomes(State.SENT)
        # As if nothing had run for two days.
        rig.clock.move(timedelta(hours=48, minutes=1))
        await rig.settle()
        assert (way.wanted, await rig.marks()) == ([], [GIVEN_UP])


async def test_a_failure_is_tried_again_until_it_is_too_late(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    way.refuses = [LATER] * 10_000
    async with Taking(database, way) as rig:
        await rig.write(chat(1), withdraw_at=rig.clock.now() + COPIES_STAY)
        await rig.becomes(State.SENT)
        rig.clock.move(COPIES_STAY + timedelta(seconds=1))
        await rig.settle()
        assert await rig.marks() == [WAITS]
        rig.clock.move(timedelta(minutes=59, seconds=30))
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (2, [GIVEN_UP])
        rig.clock.move(timedelta(minutes=2))
        await rig.take_back_from(chat(1))
        assert await rig.marks() == [GIVEN_UP]


async def test_a_throttled_sender_waits_as_long_as_it_is_told(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    way.refuses = [SendError(Failure.SENDER_THROTTLED, "429", timedelta(minutes=30))]
    async with Taking(database, way) as rig:
        for _ in range(3):
            await rig.write(chat(1))
        await rig.becomes(*[State.SENT] * 3)
        await rig.take_back()
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (1, [WAITS] * 3)
        async with database.read() as session:
            told = await senders.get(session, "telegram")
        assert told is not None
        assert told["blocked_until"] is not None
        rig.clock.move(timedelta(minutes=29))
        await rig.settle()
        assert len(way.wanted) == 1
        rig.clock.move(timedelta(minutes=2))
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (4, [DONE] * 3)


async def test_at_most_ten_a_second_are_taken_out_of_chats(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        number = BATCH + 2
        for one in range(number):
            await rig.write(chat(one))
        await rig.becomes(*[State.SENT] * number)
        await rig.take_back()
        await rig.settle()
        assert await rig.marks() == [DONE] * number
        assert way.at[-1] - way.at[0] >= (number - 1) * 0.1 * 0.9


async def test_a_process_killed_between_deleting_and_writing_it_down_deletes_again(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    rig = Taking(database, way)
    async with rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
        way.refuses = [asyncio.CancelledError()]
        async with database.write() as session:
            # Nobody is told, so that it is this task that dies.
            await session.execute(update(message).values(withdraw_at=rig.clock.now()))
        with pytest.raises(asyncio.CancelledError):
            await rig.sending.withdraw("telegram")
        assert await rig.marks() == [WAITS]
        await rig.settle()
        assert len(way.wanted) == 1
        rig.clock.move(NEXT_TRY + timedelta(seconds=1))
        await rig.settle()
        assert (len(way.wanted), await rig.marks()) == (2, [DONE])


async def test_a_row_that_cannot_be_opened_holds_up_no_other(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        bad = await rig.write(chat(1))
        await rig.write(chat(2))
        await rig.becomes(State.SENT, State.SENT)
        async with database.write() as session:
            ruin = text("UPDATE message SET endpoints=:c WHERE id=:id")
            await session.execute(ruin.bindparams(c=b"\x00a lost key", id=bad))
        await rig.take_back()
        await rig.settle()
        assert [to for to, _ in way.wanted] == [chat(2)]
        assert await rig.marks() == [GIVEN_UP, DONE]
