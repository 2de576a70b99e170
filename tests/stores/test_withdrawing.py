"""What was sent is taken back, and what has not left stays here."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from db.session import Database
from delivery import claims, holding, store, withdrawing
from delivery.checking import Checking
from delivery.claims import Claimant
from delivery.model import Failure, Lane, NewMessage, SendError, Skip, State
from delivery.recovery import ASKED_AFTER
from delivery.service import queue
from delivery.store import message
from delivery.transport import Outgoing
from delivery.withdrawing import COPIES_STAY, withdraw_about, withdraw_to
from kit.channels import Channel
from tests.stores.sending_rig import HELLO, TracedWay, Way, chat, failing, is_sound, phone
from tests.stores.withdrawing_rig import ABOUT, DONE, GIVEN_UP, WAITS, Deleting, Taking


async def test_a_copy_is_taken_back_when_its_time_has_come_and_not_before(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        first = await rig.write(chat(1), withdraw_at=rig.clock.now() + COPIES_STAY)
        await rig.write(chat(1))
        await rig.becomes(State.SENT, State.SENT)
        rig.clock.move(COPIES_STAY - timedelta(minutes=1))
        await rig.settle()
        assert (way.wanted, await rig.marks()) == ([], [WAITS, GIVEN_UP])
        rig.clock.move(timedelta(minutes=2))
        await rig.settle()
        assert way.wanted == [(chat(1), f"p1-{first}")]
        assert await rig.marks() == [DONE, GIVEN_UP]
        assert await rig.states() == [State.SENT, State.SENT]


async def test_what_is_about_something_is_taken_back_from_everybody_or_from_one(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        for number in (1, 2, 3):
            await rig.write(chat(number))
        await rig.add(chat(4), about="case:8")
        await rig.becomes(*[State.SENT] * 4)
        await rig.take_back(to=chat(2))
        await rig.settle()
        assert await rig.marks() == [GIVEN_UP, DONE, GIVEN_UP, GIVEN_UP]
        await rig.take_back()
        await rig.settle()
        assert await rig.marks() == [DONE, DONE, DONE, GIVEN_UP]
        assert len(way.wanted) == 3


async def test_what_the_bot_wrote_is_taken_out_of_one_chat_whatever_it_was_about(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1))
        await rig.add(chat(1))
        await rig.add(chat(2))
        await rig.run_to([chat(1), chat(2)])
        await rig.becomes(*[State.SENT] * 5)
        await rig.take_back_from(chat(1))
        await rig.settle()
        assert await rig.marks() == [DONE, DONE, GIVEN_UP, DONE, GIVEN_UP]
        assert {to for to, _ in way.wanted} == {chat(1)}


async def test_an_answer_queued_after_the_wish_stays(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
        async with database.write() as session:
            now = rig.clock.now()
            await withdraw_to(session, chat(1), now)
            await queue(session, NewMessage((chat(1),), HELLO, Lane.REPLY), now)
        await rig.becomes(State.SENT, State.SENT)
        await rig.settle()
        assert await rig.marks() == [DONE, GIVEN_UP]


async def test_a_row_that_has_not_left_when_it_is_to_be_taken_back_never_leaves(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        soon = rig.clock.now() + timedelta(minutes=5)
        await rig.write(chat(1), due_at=soon)
        await rig.take_back()
        await rig.settle()
        rig.clock.move(timedelta(minutes=6))
        await rig.settle()
        (row,) = await rig.rows()
        assert (row.state, row.reason) == (State.SKIPPED, Skip.CANCELLED)
        assert (way.asked, way.wanted, await rig.marks()) == (0, [], [GIVEN_UP])


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.REPLY])
async def test_a_claim_looks_whether_a_row_is_to_be_taken_back(
    database: Database, lane: Lane
) -> None:
    rig = Taking(database, Deleting(Channel.TELEGRAM))
    async with database.write() as session:
        now = rig.clock.now()
        new = NewMessage((chat(1),), HELLO, lane, withdraw_at=now + timedelta(minutes=1))
        made, _ = await store.add(session, new, now)
        who, late = Claimant("me"), now + timedelta(minutes=1)
        assert (await claims.claim(session, lane, "telegram", 10, who, late)).rows == ()
        assert await store.state_of(session, made) is State.SKIPPED
        await is_sound(session)


async def test_a_row_that_waits_for_another_is_looked_at_again_before_it_leaves(
    database: Database,
) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        await gate.wait()

    way = Deleting(Channel.TELEGRAM, act=act)
    async with Taking(database, way) as rig:
        await rig.add(chat(1))
        await rig.becomes(State.SENDING)
        await rig.write(chat(1))
        await rig.becomes(State.SENDING, State.SENDING)
        await rig.take_back()
        await asyncio.sleep(0.1)
        gate.set()
        await rig.becomes(State.SENT, State.SKIPPED)
        assert way.asked == 1
        await rig.settle()
        assert await rig.marks() == [GIVEN_UP, GIVEN_UP]


async def test_an_sms_stays_and_nobody_asks_for_it_again(database: Database) -> None:
    way = Way(Channel.SMS)
    async with Taking(database, way) as rig:
        await rig.write(phone(1))
        await rig.becomes(State.SENT)
        await rig.take_back()
        await rig.settle()
        assert await rig.marks() == [GIVEN_UP]


async def test_a_row_that_went_by_a_second_address_is_taken_back_there(database: Database) -> None:
    refused = SendError(Failure.ADDRESS_DEAD, "21211")
    ways = Way(Channel.SMS, act=failing(refused)), Deleting(Channel.TELEGRAM)
    async with Taking(database, *ways) as rig:
        made = await rig.write(phone(1), chat(1))
        await rig.becomes(State.SENT)
        await rig.take_back()
        await rig.settle()
        assert ways[1].wanted == [(chat(1), f"p1-{made}")]
        assert await rig.marks() == [DONE]


async def test_an_edited_message_is_asked_for_once(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1))
        await rig.write(chat(1))
        await rig.becomes(State.SENT, State.SENT)
        async with database.write() as session:
            await session.execute(text("UPDATE attempt SET provider_id = 'same'"))
        await rig.take_back()
        await rig.settle()
        assert (way.wanted, await rig.marks()) == ([(chat(1), "same")], [DONE, DONE])


async def test_a_row_of_which_nobody_knows_whether_it_left_does_not_leave_again(
    database: Database,
) -> None:
    way = TracedWay(Channel.SMS)
    rig = Taking(database, way)
    checking = Checking(database, rig.clock, {"sms": way})
    async with rig:
        async with database.write() as session:
            now = rig.clock.now()
            await store.add(session, NewMessage((phone(1),), HELLO, Lane.REPLY, about=ABOUT), now)
            await claims.claim(session, Lane.REPLY, "sms", 1, Claimant("dead"), now)
            doubt = {"state": State.UNCERTAIN, "claimed_by": None, "check_at": now + ASKED_AFTER}
            await session.execute(update(message).values(**doubt))
        await rig.take_back()
        await rig.settle()
        rig.clock.move(timedelta(hours=1))
        await checking.check()
        await rig.settle()
        (row,) = await rig.rows()
        assert (row.state, row.reason, way.asked) == (State.FAILED, Skip.SILENCED, 0)
        assert await rig.marks() == [GIVEN_UP]


async def test_what_is_to_go_earlier_is_not_put_off(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1), withdraw_at=rig.clock.now() + timedelta(hours=1))
        await rig.becomes(State.SENT)
        async with database.write() as session:
            await withdraw_about(session, ABOUT, rig.clock.now() + COPIES_STAY)
        rig.clock.move(timedelta(hours=1, minutes=1))
        await rig.settle()
        assert await rig.marks() == [DONE]


async def test_a_message_held_back_already_is_left_alone(database: Database) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        await rig.write(chat(1), due_at=rig.clock.now() + timedelta(hours=1))
        async with database.write() as session:
            await holding.skip_pending_about(session, ABOUT, rig.clock.now())
        await rig.take_back()
        await rig.settle()
        assert (await rig.rows())[0].reason == Skip.SILENCED
        assert await rig.marks() == [GIVEN_UP]


async def test_a_platform_without_the_sender_forgets_the_wish(database: Database) -> None:
    async with Taking(database, Deleting(Channel.TELEGRAM)) as rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
    async with Taking(database, Way(Channel.SMS)) as rig:
        await rig.take_back()
        await rig.settle()
        assert await rig.marks() == [GIVEN_UP]


def test_the_terms_are_those_of_the_platforms() -> None:
    assert withdrawing.TERMS[Channel.TELEGRAM].within == timedelta(hours=48)
    assert withdrawing.TERMS[Channel.TELEGRAM].within > COPIES_STAY
    assert Channel.SMS not in withdrawing.TERMS
