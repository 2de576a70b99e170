"""What the providers bring in odd forms, and how staff really type: heard, and heard once."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

import bot.inbox.service
from alerts import store as cases
from alerts import timeline
from alerts.model import Case, CaseState, EntryKind
from bot.inbox import letters, store
from bot.inbox.store import InboundState, inbound
from contacts import store as contacts
from kit.channels import Channel, Endpoint
from staff.model import Role
from tests.standins.telegram import blocked_update, callback_update, message_update, text_update
from tests.standins.twilio_webhooks import inbound_sms
from tests.stories.world import SECRET, World

MOTHER = "+12135550121"
SON = 900_121
ANA, EVA = 900_001, 900_002
NEW_KIND = {"forward_origin": {"type": "new_kind", "date": 1}}
NEVER_READ = "no pudo leer"


async def all_cases(world: World) -> tuple[Case, ...]:
    async with world.database.read() as session:
        return await cases.in_states(session, *CaseState)


async def only_case(world: World) -> Case:
    (case,) = await all_cases(world)
    return case


async def said_in(world: World, case: Case) -> list[str | None]:
    async with world.database.read() as session:
        return [entry.body for entry in await timeline.of_case(session, case.id)]


async def states(world: World) -> list[str]:
    async with world.database.read() as session:
        return [row["state"] for row in await session.all(select(inbound.c.state))]


async def post(world: World, update: Mapping[str, object]) -> None:
    answer = await world.http.post(
        "/webhooks/telegram",
        content=json.dumps(update),
        headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
    )
    assert answer.status_code == 200
    await world.platform.settle()


def drop(world: World) -> None:
    """What was sent until now is not what this story is about."""
    world.telegram.take_unexpected()
    world.twilio.take_unexpected()


async def case_of_the_son(world: World) -> Case:
    await world.duty("Ana", chat=ANA)
    await world.chat(SON).says("SOS")
    drop(world)
    return await only_case(world)


async def case_in_hand(world: World) -> Case:
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.chat(ANA).says(f"A {(await only_case(world)).folio}")
    drop(world)
    return await only_case(world)


async def closed_case(world: World) -> Case:
    case = await case_of_the_son(world)
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).says(f"C {case.folio} localizado")
    drop(world)
    case = await only_case(world)
    assert case.state is CaseState.CLOSED
    return case


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


# How staff type.


@pytest.mark.parametrize(
    "typed",
    [
        *("A {a} {b}", "a {a}-{b}", "A{f}", "a{f}", "TOMAR {f}", "Tomarlo: A {f}", "tomo {f}"),
        *("acepto {f}", "Lo tomo: caso {a} {b}."),
    ],
)
async def test_a_case_is_taken_however_it_is_typed(world: World, typed: str) -> None:
    case = await case_of_the_son(world)
    text = typed.format(a=case.folio[:3], b=case.folio[3:], f=case.folio)
    await world.chat(ANA).says(text)
    await world.chat(ANA).reads("es suyo")
    await world.chat(SON).reads("ya tiene su caso")


async def test_a_case_is_passed_on_by_a_word(world: World) -> None:
    case = await case_in_hand(world)
    await world.duty("Eva", chat=EVA)
    await world.chat(ANA).says(f"PASAR {case.folio}")
    await world.chat(ANA).reads("buscamos a otra persona para el caso")
    drop(world)
    assert (await only_case(world)).owner_id is None


async def test_whoever_passes_a_case_on_alone_is_told_that_there_is_nobody_else(
    world: World,
) -> None:
    case = await case_in_hand(world)
    await world.chat(ANA).says(f"PASAR {case.folio}")
    await world.chat(ANA).reads("no hay otra persona a quien avisar")
    drop(world)
    assert (await only_case(world)).owner_id is None


async def test_a_folio_alone_is_answered_with_what_can_be_done(world: World) -> None:
    case = await case_of_the_son(world)
    split = f"{case.folio[:3]} {case.folio[3:]}"
    for typed in (case.folio, f"caso {split}", f"{case.folio} ¿quién es?"):
        await world.chat(ANA).says(typed)
        told = await world.chat(ANA).reads(f"Tomarlo: A {case.folio}")
        assert "esto no se manda a nadie" in told.text
    assert (await only_case(world)).state is CaseState.OPEN


@pytest.mark.parametrize("typed", ["222222", "A 222222", "A 222 222", "tomo 222222", "a222222"])
async def test_a_folio_of_no_case_is_told(world: World, typed: str) -> None:
    case = await case_of_the_son(world)
    assert case.folio != "222222"
    await world.chat(ANA).says(typed)
    await world.chat(ANA).reads("no hay caso con ese folio")


@pytest.mark.parametrize(
    "words", ["¿La tienen encerrada? ¿Le pegan?", "ya voy", "1", "a buscar a su hijo"]
)
async def test_words_of_an_owner_open_no_second_case_and_are_answered_how(
    world: World, words: str
) -> None:
    case = await case_in_hand(world)
    await world.chat(ANA).says(words)
    await world.chat(ANA).reads(f"Responder: R {case.folio} y el texto")
    assert await only_case(world) == case
    async with world.database.read() as session:
        assert not await letters.to_read(session)


async def test_a_voice_note_of_an_owner_is_answered_how(world: World) -> None:
    case = await case_in_hand(world)
    await world.chat(ANA).sends_voice()
    await world.chat(ANA).reads(f"R {case.folio}")


async def test_an_owner_who_cries_for_help_is_heard_until_the_end(world: World) -> None:
    case = await case_in_hand(world)
    await world.duty("Eva", chat=EVA)
    await world.chat(ANA).says("SOS")
    drop(world)
    own = (await all_cases(world))[-1]
    assert own.id != case.id
    await world.chat(ANA).says("estoy en la calle Madero")
    drop(world)
    assert "estoy en la calle Madero" in await said_in(world, own)


async def test_a_no_of_an_owner_is_a_no(world: World) -> None:
    await case_in_hand(world)
    await world.chat(ANA).says("BAJA")
    drop(world)
    async with world.database.read() as session:
        assert await contacts.opted_out(session, Endpoint(Channel.TELEGRAM, str(ANA)))


async def test_an_owner_who_blocks_the_bot_is_left_alone(world: World) -> None:
    await case_in_hand(world)
    await post(world, blocked_update(ANA))
    async with world.database.read() as session:
        assert await contacts.opted_out(session, Endpoint(Channel.TELEGRAM, str(ANA)))


async def test_staff_without_a_case_converse_as_anybody(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.chat(ANA).says("¿ya abrieron?")
    await world.chat(ANA).reads("Lo lee una persona")


async def test_the_owner_of_a_closed_case_converses_as_anybody(world: World) -> None:
    await closed_case(world)
    await world.chat(ANA).says("¿ya abrieron?")
    await world.chat(ANA).reads("Lo lee una persona")


async def test_a_reply_too_long_for_an_sms_is_told(world: World) -> None:
    case = await case_in_hand(world)
    await world.chat(ANA).says(f"R {case.folio} " + "palabra " * 220)
    await world.chat(ANA).reads("es muy largo")


async def test_a_reply_with_a_split_folio_reaches_who_called(world: World) -> None:
    case = await case_in_hand(world)
    await world.chat(ANA).says(f"R {case.folio[:3]} {case.folio[3:]} ¿Puede hablar?")
    await world.chat(ANA).reads("sale ahora")
    await world.phone(MOTHER).reads("¿Puede hablar?")
    async with world.database.read() as session:
        assert await timeline.has_entry(session, case.id, EntryKind.REPLIED)
