"""Pages that do not arrive move on at once; owners learn that they have to call."""

from sqlalchemy import func, select, update

from alerts import tick, timeline
from alerts.model import EntryKind
from delivery.model import State
from delivery.store import message
from tests.standins.faults import Fault
from tests.standins.telegram_errors import blocked
from tests.standins.twilio_webhooks import NUMBER, status_params
from tests.stories.test_calling_for_help import kinds_of, only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import URGENT_NUMBER, Chat, World

MOTHER, SON = "+12135550121", 900_121
ANA, EVA, LUZ = 900_001, 900_002, 900_003
ANAS_PHONE = "+12135550131"
EVERYBODY = (ANA, EVA, LUZ)
UNREACHED = 30003


async def receipt(world: World, number: str, status: str, words: str = "GUARDIA") -> None:
    """The carrier says what became of the newest SMS to a number with these words."""
    sms = [one for one in world.twilio.sent if one.to == number and words in one.body][-1]
    params = status_params(sms, status, UNREACHED if status == "undelivered" else None)
    await world.phone(number).post(params, "/webhooks/twilio/status")


async def pages(world: World) -> int:
    """How many pages were written, whether they left or not."""
    case = await only_case(world)
    about = message.c.about == f"page:{case.id}"
    async with world.database.read() as session:
        return int(await session.scalar(select(func.count()).where(about)))


async def lines(world: World, kind: EntryKind) -> int:
    """How many lines of a kind the only case has."""
    return (await kinds_of(world, await only_case(world))).count(kind)


async def wake(world: World, about: str) -> None:
    """A wake-up comes once more, late."""
    now, times = world.platform.clock.now(), world.platform.settings.times
    async with world.database.write() as session:
        await tick.unreached(session, about, times, now)
    await world.platform.settle()


async def takes_it(world: World, number: int) -> Chat:
    """Somebody who is paged takes the case."""
    guard = world.chat(number)
    await guard.reads("GUARDIA")
    await guard.presses("Tomarlo")
    await guard.reads("es suyo")
    return guard


async def owned_by_ana(world: World) -> Chat:
    """Somebody on Telegram called for help, and Ana has taken it."""
    await world.duty("Ana", chat=ANA)
    await world.chat(SON).says("SOS")
    ana = await takes_it(world, ANA)
    drop(world)
    return ana


