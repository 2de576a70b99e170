"""Somebody scans a poster: town, topic and language are known, and the yes is still theirs."""

import random

from campaigns.posters import service, store
from campaigns.posters.model import Draft, Poster
from contacts.atlas import Region
from contacts.model import Topic
from delivery.segments import measure
from kit.channels import Channel
from staff import store as staff
from staff.model import Role
from tests.standins.records import SentSms
from tests.standins.telegram_updates import BOT_USER
from tests.standins.twilio_webhooks import NUMBER
from tests.stories.world import World

OFELIA = "+12135550111"
BETO = "+12135550112"
CHAT = 900_211
TLAXIACO = Draft(clave=20397, region=Region.MIXTECA, label="Terminal Tlaxiaco")
pick = random.Random(7).randrange


async def a_poster(world: World, draft: Draft = TLAXIACO) -> str:
    """A poster that hangs; gives its code."""
    async with world.database.write() as session:
        member = await staff.by_email(session, "rosa@example.org")
    if member is None:
        await world.duty("Rosa", chat=900_001, role=Role.COMMUNICATOR)
        return await a_poster(world, draft)
    async with world.database.write() as session:
        return await service.make(session, member, draft, pick, world.platform.clock.now())


async def counted(world: World, code: str) -> tuple[int, int]:
    async with world.database.read() as session:
        found = await store.get(session, code)
    assert isinstance(found, Poster)
    return found.opened, found.agreed


def is_one_segment(*said: SentSms) -> None:
    for one in said:
        size = measure(one.body)
        assert (size.encoding, size.segments) == ("GSM-7", 1), one.body


async def test_a_grandmother_scans_the_poster_of_her_town(world: World) -> None:
    code = await a_poster(world)
    ofelia = world.chat(CHAT)
    await ofelia.says(f"/start {code}")
    asked = await ofelia.reads("este chat y su pueblo, Heroica Ciudad de Tlaxiaco")
    assert "¿Está de acuerdo?" in asked.text
    assert await world.contact_of(Channel.TELEGRAM, str(CHAT)) is None, "nothing before the yes"
    assert await counted(world, code) == (1, 0)
    await ofelia.says(f"/start {code}")
    await ofelia.reads("¿Está de acuerdo?")
    assert await counted(world, code) == (1, 0), "the same question twice is one opening"
    await ofelia.presses("Leer todo")
    await ofelia.reads("/privacidad")
    await ofelia.presses("Sí, quiero avisos")
    await ofelia.reads("avisos de programas y de fraudes para Heroica Ciudad de Tlaxiaco")
    found = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert found is not None
    assert (found.origin_clave, found.origin_region) == (20397, "mixteca")
    assert found.topics == {Topic.PROGRAMS, Topic.FRAUD}
    assert await counted(world, code) == (1, 1)
    await ofelia.presses("Ahora no")
    await ofelia.reads("Todo listo")
    # She scans it again: nothing is asked, and nothing that she told is changed.
    await ofelia.says(f"/start {code}")
    await ofelia.reads("Usted ya recibe avisos de programas y fraudes")
    assert await counted(world, code) == (2, 1)


async def test_by_sms_the_code_takes_the_place_of_the_town(world: World) -> None:
    code = await a_poster(world)
    ofelia, beto = world.phone(OFELIA), world.phone(BETO)
    await ofelia.says(f"alta {code[:3].lower()} {code[3:].lower()}")
    asked = await ofelia.reads("avisos de programas y fraudes para TLAXIACO")
    await ofelia.says("si")
    done = await ofelia.reads("Listo: avisos de programas y fraudes para TLAXIACO")
    is_one_segment(asked, done)
    # Without its ALTA, and with a town of his own in the answer, which counts for more.
    await beto.says(code)
    await beto.reads("para TLAXIACO")
    await beto.says("SI Juxtlahuaca")
    await beto.reads("para JUXTLAHUACA")
    found = await world.contact_of(Channel.SMS, BETO)
    assert found is not None
    assert found.origin_clave == 20469
    assert await counted(world, code) == (2, 2)


async def test_a_poster_of_one_topic_asks_for_that_and_no_other(world: World) -> None:
    draft = Draft(region=Region.PAPALOAPAN, topic=Topic.EMERGENCY)
    code = await a_poster(world, draft)
    ofelia, beto = world.phone(OFELIA), world.phone(BETO)
    await ofelia.says(f"ALTA {code}")
    asked = await ofelia.reads("¿Quiere avisos de emergencias para PAPALOAPAN?")
    await ofelia.says("Si")
    done = await ofelia.reads("Listo: avisos de emergencias para PAPALOAPAN")
    is_one_segment(asked, done)
    found = await world.contact_of(Channel.SMS, OFELIA)
    assert found is not None
    assert found.topics == {Topic.EMERGENCY}
    assert (found.origin_clave, found.origin_region) == (None, "papaloapan")
    # Who gets notices already and told a town keeps both, and adds the topic.
    await beto.says("ALTA TLAXIACO")
    await beto.reads("Responda SI")
    await beto.says("SI")
    await beto.reads("Listo")
    await beto.says(f"ALTA {code}")
    more = await beto.reads("¿Quiere avisos de emergencias? Responda SI")
    await beto.says("SI")
    has = await beto.reads("Usted ya recibe avisos de programas, fraudes y emergencias")
    is_one_segment(more, has)
    found = await world.contact_of(Channel.SMS, BETO)
    assert found is not None
    assert found.origin_clave == 20397
    assert found.topics == set(Topic)
    await beto.says("ALTA JUXTLAHUACA")
    is_one_segment(await beto.reads("avisos de programas, fraudes y emergencias para JUXTLAHUACA"))


