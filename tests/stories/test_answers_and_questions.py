"""Answers are taken for what they say, and leaving is never undone by one."""

import pytest

from bot.inbox import letters
from campaigns import service
from contacts import service as people
from contacts.model import Contact
from delivery.segments import measure
from kit.channels import Channel, Endpoint
from tests.standins.faults import Fault
from tests.stories.test_campaigns import approved, start, subscriber
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, Phone, World

OFELIA = "+12135550111"
CHAT = 900_111


async def tells(world: World, *words: str) -> Phone:
    """Ofelia by SMS; the answers are not what the story is about."""
    ofelia = world.phone(OFELIA)
    for said in words:
        await ofelia.says(said)
    drop(world)
    return ofelia


async def agreed(world: World, words: str) -> Chat:
    """Somebody on Telegram who has just agreed to be written to."""
    beto = world.chat(CHAT)
    await beto.says(words)
    await beto.reads("¿Está de acuerdo?")
    await beto.presses("Sí, quiero avisos")
    return beto


async def ofelia_stored(world: World) -> Contact | None:
    return await world.contact_of(Channel.SMS, OFELIA)


async def test_words_that_fit_no_question_are_read_by_a_person_from_the_first_time(
    world: World,
) -> None:
    ofelia = await tells(world, "ALTA")
    await ofelia.says("quiero traer el cuerpo de mi tío que murió en Fresno")
    await ofelia.reads("Responda SI, NO")
    async with world.database.read() as session:
        (letter,) = await letters.to_read(session)
    assert "Fresno" in letter.body


async def test_a_question_asked_by_a_button_inside_a_case_is_answered(world: World) -> None:
    beto = world.chat(CHAT)
    await beto.says("/start")
    menu = await beto.reads("¿Qué necesita?")
    await beto.says("SOS")
    drop(world)
    beto.last = menu
    await beto.presses("Teléfonos de ayuda")
    await beto.reads("¿Dónde está usted ahora?")
    await beto.says("Fresno")
    await beto.reads("911")


@pytest.mark.parametrize(
    ("before", "said", "answer"),
    [
        pytest.param(["ALTA", "PRIVACIDAD"], "AYUDA", "SI y su pueblo", id="help_asks_again"),
        pytest.param(["ALTA"], "2", "no le mandamos avisos", id="two_is_a_no"),
        pytest.param(["CONTACTOS"], "xochiapulcotitlan", "No encontramos", id="unknown_city"),
        pytest.param(["ALTA", "SI", "TEMAS"], "CANCELAR", "Dejamos la pregunta", id="cancel"),
        pytest.param(["ALTA", "SI", "TEMAS"], "SALIR", "Dejamos la pregunta", id="exit"),
        pytest.param(
            ["ALTA", "SI", "BAJA", "TEMAS"], "3", "Responda SI, NO", id="topics_after_leaving"
        ),
        pytest.param(
            ["ALTA", "SI", "TEMAS", "1", "2"], "ALTA PUTLA", "¿Quiere avisos", id="no_topics"
        ),
        pytest.param(
            ["ALTA"], "si acepto, ¿quién ve mis datos?", "Responda SI, NO", id="if_is_no_consent"
        ),
        pytest.param(
            ["ALTA", "SI", "BORRAR"], "si borro, ¿me ayudan?", "Responda SI, NO", id="if_erases_not"
        ),
        pytest.param(
            ["IDIOMA english", "JOIN", "YES", "DELETE", "YES"], "HELP", "danger", id="erased"
        ),
    ],
)
async def test_words_are_taken_for_what_they_mean_to_the_question_before(
    world: World, before: list[str], said: str, answer: str
) -> None:
    ofelia = await tells(world, *before)
    contact = await ofelia_stored(world)
    await ofelia.says(said)
    await ofelia.reads(answer)
    drop(world)
    assert await ofelia_stored(world) == contact, "and nothing is changed by them"


async def test_the_words_of_a_button_and_others_like_them_may_be_typed(world: World) -> None:
    beto = await agreed(world, "alta putla")
    await beto.reads("¿Dónde vive ahora?")
    await beto.says("voy en camino")
    await beto.reads("Todo listo")
    await beto.says("/misdatos")
    await beto.reads("De este chat")
    await beto.presses("Migrante o familiar")
    await beto.reads("¿Vive usted fuera")
    await beto.says("Tengo familia fuera")
    await beto.reads("queda guardado")


@pytest.mark.parametrize(
    "words",
    [
        ("ALTA SAN JUAN", "SI"),
        ("ALTA SAN PEDRO", "SI"),
        ("ALTA SANTA MARIA", "SI"),
        ("CONTACTOS SPRINGFIELD",),
        ("CONTACTOS SAN MARCOS",),
        ("CONTACTOS GUADALUPE",),
    ],
)
async def test_many_places_of_one_name_make_no_long_sms(
    world: World, words: tuple[str, ...]
) -> None:
    ofelia = await tells(world, *words[:-1])
    await ofelia.says(words[-1])
    size = measure((await ofelia.reads("")).body)
    assert (size.encoding, size.segments <= 2) == ("GSM-7", True)


async def test_old_buttons_with_a_town_or_a_topic_bring_nobody_back(world: World) -> None:
    beto = await agreed(world, "alta san juan mixtepec")
    towns = await beto.reads("¿Cuál es el suyo?")
    await beto.says("/temas")
    topics = await beto.reads("Recibe avisos de")
    await beto.says("/baja")
    drop(world)
    for old in (towns, topics):
        beto.last = old
        await beto.presses(old.buttons[0])
        await beto.reads("¿Está de acuerdo?")


async def test_a_campaign_for_somebody_erased_reaches_nobody_else(world: World) -> None:
    erased = Endpoint(Channel.SMS, "+12135550161")
    gone_id = await subscriber(world, erased)
    campaign_id = await approved(world)
    world.twilio.faults.next(Fault.answer(500, {}))
    await start(world, campaign_id)
    async with world.database.write() as session:
        await service.pause(session, campaign_id, None, world.platform.clock.now())
        await people.erase(session, erased, world.platform.clock.now())
    drop(world)
    await tells(world, "ALTA", "SI", "TEMAS", "2")
    newcomer = await ofelia_stored(world)
    assert newcomer is not None
    assert newcomer.id != gone_id
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await world.later(minutes=10)
    world.nothing_else()
