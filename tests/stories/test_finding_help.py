"""The right number now, with honest words on what nobody has called yet."""

from directory import service as directory
from staff import store as staff
from tests.stories.world import World

BETO = "+12135550112"


async def verify(world: World, kind: str, city: str | None) -> None:
    member_id = await world.duty("Ana", chat=900_001)
    async with world.database.write() as session:
        (entry,) = [
            contact
            for contact in await directory.listed(session)
            if contact.entry.kind == kind and contact.entry.city == city
        ]
        member = await staff.get(session, member_id)
        assert member is not None
        await directory.verify(session, entry.id, member, world.platform.clock.now())


async def test_an_unverified_number_is_marked_with_its_year(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("CONTACTOS los angeles")
    read = await beto.reads("Consulado de México en")
    assert "no hemos comprobado" in read.body
    assert "2025" in read.body
    assert "Peligro: 911" in read.body


async def test_a_verified_number_says_who_checked_it_and_when(world: World) -> None:
    await verify(world, "consulate_emergency", "Chicago")
    beto = world.chat(900_112)
    await beto.says("/contactos chicago")
    read = await beto.reads("Lo comprobamos llamando el 25 de noviembre de 2026")
    assert "no hemos comprobado" not in read.text


async def test_a_place_without_a_number_is_told_so_and_offered_a_person(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("contactos fresno")
    read = await beto.reads("No tenemos el consulado de su zona")
    assert "sin comprobar" in read.body
    await beto.says("1")
    await beto.reads("Escriba su duda")
    await beto.says("¿dónde queda el consulado?")
    await beto.reads("Lo lee una persona")


async def test_old_numbers_of_nobody_official_are_not_shown(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("contactos houston")
    read = await beto.reads("No tenemos el consulado de su zona")
    assert "713" not in read.body


async def test_mexico_has_911_089_and_079(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("CONTACTOS San Quintin")
    read = await beto.reads("Peligro: 911")
    assert "089" in read.body
    assert "079" in read.body


async def test_a_place_that_is_not_found_is_asked_with_an_example(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("CONTACTOS xyzzy")
    await beto.reads("No encontramos ese lugar")


async def test_contacts_alone_asks_where_and_a_location_answers(world: World) -> None:
    beto = world.chat(900_112)
    await beto.says("/contactos")
    await beto.reads("¿Dónde está usted ahora?")
    await beto.sends_location(41.88, -87.63)
    await beto.reads("Consulado de México en Chicago")


async def test_a_subscriber_is_answered_by_the_place_they_gave(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("ALTA")
    await beto.reads("Responda SI")
    await beto.says("SI")
    await beto.reads("Listo")
    await beto.says("LUGAR Raleigh")
    await beto.reads("Raleigh, NC")
    await beto.says("CONTACTOS")
    await beto.reads("Consulado de México en Raleigh")


async def test_sos_names_a_help_line_only_when_it_is_verified(world: World) -> None:
    await verify(world, "consular_hotline_24h", None)
    beto = world.phone(BETO)
    await beto.says("SOS")
    await beto.reads("Recibido")
    await world.chat(900_001).reads("GUARDIA")
    await world.later(minutes=11)
    world.telegram.take_unexpected()
    read = await beto.reads("nadie tiene su caso")
    assert "+1" in read.body
