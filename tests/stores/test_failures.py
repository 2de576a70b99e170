"""Failures of people, addresses and senders: who still gets the message, by which way, and once."""

import asyncio
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from contacts import store as contacts
from db.session import Database
from delivery import senders
from delivery.breaker import TRIPS_AFTER
from delivery.model import Failure, Lane, SendError, State
from delivery.store import attempt, message
from delivery.transport import Outgoing
from kit.channels import Channel
from tests.stores.sending_rig import Rig, Way, chat, failing, is_sound, phone

STOPPED = SendError(Failure.CONTACT_STOPPED, "21610")
BLOCKED = SendError(Failure.CONTACT_STOPPED, "403")
DEAD = SendError(Failure.ADDRESS_DEAD, "30006")
BROKEN = SendError(Failure.SENDER_BROKEN, "20003")
REFUSED = SendError(Failure.CONTENT_REFUSED, "30007")
LATER = SendError(Failure.TRY_LATER, "503")
HOURS = SendError(Failure.SENDER_THROTTLED, "429", timedelta(seconds=10_072))
SOON = SendError(Failure.SENDER_THROTTLED, "429", timedelta(seconds=2))


async def sound(database: Database) -> None:
    async with database.read() as session:
        await is_sound(session)


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.REPLY])
async def test_who_stopped_the_ordinary_number_is_answered_from_the_urgent_one(
    database: Database, lane: Lane
) -> None:
    ordinary = Way(Channel.SMS, act=failing(STOPPED))
    urgent = Way(Channel.SMS, name="sms-urgent", urgent_only=True)
    async with Rig(database, ordinary, urgent) as rig:
        await rig.add(phone(1), lane=lane, about="case:1")
        await rig.becomes(State.SENT)
        assert (ordinary.asked, len(urgent.sent), rig.unreached) == (1, 1, [])
        async with database.read() as session:
            # It holds for campaigns.
            assert await contacts.opted_out(session, phone(1))
            tried = await session.all(select(attempt.c.sender).order_by(attempt.c.id))
        assert [row["sender"] for row in tried] == ["sms", "sms-urgent"]


async def test_who_stopped_the_urgent_number_too_is_said_to_be_out_of_reach(
    database: Database,
) -> None:
    ordinary = Way(Channel.SMS, act=failing(STOPPED))
    urgent = Way(Channel.SMS, act=failing(STOPPED), name="sms-urgent", urgent_only=True)
    async with Rig(database, ordinary, urgent) as rig:
        await rig.add(phone(1), lane=Lane.REPLY, about="case:1")
        await rig.becomes(State.FAILED)
        await rig.jobs.idle()
        assert rig.unreached == ["case:1"]
        assert (ordinary.asked, urgent.asked) == (1, 1)


async def test_no_campaign_ever_leaves_by_the_urgent_number(database: Database) -> None:
    ordinary = Way(Channel.SMS, act=failing(STOPPED))
    urgent = Way(Channel.SMS, name="sms-urgent", urgent_only=True)
    async with Rig(database, ordinary, urgent) as rig:
        await rig.run_to([phone(1), phone(2)])
        await rig.becomes(State.FAILED, State.FAILED)
        assert urgent.asked == 0
        await sound(database)


@pytest.mark.parametrize("refusal", [BLOCKED, DEAD])
async def test_a_row_of_a_run_goes_to_the_next_address_of_the_person_in_one_copy(
    database: Database, refusal: SendError
) -> None:
    bot, sms = Way(Channel.TELEGRAM, act=failing(refusal)), Way(Channel.SMS)
    async with Rig(database, bot, sms) as rig:
        await rig.run_to([(chat(1), phone(1)), chat(2)])
        await rig.becomes(State.SENT, State.FAILED)
        assert [one.to for one in sms.sent] == [phone(1)]
        assert bot.asked == 2
        async with database.read() as session:
            assert await contacts.opted_out(session, chat(1)) == (refusal is BLOCKED)
            assert not await contacts.opted_out(session, phone(1))
            rows = await session.all(
                select(message.c.channel, message.c.sender).order_by(message.c.id)
            )
        assert [tuple(row.values()) for row in rows] == [("sms", "sms"), ("telegram", "telegram")]
        await sound(database)