async def test_an_old_button_is_a_yes_to_what_stood_above_it(world: World) -> None:
    fraud = await a_poster(world, Draft(region=Region.COSTA, topic=Topic.FRAUD))
    other = await a_poster(world)
    ofelia = world.chat(CHAT)
    await ofelia.says(f"/start {fraud}")
    first = await ofelia.reads("¿Está de acuerdo?")
    await ofelia.says(f"/start {other}")
    await ofelia.reads("Heroica Ciudad de Tlaxiaco")
    await ofelia.says("/verificar")
    await ofelia.reads("")
    ofelia.last = first
    await ofelia.presses("Sí, quiero avisos")
    # The question was left: it is asked again, and nothing was agreed to.
    await ofelia.reads("fraudes")
    assert await world.contact_of(Channel.TELEGRAM, str(CHAT)) is None
    await ofelia.presses("Sí, quiero avisos")
    found = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert found is not None
    assert found.topics == {Topic.FRAUD}
    assert found.origin_region == "costa"
    await ofelia.reads("fraudes para Costa")


async def test_a_poster_without_a_place_asks_for_the_town_as_ever(world: World) -> None:
    code = await a_poster(world, Draft(topic=Topic.FRAUD))
    beto, ofelia = world.chat(CHAT), world.phone(OFELIA)
    await beto.says(f"/start {code}")
    await beto.reads("Para mandarle avisos de fraudes guardamos")
    await beto.says("sí")
    await beto.reads("ya recibe avisos de fraudes. ¿De qué pueblo es su familia?")
    await beto.says("tlaxiaco")
    await beto.reads("avisos de fraudes para Heroica Ciudad de Tlaxiaco")
    await ofelia.says(f"ALTA {code}")
    asked = await ofelia.reads("¿Quiere avisos de fraudes? Responda SI y su pueblo")
    await ofelia.says("no")
    is_one_segment(asked, await ofelia.reads("no le mandamos avisos"))
    assert await world.contact_of(Channel.SMS, OFELIA) is None
    assert await counted(world, code) == (2, 1)


async def test_an_english_poster_speaks_english_to_who_comes_by_it(world: World) -> None:
    code = await a_poster(world, Draft("en", 20397, Region.MIXTECA))
    beto, ofelia = world.chat(CHAT), world.phone(OFELIA)
    await beto.says(f"/start {code}")
    await beto.reads("your home town, Heroica Ciudad de Tlaxiaco")
    await beto.says("yes")
    await beto.reads("Where do you live now?")
    found = await world.contact_of(Channel.TELEGRAM, str(CHAT))
    assert found is not None
    assert found.language == "en"
    await ofelia.says(f"JOIN {code}")
    is_one_segment(await ofelia.reads("Reply YES"))


async def test_codes_that_nobody_knows_are_a_plain_beginning(world: World) -> None:
    code = await a_poster(world)
    async with world.database.write() as session:
        await store.retire(session, code, world.platform.clock.now())
    beto, ofelia = world.chat(CHAT), world.phone(OFELIA)
    for payload in (code, "K7M2Q", "../../etc/passwd", "<script>", "x" * 64, "🙂", "20397' OR 1=1"):
        await beto.says(f"/start {payload}")
        await beto.reads("¿Qué necesita?")
    await beto.says("/start alta")
    await beto.reads("¿Está de acuerdo?")
    await ofelia.says(f"ALTA {code}")
    await ofelia.reads("Responda SI y su pueblo")
    assert await counted(world, code) == (0, 0)
    # A code that came alone, and that no poster has, is read by a person as anything else is.
    await world.later(hours=25)
    await ofelia.says(code)
    await ofelia.reads("Lo lee una persona")


async def test_the_public_page_leads_to_the_bot_and_to_the_number(world: World) -> None:
    code = await a_poster(world)
    page = await world.http.get("/suscribirse", params={"c": code.lower()})
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert f"https://t.me/{BOT_USER['username']}?start={code}" in page.text
    assert f"sms:{NUMBER}?&amp;body=ALTA%20{code}" in page.text
    assert "Avisos para Heroica Ciudad de Tlaxiaco" in page.text
    assert "/privacidad" in page.text
    # English keeps the code, and its own word for ALTA.
    english = await world.http.get("/suscribirse", params={"c": code, "lang": "en"})
    assert f"body=JOIN%20{code}" in english.text
    assert f"/suscribirse?c={code}" in english.text
    for strange in ("", "K7M2Q", "<script>", "x" * 5000, "\0", "' OR 1=1 --"):
        plain = await world.http.get("/suscribirse", params={"c": strange, "lang": "xx"})
        assert plain.status_code == 200
        assert "?start=alta" in plain.text
        assert "Tlaxiaco" not in plain.text


async def test_a_call_for_help_goes_before_every_code(world: World) -> None:
    code = await a_poster(world)
    await world.duty("Ines", chat=900_002)
    beto = world.chat(CHAT)
    await beto.says(f"SOS {code}")
    await beto.reads("Recibido, folio")
    await world.telegram.expect(900_002, "caso")
    # In a case all that is typed belongs to it, a scanned code too.
    await beto.says(f"/start {code}")
    assert await counted(world, code) == (0, 0)
