"""A call wakes who reads nothing: one key takes the case, another passes it on.

Who lets it ring, hangs up or has a voicemail has taken nothing.
"""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from alerts.model import CaseState, EntryKind, Urgency
from db.session import Database
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff.model import Method, Role
from tests.standins.telegram_errors import blocked
from tests.stories.duty_rig import (
    ANA,
    ANAS_PHONE,
    EVA,
    EVAS_PHONE,
    MOTHER,
    lines,
    member_of,
    owner_of,
)
from tests.stories.test_calling_for_help import only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World, world_of

VOICE_NUMBER = "+12135550177"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with world_of(database, voice_from=VOICE_NUMBER) as made:
        yield made


async def guard(world: World, name: str, phone: str, *, chat: int | None = None) -> None:
    """Somebody who is called 3 minutes after the page; at once when there is no other way."""
    call = Endpoint(Channel.VOICE, phone)
    others = [] if chat is None else [Endpoint(Channel.TELEGRAM, str(chat))]
    others += [] if chat is None else [Endpoint(Channel.SMS, phone)]
    async with world.database.write() as session:
        await staff_service.add(
            session,
            name=name,
            email=f"{name.lower()}@example.org",
            role=Role.DUTY,
            endpoints=[*others, call],
            now=world.platform.clock.now(),
            pick=lambda below: 0,
        )


async def settled(world: World) -> None:
    await world.platform.settle()


async def called(world: World, words: str = "SOS") -> str:
    """Somebody calls for help; gives the folio."""
    await world.phone(MOTHER).says(words)
    await world.phone(MOTHER).reads("Recibido")
    return (await open_cases(world))[-1].folio


async def test_who_does_not_read_is_called_three_minutes_after_the_page(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE, chat=ANA)
    folio = await called(world)
    await world.chat(ANA).reads("GUARDIA: caso")
    await world.later(minutes=1, seconds=1)
    await world.phone(ANAS_PHONE).reads("GUARDIA: caso")
    await world.later(minutes=1, seconds=50)
    assert not world.twilio.calls
    await world.later(seconds=10)
    heard = await world.twilio.answers(ANAS_PHONE)
    assert " ".join(folio) in heard, "spelled, as it is written down"
    assert "marque 1" in heard
    for secret in (MOTHER[-7:], "Ana"):
        assert secret not in heard
    said = await world.twilio.presses("1")
    assert "El caso es suyo" in said
    await settled(world)
    assert await owner_of(world, folio) == "Ana"
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    await world.chat(ANA).reads("es suyo")
    await world.phone(ANAS_PHONE).reads("es suyo")
    assert world.twilio.calls[0].sender == VOICE_NUMBER


