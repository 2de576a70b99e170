"""What the end of a call to people on duty tells, and what a voicemail does."""

import pytest

from bot.calls import Answered
from db.session import Database
from delivery.model import State
from delivery.service import UNREACHED
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from kit.jobs import Wake
from tests.unit.bot.calls_rig import (
    FIRST,
    NUMBER,
    SECOND,
    Duty,
    call,
    calls_of,
    hire,
    ring,
    standing,
    woken,
)


@pytest.fixture
async def member_id(database: Database) -> int:
    return await hire(
        database, Endpoint(Channel.VOICE, NUMBER), Endpoint(Channel.SMS, "+12135550143")
    )


async def test_voicemail_hears_nothing_and_the_page_moves_on(
    database: Database, member_id: int
) -> None:
    row, wakes = await call(database), woken(database)
    machine = Answered(row, FIRST, NUMBER, by_machine=True)
    said = await calls_of(database, Duty()).answer(machine)
    assert (said.words, said.said) == ("", None)
    assert await standing(database, row) == (State.UNDELIVERED, "voicemail")
    assert Wake(UNREACHED, "page:1") in wakes


async def test_key_of_a_machine_acknowledges_nothing(database: Database, member_id: int) -> None:
    duty, row = Duty(), await call(database)
    machine = Answered(row, FIRST, NUMBER, key="1", said=1, by_machine=True)
    assert (await calls_of(database, duty).answer(machine)).words == ""
    assert duty.done == []


async def test_voicemail_that_was_completed_has_not_arrived(
    database: Database, member_id: int
) -> None:
    row, answering = await call(database), calls_of(database, Duty())
    await answering.answer(Answered(row, FIRST, NUMBER, by_machine=True))
    await answering.told(row, Receipt(FIRST, State.DELIVERED))
    assert await standing(database, row) == (State.UNDELIVERED, "voicemail")


async def test_machine_on_a_line_of_nobody_is_left(database: Database) -> None:
    for row in (None, 1000, 2**63 - 1):
        said = await calls_of(database, Duty()).answer(
            Answered(row, FIRST, NUMBER, by_machine=True)
        )
        assert (said.words, said.said) == ("", None)


async def test_completed_call_was_answered_and_acknowledges_nothing(
    database: Database, member_id: int
) -> None:
    duty, row, wakes = Duty(), await call(database), woken(database)
    await calls_of(database, duty).told(row, Receipt(FIRST, State.DELIVERED))
    assert await standing(database, row) == (State.DELIVERED, None)
    assert duty.done == []
    assert wakes == []


@pytest.mark.parametrize("code", ["busy", "no-answer", "failed", "canceled"])
async def test_call_that_nobody_took_moves_the_page_on_once(
    database: Database, member_id: int, code: str
) -> None:
    row, answering, wakes = await call(database), calls_of(database, Duty()), woken(database)
    for _time in range(3):
        await answering.told(row, Receipt(FIRST, State.UNDELIVERED, code))
    assert await standing(database, row) == (State.UNDELIVERED, code)
    assert wakes == [Wake(UNREACHED, "page:1")]


async def test_ends_of_a_call_in_the_wrong_order_change_nothing(
    database: Database, member_id: int
) -> None:
    answering = calls_of(database, Duty())
    missed = await call(database)
    await answering.told(missed, Receipt(FIRST, State.UNDELIVERED, "busy"))
    await answering.told(missed, Receipt(FIRST, State.DELIVERED))
    assert await standing(database, missed) == (State.UNDELIVERED, "busy")
    taken = await call(database, call_id=SECOND)
    await answering.answer(ring(taken, "1", 1, SECOND))
    await answering.told(taken, Receipt(SECOND, State.UNDELIVERED, "no-answer"))
    assert await standing(database, taken) == (State.DELIVERED, None)


async def test_end_of_a_call_that_nobody_knows_is_harmless(database: Database) -> None:
    answering = calls_of(database, Duty())
    for receipt in (
        Receipt(FIRST, State.UNDELIVERED, "busy"),
        Receipt("", State.DELIVERED),
        Receipt("C" * 9999, State.UNDELIVERED, "x" * 9999),
    ):
        await answering.told(2**63 - 1, receipt)
