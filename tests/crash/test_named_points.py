"""`kill -9` at each named point of each conversation: nothing is lost, nothing is done twice.

Run with `-rP` to see the tables.
"""

import signal
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from kit.channels import Channel, Endpoint
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import Arrival, from_chat
from tests.crash.books import read_ledger
from tests.crash.conversations import (
    CONVERSATIONS,
    CallForHelp,
    CampaignStart,
    Conversation,
)
from tests.crash.stage import Stage, stage_of
from tests.standins.faults import Fault, Script
from tests.standins.telegram import text_update

pytestmark = pytest.mark.xdist_group("crash")

STORED, COMMITTED = "inbox.stored", "inbox.committed"
CLAIMED, ANSWERED = "delivery.claimed", "delivery.answered"
FROZEN = "campaigns.step"
TAKEN = "taken by the provider"
IN_AIR = frozenset({CLAIMED, TAKEN, ANSWERED})
SLOW = 25
"""Messages a second, so that a campaign is killed in its midst."""


def points(conversation: Conversation) -> Sequence[str]:
    """The points that a conversation passes."""
    first = (FROZEN,) if isinstance(conversation, CampaignStart) else (STORED, COMMITTED)
    return (*first, CLAIMED, TAKEN, ANSWERED)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one.name)
async def test_a_kill_at_any_point_loses_nothing_and_repeats_nothing(
    conversation: Conversation, tmp_path: Path, born: Nursery
) -> None:
    """A life that ends at the point, then one that mends it and leads up to the next."""
    async with stage_of(born, tmp_path, rate=SLOW) as stage:
        await conversation.set_up(stage)
        unconfirmed: list[Arrival] = []
        places = points(conversation)
        for turn, point in enumerate(places):
            async with stage.life() as life:
                await mend(stage, unconfirmed)
                await conversation.lead_up(stage, turn)
                await stage.settle()
                if point == TAKEN:
                    unconfirmed = await act_and_hang(stage, conversation, turn)
                await life.kill()
            if point == TAKEN:
                await let_go(stage)
            else:
                arrival = await conversation.act(stage, turn)
                unconfirmed = await act_and_die(stage, point, arrival)
            found = await stage.autopsy()
            assert bool(found) is (point in IN_AIR), f"the kill at {point} fell elsewhere"
        async with stage.life():
            await mend(stage, unconfirmed)
            await stage.settle()
            await close_books(stage, conversation, len(places))
    print(stage.books.table(conversation.name))
    stage.books.check()
    assert stage.books.kills == len(places)


@pytest.mark.parametrize("point", [STORED, COMMITTED])
async def test_an_update_that_was_polled_is_confirmed_only_when_it_is_stored(
    point: str, tmp_path: Path, born: Nursery
) -> None:
    """Telegram gives an update again for as long as it was not confirmed."""
    conversation = CallForHelp("SOS by polling", by_chat=True)
    async with stage_of(born, tmp_path, settings={"TELEGRAM_MODE": "polling"}) as stage:
        await conversation.set_up(stage)
        (who, *_) = conversation.answers(0)
        update = text_update(int(who.value), "SOS mi hermana no contesta")
        await stage.standins.push_update(update)
        assert not await act_and_die(stage, point, None)
        await stage.autopsy()
        stage.post.brought.append(from_chat(update))
        async with stage.life():
            await stage.mailbox.reads(who.value, "Recibido, folio")
            await stage.settle()
            await close_books(stage, conversation, 1)
    print(stage.books.table(f"{conversation.name}, {point}"))
    stage.books.check()


async def mend(stage: Stage, unconfirmed: Sequence[Arrival]) -> None:
    """The provider brings once more what it got no 200 for."""
    for arrival in unconfirmed:
        await stage.post.bring(arrival)


async def act_and_die(stage: Stage, point: str, arrival: Arrival | None) -> list[Arrival]:
    """A life that ends at a point of the program; gives what was not confirmed."""
    life = stage.life(TEQUIO_KILL_AT=point)
    try:
        await life.go()
        left: list[Arrival] = []
        if arrival is not None:
            await life.ready()
            if not await stage.post.once(arrival):
                left.append(arrival)
        assert await life.ended() == -signal.SIGKILL
    finally:
        await life.kill()
    return left


async def act_and_hang(stage: Stage, conversation: Conversation, turn: int) -> list[Arrival]:
    """Wait until a provider has taken a message without answering; gives what was not confirmed."""
    who = conversation.whom_to_keep_waiting(turn)
    recipient = None if who is None else who.value
    hold = Script(Fault.hang(taken=True), calls=None, recipient=recipient)
    by_phone = who is not None and who.channel is Channel.SMS
    url = stage.standins.twilio_url if by_phone else stage.standins.telegram_url
    await stage.standins.script(url, hold)
    arrival = await conversation.act(stage, turn)
    confirmed = arrival is None or await stage.post.once(arrival)
    await stage.standins.wait_until_hanging(url, timeout=30)
    return [] if confirmed or arrival is None else [arrival]


async def let_go(stage: Stage) -> None:
    """The providers answer again, into the void first."""
    for url in (stage.standins.telegram_url, stage.standins.twilio_url):
        await stage.standins.clear(url)
        await stage.standins.release(url)


async def close_books(stage: Stage, conversation: Conversation, turns: int) -> None:
    """All accounts of a conversation that was told so many times."""
    await stage.keep_books()
    expected: dict[Endpoint, list[str]] = defaultdict(list)
    async with stage.database() as database, database.read() as session:
        rows = await read_ledger(session)
        for turn in range(turns):
            await conversation.count(session, stage, turn)
            for who, fragments in conversation.answers(turn).items():
                expected[who] += fragments
    for who, wanted in expected.items():
        written = [row for row in rows if row.to == who.value]
        stage.books.answers(f"somebody by {who.channel}", written, wanted)
    stage.count_uncertain(rows)
