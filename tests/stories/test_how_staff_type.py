"""How staff really type: a case is taken, passed on and answered by it, and nothing is lost."""

import pytest

from alerts import timeline
from alerts.model import CaseState, EntryKind
from bot.inbox import letters
from contacts import store as contacts
from kit.channels import Channel, Endpoint
from tests.standins.telegram import blocked_update
from tests.stories.front_rig import (
    ANA,
    EVA,
    MOTHER,
    SON,
    all_cases,
    case_in_hand,
    case_of_the_son,
    closed_case,
    drop,
    only_case,
    post,
    said_in,
)
from tests.stories.world import World


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
