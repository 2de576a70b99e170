"""The question of a campaign is answered by SMS with a number or in words, and nothing else is."""

from datetime import timedelta

import pytest

from bot.inbox import letters
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from contacts import store as contacts
from contacts import tags
from delivery.segments import measure
from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Role
from tests.standins.records import SentSms
from tests.stories.test_campaigns import start, subscriber
from tests.stories.world import Phone, World

OFELIA = Endpoint(Channel.SMS, "+12135550111")
VISAS = '{question: "¿Le han pedido dinero?", answers: ["Sí", "No"]}'
VISAS_EN = '{question: "Were you asked for money?", answers: ["Yes", "No"]}'
TOWN = '{question: "¿Qué falta?", answers: ["Agua potable", "La luz", "No sé"]}'
TOWN_EN = '{question: "What is missing?", answers: ["Drinking water", "Power", "Not sure"]}'
FILE = """\
title: Pregunta
topic: fraud
audience: region:mixteca
channels: [sms]
content:
  es: {{sms: "IAIMO le pregunta.", poll: {es}}}
  en: {{sms: "IAIMO asks you.", poll: {en}}}
keyword: {keyword}
"""
THANKS = "Gracias. Anotamos su respuesta."
HINT_OF_TWO = "Gracias. Para contestar la pregunta mande una cifra del 1 al 2."
HINT_OF_THREE = "Gracias. Para contestar la pregunta mande una cifra del 1 al 3."
A_PERSON = "Lo lee una persona"


async def campaign(
    world: World, es: str = VISAS, en: str = VISAS_EN, keyword: str = "", wrote: str = "Redacta"
) -> int:
    """A question that one person wrote and another approved."""
    author_id = await world.duty(wrote, role=Role.COMMUNICATOR)
    approver_id = await world.duty(f"{wrote}-2", role=Role.COORDINATOR)
    now = world.platform.clock.now()
    draft = file.read(FILE.format(es=es, en=en, keyword=keyword).encode(), now)
    assert isinstance(draft, CampaignDraft), draft
    async with world.database.write() as session:
        author = await staff.get(session, author_id)
        approver = await staff.get(session, approver_id)
        assert author is not None
        assert approver is not None
        made = await service.create(session, draft, author, now)
        await service.approve(session, made, approver, now)
    return made


async def asked(
    world: World, es: str = VISAS, en: str = VISAS_EN, *, language: str = "es"
) -> tuple[Phone, int, int]:
    """Ofelia, who has just got the question; the ids of her and of the campaign."""
    ofelia_id = await subscriber(world, OFELIA, language)
    campaign_id = await campaign(world, es, en)
    await start(world, campaign_id)
    ofelia = world.phone(OFELIA.value)
    await ofelia.reads("IAIMO")
    return ofelia, ofelia_id, campaign_id


async def answers_of(world: World, contact_id: int) -> list[str]:
    async with world.database.read() as session:
        found = await tags.tags_of(session, contact_id)
    return [tag for tag in found if tag.startswith("poll-")]


async def read_by_people(world: World) -> list[str]:
    async with world.database.read() as session:
        return [letter.body for letter in await letters.to_read(session)]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        *(("si", 1), ("Sí", 1), ("SI, GRACIAS", 1), ("yes", 1), ("uno", 1), ("1️⃣", 1), ("１", 1)),
        *(("no", 2), ("No gracias.", 2), ("dos", 2), ("2.", 2), ("2)", 2), ("opcion 2", 2)),
    ],
)
async def test_a_question_is_answered_as_people_answer(
    world: World, said: str, number: int
) -> None:
    ofelia, who, campaign_id = await asked(world)
    await ofelia.says(said)
    assert (await ofelia.reads("")).body == THANKS
    assert await answers_of(world, who) == [f"poll-{campaign_id}-{number}"]
    assert await read_by_people(world) == []
    await ofelia.says(said)
    world.nothing_else()


async def test_the_words_of_an_answer_are_it_and_another_takes_its_place(world: World) -> None:
    ofelia, who, campaign_id = await asked(world, TOWN, TOWN_EN)
    await ofelia.says("AGUA POTABLE, por favor")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-1"]
    await ofelia.says("la luz")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-2"]


