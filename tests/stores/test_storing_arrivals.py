"""An arrival is stored although the database fails once, and once although it is told twice; what
fails is told to people, and who writes to one of our numbers is answered from it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

import bot.inbox.service
from bot.conversation import Surroundings
from bot.inbox import store
from bot.inbox.service import Inbox
from bot.inbox.store import InboundState
from db.session import Database, Session
from delivery import senders
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.stores.arrivals_rig import (
    ANA,
    BETO,
    FIRST,
    SECOND,
    WORLD,
    arrivals,
    live,
    messages_to,
    on_duty,
    texted,
)
from tests.stores.sending_rig import Lossy


@asynccontextmanager
async def units_of(database: Database) -> AsyncIterator[Lossy]:
    lossy = Lossy(database)
    lossy.begin()
    try:
        yield lossy
    finally:
        lossy.end()


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_an_arrival_is_kept_once_although_its_first_unit_failed(
    database: Database, lost: str
) -> None:
    inbox = Inbox(database, Clock(), WORLD)
    async with units_of(database) as lossy:
        if lost == "before":
            lossy.fails_before = {1}
        else:
            lossy.fails_after = {1}
        await inbox.receive(Channel.SMS, "SM1", "not what a provider sends")
    assert len(await arrivals(database)) == 1


async def test_an_arrival_costs_two_units_when_all_is_well(database: Database) -> None:
    inbox = Inbox(database, Clock(), WORLD)
    async with units_of(database) as lossy:
        lossy.fails_before = {3}
        await inbox.receive(Channel.SMS, "SM1", texted("SOS"))
        with pytest.raises(ConnectionResetError):
            async with database.write():
                """The third unit, and not one of the arrival's."""
    (row,) = await arrivals(database)
    assert row["state"] == InboundState.PROCESSED


async def test_tries_that_fail_and_end_are_not_taken_for_kills(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, clock = 0, Clock()

    async def fails(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise RuntimeError

    monkeypatch.setattr(bot.inbox.service, "converse", fails)
    await Inbox(database, clock, WORLD).receive(Channel.SMS, "SM1", texted("AYUDA"))
    for _ in range(8):
        clock.move(timedelta(minutes=11))
        assert await live(database, clock)
    (row,) = await arrivals(database)
    assert (row["state"], row["error"], tries) == (InboundState.FAILED, "RuntimeError", 6)


async def test_a_failure_that_cannot_be_written_down_is_not_taken_for_a_kill(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise ConnectionResetError

    inbox = Inbox(database, Clock(), WORLD)
    with monkeypatch.context() as patch:
        patch.setattr(bot.inbox.service, "converse", fails)
        patch.setattr(store, "put_off", fails)
        with pytest.raises(ConnectionResetError):
            await inbox.receive(Channel.SMS, "SM1", texted("AYUDA"))
        (row,) = await arrivals(database)
        for _ in range(5):
            with pytest.raises(ConnectionResetError):
                await inbox.process(str(row["id"]))
    await inbox.process(str(row["id"]))
    (row,) = await arrivals(database)
    assert row["state"] == InboundState.PROCESSED


async def fail(database: Database, clock: Clock, *ids: str) -> None:
    """Arrivals come whose senders cannot be answered."""
    inbox = Inbox(database, clock, WORLD)
    for one in ids:
        await inbox.receive(Channel.SMS, one, json.dumps({"From": "BANCO", "Body": "pague"}))


async def test_people_are_told_of_failures_once_in_ten_minutes_and_of_all(
    database: Database,
) -> None:
    await on_duty(database)
    clock = Clock()
    await fail(database, clock, *(f"SM{number}" for number in range(20)))
    for _ in range(3):
        clock.move(timedelta(minutes=3))
        await live(database, clock)
    assert len(await messages_to(database, ANA)) == 1
    clock.move(timedelta(minutes=2))
    await live(database, clock)
    notices = await messages_to(database, ANA)
    assert len(notices) == 2
    assert "20" in notices[1]["content"]
    clock.move(timedelta(days=1))
    await live(database, clock)
    assert len(await messages_to(database, ANA)) == 2, "nothing new waits"
    assert all(row["told_at"] for row in await arrivals(database))


async def test_failures_that_come_at_once_to_several_processes_are_told_of_once(
    database: Database,
) -> None:
    await on_duty(database)
    clock = Clock()
    await asyncio.gather(*(fail(database, clock, f"SM{number}") for number in range(8)))
    assert len(await messages_to(database, ANA)) == 1


async def test_a_failure_waits_until_there_is_somebody_to_tell(database: Database) -> None:
    clock = Clock()
    await fail(database, clock, "SM1")
    clock.move(timedelta(minutes=11))
    await live(database, clock)
    await on_duty(database)
    clock.move(timedelta(minutes=11))
    await live(database, clock)
    assert len(await messages_to(database, ANA)) == 1


async def test_a_clock_that_was_stepped_back_hides_no_failure(database: Database) -> None:
    await on_duty(database)
    clock = Clock()
    clock.move(timedelta(days=2))
    await fail(database, clock, "SM1")
    clock.move(timedelta(days=-2))
    await fail(database, clock, "SM2")
    assert len(await messages_to(database, ANA)) == 2


async def known_sender(session: Session, endpoint: Endpoint) -> str:
    return str(await session.scalar(select(senders.known_sender(Channel.SMS, endpoint.value))))


@pytest.mark.parametrize(
    ("numbers", "to", "sender"),
    [
        ({FIRST: "sms", SECOND: "sms-2"}, SECOND, "sms-2"),
        ({FIRST: "sms", SECOND: "sms-2"}, FIRST, "sms"),
        ({FIRST: "sms", SECOND: "sms-2"}, "+12135550199", "sms"),
        ({SECOND: "sms-2"}, SECOND, "sms"),
        ({}, SECOND, "sms"),
    ],
    ids=["second", "first", "urgent", "only one", "none"],
)
async def test_who_writes_to_one_of_several_numbers_is_answered_from_it(
    database: Database, numbers: dict[str, str], to: str, sender: str
) -> None:
    world = Surroundings(WORLD.gazetteer, WORLD.times, WORLD.privacy_url, numbers=numbers)
    inbox = Inbox(database, Clock(), world)
    await inbox.receive(Channel.SMS, "SM1", texted("AYUDA", to=to))
    (answer,) = await messages_to(database, BETO)
    assert answer["sender"] == sender
    async with database.read() as session:
        assert await known_sender(session, BETO) == sender
        kept = await session.all(select(senders.endpoint_sender))
    assert len(kept) == (sender != "sms"), "what is known already is not written"


async def test_who_writes_to_the_first_number_again_is_answered_from_the_first(
    database: Database,
) -> None:
    numbers = {FIRST: "sms", SECOND: "sms-2"}
    world = Surroundings(WORLD.gazetteer, WORLD.times, WORLD.privacy_url, numbers=numbers)
    inbox = Inbox(database, Clock(), world)
    for number, to in enumerate((SECOND, FIRST)):
        await inbox.receive(Channel.SMS, f"SM{number}", texted("AYUDA", to=to))
    answers = await messages_to(database, BETO)
    assert [answer["sender"] for answer in answers] == ["sms-2", "sms"]
