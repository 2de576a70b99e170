"""Calls to people on duty: what is said, and what a key does."""

import pytest
from sqlalchemy import select, update

from alerts import texts
from alerts.commands import Act
from bot.calls import TIMES_AGAIN, Answered
from db.session import Database
from delivery.content import Button, Content
from delivery.model import State
from delivery.store import message
from kit.channels import Channel, Endpoint
from locales.text import Text
from staff import store as staff
from tests.unit.bot.calls_rig import (
    FIRST,
    NOW,
    NUMBER,
    PAGE,
    SECOND,
    Duty,
    call,
    calls_of,
    hire,
    ring,
    standing,
    words,
    written,
)


@pytest.fixture
async def member_id(database: Database) -> int:
    return await hire(
        database, Endpoint(Channel.VOICE, NUMBER), Endpoint(Channel.SMS, "+12135550143")
    )


async def test_who_answers_hears_the_words_and_is_asked_for_a_key(
    database: Database, member_id: int
) -> None:
    duty = Duty()
    said = await calls_of(database, duty).answer(ring(await call(database)))
    assert (said.words, said.said) == (PAGE.spoken, 1)
    assert duty.done == []


async def test_one_accepts_and_hears_that_the_case_is_theirs(
    database: Database, member_id: int
) -> None:
    duty, row = Duty(), await call(database)
    said = await calls_of(database, duty).answer(ring(row, "1", 1))
    assert duty.done == [(member_id, Act.ACCEPT, "K7M2QT")]
    assert (said.words, said.said) == (words("call.yours"), None)
    assert await standing(database, row) == (State.DELIVERED, None)


async def test_details_are_written_where_they_can_be_read(
    database: Database, member_id: int
) -> None:
    await calls_of(database, Duty()).answer(ring(await call(database), "1", 1))
    assert await written(database) == [Channel.SMS]


async def test_two_passes_on(database: Database, member_id: int) -> None:
    duty = Duty(texts.PASSED_ON)
    said = await calls_of(database, duty).answer(ring(await call(database), "2", 1))
    assert duty.done == [(member_id, Act.PASS_ON, "K7M2QT")]
    assert (said.words, said.said) == (words("call.passed_on"), None)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (texts.ALREADY_YOURS, "call.yours"),
        (texts.TAKEN_BY_OTHER, "call.taken"),
        (texts.ALREADY_CLOSED, "call.closed"),
        (texts.NOT_YOURS, "call.written"),
        (texts.UNKNOWN_FOLIO, "call.written"),
    ],
)
async def test_outcome_is_spoken_in_the_same_call(
    database: Database, member_id: int, answer: Text, key: str
) -> None:
    said = await calls_of(database, Duty(answer)).answer(ring(await call(database), "1", 1))
    assert (said.words, said.said) == (words(key), None)


async def test_pressing_a_key_confirms_that_the_number_leads_to_them(
    database: Database, member_id: int
) -> None:
    row = await call(database)
    answering = calls_of(database, Duty())
    await answering.answer(ring(row))
    await answering.answer(ring(row, "9", 1))
    async with database.read() as session:
        before = await staff.get(session, member_id)
    await answering.answer(ring(row, "1", 1))
    async with database.read() as session:
        after = await staff.get(session, member_id)
    assert before is not None
    assert after is not None
    assert [one.confirmed_at is None for one in before.methods] == [True, True]
    assert [one.confirmed_at is None for one in after.methods] == [False, True]


async def test_nine_says_it_again_as_often_as_they_like(database: Database, member_id: int) -> None:
    duty, row = Duty(), await call(database)
    answering = calls_of(database, duty)
    for _time in range(20):
        said = await answering.answer(ring(row, "9", 2))
        assert (said.words, said.said) == (PAGE.spoken, 2)
    assert duty.done == []


@pytest.mark.parametrize(
    "key", ["", "3", "8", "0", "#", "*", "11", "12", "A", "²", "１", "\0", "1" * 9999]
)
async def test_silence_and_other_keys_say_it_again_three_times_and_then_it_ends(
    database: Database, member_id: int, key: str
) -> None:
    duty, row = Duty(), await call(database)
    answering = calls_of(database, duty)
    heard, said = 0, await answering.answer(ring(row))
    while said.said is not None:
        assert said.words == PAGE.spoken
        heard += 1
        assert heard < 10
        said = await answering.answer(ring(row, key, said.said))
    assert (heard, said.words) == (1 + TIMES_AGAIN, "")
    assert duty.done == []
    assert await standing(database, row) == (State.SENT, None)
    assert await written(database) == []


async def test_repeated_webhook_changes_nothing_and_says_the_same(
    database: Database, member_id: int
) -> None:
    duty = Duty(texts.PASSED_ON, RuntimeError("done twice"))
    row, answering = await call(database), calls_of(database, duty)
    heard = {(await answering.answer(ring(row, "2", 1))).words for _time in range(3)}
    assert heard == {words("call.passed_on")}
    assert len(duty.done) == 1
    assert await written(database) == [Channel.SMS]


async def test_one_call_has_one_answer(database: Database, member_id: int) -> None:
    duty = Duty(texts.PASSED_ON, texts.ACCEPTED_BY_YOU)
    row, answering = await call(database), calls_of(database, duty)
    await answering.answer(ring(row, "2", 1))
    said = await answering.answer(ring(row, "1", 1))
    assert said.words == words("call.passed_on")
    assert len(duty.done) == 1