@pytest.mark.parametrize(
    "said",
    [
        *("no", "si", "agua", "no hay agua potable desde mayo", "agua potable y la luz", "2 luces"),
        *("1 2", "¿agua potable?", "." * 3, "agua " * 320, "93721"),
    ],
    ids=range(11),
)
async def test_what_is_no_answer_for_certain_is_read_by_a_person(world: World, said: str) -> None:
    ofelia, who, _ = await asked(world, TOWN, TOWN_EN)
    await ofelia.says(said)
    await ofelia.reads(A_PERSON)
    assert await answers_of(world, who) == []
    assert await read_by_people(world) == [said]
    async with world.database.read() as session:
        assert not await contacts.opted_out(session, OFELIA), "a no is no STOP"


async def test_an_empty_sms_answers_nothing(world: World) -> None:
    ofelia, who, _ = await asked(world)
    for said in ("", "   "):
        await ofelia.says(said)
    world.twilio.take_unexpected()
    assert await answers_of(world, who) == []


@pytest.mark.parametrize(
    ("said", "answer", "left"),
    [
        ("SOS", "Recibido", False),
        ("auxilio, sí", "Recibido", False),
        ("me tienen encerrada, no me dejan salir", "Recibido", False),
        ("STOP", "no le mandamos otro aviso", True),
        ("alto", "no le mandamos otro aviso", True),
        ("Baja", "no le mandamos otro aviso", True),
        ("cancel", "no le mandamos otro aviso", True),
        ("no más", "no le mandamos otro aviso", True),
        ("no quiero más mensajes", "Paramos los avisos", True),
        ("info", "CONTACTOS", False),
        ("temas", "Recibe avisos", False),
    ],
)
async def test_the_table_of_words_goes_first(
    world: World, said: str, answer: str, left: bool
) -> None:
    await world.duty("Guardia", phone="+12135550177")
    ofelia, who, _ = await asked(world)
    await ofelia.says(said)
    await ofelia.reads(answer)
    world.twilio.take_unexpected()
    assert await answers_of(world, who) == []
    async with world.database.read() as session:
        assert await contacts.opted_out(session, OFELIA) is left


async def test_an_open_question_keeps_its_yes_and_its_no(world: World) -> None:
    ofelia, who, _ = await asked(world)
    await ofelia.says("BORRAR")
    await ofelia.reads("¿Borramos")
    await ofelia.says("no")
    world.twilio.take_unexpected()
    assert await answers_of(world, who) == []
    await ofelia.says("no")
    await ofelia.reads(THANKS)


async def test_a_no_to_what_was_offered_since_is_none_to_the_poll(world: World) -> None:
    ofelia, who, campaign_id = await asked(world)
    await world.later(minutes=5)
    await ofelia.says("TEMAS")
    await ofelia.reads("Recibe avisos de")
    await ofelia.says("no")
    await ofelia.reads(A_PERSON)
    assert await answers_of(world, who) == []
    await ofelia.says("sí, gracias")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-1"], "once nothing stands open"


async def test_a_number_that_is_offered_since_is_of_the_offer(world: World) -> None:
    ofelia, who, _ = await asked(world)
    await world.later(minutes=5)
    await ofelia.says("TEMAS")
    await ofelia.reads("Recibe avisos de")
    await ofelia.says("2")
    await ofelia.reads("avisos")
    await ofelia.says("7")
    await ofelia.reads(A_PERSON)
    assert await answers_of(world, who) == []


@pytest.mark.parametrize("said", ["1", "si", "no", "7", "agua potable"])
async def test_with_a_case_open_everything_belongs_to_it(world: World, said: str) -> None:
    await world.duty("Guardia", phone="+12135550177")
    ofelia, who, _ = await asked(world)
    await ofelia.says("SOS")
    await ofelia.reads("Recibido")
    await ofelia.says(said)
    told = world.twilio.take_unexpected()
    assert not [sms for sms in told if isinstance(sms, SentSms) and "cifra" in sms.body]
    assert await answers_of(world, who) == []


