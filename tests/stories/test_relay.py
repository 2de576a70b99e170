"""Two people talk through the platform, and neither learns the number or the name of the other."""

import pytest

from alerts.model import EntryKind
from tests.standins.telegram import message_update
from tests.standins.telegram_updates import PHOTO_FILE_ID, VOICE_FILE_ID
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, MOTHER, SON, in_hand, lines, member_of
from tests.stories.relay_rig import nobody_is_exposed, spoken, taken_by, to_chat
from tests.stories.test_calling_for_help import only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, World


@pytest.mark.parametrize("owner_by", ["chat", "sms"])
@pytest.mark.parametrize("reporter_by", ["chat", "sms"])
async def test_words_go_both_ways_between_any_two_channels(
    world: World, reporter_by: str, owner_by: str
) -> None:
    reporter = world.chat(SON) if reporter_by == "chat" else world.phone(MOTHER)
    owner = world.chat(ANA) if owner_by == "chat" else world.phone(ANAS_PHONE)
    case = await taken_by(world, owner, reporter)
    await reporter.says("estoy en la central de Nogales con mi niña")
    if isinstance(owner, Chat):
        told = await owner.reads("La persona mandó")
        assert "central de Nogales con mi niña" in told.text
        assert "protect_content" in told.params
    else:
        notice = await owner.reads("hay un mensaje nuevo")
        assert "Nogales" not in notice.body, "a locked screen shows it to others"
        await owner.says(f"V {case.folio}")
        await owner.reads("central de Nogales con mi niña")
    world.nothing_else()
    await owner.says(f"R {case.folio} ¿Qué ropa lleva su niña?")
    await owner.reads("su texto sale ahora")
    answer = await reporter.reads("¿Qué ropa lleva su niña?")
    pseudonym = (await member_of(world, "Ana")).pseudonym
    assert case.word in spoken(answer)
    assert (pseudonym in spoken(answer)) is (reporter_by == "chat")
    await reporter.says("azul")
    await owner.reads("azul" if owner_by == "chat" else "hay un mensaje nuevo")
    nobody_is_exposed(world)


