"""Taking messages back: when it is time, from where they are, and however badly it goes."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from db.session import Database
from delivery import claims, holding, senders, store, withdrawing
from delivery.checking import Checking
from delivery.claims import Claimant
from delivery.history import about_of, sent_count
from delivery.model import Failure, Lane, NewMessage, SendError, Skip, State
from delivery.recovery import ASKED_AFTER
from delivery.service import WITHDRAW, queue
from delivery.store import message
from delivery.taking_back import BATCH, NEXT_TRY
from delivery.transport import Outgoing
from delivery.withdrawing import COPIES_STAY, withdraw_about, withdraw_to
from kit.channels import Channel, Endpoint
from tests.stores.sending_rig import HELLO, Act, Rig, TracedWay, Way, chat, failing, is_sound, phone

ABOUT = "case:7"
LATER = SendError(Failure.TRY_LATER, "503")
LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
GONE = SendError(Failure.CONTENT_REFUSED, "chat_not_found")


def call_to(number: int) -> Endpoint:
    """Somebody's phone, to be called."""
    return Endpoint(Channel.VOICE, f"+121355501{number:02}")


class Deleting(Way):
    """A sender that can take back what it sent, after `refuses` have let it."""

    def __init__(
        self, channel: Channel, rate: float = 1000, act: Act | None = None, name: str | None = None
    ) -> None:
        super().__init__(channel, rate, act, name=name)
        self.refuses: list[BaseException] = []
        self.gone: set[str] = set()
        self.wanted: list[tuple[Endpoint, str]] = []
        self.at: list[float] = []

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        self.wanted.append((to, provider_id))
        self.at.append(asyncio.get_running_loop().time())
        if self.refuses:
            raise self.refuses.pop(0)
        return provider_id not in self.gone


class Taking(Rig):
    """Senders that also take back."""

    def __init__(self, database: Database, *ways: Way) -> None:
        super().__init__(database, *ways)
        self.jobs.handler(WITHDRAW, self.sending.withdraw)

    async def write(
        self,
        *to: Endpoint,
        withdraw_at: datetime | None = None,
        due_at: datetime | None = None,
        lane: Lane = Lane.REPLY,
    ) -> int:
        new = NewMessage(to, HELLO, lane, due_at=due_at, about=ABOUT, withdraw_at=withdraw_at)
        async with self.database.write() as session:
            return await queue(session, new, self.clock.now())

    async def take_back(
        self, *, channel: Channel | None = None, to: Endpoint | None = None
    ) -> None:
        async with self.database.write() as session:
            await withdraw_about(session, ABOUT, self.clock.now(), channel=channel, to=to)

    async def take_back_from(self, endpoint: Endpoint) -> None:
        async with self.database.write() as session:
            await withdraw_to(session, endpoint, self.clock.now())

    async def settle(self) -> None:
        """Let what is due be done, and reconcile once more."""
        for _ in range(2):
            await self.reconciler.reconcile()
            await self.jobs.idle()
        async with self.database.read() as session:
            await is_sound(session)

    async def marks(self) -> list[tuple[bool, bool]]:
        """Of each row, whether it is still to be taken back, and whether it was."""
        async with self.database.read() as session:
            rows = await session.all(
                select(message.c.withdraw_at, message.c.withdrawn_at).order_by(message.c.id)
            )
        return [(row["withdraw_at"] is not None, row["withdrawn_at"] is not None) for row in rows]


WAITS, DONE, GIVEN_UP = (True, False), (False, True), (False, False)


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


async def test_a_call_that_is_being_placed_is_ended_as_soon_as_it_rings(database: Database) -> None:
    gate = asyncio.Event()

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        await gate.wait()

    way = Deleting(Channel.VOICE, act=act)
    async with Taking(database, way) as rig:
        await rig.write(call_to(1), lane=Lane.URGENT)
        await rig.becomes(State.SENDING)
        await rig.take_back(channel=Channel.VOICE)
        await rig.reconciler.reconcile()
        await rig.jobs.idle()
        assert (way.wanted, await rig.marks()) == ([], [WAITS])
        gate.set()
        # Nobody reconciles here: it is looked for again by itself.
        while await rig.states() != [State.SENT]:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.05)
        rig.clock.move(timedelta(seconds=2))
        await rig.jobs.idle()
        assert [to for to, _ in way.wanted] == [call_to(1)]
        assert await rig.marks() == [DONE]


async def test_only_the_calls_about_something_are_ended(database: Database) -> None:
    calls, chats = Deleting(Channel.VOICE), Deleting(Channel.TELEGRAM)
    async with Taking(database, calls, chats) as rig:
        await rig.write(call_to(1), lane=Lane.URGENT)
        await rig.write(chat(1), lane=Lane.URGENT)
        await rig.becomes(State.SENT, State.SENT)
        await rig.take_back(channel=Channel.VOICE)
        await rig.settle()
        assert await rig.marks() == [DONE, GIVEN_UP]
        assert chats.wanted == []


async def test_a_call_that_was_heard_is_not_cut_off(database: Database) -> None:
    way = Deleting(Channel.VOICE)
    async with Taking(database, way) as rig:
        await rig.write(call_to(1), lane=Lane.URGENT)
        await rig.becomes(State.SENT)
        async with database.write() as session:
            await session.execute(update(message).values(state=State.DELIVERED))
        await rig.take_back(channel=Channel.VOICE)
        await rig.settle()
        assert way.wanted == []


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


async def test_what_a_message_was_about_is_found_by_its_id_in_that_chat(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        first = await rig.write(chat(1))
        await rig.add(chat(2))
        await rig.becomes(State.SENT, State.SENT)
        known, now = f"p1-{first}", rig.clock.now()
        async with database.read() as session:
            assert await about_of(session, chat(1), known, now) == ABOUT
            assert await about_of(session, chat(2), known, now) is None
            assert await about_of(session, chat(1), "404", now) is None
            assert await about_of(session, chat(1), known, now + timedelta(days=8)) is None
            assert await sent_count(session, chat(1), now - timedelta(hours=48)) == 1
        await rig.take_back()
        await rig.settle()
        async with database.read() as session:
            assert await sent_count(session, chat(1), now - timedelta(hours=48)) == 0


async def test_an_answer_to_an_edited_message_is_about_its_newest_words(
    database: Database,
) -> None:
    async with Taking(database, Deleting(Channel.TELEGRAM)) as rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
        await rig.add(chat(1), about="case:8")
        await rig.becomes(State.SENT, State.SENT)
        async with database.write() as session:
            await session.execute(text("UPDATE attempt SET provider_id = 'same'"))
            assert await about_of(session, chat(1), "same", rig.clock.now()) == "case:8"


def test_the_terms_are_those_of_the_platforms() -> None:
    assert withdrawing.TERMS[Channel.TELEGRAM].within == timedelta(hours=48)
    assert withdrawing.TERMS[Channel.TELEGRAM].within > COPIES_STAY
    assert Channel.SMS not in withdrawing.TERMS
