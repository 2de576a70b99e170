"""A test of the ways to reach somebody: one message each, at once, with a way to say OK."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from alerts.trying import OK, about_trial, try_methods
from db.session import Database
from delivery import store as ledger
from delivery.content import Content
from delivery.model import Lane, State
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, Problem, Refused
from staff import service
from staff.model import Member, Quiet, Role
from tests.stores.test_staff import CHAT, NOW, SMS, VOICE, taken_on

# Two in the morning in Oaxaca.
NIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)


async def tried(database: Database, member: Member, now: datetime = NOW) -> int:
    async with database.write() as session:
        return await try_methods(session, member, now)


async def rows(database: Database) -> list[tuple[Endpoint, State, Content]]:
    async with database.read() as session:
        found = await session.all(select(ledger.message).order_by(ledger.message.c.id))
    assert all(row["lane"] == Lane.URGENT for row in found)
    return [
        (
            Endpoint(Channel(row["channel"]), row["endpoints"].split('"')[3]),
            State(row["state"]),
            Content.unpack(row["content"]),
        )
        for row in found
    ]


async def test_each_way_gets_a_message_of_its_own(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS, VOICE)
    assert await tried(database, ana) == 3
    assert [(end, state) for end, state, _content in await rows(database)] == [
        (end, State.PENDING) for end in (CHAT, SMS, VOICE)
    ]


async def test_ok_is_the_answer_by_word_by_button_and_by_the_key_one(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    await tried(database, ana)
    ((_end, _state, content),) = await rows(database)
    assert content.buttons[0][0].data == OK
    assert [len(row) for row in content.buttons] == [1]
    assert OK in content.sms.replace(".", " ").split()
    assert " 1 " in content.spoken
    assert " 9 " in content.spoken


async def test_a_test_names_nobody_and_no_case(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    await tried(database, ana)
    ((_end, _state, content),) = await rows(database)
    for text in (content.chat, content.sms, content.spoken):
        assert not any(word in text for word in ("Ana", "IAIMO", "SOS", ana.pseudonym))


async def test_quiet_hours_hold_no_test_back(database: Database) -> None:
    ana = await taken_on(database, CHAT, quiet=Quiet(time(22), time(7)))
    assert ana.told_at(NIGHT) > NIGHT
    await tried(database, ana, NIGHT)
    async with database.read() as session:
        assert await session.scalar(select(ledger.message.c.due_at)) == NIGHT


async def test_a_test_that_has_not_left_gives_way_to_the_next(database: Database) -> None:
    ana = await taken_on(database, CHAT, SMS)
    await tried(database, ana)
    await tried(database, ana)
    states = [state for _end, state, _content in await rows(database)]
    assert states == [State.SKIPPED] * 2 + [State.PENDING] * 2


async def test_two_people_are_tried_apart(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    other = Endpoint(Channel.SMS, "+12135550102")
    beto = await taken_on(database, other, email="b@example.org")
    await tried(database, ana)
    await tried(database, beto)
    assert about_trial(ana) != about_trial(beto)
    assert {state for _end, state, _content in await rows(database)} == {State.PENDING}


async def test_there_is_nothing_to_try_of_who_has_left_or_has_no_way(database: Database) -> None:
    ana = await taken_on(database, CHAT)
    async with database.write() as session:
        gone = await service.deactivate(session, ana, NOW)
    writer = await taken_on(database, email="b@example.org", role=Role.COMMUNICATOR)
    refusals: list[tuple[Member, type[Problem]]] = [(gone, Refused), (writer, Invalid)]
    for member, refusal in refusals:
        with pytest.raises(refusal):
            await tried(database, member)
    assert await rows(database) == []
