"""A call that is being placed is ended, and one that was heard is not."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from db.session import Database
from delivery.model import Lane, State
from delivery.store import message
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from tests.stores.sending_rig import chat
from tests.stores.withdrawing_rig import DONE, GIVEN_UP, WAITS, Deleting, Taking


def call_to(number: int) -> Endpoint:
    """Somebody's phone, to be called."""
    return Endpoint(Channel.VOICE, f"+121355501{number:02}")


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
