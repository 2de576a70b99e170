"""An acknowledgement is a lease: who has a case acts and writes it down, or it goes to others."""

import pytest

from alerts.model import CaseState, EntryKind
from staff.model import Role
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, MOTHER, audited, in_hand, lines, member_of
from tests.stories.test_calling_for_help import only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World

BOSS, OTHER = 900_003, 900_004


async def test_who_accepts_and_does_nothing_is_reminded_and_then_the_case_goes_on(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await world.later(minutes=9)
    world.nothing_else()
    await world.later(minutes=1, seconds=1)
    await ana.reads("en 5 min avisamos a otra persona")
    world.nothing_else()
    await world.later(minutes=4, seconds=50)
    world.nothing_else()
    await world.later(seconds=10)
    lost = await ana.reads("ya no es suyo porque no hay nada nuevo anotado")
    assert case.folio in lost.text
    page = await eva.reads("GUARDIA: caso")
    assert case.folio in page.text
    world.nothing_else()
    assert (await only_case(world)).state is CaseState.OPEN
    (line,) = await lines(world, case, EntryKind.LEASE_LOST)
    assert line.member_id == (await member_of(world, "Ana")).id


async def test_a_reminder_that_comes_late_says_what_is_truly_left(world: World) -> None:
    await in_hand(world, world.phone(MOTHER))
    await world.later(minutes=13)
    await world.chat(ANA).reads("en 2 min avisamos")


async def test_after_a_lost_lease_everybody_is_paged_in_turn_and_who_waits_gets_the_numbers(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    await world.later(minutes=5, seconds=1)
    for chat in (ANA, EVA):
        await world.chat(chat).reads("nadie tiene el caso")
    world.nothing_else()
    await world.later(minutes=5)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    drop(world)
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).reads("es suyo")
    await world.phone(MOTHER).reads("una persona ya tiene su caso")


async def test_a_lost_lease_begins_again_with_those_on_duty_and_wakes_nobody_else(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    await world.duty("Otra", chat=OTHER, role=Role.ADMIN)
    await world.phone(MOTHER).says("SOS")
    case = await only_case(world)
    await world.later(minutes=5, seconds=1)
    await world.chat(BOSS).says(f"A {case.folio}")
    await world.chat(BOSS).says(f"N {case.folio} espero al consulado")
    drop(world)
    await world.later(hours=2, minutes=1)
    await world.chat(BOSS).reads("ya no es suyo")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    await world.later(minutes=5)
    await world.chat(OTHER).reads("GUARDIA: caso")
    world.nothing_else()


async def test_the_lease_of_who_lost_the_case_goes_on_to_who_takes_it_next(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await world.later(minutes=15, seconds=1)
    drop(world)
    await eva.says(f"A {case.folio}")
    await eva.reads("Tiene 15 min para hacer algo")
    await world.phone(MOTHER).reads("otra persona del equipo")
    await ana.says(f"R {case.folio} ¿Sigue ahí?")
    await ana.reads("no es suyo")
    await ana.says(f"N {case.folio} le llamé")
    await ana.reads("no es suyo")
    assert not await lines(world, case, EntryKind.ACTED, EntryKind.REPLIED)
    await world.later(minutes=10, seconds=1)
    await eva.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await eva.reads("ya no es suyo")
    losers = [line.member_id for line in await lines(world, case, EntryKind.LEASE_LOST)]
    assert losers == [(await member_of(world, name)).id for name in ("Ana", "Eva")]
    await ana.reads("nadie tiene el caso")


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        ("R {folio} ¿Me puede decir en qué lugar está?", "su texto sale ahora"),
        ("N {folio} hablé con su hermana, va en camino", "queda anotado en el caso"),
    ],
    ids=["reply", "note"],
)
async def test_each_act_that_is_written_down_gives_two_hours(
    world: World, act: str, answer: str
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await world.later(minutes=9)
    for _ in range(2):
        await ana.says(act.format(folio=case.folio))
        await ana.reads(answer)
        world.twilio.take_unexpected()
        await world.later(minutes=114, seconds=50)
        world.nothing_else()
        await world.later(seconds=11)
        await ana.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_reading_and_asking_for_the_number_are_no_acts(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await world.later(minutes=9)
    for letter in (f"V {case.folio}", f"D {case.folio} para llamarle", "CASOS", f"A {case.folio}"):
        await ana.says(letter)
    drop(world)
    await world.later(minutes=6, seconds=1)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_an_empty_note_and_an_empty_reply_are_no_acts(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    for letter, asked in (("N", "falta decir qué hizo"), ("R", "falta el texto")):
        await ana.says(f"{letter} {case.folio}")
        await ana.reads(asked)
    await world.later(minutes=15, seconds=1)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_a_case_that_was_put_off_stays_so_until_its_hour(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await ana.says(f"Z {case.folio} 3 espero al consulado")
    await ana.reads("queda en pausa hasta")
    (line,) = await lines(world, case, EntryKind.SNOOZED)
    assert line.body == "espero al consulado"
    assert await audited(world, "case.snooze") == [((await member_of(world, "Ana")).id, case.folio)]
    await world.later(minutes=30)
    await ana.says(f"N {case.folio} contestaron, me llaman")
    await ana.reads("queda anotado")
    await world.later(minutes=144)
    world.nothing_else()
    await world.later(minutes=1, seconds=1)
    await ana.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_the_more_urgent_a_case_the_shorter_it_may_be_put_off(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    ana = world.phone(ANAS_PHONE)
    for number, (words, longest) in enumerate(
        [(["SOS"], 12), (["no me dejan salir"], 8), (["SOS", "SOS me encontraron"], 4)]
    ):
        for said in words:
            await world.phone(f"+121355501{40 + number}").says(said)
        folio = (await open_cases(world))[-1].folio
        await ana.says(f"A {folio}")
        drop(world)
        await ana.says(f"Z {folio} {longest + 1} espero al consulado")
        await ana.reads(f"en pausa {longest} horas cuando mucho")
        await ana.says(f"Z {folio} {longest} horas espero al consulado")
        await ana.reads("queda en pausa hasta")


async def test_a_case_is_not_put_off_without_hours_and_a_reason(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.chat(EVA).says(f"Z {case.folio} 2 espero al consulado")
    await world.chat(EVA).reads("no es suyo")
    for said in ("", "2", "2 h.", "espero al consulado"):
        await world.chat(ANA).says(f"Z {case.folio} {said}")
        assert "hasta 12" in (await world.chat(ANA).reads("y por qué")).text
        await world.later(seconds=5)
    assert not await lines(world, case, EntryKind.SNOOZED)
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