async def test_another_call_of_the_same_row_is_answered_anew(
    database: Database, member_id: int
) -> None:
    duty = Duty(texts.PASSED_ON, texts.ACCEPTED_BY_YOU)
    row, answering = await call(database), calls_of(database, duty)
    await answering.answer(ring(row, "2", 1))
    said = await answering.answer(ring(row, "1", 1, SECOND))
    assert said.words == words("call.yours")
    assert [act for _member, act, _folio in duty.done] == [Act.PASS_ON, Act.ACCEPT]


@pytest.mark.parametrize("state", [State.PENDING, State.UNCERTAIN, State.FAILED, State.UNDELIVERED])
async def test_key_shows_that_a_call_thought_lost_has_arrived(
    database: Database, member_id: int, state: State
) -> None:
    row = await call(database, state=state)
    said = await calls_of(database, Duty()).answer(ring(row, "1", 1))
    assert said.words == words("call.yours")
    assert await standing(database, row) == (State.DELIVERED, None)


async def test_call_in_which_a_key_was_pressed_is_not_cut_off(
    database: Database, member_id: int
) -> None:
    row = await call(database)
    async with database.write() as session:
        await session.execute(update(message).where(message.c.id == row).values(withdraw_at=NOW))
    await calls_of(database, Duty()).answer(ring(row, "1", 1))
    async with database.read() as session:
        query = select(message.c.withdraw_at).where(message.c.id == row)
        assert await session.scalar(query) is None


async def test_what_fails_is_said_without_details_and_changes_nothing(
    database: Database, member_id: int
) -> None:
    duty = Duty(RuntimeError("+12135550142 Ana"), texts.ACCEPTED_BY_YOU)
    row, answering = await call(database), calls_of(database, duty)
    said = await answering.answer(ring(row, "1", 1))
    assert (said.words, said.said) == (words("call.failed"), None)
    assert await standing(database, row) == (State.SENT, None)
    assert await written(database) == []
    # Twilio asks once more: nothing was kept of the first time.
    assert (await answering.answer(ring(row, "1", 1))).words == words("call.yours")


async def test_database_that_is_gone_is_said_too(database: Database, member_id: int) -> None:
    row = await call(database)
    answering = calls_of(database, Duty())
    async with database.write() as session:
        await session.execute(
            update(message).where(message.c.id == row).values(content="no content")
        )
    assert (await answering.answer(ring(row))).words == words("call.failed")


@pytest.mark.parametrize(
    "to", ["", "+12135550143", "+1213555014", "12135550142x", "\0", "9" * 9999]
)
async def test_call_to_another_number_is_told_nothing(
    database: Database, member_id: int, to: str
) -> None:
    duty, row = Duty(), await call(database)
    for key in ("", "1"):
        said = await calls_of(database, duty).answer(Answered(row, FIRST, to, key=key))
        assert (said.words, said.said) == (words("call.unknown"), None)
    assert duty.done == []


async def test_old_form_of_a_mexican_number_is_the_same_number(database: Database) -> None:
    mexican = Endpoint(Channel.VOICE, "+529515550142")
    await hire(database, mexican)
    row = await call(database, to=mexican)
    said = await calls_of(database, Duty()).answer(Answered(row, FIRST, "+5219515550142"))
    assert said.words == PAGE.spoken


async def test_row_that_is_no_call_is_told_nothing(database: Database, member_id: int) -> None:
    sms = await call(database, to=Endpoint(Channel.SMS, NUMBER), state=State.DELIVERED)
    duty = Duty()
    for row in (sms, sms + 1000, 2**63 - 1, None):
        for key in ("", "1"):
            said = await calls_of(database, duty).answer(ring(row, key))
            assert (said.words, said.said) == (words("call.unknown"), None)
    assert duty.done == []


async def test_key_of_somebody_who_works_here_no_more_does_nothing(
    database: Database, member_id: int
) -> None:
    duty, row = Duty(), await call(database)
    async with database.write() as session:
        await staff.change(session, member_id, {"active": False})
    said = await calls_of(database, duty).answer(ring(row, "1", 1))
    assert (said.words, said.said) == (words("call.failed"), None)
    assert duty.done == []


@pytest.mark.parametrize(
    "data",
    ["", "menu:sos", "A:nada", "{}", "A" * 9999, "E:K7M2QT", "C:K7M2QT", "R:K7M2QT", "V:K7M2QT"],
)
async def test_button_that_is_not_for_keys_is_pressed_in_vain(
    database: Database, member_id: int, data: str
) -> None:
    content = Content("chat", "sms", ((Button("?", data),),), spoken="Oprima 1")
    duty = Duty()
    said = await calls_of(database, duty).answer(ring(await call(database, content), "1", 1))
    assert (said.words, said.said) == ("Oprima 1", 2)
    assert duty.done == []


async def test_keys_are_counted_through_the_rows_of_buttons(
    database: Database, member_id: int
) -> None:
    folios = ("K7M2QT", "K7M2QT", "K7M2QT")
    buttons = tuple((Button(str(at), f"A:{one}"),) for at, one in enumerate(folios))
    content = Content("chat", "sms", (*buttons, (Button("Pasar", "P:K7M2QT"),)), spoken="Cuatro")
    duty = Duty()
    await calls_of(database, duty).answer(ring(await call(database, content), "4", 1))
    assert [act for _member, act, _folio in duty.done] == [Act.PASS_ON]


async def test_call_without_spoken_words_says_those_of_the_sms(
    database: Database, member_id: int
) -> None:
    row = await call(database, Content("chat", "K7M2QT vida en riesgo"))
    assert (await calls_of(database, Duty()).answer(ring(row))).words == "K7M2QT vida en riesgo"
