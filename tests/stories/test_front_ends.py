"""What the providers bring in odd forms: heard, and heard once."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

import bot.inbox.service
from alerts.model import CaseState
from bot.inbox import store
from bot.inbox.store import InboundState, inbound
from staff.model import Role
from tests.standins.telegram import callback_update, message_update, text_update
from tests.standins.twilio_webhooks import inbound_sms
from tests.stories.front_rig import (
    ANA,
    EVA,
    MOTHER,
    SON,
    case_of_the_son,
    closed_case,
    drop,
    only_case,
    post,
    said_in,
)
from tests.stories.world import World

NEW_KIND = {"forward_origin": {"type": "new_kind", "date": 1}}
NEVER_READ = "no pudo leer"


async def states(world: World) -> list[str]:
    async with world.database.read() as session:
        return [row["state"] for row in await session.all(select(inbound.c.state))]


def position(edited: bool, **more: object) -> Mapping[str, object]:
    place = {"latitude": 31.3, "longitude": -110.9, **more}
    kind = "edited_message" if edited else "message"
    return message_update(SON, {"location": place}, kind=kind)


# Nobody is left unheard because of the form in which the words arrive.


@pytest.mark.parametrize("number", ["+13335550188", "+15005550006"])
async def test_a_cry_from_a_number_that_no_plan_of_numbers_knows_is_a_case(
    world: World, number: str
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.phone(number).says("SOS")
    await world.phone(number).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_a_cry_from_a_number_too_short_to_be_answered_pages_all_the_same(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.phone("+525512").says("SOS")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    assert (await only_case(world)).state is CaseState.OPEN


@pytest.mark.parametrize("sender", ["78787", "BANCO"])
async def test_words_that_cannot_be_answered_are_told_to_everybody_and_stay(
    world: World, sender: str
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=EVA, role=Role.COORDINATOR)
    await world.phone(sender).says("SOS")
    for chat in (ANA, EVA):
        told = await world.chat(chat).reads(NEVER_READ)
        assert "SOS" not in told.text
        assert sender not in told.text
    async with world.database.read() as session:
        (left,) = await store.failed(session)
    assert "SOS" in left.raw
    await world.later(hours=2)
    world.nothing_else()


async def test_a_short_code_that_says_nothing_is_ignored(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.phone("78787").post(inbound_sms("78787", " "))
    assert await states(world) == [InboundState.IGNORED]


async def test_a_cry_beside_a_kind_that_aiogram_does_not_know_is_a_case(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await post(world, message_update(SON, {"text": "SOS", **NEW_KIND}))
    await world.chat(SON).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_words_are_heard_though_every_other_field_is_strange(world: World) -> None:
    strange = {"voice": {"new": 1}, "photo": "none", "location": 5, "from": "nobody"}
    await world.duty("Ana", chat=ANA)
    await post(world, message_update(SON, {"caption": "SOS \x00 \ud83d", **strange}))
    await world.chat(SON).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_a_voice_note_and_a_place_beside_an_unknown_kind_are_kept(world: World) -> None:
    case = await case_of_the_son(world)
    voice = {"file_id": "AwAC1", "file_unique_id": "u1", "duration": 3}
    await post(world, message_update(SON, {"voice": voice, **NEW_KIND}))
    place = {"latitude": 31.3, "longitude": -110.9}
    await post(world, message_update(SON, {"location": place, **NEW_KIND}))
    drop(world)
    said = await said_in(world, case)
    assert "voice:AwAC1" in said
    assert any("31.3" in (body or "") for body in said)


async def test_a_button_under_a_message_of_an_unknown_kind_still_works(world: World) -> None:
    case = await case_of_the_son(world)
    update = dict(callback_update(ANA, f"A:{case.folio}", 1))
    query = update["callback_query"]
    assert isinstance(query, dict)
    query["message"] |= NEW_KIND
    await post(world, update)
    await world.chat(ANA).reads("es suyo")
    await world.chat(SON).reads("ya tiene su caso")


@pytest.mark.parametrize(
    "message",
    [
        {"text": ["SOS"], **NEW_KIND},
        {"text": "SOS", "chat": {"id": "x", "type": "private"}},
        {"text": "SOS", "chat": {"id": -5, "type": "new_type"}, **NEW_KIND},
        {"text": "SOS", "chat": "private"},
        NEW_KIND,
    ],
)
async def test_what_holds_no_words_of_a_private_chat_stays_ignored(
    world: World, message: dict[str, object]
) -> None:
    await world.duty("Ana", chat=ANA)
    await post(world, message_update(SON, message))
    assert await states(world) == [InboundState.IGNORED]


async def test_what_failed_for_the_last_time_is_told_once_without_its_content(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError

    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", phone="+12135550131", role=Role.COORDINATOR)
    with monkeypatch.context() as patch:
        patch.setattr(bot.inbox.service, "converse", broken)
        await world.phone(MOTHER).says("SOS mi hijo")
        for _ in range(6):
            world.nothing_else()
            await world.later(minutes=3)
            if await states(world) == [InboundState.FAILED]:
                break
            await world.later(minutes=11)
        assert await states(world) == [InboundState.FAILED]
    told = await world.chat(ANA).reads(NEVER_READ)
    assert "hijo" not in told.text
    await world.phone("+12135550131").reads(NEVER_READ)
    await world.later(hours=3)
    world.nothing_else()


async def test_a_shared_contact_keeps_its_number(world: World) -> None:
    case = await case_of_the_son(world)
    card = {"phone_number": "+12135550177", "first_name": "Coyote", "last_name": "Uno"}
    await post(world, message_update(SON, {"contact": card}))
    drop(world)
    assert "contact:+12135550177 Coyote Uno" in await said_in(world, case)


# Nobody speaks in a live location or in a service message.


async def test_a_live_location_is_told_to_the_owner_once(world: World) -> None:
    case = await case_of_the_son(world)
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    await post(world, position(edited=False, live_period=900))
    await world.chat(ANA).reads("La persona mandó")
    drop(world)
    for _ in range(5):
        await post(world, position(edited=True, live_period=900))
    await post(world, position(edited=True))
    world.nothing_else()


async def test_a_live_location_opens_no_closed_case(world: World) -> None:
    await closed_case(world)
    await post(world, position(edited=True, live_period=900))
    assert (await only_case(world)).state is CaseState.CLOSED


@pytest.mark.parametrize(
    "service",
    [
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"new_chat_title": "x"},
        {"a_kind_of_tomorrow": {}},
    ],
)
async def test_a_service_message_says_nothing(world: World, service: dict[str, object]) -> None:
    await closed_case(world)
    await post(world, message_update(SON, service))
    assert (await only_case(world)).state is CaseState.CLOSED


async def test_a_corrected_text_is_heard_once(world: World) -> None:
    case = await case_of_the_son(world)
    update = text_update(SON, "estoy en Nogales, no en Naco", kind="edited_message")
    for _ in range(2):
        await post(world, update)
    drop(world)
    said = await said_in(world, case)
    assert said.count("estoy en Nogales, no en Naco") == 1


# NUL: PostgreSQL takes none in a text.


async def test_typed_signs_that_look_like_an_escape_stay_as_they_were_typed(world: World) -> None:
    case = await case_of_the_son(world)
    for typed in (r"vi \u0000 escrito", r"\\u0000", "a\x00b"):
        await world.chat(SON).says(typed)
    drop(world)
    said = await said_in(world, case)
    assert r"vi \u0000 escrito" in said
    assert r"\\u0000" in said
    assert "ab" in said


async def test_null_signs_anywhere_in_a_form_stop_nothing(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    params = inbound_sms(MOTHER, "SOS\0")
    params["MessageSid"] += "\0"
    params["FromCity"] = "\0"
    await world.phone(MOTHER).post(params)
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")
