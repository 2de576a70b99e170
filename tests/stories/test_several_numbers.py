"""Where there are several numbers, everybody is answered from the one that they wrote to."""

from db.session import Database
from tests.standins.twilio_webhooks import NUMBER, inbound_sms
from tests.stories.test_calling_for_help import only_case
from tests.stories.world import URGENT_NUMBER, World, world_of

SECOND = "+12135550198"
MOTHER, ANAS_PHONE = "+12135550121", "+12135550131"


async def texts(world: World, number: str, words: str, to: str) -> None:
    await world.phone(number).post(inbound_sms(number, words, to=to, messaging_service_sid=None))


async def test_a_call_for_help_is_answered_from_the_number_it_came_to(database: Database) -> None:
    async with world_of(database, twilio_from=f"{NUMBER},{SECOND}") as world:
        await world.duty("Ana", phone=ANAS_PHONE)
        mother, ana = world.phone(MOTHER), world.phone(ANAS_PHONE)
        await texts(world, MOTHER, "SOS mi hijo no llega", SECOND)
        assert (await mother.reads("Recibido, folio")).sender == SECOND
        assert (await ana.reads("GUARDIA: caso")).sender == NUMBER
        await texts(world, ANAS_PHONE, f"A {(await only_case(world)).folio}", NUMBER)
        await ana.reads("es suyo")
        accepted = await mother.reads("una persona ya tiene su caso")
        assert accepted.sender == SECOND, "also what is no answer comes from there"
        await texts(world, MOTHER, "falsa alarma", NUMBER)
        assert (await mother.reads("Gracias por avisar")).sender == NUMBER
        await ana.reads("escriben que ya no hace falta")


async def test_who_writes_to_the_urgent_number_is_answered_from_the_ordinary_one(
    database: Database,
) -> None:
    async with world_of(database, twilio_from=f"{NUMBER},{SECOND}") as world:
        mother = world.phone(MOTHER)
        await texts(world, MOTHER, "AYUDA", URGENT_NUMBER)
        assert (await mother.reads("¿Corre peligro?")).sender == NUMBER
        world.twilio.stops.add((MOTHER, NUMBER))
        await texts(world, MOTHER, "AYUDA", URGENT_NUMBER)
        answer = await mother.reads("¿Corre peligro?")
        assert answer.sender == URGENT_NUMBER, "the ordinary one was stopped"