async def test_a_person_whose_every_address_fails_is_tried_by_each_once(
    database: Database,
) -> None:
    bot = Way(Channel.TELEGRAM, act=failing(BLOCKED))
    sms = Way(Channel.SMS, act=failing(DEAD))
    async with Rig(database, bot, sms) as rig:
        await rig.run_to([(chat(1), phone(1), phone(2))])
        await rig.becomes(State.FAILED)
        assert (bot.asked, sms.asked) == (1, 2)
        await sound(database)


async def test_an_address_that_died_after_the_freezing_is_not_tried_at_all(
    database: Database,
) -> None:
    bot, sms = Way(Channel.TELEGRAM), Way(Channel.SMS)
    async with Rig(database, bot, sms) as rig:
        async with database.write() as session:
            await rig.bulk_in(session, [(chat(1), phone(1)), (chat(2), phone(2))])
            await contacts.mark_dead(session, chat(1))
            # A no is a no: nobody looks for another way to somebody who has just stopped this one.
            await contacts.add_opt_out(session, chat(2), "self", "baja", rig.clock.now())
        await rig.becomes(State.SENT, State.SKIPPED)
        assert (bot.asked, [one.to for one in sms.sent]) == (0, [phone(1)])
        await sound(database)


async def test_what_a_provider_refuses_to_carry_is_not_tried_again(database: Database) -> None:
    way = Way(Channel.SMS, act=failing(REFUSED))
    async with Rig(database, way) as rig:
        await rig.run_to([phone(1)])
        await rig.becomes(State.FAILED)
        assert way.asked == 1
        async with database.read() as session:
            assert not await contacts.opted_out(session, phone(1))


async def test_a_row_whose_next_try_would_be_too_late_is_not_kept(database: Database) -> None:
    way = Way(Channel.SMS, act=failing(LATER))
    async with Rig(database, way) as rig:
        await rig.run_to([phone(1)], stale_at=rig.clock.now() + timedelta(seconds=0.3))
        await rig.becomes(State.FAILED)
        assert way.asked == 1


async def test_a_sender_that_is_refused_three_times_stops_and_is_spoken_of_once(
    database: Database,
) -> None:
    way, bot = Way(Channel.SMS, 20, failing(BROKEN)), Way(Channel.TELEGRAM)
    async with Rig(database, way, bot) as rig:
        await rig.run_to([*(phone(number) for number in range(8)), chat(1)])
        await rig.tried(way, TRIPS_AFTER)
        await rig.rests()
        # More than three, for some were under way when the third came back.
        refused = way.asked
        for _ in range(3):
            rig.clock.move(timedelta(minutes=10))
            await rig.reconciler.reconcile()
            await rig.rests()
        assert rig.broken == ["sms"]
        assert way.asked == refused, "nothing of the run is tried any more"
        states = await rig.states()
        assert states == [State.PENDING] * 8 + [State.SENT]
        assert {row.attempts for row in (await rig.rows())[:8]} == {0}
        # A page goes by the person's other address meanwhile, and the run's rows wait.
        await rig.add(phone(9), chat(9), lane=Lane.URGENT)
        await rig.becomes(*states, State.SENT)
        assert bot.sent[-1].to == chat(9)
        # Mended: the first page that has no other way knocks, passes, and the run goes on.
        way.act = None
        await rig.add(phone(10), lane=Lane.URGENT)
        await rig.becomes(*[State.SENT] * 11)
        assert rig.broken == ["sms", "sms"]
        async with database.read() as session:
            (row,) = [one for one in await senders.all_of(session) if one["name"] == "sms"]
        assert (row["failures"], row["broken_at"]) == (0, None)
        await sound(database)


async def test_refusals_with_a_success_between_them_break_nothing(database: Database) -> None:
    answers = iter([BROKEN, BROKEN, None, BROKEN, BROKEN, None])

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        answer = next(answers, None)
        if answer is not None:
            raise answer

    way = Way(Channel.SMS, act=act)
    async with Rig(database, way) as rig:
        for number in range(6):
            await rig.add(phone(number))
            await rig.tried(way, number + 1)
        assert rig.broken == []


