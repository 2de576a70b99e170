"""Calls to people on duty: what is said, what a key does, and what is no acknowledgement."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from alerts import texts
from alerts.commands import Act, CaseCommand
from alerts.model import Times
from bot.calls import TIMES_AGAIN, Answered, Calls
from db.session import Database, Session
from delivery import service as delivery
from delivery.content import Button, Content, Params
from delivery.model import Lane, NewMessage, State
from delivery.service import UNREACHED
from delivery.store import attempt, message
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.jobs import Wake
from locales.catalog import render
from locales.text import Text
from staff import store as staff
from staff.model import Member, Method, Role

NOW = datetime.fromisoformat("2026-11-25T16:00:00+00:00")
NUMBER = "+12135550142"
TIMES = Times(timedelta(minutes=5), timedelta(minutes=10))
PAGE = Content(
    chat="chat",
    sms="sms K7M2QT",
    spoken="Caso K 7 M 2 Q T. Oprima 1 para tomarlo, 2 para pasarlo, 9 para repetir.",
    buttons=((Button("Tomar", "A:K7M2QT"), Button("Pasar", "P:K7M2QT")),),
)
FIRST = "CA" + "0" * 31 + "1"
SECOND = "CA" + "0" * 31 + "2"


class Duty:
    """What the commands of staff do, noted; `answers` come one after the other."""

    def __init__(self, *answers: Text | Exception) -> None:
        self.answers = list(answers) or [texts.ACCEPTED_BY_YOU]
        self.done: list[tuple[int, Act, str]] = []

    async def act(
        self, session: Session, member: Member, command: CaseCommand, times: Times, now: datetime
    ) -> tuple[Text, Params]:
        del session, times, now
        self.done.append((member.id, command.act, command.folio))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        params = {"safety": texts.SAFETY_WORDS["yes"], "colleague": "Alba", "minutes": 30}
        return answer, params


def calls_of(database: Database, duty: Duty) -> Calls:
    clock = Clock()
    clock.move(NOW - clock.now())
    return Calls(database, clock, TIMES, duty.act)


async def hire(database: Database, *endpoints: Endpoint) -> int:
    async with database.write() as session:
        methods = [Method(one) for one in endpoints]
        return await staff.add(session, "Ana", "ana@example.org", Role.DUTY, "Alba", methods, NOW)


async def call(
    database: Database,
    content: Content = PAGE,
    to: Endpoint | None = None,
    *,
    state: State = State.SENT,
    call_id: str = FIRST,
) -> int:
    """A call that was placed; gives its row."""
    to = to or Endpoint(Channel.VOICE, NUMBER)
    async with database.write() as session:
        new = NewMessage((to,), content, Lane.URGENT, about="page:1")
        row = await delivery.queue(session, new, NOW)
        await session.execute(update(message).where(message.c.id == row).values(state=state))
        if state in (State.SENT, State.UNDELIVERED):
            values = {"message_id": row, "channel": to.channel, "sender": "voice", "position": 0}
            await session.execute(
                attempt.insert().values(
                    **values, at=NOW, outcome=State.SENT, code="", provider_id=call_id
                )
            )
    return row


async def standing(database: Database, row: int) -> tuple[str, str | None]:
    async with database.read() as session:
        found = await session.first(
            select(message.c.state, message.c.reason).where(message.c.id == row)
        )
    assert found is not None
    return found["state"], found["reason"]


async def written(database: Database) -> Sequence[str]:
    """To which channels something was written that has not left."""
    async with database.read() as session:
        rows = await session.all(
            select(message.c.channel).where(message.c.state == State.PENDING).order_by(message.c.id)
        )
    return [row["channel"] for row in rows]


def woken(database: Database) -> list[Wake]:
    found: list[Wake] = []
    database.after_commit(found.append)
    return found


def ring(row: int | None, key: str = "", said: int = 0, call_id: str = FIRST) -> Answered:
    return Answered(row, call_id, NUMBER, key=key, said=said)


def words(key: str) -> str:
    return render(key, "es")


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
