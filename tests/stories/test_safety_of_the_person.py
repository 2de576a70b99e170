"""Whoever calls for help is heard in every word, and not written to when that may expose them."""

import asyncio

import pytest

from alerts.model import EntryKind, MayWrite
from alerts.timeline import of_case as timeline
from bot.inbox import answering, letters
from delivery.model import Failure, SendError
from delivery.transport import Outgoing
from kit.channels import Channel
from kit.errors import Refused
from staff import store as staff
from tests.standins.faults import Fault
from tests.stories.test_calling_for_help import kinds_of, only_case, open_cases
from tests.stories.world import Chat, Phone, World

MOTHER = "+12135550121"
SON = 900_121
ANA = 900_001


def drop(world: World) -> None:
    """What was sent until now is not what this story is about."""
    world.telegram.take_unexpected()
    world.twilio.take_unexpected()


def nothing_but_pages(world: World) -> None:
    """Ana, on duty, may be paged; nobody else is written to."""
    assert all(sent.chat_id == ANA for sent in world.telegram.take_unexpected())
    world.nothing_else()


async def calls(world: World, person: Phone | Chat, words: str = "SOS") -> None:
    """Ana is on duty and paged; what was answered is another story."""
    await world.duty("Ana", chat=ANA)
    await person.says(words)
    drop(world)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("2, me pegan", MayWrite.NO),
        ("1. Nogales Sonora", MayWrite.YES),
        ("no, estoy encerrada", MayWrite.NO),
    ],
)
async def test_what_is_told_beside_a_yes_or_a_no_joins_the_case(
    world: World, said: str, answer: MayWrite
) -> None:
    await calls(world, world.phone(MOTHER))
    await world.phone(MOTHER).says(said)
    drop(world)
    case = await only_case(world)
    async with world.database.read() as session:
        assert said in [entry.body for entry in await timeline(session, case.id)]
    assert case.may_write is answer


async def test_a_photo_with_a_yes_under_it_is_a_photo_and_a_yes(world: World) -> None:
    await calls(world, world.chat(SON))
    await world.chat(SON).sends_photo("si")
    drop(world)
    case = await only_case(world)
    assert EntryKind.MEDIA in await kinds_of(world, case)
    assert case.may_write is MayWrite.YES


@pytest.mark.parametrize("before", ["ya estoy bien", "estoy en la central con mi niña"])
@pytest.mark.parametrize("no", ["2", "no"])
async def test_a_no_is_a_no_whatever_was_said_before_it(world: World, before: str, no: str) -> None:
    await calls(world, world.chat(SON))
    son = world.chat(SON)
    await son.says(before)
    drop(world)
    await son.says(no)
    await son.reads("Gracias")
    assert (await only_case(world)).may_write is MayWrite.NO
    await world.later(minutes=11)
    nothing_but_pages(world)


async def test_silence_reaches_an_answer_that_waits_for_another_try(world: World) -> None:
    world.twilio.faults.for_recipient(MOTHER, Fault.answer(500, {}))
    await calls(world, world.phone(MOTHER), "no me dejan salir")
    await world.phone(MOTHER).says("no me escriban, me revisa el celular")
    world.twilio.faults.clear()
    assert (await only_case(world)).silenced
    await world.later(minutes=30)
    nothing_but_pages(world)


async def test_silence_reaches_a_message_that_the_provider_is_about_to_refuse(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def refuses_late(_: Outgoing) -> str:
        taken.set()
        await go_on.wait()
        raise SendError(Failure.TRY_LATER)

    await calls(world, world.phone(MOTHER))
    with monkeypatch.context() as patch:
        patch.setattr(world.platform.ways.all[Channel.SMS], "send", refuses_late)
        numbers = asyncio.create_task(world.later(minutes=10, seconds=1))
        await asyncio.wait_for(taken.wait(), 5)
        await world.phone(MOTHER).tells("SALIR")
        assert (await only_case(world)).silenced
        go_on.set()
        await numbers
    await world.later(minutes=5)
    nothing_but_pages(world)


@pytest.mark.parametrize(
    "said",
    [["¿cuánto cuesta traer a mi papá?", "SOS", "SALIR"], ["me revisa el celular mi esposo"]],
)
async def test_staff_cannot_write_to_who_asked_for_silence(world: World, said: list[str]) -> None:
    ana_id = await world.duty("Ana", chat=ANA)
    for words in said:
        await world.phone(MOTHER).says(words)
    drop(world)
    now = world.platform.clock.now()
    async with world.database.write() as session:
        (letter,) = await letters.to_read(session)
        ana = await staff.get(session, ana_id)
        assert ana is not None
        with pytest.raises(Refused):
            await answering.answer(session, letter.id, ana, "¿Está usted bien?", now)
    await world.platform.settle()
    world.nothing_else()


async def test_two_first_words_at_once_make_one_case_that_one_no_silences(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    mother = world.phone(MOTHER)
    await asyncio.gather(mother.tells("SOS"), mother.tells("SOS mi hijo"))
    await world.platform.settle()
    assert len(await open_cases(world)) == 1
    await mother.says("2")
    drop(world)
    await world.later(minutes=11)
    nothing_but_pages(world)


async def test_the_guard_is_not_promised_when_there_is_none(world: World) -> None:
    mother = world.phone(MOTHER)
    await mother.says("SOS")
    await mother.reads("no hay guardia")
    await mother.says("SOS SOS")
    again = await mother.reads("911")
    assert "a la guardia" not in again.body