async def test_a_breaker_is_still_open_after_a_restart(database: Database) -> None:
    way = Way(Channel.SMS, act=failing(BROKEN))
    async with Rig(database, way) as rig:
        await rig.run_to([phone(number) for number in range(4)])
        await rig.tried(way, TRIPS_AFTER)
        await rig.rests()
    asked = way.asked
    async with Rig(database, way) as rig:
        rig.clock.move(timedelta(minutes=10))
        await rig.reconciler.reconcile()
        await rig.rests()
        assert way.asked == asked
        way.act = None
        async with database.write() as session:
            await senders.close_breakers(session, [Channel.SMS])
        await rig.sending.watch()
        await rig.becomes(*[State.SENT] * 4)


async def test_being_told_to_wait_burns_no_attempt_and_outlives_a_restart(
    database: Database,
) -> None:
    way = Way(Channel.SMS, 20, failing(HOURS, 1))
    async with Rig(database, way) as rig:
        await rig.run_to([phone(number) for number in range(5)])
        await rig.tried(way)
        await rig.rests()
        assert way.asked <= 2
        asked = way.asked
        assert {row.attempts for row in await rig.rows() if row.state is State.PENDING} == {0}
    async with Rig(database, way) as rig:
        await rig.reconciler.reconcile()
        await rig.rests()
        assert way.asked == asked
        rig.clock.move(timedelta(seconds=10_073))
        await rig.becomes(*[State.SENT] * 5)
        assert {row.attempts for row in await rig.rows()} == {1}
        await sound(database)


@pytest.mark.parametrize("told", ["before", "by this very page"])
async def test_a_page_leaves_by_another_number_while_its_own_is_blocked(
    database: Database, told: str
) -> None:
    way, other = Way(Channel.SMS, act=failing(HOURS, 1)), Way(Channel.SMS, name="sms-2")
    async with Rig(database, way, other) as rig:
        if told == "before":
            await rig.add(phone(1))
            await rig.tried(way)
        await rig.add(phone(2), lane=Lane.URGENT)
        before = [State.PENDING] if told == "before" else []
        await rig.becomes(*before, State.SENT)
        assert [one.to for one in other.sent] == [phone(2)]
        assert way.asked == 1


@pytest.mark.parametrize("told", ["before", "by this very page"])
async def test_a_page_leaves_by_the_next_endpoint_while_its_sender_is_blocked(
    database: Database, told: str
) -> None:
    way, bot = Way(Channel.SMS, act=failing(HOURS, 1)), Way(Channel.TELEGRAM)
    async with Rig(database, way, bot) as rig:
        if told == "before":
            await rig.add(phone(1))
            await rig.tried(way)
        await rig.add(phone(2), chat(2), lane=Lane.URGENT)
        before = [State.PENDING] if told == "before" else []
        await rig.becomes(*before, State.SENT)
        assert [one.to for one in bot.sent] == [chat(2)]


async def test_pages_that_waited_for_their_turn_are_led_around_when_the_sender_is_blocked(
    database: Database,
) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        await gate.wait()
        raise HOURS

    way, bot = Way(Channel.SMS, 0.5, act), Way(Channel.TELEGRAM)
    async with Rig(database, way, bot) as rig:
        for number in range(4):
            await rig.add(phone(number), chat(number), lane=Lane.URGENT)
        await rig.becomes(*[State.SENDING] * 4)
        gate.set()
        await rig.becomes(*[State.SENT] * 4)
        assert way.asked == 1


async def test_a_page_waits_out_a_short_pause_of_its_own_sender(database: Database) -> None:
    way, bot = Way(Channel.SMS, act=failing(SOON, 1)), Way(Channel.TELEGRAM)
    async with Rig(database, way, bot) as rig:
        await rig.add(phone(1), chat(1), lane=Lane.URGENT)
        await rig.becomes(State.SENT)
        assert (way.asked, bot.asked) == (2, 0)


