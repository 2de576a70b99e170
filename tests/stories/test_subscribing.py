"""People subscribe, leave and come back."""

from bot.inbox import letters
from contacts.model import Relation, Topic
from delivery.segments import measure
from kit.channels import Channel
from tests.stories.world import World

OFELIA = "+12135550111"
BETO = "+12135550112"
CHAT = 900_111


async def test_somebody_subscribes_by_telegram(world: World) -> None:
    beto = world.chat(CHAT)
    await beto.says("/start")
    menu = await beto.reads("¿Qué necesita?")
    assert menu.buttons == (
        "Ayuda urgente",
        "¿Será fraude?",
        "Teléfonos de ayuda",
        "Recibir avisos",
        "Hablar con una persona",
    )
    await beto.presses("Recibir avisos")
    await beto.reads("¿Está de acuerdo?")
    assert await world.contact_of(Channel.TELEGRAM, str(CHAT)) is None, "nothing before the yes"
    await beto.presses("Sí, quiero avisos")
    await beto.reads("¿De qué pueblo es su familia?")
    await beto.says("soy de tlaciaco")
    await beto.reads("¿Dónde vive ahora?")
    await beto.says("Fresno")
    await beto.reads("Todo listo")
    contact = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert contact is not None
    assert contact.origin_clave == 20397
    assert (contact.country, contact.state, contact.city) == ("US", "CA", "Fresno")
    assert contact.topics == {Topic.PROGRAMS, Topic.FRAUD}


async def test_a_town_of_two_names_is_asked_and_stops_nothing(world: World) -> None:
    beto = world.chat(CHAT)
    await beto.says("alta san juan mixtepec")
    await beto.reads("¿Está de acuerdo?")
    await beto.presses("Sí, quiero avisos")
    asked = await beto.reads("¿Cuál es el suyo?")
    assert await world.contact_of(Channel.TELEGRAM, str(CHAT)) is not None
    await beto.presses(next(label for label in asked.buttons if "Mixteca" in label))
    await beto.reads("¿Dónde vive ahora?")
    contact = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert contact is not None
    assert contact.origin_clave == 20208
    await beto.presses("Ahora no")
    await beto.reads("Todo listo")


async def test_by_sms_two_messages_and_two_segments_are_enough(world: World) -> None:
    ofelia = world.phone(OFELIA)
    await ofelia.says("Alta")
    first = await ofelia.reads("Responda SI y su pueblo")
    assert await world.contact_of(Channel.SMS, OFELIA) is None, "nothing before the yes"
    await ofelia.says("si Tlaxiaco")
    second = await ofelia.reads("Listo: avisos de programas y fraudes para TLAXIACO")
    sizes = [measure(sms.body) for sms in (first, second)]
    for sms, size in zip((first, second), sizes, strict=True):
        print(f"{size.units} septets, {size.segments} segment: {sms.body}")
    assert [size.encoding for size in sizes] == ["GSM-7", "GSM-7"]
    assert sum(size.segments for size in sizes) == 2
    contact = await world.contact_of(Channel.SMS, OFELIA)
    assert contact is not None
    assert contact.origin_clave == 20397


async def test_a_misspelt_town_is_told_back_as_it_was_understood(world: World) -> None:
    ofelia = world.phone(OFELIA)
    await ofelia.says("ALTA")
    await ofelia.reads("Responda SI")
    await ofelia.says("si tlaciaco")
    await ofelia.reads("para TLAXIACO")


async def test_a_family_subscribes_from_oaxaca(world: World) -> None:
    ofelia = world.chat(CHAT)
    await ofelia.says("/alta Juxtlahuaca")
    await ofelia.reads("¿Está de acuerdo?")
    await ofelia.says("si")
    await ofelia.reads("¿Dónde vive ahora?")
    await ofelia.presses("Oaxaca")
    await ofelia.reads("Todo listo")
    contact = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert contact is not None
    assert (contact.country, contact.state) == ("MX", "OAX")
    assert contact.relation is None
    await ofelia.says("/datos")
    read = await ofelia.reads("De este chat tenemos")
    assert "Juxtlahuaca" in read.text


async def test_leaving_holds_at_once_and_coming_back_needs_a_yes(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("ALTA")
    await beto.reads("Responda SI")
    await beto.says("SI")
    await beto.reads("Listo")
    await beto.says("baja!")
    await beto.reads("Hecho. Por SMS no le mandamos otro aviso")
    await beto.says("STOP")
    world.nothing_else()
    await beto.says("ALTA")
    await beto.reads("Responda SI")
    await beto.says("no")
    await beto.reads("no le mandamos avisos")
    await beto.says("alta")
    await beto.reads("Responda SI")
    await beto.says("SI")
    await beto.reads("Listo")


async def test_a_looser_wish_to_leave_stops_first_and_a_person_reads_it(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("ya no quiero nada, déjenme")
    await beto.reads("Paramos los avisos")
    async with world.database.read() as session:
        found = await letters.to_read(session)
    assert [letter.reason for letter in found] == ["wish_to_leave"]


async def test_what_the_machine_cannot_use_is_read_by_a_person_and_said_once(world: World) -> None:
    beto = world.chat(CHAT)
    await beto.says("¿cuánto cuesta traer a mi papá?")
    await beto.reads("Lo lee una persona del IAIMO hoy")
    await beto.sends_voice()
    world.nothing_else()
    await world.later(hours=13)
    await beto.sends_photo()
    await beto.reads("Lo atiende una persona")


async def test_place_language_and_topics_can_be_changed_and_all_be_erased(world: World) -> None:
    ofelia = world.phone(OFELIA)
    await ofelia.says("ALTA")
    await ofelia.reads("Responda SI")
    await ofelia.says("SI PUTLA")
    await ofelia.reads("para PUTLA")
    await ofelia.says("LUGAR fresno california")
    await ofelia.reads("Fresno, CA")
    await ofelia.says("TEMAS")
    await ofelia.reads("Recibe avisos de")
    await ofelia.says("2")
    await ofelia.reads("Hecho. Recibe avisos de programas")
    await ofelia.says("IDIOMA inglés")
    await ofelia.reads("English")
    contact = await world.contact_of(Channel.SMS, OFELIA)
    assert contact is not None
    assert contact.topics == {Topic.PROGRAMS}
    assert contact.language == "en"
    await ofelia.says("DATOS")
    await ofelia.reads("we have")
    await ofelia.says("BORRAR")
    await ofelia.reads("YES or NO")
    await ofelia.says("yes")
    await ofelia.reads("Done")
    assert await world.contact_of(Channel.SMS, OFELIA) is None


def test_relations_are_the_five_of_the_field() -> None:
    assert {relation.value for relation in Relation} == {
        "migrant",
        "family",
        "returned",
        "transit",
        "other",
    }