async def test_an_owner_with_a_chat_and_a_phone_reads_the_words_in_the_chat_alone(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.phone(MOTHER).says("SOS")
    await world.chat(ANA).says(f"A {(await only_case(world)).folio}")
    drop(world)
    await world.phone(MOTHER).says("estoy en la central")
    await world.chat(ANA).reads("estoy en la central")
    assert "central" not in (await world.phone(ANAS_PHONE).reads("un mensaje nuevo")).body


async def test_photo_voice_place_and_card_reach_an_owner_in_a_chat(world: World) -> None:
    await taken_by(world, world.chat(ANA), world.chat(SON))
    son, ana = world.chat(SON), world.chat(ANA)
    await son.sends_photo("aquí me dejaron")
    photo = await ana.reads("aquí me dejaron")
    assert photo.method == "sendPhoto"
    assert photo.params["photo"] == PHOTO_FILE_ID
    await world.later(seconds=10)
    await son.sends_voice()
    voice = await ana.reads("")
    assert voice.method == "sendVoice"
    assert voice.params["voice"] == VOICE_FILE_ID
    await world.later(seconds=10)
    await son.sends_location(31.33, -110.94)
    assert "31.33000, -110.94000" in (await ana.reads("La persona mandó")).text
    await world.later(seconds=10)
    card = {"contact": {"phone_number": "+12135550177", "first_name": "Tía Lupe"}}
    await son._post(dict(message_update(SON, card)))
    assert "+12135550177 Tía Lupe" in (await ana.reads("La persona mandó")).text
    assert all("protect_content" in sent.params for sent in to_chat(world, ANA)[-4:])
    nobody_is_exposed(world)


async def test_an_owner_by_sms_is_told_of_files_and_reads_no_names_of_them(world: World) -> None:
    case = await taken_by(world, world.phone(ANAS_PHONE), world.chat(SON))
    son, ana = world.chat(SON), world.phone(ANAS_PHONE)
    await son.sends_photo("aquí me dejaron")
    await son.sends_voice()
    await son.sends_location(31.33, -110.94)
    for _ in range(3):
        await ana.reads("hay un mensaje nuevo")
    await ana.says(f"V {case.folio}")
    shown = await ana.reads("aquí me dejaron")
    assert "31.33" in shown.body
    assert PHOTO_FILE_ID not in shown.body, "whoever has it can read the file"
    assert VOICE_FILE_ID not in shown.body


async def test_a_picture_by_sms_is_told_as_one_that_does_not_open_here(world: World) -> None:
    await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.phone(MOTHER).says("mire", media=1)
    told = await world.chat(ANA).reads("mire")
    assert "con un archivo que no se abre" in told.text
    assert "api.twilio.com" not in spoken(told), "it cannot be opened without our keys"


async def test_an_owner_sends_a_photo_to_a_chat_and_is_told_that_sms_takes_none(
    world: World,
) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    await world.chat(ANA).sends_photo(f"R {case.folio} ¿Es ella?")
    await world.chat(ANA).reads("su texto sale ahora")
    seen = await world.chat(SON).reads("¿Es ella?")
    assert seen.method == "sendPhoto"
    assert seen.params["photo"] == PHOTO_FILE_ID
    assert case.word in seen.text
    await world.phone(MOTHER).says("SOS")
    other = (await open_cases(world))[-1]
    drop(world)
    await world.chat(ANA).says(f"A {other.folio}")
    drop(world)
    await world.later(seconds=10)
    await world.chat(ANA).sends_photo(f"R {other.folio} ¿Es ella?")
    await world.chat(ANA).reads("no mandamos el archivo")
    nobody_is_exposed(world)


async def answers(world: World, chat: int, to: int | None, **content: object) -> None:
    """Somebody answers a message with Telegram's own reply."""
    answered = {"message_id": to, "date": 1, "chat": {"id": chat, "type": "private"}}
    update = message_update(chat, {**content, "reply_to_message": answered})
    await world.chat(chat)._post(dict(update))


async def test_an_answer_to_a_message_is_a_reply_in_its_own_case(world: World) -> None:
    await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.chat(SON).says("SOS no llega mi mamá")
    second = (await open_cases(world))[-1]
    drop(world)
    await world.chat(ANA).says(f"A {second.folio}")
    drop(world)
    await world.later(seconds=10)
    await world.phone(MOTHER).says("soy la mamá")
    of_mother = await world.chat(ANA).reads("soy la mamá")
    await world.chat(SON).says("soy el hijo")
    of_son = await world.chat(ANA).reads("soy el hijo")
    await answers(world, ANA, of_mother.message_id, text="¿En qué lugar está?")
    await world.chat(ANA).reads("su texto sale ahora")
    await world.phone(MOTHER).reads("¿En qué lugar está?")
    world.nothing_else()
    await world.later(seconds=10)
    voice = {"voice": {"file_id": VOICE_FILE_ID, "file_unique_id": "u", "duration": 2}}
    await answers(world, ANA, of_son.message_id, **voice)
    await world.chat(ANA).reads("su texto sale ahora")
    assert (await world.chat(SON).reads("")).method == "sendVoice"
    nobody_is_exposed(world)


async def test_an_answer_to_a_page_or_to_nothing_of_ours_is_sent_to_nobody(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    page = next(sent for sent in to_chat(world, ANA) if "Tomarlo" in sent.buttons)
    for message_id in (page.message_id, 4242):
        await answers(world, ANA, message_id, text="ya voy para allá")
        told = await world.chat(ANA).reads("esto no se manda a nadie")
        assert case.folio in told.text


async def test_an_answer_after_the_case_went_to_somebody_else_is_refused(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.phone(MOTHER).says("sigo aquí")
    read = await world.chat(ANA).reads("sigo aquí")
    await world.chat(EVA).says(f"T {case.folio} Ana no contesta")
    drop(world)
    await answers(world, ANA, read.message_id, text="¿Está bien?")
    await world.chat(ANA).reads("no es suyo")


async def test_every_word_of_a_long_message_reaches_the_owner(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    story = " ".join(f"palabra{number:03}" for number in range(370))
    assert 3700 < len(story) <= 4096, "as long as a chat takes"
    await world.chat(SON).says(story)
    told = " ".join(sent.text for sent in to_chat(world, ANA))
    missing = [word for word in story.split() if word not in told]
    assert not missing, f"{len(missing)} words were left out and nothing says so"
    drop(world)
    await world.chat(ANA).says(f"V {case.folio}")
    shown = await world.chat(ANA).reads("palabra369")
    assert "…" in shown.text


async def test_a_reply_may_be_as_long_as_its_channel_takes(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    await world.chat(ANA).says(f"R {case.folio} " + "a" * 3901)
    assert "3900" in (await world.chat(ANA).reads("es muy largo")).text
    await world.chat(ANA).says(f"R {case.folio} " + "a" * 3900)
    await world.chat(ANA).reads("su texto sale ahora")
    await world.chat(SON).reads("a" * 3900)


async def test_the_talk_survives_a_change_of_owner(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva, mother = world.chat(ANA), world.chat(EVA), world.phone(MOTHER)
    await mother.says("mi hijo se llama Beto")
    await ana.reads("Beto")
    await ana.says(f"P {case.folio}")
    await ana.reads("buscamos a otra persona para el caso")
    await eva.reads("GUARDIA: ")
    await mother.says("¿hay alguien?")
    world.nothing_else()
    await eva.presses("Tomarlo")
    await eva.reads("es suyo")
    assert case.word in (await mother.reads("otra persona del equipo")).body
    await eva.says(f"V {case.folio}")
    shown = await eva.reads(case.word)
    assert "Beto" in shown.text
    assert "¿hay alguien?" in shown.text
    await mother.says("gracias")
    await eva.reads("gracias")
    await eva.says(f"R {case.folio} Aquí estoy")
    await eva.reads("su texto sale ahora")
    assert case.word in (await mother.reads("Aquí estoy")).body
    nobody_is_exposed(world)


async def test_the_talk_ends_with_the_case_and_who_called_is_told(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    ana, mother = world.chat(ANA), world.phone(MOTHER)
    await ana.says(f"C {case.folio} localizado")
    await ana.reads("queda cerrado")
    closed = await mother.reads("cerramos su caso")
    assert case.folio in closed.body
    assert "Puede borrar estos mensajes" in closed.body
    for letter in ("R", "N", "Z", "C"):
        await ana.says(f"{letter} {case.folio} 2 localizado")
        told = await ana.reads("GUARDIA: ")
        assert "cerrado" in told.text or "resultado" in told.text
        await world.later(seconds=5)
    assert not await lines(world, case, EntryKind.REPLIED, EntryKind.ACTED, EntryKind.SNOOZED)
    await world.later(days=3)
    await ana.reads("toca el seguimiento de 1 d")
    world.nothing_else()


@pytest.mark.parametrize("said", ["2", "NO", "no me escriban"])
async def test_a_no_before_anybody_wrote_silences_although_somebody_accepted(
    world: World, said: str
) -> None:
    case = await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.phone(MOTHER).says(said)
    assert (await only_case(world)).silenced
    told = [sent.text for sent in to_chat(world, ANA)]
    assert any("NO ESCRIBIR" in words for words in told)
    drop(world)
    await world.chat(ANA).says(f"R {case.folio} ¿Está bien?")
    await world.chat(ANA).reads("la persona pide NO ESCRIBIR")
    await world.chat(ANA).says(f"C {case.folio} sin contacto")
    await world.chat(ANA).reads("queda cerrado")
    await world.later(days=2)
    world.nothing_else()


async def test_a_no_to_a_question_of_the_owner_silences_nobody(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.chat(ANA).says(f"R {case.folio} ¿Hay alguien con usted?")
    drop(world)
    await world.phone(MOTHER).says("no")
    await world.chat(ANA).reads("La persona mandó")
    assert not (await only_case(world)).silenced


async def test_words_of_who_is_silenced_still_reach_the_owner(world: World) -> None:
    await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.phone(MOTHER).says("SALIR")
    drop(world)
    await world.phone(MOTHER).says("ya salió, estoy sola")
    await world.chat(ANA).reads("ya salió, estoy sola")
    world.nothing_else()