async def test_a_page_without_another_way_leaves_when_its_sender_may_again(
    database: Database,
) -> None:
    way = Way(Channel.SMS, act=failing(HOURS, 1))
    async with Rig(database, way) as rig:
        await rig.add(phone(1), lane=Lane.URGENT)
        await asyncio.sleep(0.3)
        await rig.reconciler.reconcile()
        assert (way.asked, await rig.states()) == (1, [State.PENDING])
        rig.clock.move(timedelta(seconds=10_073))
        await rig.becomes(State.SENT)


async def test_three_pages_leave_one_after_the_other_while_a_run_goes_on(
    database: Database,
) -> None:
    way = Way(Channel.SMS, 1)
    async with Rig(database, way) as rig:
        await rig.run_to([phone(number) for number in range(20)])
        await rig.tried(way, 2)
        await rig.add_all(*(phone(number) for number in (91, 92, 93)), lane=Lane.URGENT)
        before = len(way.sent)
        lanes = await rig.left(way, Lane.URGENT, 3)
        first = lanes.index(Lane.URGENT)
        assert first - before <= 2, "not when the run is over"
        assert lanes[first : first + 3] == [Lane.URGENT] * 3


async def test_a_page_overtakes_the_replies_that_wait_and_they_a_run(database: Database) -> None:
    way = Way(Channel.SMS, 2)
    async with Rig(database, way) as rig:
        await rig.run_to([phone(number) for number in range(10)])
        await rig.add_all(*(phone(number) for number in range(20, 32)))
        await asyncio.sleep(0.6)
        await rig.add(phone(91), lane=Lane.URGENT)
        before = len(way.sent)
        lanes = await rig.left(way, Lane.URGENT)
        assert lanes.count(Lane.BULK) <= 2
        # What had its turn within a second when the page came, and what was being looked at.
        assert lanes.index(Lane.URGENT) - before <= 4


async def test_a_run_stands_back_when_a_page_leaves_late_and_goes_on_later(
    database: Database,
) -> None:
    way = Way(Channel.SMS, 20)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            late = await rig.add_in(session, phone(90), lane=Lane.URGENT)
        rig.clock.move(timedelta(seconds=3))
        await rig.sending.watch()
        await rig.run_to([phone(number) for number in range(4)])
        await rig.becomes(State.SENT, *[State.PENDING] * 4)
        await asyncio.sleep(0.3)
        assert [one.message_id for one in way.sent] == [late]
        async with database.read() as session:
            assert await senders.held_until(session, rig.clock.now()) is not None
        # A reply is not held up by it.
        await rig.add(phone(91))
        await rig.becomes(State.SENT, *[State.PENDING] * 4, State.SENT)
        async with database.read() as session:
            assert await senders.held_until(session, rig.clock.now()) is not None
        rig.clock.move(timedelta(seconds=11))
        await rig.becomes(*[State.SENT] * 6)


async def test_what_is_claimed_when_a_run_must_stand_back_still_keeps_its_turn(
    database: Database,
) -> None:
    way = Way(Channel.SMS, 0.5)
    async with Rig(database, way) as rig:
        async with database.write() as session:
            await rig.bulk_in(session, [phone(1), phone(2)])
            found = await rig.claim_in(session, Lane.BULK)
        rig.sending._flights.held |= {row.id for row in found}
        # Both of them are granted at once, the second two seconds after the first.
        await rig.sending._launch(Lane.BULK, "sms", found)
        rig.sending._tempo.hold_bulk("sms", rig.clock.now() + timedelta(seconds=30))
        await asyncio.sleep(0.5)
        assert len(way.sent) == 1


async def test_one_chat_is_not_written_to_faster_than_it_may_be(database: Database) -> None:
    left: list[float] = []

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        left.append(time.monotonic())

    way = Way(Channel.TELEGRAM, act=act)
    async with Rig(database, way) as rig:
        await rig.add_all(*[chat(1)] * 6, *(chat(number) for number in range(2, 8)))
        await rig.becomes(*[State.SENT] * 12)
        # The others have theirs before the last two of the one, of which the last waits for two
        # seconds; a busy machine may be late with the first.
        assert [one.to for one in way.sent[-2:]] == [chat(1)] * 2
        assert left[-1] - left[0] > 1
