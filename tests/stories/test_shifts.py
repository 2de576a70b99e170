"""Who has a shift is asked before it, and gives it away in time; nobody is on duty unseen."""

from collections.abc import Sequence
from datetime import date, time

from alerts.model import EntryKind
from alerts.shifts import service
from alerts.shifts.service import Draft
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff import store as staff
from staff.model import Role
from tests.standins.records import Sent
from tests.stories.duty_rig import ANA, EVA, MOTHER, SON, audited, member_of
from tests.stories.test_calling_for_help import kinds_of, only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World

RITA, BOSS = 900_004, 900_003
CHATS = {"Ana": ANA, "Eva": EVA, "Rita": RITA}
START_DAY = date(2026, 11, 25)
"""The day on which a story begins, at 10 in the morning in Oaxaca."""


async def rota(
    world: World,
    *names: str,
    handover: time = time(20),
    since: date = date(2026, 11, 24),
    covers: tuple[time, time] | None = None,
) -> int:
    """A daily rota of these people, whose chats have answered before, and one who coordinates. Who
    is on duty already has said that they are."""
    for name in names:
        await world.duty(name, chat=CHATS[name])
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    now = world.platform.clock.now()
    async with world.database.write() as session:
        for chat in (*CHATS.values(), BOSS):
            await staff.confirm(session, Endpoint(Channel.TELEGRAM, str(chat)), now)
        boss = await staff.by_email(session, "jefa@example.org")
        assert boss is not None
        emails = [f"{name.lower()}@example.org" for name in names]
        draft = Draft("Guardia", emails, since, 1, handover, covers=covers)
        made = await service.add(session, boss, draft, now)
    await world.later(seconds=61)
    await world.chat(CHATS[names[0]]).says("OK")
    drop(world)
    return made


def to(world: World, chat: int, words: str) -> Sequence[Sent]:
    """What a chat was told with these words, and has not read yet."""
    return [one for one in world.telegram.unexpected() if one.chat_id == chat and words in one.text]


async def pseudonym(world: World, name: str) -> str:
    return (await member_of(world, name)).pseudonym


async def before_the_shift(world: World) -> None:
    """It is 19:00 and Eva, who comes at 20:00, has been asked. Ana is on duty."""
    await rota(world, "Ana", "Eva")
    await world.later(hours=8, minutes=57)
    world.nothing_else()
    await world.later(minutes=2)


async def test_who_has_a_shift_is_asked_an_hour_before_and_says_ok(world: World) -> None:
    await before_the_shift(world)
    eva = world.chat(EVA)
    asked = await eva.reads("su turno es de 25/11 20:00 a 26/11 20:00")
    assert "Responda OK" in asked.text
    assert asked.buttons == ("OK, voy", "No puedo")
    world.nothing_else()
    await eva.says("ok")
    await eva.reads("queda confirmado")
    await world.later(minutes=45)
    world.nothing_else()


async def test_a_button_confirms_a_shift_once_and_late_ones_are_told_so(world: World) -> None:
    await before_the_shift(world)
    eva = world.chat(EVA)
    asked = await eva.reads("su turno es")
    await eva.presses("OK, voy")
    await eva.reads("queda confirmado")
    await world.later(hours=2)
    eva.last = asked
    await eva.presses("No puedo")
    await eva.reads("ya no espera su respuesta")


async def test_a_no_gives_the_shift_to_the_next_person_and_who_coordinates_is_told(
    world: World,
) -> None:
    await before_the_shift(world)
    eva, ana = world.chat(EVA), world.chat(ANA)
    await eva.reads("su turno es")
    await eva.presses("No puedo")
    told = await eva.reads("Pasamos su turno de 25/11 20:00 a 26/11 20:00")
    assert await pseudonym(world, "Ana") in told.text
    assert await pseudonym(world, "Eva") in (await ana.reads("le toca a usted")).text
    await world.chat(BOSS).reads("no puede hacer el turno")
    world.nothing_else()
    await ana.says("OK")
    await ana.reads("queda confirmado")
    await world.later(hours=2)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await ana.reads("GUARDIA: caso")
    assert [who for who, _about in await audited(world, "rota.decline")] == [
        (await member_of(world, "Eva")).id
    ]


async def test_no_answer_is_told_half_an_hour_before_and_somebody_stands_in(world: World) -> None:
    await before_the_shift(world)
    await world.chat(EVA).reads("su turno es")
    await world.later(minutes=29)
    world.nothing_else()
    await world.later(minutes=1, seconds=5)
    eva = await pseudonym(world, "Eva")
    ana, boss = world.chat(ANA), world.chat(BOSS)
    for one in (ana, boss):
        assert eva in (await one.reads("no ha confirmado el turno")).text
    world.nothing_else()
    await ana.says("OK")
    await ana.reads("queda confirmado")
    await world.chat(EVA).reads("ya no le toca la guardia")
    await boss.reads("Ya no hay que buscar a nadie")
    await world.later(hours=1)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await ana.reads("GUARDIA: caso")