async def test_who_has_only_a_phone_is_called_at_once(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    assert "El caso es suyo" in await world.twilio.presses("1")
    await settled(world)
    assert await owner_of(world, folio) == "Ana"
    await world.phone(MOTHER).reads("una persona ya tiene su caso")


async def test_a_key_passes_the_case_on_and_the_next_person_is_called_at_once(
    world: World,
) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await guard(world, "Eva", EVAS_PHONE)
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    assert "Buscamos a otra persona" in await world.twilio.presses("2")
    await settled(world)
    await world.twilio.answers(EVAS_PHONE)
    assert "es suyo" in await world.twilio.presses("1")
    await settled(world)
    assert await owner_of(world, folio) == "Eva"
    await world.phone(MOTHER).reads("una persona ya tiene su caso")


async def test_a_key_says_it_again_and_other_keys_do_nothing(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await world.later(hours=12)
    folio = await called(world, "emergencia")
    heard = await world.twilio.answers(ANAS_PHONE)
    assert await world.twilio.presses("9") == heard
    for key in ("3", "0", "5"):
        assert " ".join(folio) in await world.twilio.presses(key)
    case = await only_case(world)
    assert case.urgency is Urgency.UNSORTED, "a slip of the thumb puts nothing off"
    assert case.state is CaseState.OPEN
    await world.twilio.hangs_up()
    await settled(world)


@pytest.mark.parametrize("status", ["no-answer", "failed"])
async def test_when_nobody_takes_the_call_the_next_person_is_called_in_seconds(
    world: World, status: str
) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await guard(world, "Eva", EVAS_PHONE)
    await called(world)
    case = await only_case(world)
    await world.twilio.does_not_answer(ANAS_PHONE, status)
    await settled(world)
    await world.twilio.expect_call(EVAS_PHONE)
    (lost,) = await lines(world, case, EntryKind.PAGE_LOST)
    assert lost.member_id == (await member_of(world, "Ana")).id


async def test_a_voicemail_has_taken_nothing_and_hears_nothing(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await guard(world, "Eva", EVAS_PHONE)
    folio = await called(world)
    heard = await world.twilio.voicemail(ANAS_PHONE)
    assert folio not in heard.replace(" ", "")
    await settled(world)
    await world.twilio.expect_call(EVAS_PHONE)
    assert await owner_of(world, folio) is None


async def test_who_hangs_up_without_a_key_has_taken_nothing(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    await world.twilio.hangs_up()
    await settled(world)
    assert await owner_of(world, folio) is None
    await world.later(minutes=5, seconds=1)
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_an_sms_that_waits_and_a_call_that_rings_end_when_the_case_is_taken(
    world: World,
) -> None:
    await guard(world, "Ana", ANAS_PHONE, chat=ANA)
    await guard(world, "Eva", EVAS_PHONE)
    folio = await called(world)
    await world.later(minutes=3, seconds=1)
    await world.later(minutes=2)
    ringing = [await world.twilio.expect_call(number) for number in (ANAS_PHONE, EVAS_PHONE)]
    drop(world)
    await world.chat(ANA).says(f"A {folio}")
    await settled(world)
    await world.twilio.fulfilled()
    await settled(world)
    assert {world.twilio.lines.by_sid[one.sid].status for one in ringing} == {"canceled"}
    drop(world)
    await world.later(minutes=9)
    world.nothing_else()
    assert not await lines(world, await only_case(world), EntryKind.PAGE_LOST)


async def test_a_case_taken_while_somebody_listens_is_said_to_be_taken(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    line = world.twilio.lines.last
    assert line is not None
    await world.chat(EVA).says(f"A {folio}")
    drop(world)
    if not line.is_over:
        assert "Ya lo tiene otra persona" in await world.twilio.presses("1")
    await settled(world)
    await world.twilio.fulfilled()
    assert await owner_of(world, folio) == "Eva"
    drop(world)


async def test_a_page_that_no_chat_and_no_phone_brings_is_called_in_seconds(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        call = Method(Endpoint(Channel.VOICE, ANAS_PHONE), 3 * MINUTE)
        now = world.platform.clock.now()
        await staff_service.set_methods(session, ana, [*ana.methods, call], now)
    world.telegram.faults.for_recipient(ANA, blocked())
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    assert "es suyo" in await world.twilio.presses("1")
    await settled(world)
    assert await owner_of(world, folio) == "Ana"
    drop(world)


async def test_many_cases_are_one_call_and_its_key_takes_the_first(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    for number in range(40, 45):
        await world.phone(f"+121355501{number}").says("SOS")
    for _ in range(3):
        await world.twilio.does_not_answer(ANAS_PHONE)
    drop(world)
    await settled(world)
    await world.later(seconds=16)
    heard = await world.twilio.answers(ANAS_PHONE)
    assert "Casos que esperan: 5." in heard
    first = (await open_cases(world))[0]
    assert " ".join(first.folio) in heard
    assert "es suyo" in await world.twilio.presses("1")
    await settled(world)
    assert await owner_of(world, first.folio) == "Ana"
    assert len([one for one in await open_cases(world) if one.owner_id is not None]) == 1
    await world.twilio.fulfilled()
    drop(world)