async def test_a_refused_page_goes_to_the_next_person_at_once(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(EVA).reads("GUARDIA: caso")
    kinds = await kinds_of(world, await only_case(world))
    assert kinds[-3:] == [EntryKind.PAGED, EntryKind.PAGE_LOST, EntryKind.PAGED]


async def test_the_timer_counts_from_the_page_that_was_sent_at_once(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    await world.duty("Luz", chat=LUZ)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.phone(ANAS_PHONE).reads("GUARDIA")
    await world.later(minutes=4)
    await receipt(world, ANAS_PHONE, "undelivered")
    await world.chat(EVA).reads("GUARDIA: caso")
    await world.later(minutes=4, seconds=50)
    world.nothing_else()
    await world.later(seconds=11)
    await world.chat(LUZ).reads("GUARDIA: caso")


async def test_a_page_waits_for_the_other_way_of_the_same_person(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.phone(ANAS_PHONE).reads("GUARDIA")
    world.nothing_else()
    await receipt(world, ANAS_PHONE, "undelivered")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_a_page_that_one_way_has_delivered_goes_to_nobody_else(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA")
    world.nothing_else()
    await world.later(minutes=1)
    await world.phone(ANAS_PHONE).reads("GUARDIA")
    await receipt(world, ANAS_PHONE, "undelivered")
    world.nothing_else()
    assert await lines(world, EntryKind.PAGE_LOST) == 0


async def test_a_page_of_which_nobody_knows_moves_on(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, Fault.drop())
    await world.phone(MOTHER).says("SOS")
    for _ in range(4):
        await world.later(seconds=15)
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(EVA).reads("GUARDIA: caso")
    for _ in range(3):
        await world.chat(ANA).reads("GUARDIA: caso")


async def test_wake_ups_that_are_late_or_come_again_page_nobody(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    await world.duty("Luz", chat=LUZ)
    await world.phone(MOTHER).says("SOS")
    await world.later(minutes=5, seconds=1)
    drop(world)
    await receipt(world, ANAS_PHONE, "undelivered")
    for _ in range(3):
        await wake(world, f"page:{(await only_case(world)).id}")
    world.nothing_else()
    assert await lines(world, EntryKind.PAGE_LOST) == 0, "Eva has been paged since"


async def test_a_lost_page_of_an_owned_or_closed_case_pages_nobody(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    folio = (await only_case(world)).folio
    for said in (f"A {folio}", f"C {folio} atendida"):
        await world.phone(ANAS_PHONE).says(said)
        drop(world)
        await receipt(world, ANAS_PHONE, "undelivered", "Tomarlo")
        await wake(world, f"page:{(await only_case(world)).id}")
        world.nothing_else()
    assert await lines(world, EntryKind.PAGE_LOST) == 0


async def test_when_every_page_fails_there_is_one_round_at_once_and_then_one_a_timer(
    world: World,
) -> None:
    for name, number in zip(("Ana", "Eva", "Luz"), EVERYBODY, strict=True):
        await world.duty(name, chat=number)
        world.telegram.faults.for_recipient(number, blocked())
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    for _ in range(12):
        await world.later(seconds=5)
        await wake(world, f"page:{(await only_case(world)).id}")
    assert await pages(world) == len(EVERYBODY), "nobody twice in a minute"
    assert await lines(world, EntryKind.PAGE_LOST) == len(EVERYBODY), "and noted once for each"
    await world.later(minutes=3)
    assert await pages(world) == len(EVERYBODY), "nor before the timer"
    await world.later(seconds=65)
    assert await pages(world) == 2 * len(EVERYBODY)
    world.telegram.faults.clear()
    await world.later(seconds=60)
    world.nothing_else()
    await world.later(seconds=245)
    for number in EVERYBODY:
        await world.chat(number).reads("GUARDIA: nadie tiene el caso")
    await world.phone(MOTHER).reads("nadie tiene su caso")


async def test_an_only_person_who_cannot_be_reached_is_tried_at_the_pace_of_the_timer(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.later(seconds=60)
    assert await pages(world) == 1
    await world.later(seconds=245)
    assert await pages(world) == 2


async def test_who_stopped_the_ordinary_number_is_answered_from_the_urgent_one(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    mother, ana = world.phone(MOTHER), world.chat(ANA)
    await mother.says("STOP")
    await mother.reads("Por SMS no le mandamos otro aviso")
    world.twilio.stops.add((MOTHER, NUMBER))
    await mother.says("SOS no llega mi hijo")
    assert (await mother.reads("Recibido, folio")).sender == URGENT_NUMBER
    await ana.reads("GUARDIA: caso")
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    assert (await mother.reads("una persona ya tiene su caso")).sender == URGENT_NUMBER
    await mother.says("salió ayer de Nogales")
    await ana.reads("salió ayer de Nogales")
    folio = (await only_case(world)).folio
    await ana.says(f"R {folio} ¿Con quién viajaba?")
    await ana.reads("su texto sale ahora")
    assert (await mother.reads("¿Con quién viajaba?")).sender == URGENT_NUMBER
    world.nothing_else()
    world.twilio.stops.add((MOTHER, URGENT_NUMBER))
    await ana.says(f"R {folio} ¿Sigue ahí?")
    await ana.reads("su texto sale ahora")
    await ana.reads("a la persona no le llegan mensajes. Para llamarle por teléfono: D")
    world.nothing_else()
    assert await lines(world, EntryKind.NOT_REACHED) == 1


async def test_an_owner_is_told_once_for_each_message_that_is_lost(world: World) -> None:
    ana = await owned_by_ana(world)
    case = await only_case(world)
    world.telegram.faults.for_recipient(SON, blocked())
    for words in ("¿Está ahí?", "Conteste, por favor"):
        await ana.says(f"R {case.folio} {words}")
        await ana.reads("su texto sale ahora")
        await ana.reads("no le llegan mensajes")
    for _ in range(3):
        await wake(world, f"case:{case.id}")
    await world.later(hours=1)
    world.nothing_else()
    assert await lines(world, EntryKind.NOT_REACHED) == 2


async def test_an_owner_is_told_when_nobody_knows_whether_it_arrived(world: World) -> None:
    ana = await owned_by_ana(world)
    case = await only_case(world)
    world.telegram.faults.for_recipient(SON, Fault.drop())
    await ana.says(f"R {case.folio} ¿Está ahí?")
    await ana.reads("su texto sale ahora")
    for _ in range(4):
        await world.later(seconds=15)
    await ana.reads("no sabemos si le llegan los mensajes y no tenemos su teléfono")
    assert all(sent.chat_id == SON for sent in world.telegram.take_unexpected())
    await world.later(minutes=30)
    world.nothing_else()


async def test_who_accepts_learns_that_messages_do_not_arrive(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    world.twilio.faults.for_recipient(MOTHER, Fault.drop())
    await world.phone(MOTHER).says("SOS")
    for _ in range(4):
        await world.later(seconds=15)
    assert await lines(world, EntryKind.NOT_REACHED) == 1
    world.twilio.faults.clear()
    world.twilio.take_unexpected()
    ana = await takes_it(world, ANA)
    await ana.reads("no sabemos si a la persona le llegan los mensajes")
    folio = (await only_case(world)).folio
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    await receipt(world, MOTHER, "undelivered", "una persona ya tiene su caso")
    await ana.reads("no le llegan mensajes")
    await ana.says(f"P {folio}")
    await ana.reads("buscamos a otra persona para el caso")
    eva = await takes_it(world, EVA)
    await eva.reads("no le llegan mensajes")
    await world.phone(MOTHER).reads("otra persona del equipo")
    world.nothing_else()


async def test_who_accepts_is_not_told_of_what_was_mended_since(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await receipt(world, MOTHER, "undelivered", "Recibido")
    await receipt(world, MOTHER, "delivered", "Recibido")
    await takes_it(world, ANA)
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    world.nothing_else()


async def test_nobody_is_told_to_call_who_asked_for_silence(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("SOS")
    await takes_it(world, ANA)
    await world.phone(MOTHER).says("SALIR")
    drop(world)
    await receipt(world, MOTHER, "undelivered", "Recibido")
    world.nothing_else()
    assert await lines(world, EntryKind.NOT_REACHED) == 1


async def test_a_lost_message_is_told_of_although_its_wake_up_was_lost_too(world: World) -> None:
    ana = await owned_by_ana(world)
    case = await only_case(world)
    async with world.database.write() as session:
        first = select(func.min(message.c.id)).where(message.c.about == f"case:{case.id}")
        lost = update(message).where(message.c.id == first.scalar_subquery())
        await session.execute(lost.values(state=State.FAILED))
    await world.platform.settle()
    await ana.reads("no le llegan mensajes")
    await world.later(minutes=1)
    world.nothing_else()
    async with world.database.read() as session:
        noted = await timeline.of_case(session, case.id)
    assert [line.kind for line in noted].count(EntryKind.NOT_REACHED) == 1