async def test_without_any_answer_the_shift_stays_with_whom_it_was_and_pages_go_on(
    world: World,
) -> None:
    await before_the_shift(world)
    await world.later(minutes=31)
    await world.later(minutes=40)
    drop(world)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    await world.later(minutes=5, seconds=1)
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_who_can_no_more_asks_for_relief_and_the_next_has_it_at_once(world: World) -> None:
    await rota(world, "Ana", "Eva")
    ana, eva = world.chat(ANA), world.chat(EVA)
    await eva.says("relevo")
    await eva.reads("no hace falta relevo")
    await ana.says("RELEVO")
    assert await pseudonym(world, "Eva") in (await ana.reads("GUARDIA: ")).text
    assert await pseudonym(world, "Ana") in (await eva.reads("Desde ahora le toca a usted")).text
    await world.chat(BOSS).reads("pide relevo")
    world.nothing_else()
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await eva.reads("GUARDIA: caso")
    assert [who for who, _about in await audited(world, "rota.relief")] == [
        (await member_of(world, "Ana")).id
    ]


async def test_relief_of_the_only_person_is_refused_and_who_coordinates_is_told(
    world: World,
) -> None:
    await rota(world, "Ana")
    await world.chat(ANA).says("relevo")
    await world.chat(ANA).reads("no hay quien le releve ahora")
    await world.chat(BOSS).reads("pide relevo y no hay quien siga")
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_only_who_is_on_duty_is_paged_first_by_day_and_by_night(world: World) -> None:
    await rota(world, "Ana", "Eva")
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")
    await world.chat(ANA).says(f"A {(await only_case(world)).folio}")
    drop(world)
    await world.later(hours=10)
    await world.later(hours=3)
    drop(world)
    await world.chat(SON).says("SOS")
    await world.chat(SON).reads("Recibido")
    (page,) = to(world, EVA, "GUARDIA: caso")
    assert "Tomarlo" in page.buttons
    assert not to(world, ANA, "GUARDIA: caso")
    drop(world)


async def test_a_case_that_waits_over_a_hand_over_goes_to_who_comes_on_duty(world: World) -> None:
    await rota(world, "Ana", "Eva", "Rita")
    await world.later(hours=9, minutes=58)
    drop(world)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    await world.later(minutes=5, seconds=1)
    paged = [one.chat_id for one in world.telegram.unexpected() if "Tomarlo" in one.buttons]
    drop(world)
    assert EVA in paged, "she is on duty since 20:00"


async def test_who_goes_off_duty_with_cases_in_hand_is_asked_to_hand_them_over(
    world: World,
) -> None:
    await rota(world, "Ana", "Eva")
    await world.phone(MOTHER).says("SOS")
    folio = (await only_case(world)).folio
    await world.chat(ANA).says(f"A {folio}")
    await world.chat(ANA).says(f"Z {folio} 12 espero al consulado")
    await world.later(hours=9, minutes=30)
    await world.chat(EVA).says("OK")
    drop(world)
    await world.later(minutes=31)
    asked = await world.chat(ANA).reads("tiene a su cargo")
    assert folio in asked.text
    world.nothing_else()
    await world.later(minutes=30)
    world.nothing_else()
    await world.chat(ANA).says(f"P {folio}")
    await world.chat(ANA).reads("buscamos a otra persona para el caso")
    await world.chat(EVA).reads("GUARDIA: ")


async def test_hours_without_anybody_are_told_before_and_the_reporter_is_told_the_truth(
    world: World,
) -> None:
    await rota(world, "Ana", covers=(time(8), time(20)), handover=time(8))
    (told,) = [one for one in world.telegram.sent if "nadie cubre de" in one.text]
    assert told.chat_id == BOSS
    assert "25/11 20:00 a 26/11 8:00" in told.text
    await world.later(hours=10)
    drop(world)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("no hay guardia; buscamos a alguien")
    paged = {one.chat_id for one in world.telegram.unexpected() if "Tomarlo" in one.buttons}
    assert paged, "the circle widens"
    assert EntryKind.NOBODY_TO_PAGE not in await kinds_of(world, await only_case(world))
    drop(world)


async def test_who_leaves_the_staff_leaves_a_gap_that_is_told(world: World) -> None:
    await rota(world, "Ana", "Eva")
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        await staff_service.deactivate(session, ana, world.platform.clock.now())
    await world.later(minutes=2)
    told = to(world, BOSS, "AHORA no hay nadie de guardia")
    assert len(told) == 1
    drop(world)
    await world.later(minutes=10)
    assert not to(world, BOSS, "AHORA"), "told once"
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("no hay guardia")
    drop(world)


async def test_a_method_that_nobody_ever_confirmed_is_told_to_who_coordinates(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    async with world.database.write() as session:
        boss = await staff.by_email(session, "jefa@example.org")
        assert boss is not None
        now = world.platform.clock.now()
        draft = Draft("Guardia", ["ana@example.org"], START_DAY, 1, time(8))
        await service.add(session, boss, draft, now)
    await world.later(minutes=2)
    assert await pseudonym(world, "Ana") in (await world.chat(BOSS).reads("falta probar")).text
    await world.chat(ANA).says("OK")
    drop(world)
    await world.later(days=8)
    drop(world)
    assert not [one for one in world.telegram.sent[-20:] if "sin probar" in one.text][1:]
    assert (await member_of(world, "Ana")).confirmed


async def test_rotas_and_words_of_the_public_do_not_meet(world: World) -> None:
    """Somebody on duty who cries for help is heard like anybody, whatever they were asked."""
    await before_the_shift(world)
    await world.chat(EVA).reads("su turno es")
    await world.chat(EVA).says("SOS")
    await world.chat(EVA).reads("Recibido, folio")
    await world.chat(ANA).reads("GUARDIA: caso")
    assert not to(world, EVA, "queda confirmado")
    drop(world)