@pytest.mark.parametrize("said", ["7", "0", "3", "11", "opcion 9", "７", "5️⃣"])
async def test_a_number_that_it_has_not_is_told_once_and_read_by_a_person(
    world: World, said: str
) -> None:
    ofelia, who, campaign_id = await asked(world)
    await ofelia.says(said)
    hint = (await ofelia.reads("")).body
    assert hint == HINT_OF_TWO
    assert (measure(hint).encoding, measure(hint).segments) == ("GSM-7", 1)
    await ofelia.says(said)
    await ofelia.reads(A_PERSON)
    for _ in range(5):
        await ofelia.says(said)
    world.nothing_else()
    assert await answers_of(world, who) == []
    assert await read_by_people(world) == [said] * 7
    await ofelia.says("2")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-2"]
    await world.later(hours=25)
    await ofelia.says(said)
    await ofelia.reads(A_PERSON)


async def test_they_are_told_in_the_language_of_the_person(world: World) -> None:
    ofelia, who, campaign_id = await asked(world, TOWN, TOWN_EN, language="en")
    await ofelia.says("7")
    await ofelia.reads("Thank you. To answer the question, send one number from 1 to 3.")
    await ofelia.says("Drinking water, please")
    await ofelia.reads("")
    assert await answers_of(world, who) == [f"poll-{campaign_id}-1"]


async def test_who_left_answers_all_the_same_and_is_not_asked_again(world: World) -> None:
    ofelia, who, campaign_id = await asked(world)
    await ofelia.says("BAJA")
    await ofelia.reads("no le mandamos otro aviso")
    await ofelia.says("7")
    await ofelia.reads(A_PERSON)
    await ofelia.says("no")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-2"]


@pytest.mark.parametrize("said", ["sí", "no", "1", "7"])
async def test_after_a_day_it_is_over(world: World, said: str) -> None:
    ofelia, who, _ = await asked(world)
    await world.later(hours=25)
    await ofelia.says(said)
    await ofelia.reads(A_PERSON)
    assert await answers_of(world, who) == []


async def test_of_two_questions_the_last_one_is_answered(world: World) -> None:
    ofelia, who, first = await asked(world, TOWN, TOWN_EN)
    await world.later(hours=1)
    second = await campaign(world, wrote="Escribe")
    await start(world, second)
    await ofelia.reads("¿Le han pedido dinero?")
    await ofelia.says("3")
    await ofelia.reads(HINT_OF_TWO)
    await ofelia.says("no sé")
    await ofelia.reads(A_PERSON)
    await ofelia.says("sí")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{second}-1"]
    assert first != second


async def test_a_question_of_each_is_hinted_at_for_itself(world: World) -> None:
    ofelia, _, _ = await asked(world)
    await ofelia.says("9")
    await ofelia.reads(HINT_OF_TWO)
    await world.later(hours=1)
    await start(world, await campaign(world, TOWN, TOWN_EN, wrote="Escribe"))
    await ofelia.reads("¿Qué falta?")
    await ofelia.says("9")
    await ofelia.reads(HINT_OF_THREE)


async def test_the_question_of_a_poster_is_answered_in_words_too(world: World) -> None:
    who = await subscriber(world, OFELIA)
    campaign_id = await campaign(world, TOWN, TOWN_EN, "FALTA")
    ofelia = world.phone(OFELIA.value)
    await ofelia.says("falta")
    await ofelia.reads("¿Qué falta?")
    await ofelia.says("8")
    await ofelia.reads(HINT_OF_THREE)
    await ofelia.says("la luz, gracias")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-2"]


async def test_an_answer_goes_before_the_word_of_a_poster(world: World) -> None:
    who = await subscriber(world, OFELIA)
    await campaign(world, VISAS, VISAS_EN, "TRES")
    campaign_id = await campaign(world, TOWN, TOWN_EN, wrote="Escribe")
    async with world.database.write() as session:
        now = world.platform.clock.now() + timedelta(seconds=1)
        await service.start(session, campaign_id, None, now)
    await world.platform.settle()
    ofelia = world.phone(OFELIA.value)
    await ofelia.reads("¿Qué falta?")
    await ofelia.says("tres")
    await ofelia.reads(THANKS)
    assert await answers_of(world, who) == [f"poll-{campaign_id}-3"]
    await world.later(hours=25)
    await ofelia.says("tres")
    await ofelia.reads("¿Le han pedido dinero?")


async def test_nobody_else_answers_for_them(world: World) -> None:
    _, who, _ = await asked(world)
    other = await subscriber(world, Endpoint(Channel.SMS, "+12135550112"))
    benito = world.phone("+12135550112")
    await benito.says("sí")
    await benito.reads(A_PERSON)
    assert await answers_of(world, who) + await answers_of(world, other) == []
