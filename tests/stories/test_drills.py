"""A drill is played like the real thing, is marked everywhere, and is measured."""

from datetime import timedelta

import pytest

from alerts.drills import service
from alerts.drills.report import Course
from alerts.drills.store import Drill
from alerts.model import Case
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from staff import store as staff
from staff.model import Member, Role
from tests.stories.test_calling_for_help import only_case
from tests.stories.world import World

PLAYER = "+12135550121"
STRANGER = "+12135550122"
FIRST, SECOND = 900_001, 900_002
HOUR = timedelta(hours=1)


async def boss(world: World) -> Member:
    member_id = await world.duty("Jefa", chat=900_009, role=Role.COORDINATOR)
    async with world.database.read() as session:
        found = await staff.get(session, member_id)
    assert found is not None
    return found


async def begin(world: World, lasts: timedelta = HOUR) -> Drill:
    """A drill in which one phone plays the person who calls for help."""
    leader = await boss(world)
    async with world.database.write() as session:
        player = (Endpoint(Channel.SMS, PLAYER),)
        now = world.platform.clock.now()
        return await service.start(session, leader, "Noche", player, lasts, now)


async def report(world: World, drill: Drill) -> tuple[Course, ...]:
    async with world.database.read() as session:
        return await service.report(session, drill)


async def cries(world: World) -> Case:
    await world.phone(PLAYER).says("SOS no llega mi hijo")
    answer = await world.phone(PLAYER).reads("Recibido, folio")
    assert answer.body.startswith("EJERCICIO.")
    return await only_case(world)


async def test_a_drill_with_a_silent_first_guard_is_marked_and_timed_step_by_step(
    world: World,
) -> None:
    await world.duty("Ana", chat=FIRST)
    await world.duty("Eva", chat=SECOND)
    drill = await begin(world)
    case = await cries(world)
    assert case.exercise
    assert (await world.chat(FIRST).reads("GUARDIA: caso")).text.startswith("EJERCICIO.")
    await world.later(seconds=301)
    eva = world.chat(SECOND)
    assert (await eva.reads("GUARDIA: caso")).text.startswith("EJERCICIO.")
    await eva.presses("Tomarlo")
    await eva.reads("es suyo")
    assert (await world.phone(PLAYER).reads("una persona")).body.startswith("EJERCICIO.")
    await world.later(seconds=60)
    await eva.says(f"R {case.folio} ¿A qué hora salió?")
    await eva.reads("su texto sale ahora")
    await world.phone(PLAYER).reads("¿A qué hora salió?")
    (course,) = await report(world, drill)
    assert course.folio == case.folio
    assert course.first_page == timedelta()
    assert course.accepted is not None
    assert timedelta(seconds=301) <= course.accepted < timedelta(seconds=310)
    assert course.first_act is not None
    assert course.first_act - course.accepted >= timedelta(seconds=60)
    assert (course.pages, course.people, course.closed) == (2, 2, None)
    assert course.page_taken is not None
    assert course.page_taken < timedelta(seconds=60), "a provider took it"


async def test_only_who_plays_is_part_of_it_and_only_while_it_lasts(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    drill = await begin(world)
    ana = world.chat(FIRST)
    await world.phone(STRANGER).says("SOS")
    assert (await world.phone(STRANGER).reads("Recibido")).body.startswith("Recibido")
    assert (await ana.reads("GUARDIA: caso")).text.startswith("GUARDIA")
    assert not (await only_case(world)).exercise
    assert await report(world, drill) == ()
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    await world.phone(STRANGER).reads("una persona")
    await world.later(hours=1)
    world.telegram.take_unexpected()
    await world.phone(PLAYER).says("SOS")
    assert (await world.phone(PLAYER).reads("Recibido")).body.startswith("Recibido")
    await ana.reads("GUARDIA: ")
    world.telegram.take_unexpected()


async def test_a_drill_needs_a_name_a_player_and_an_end_and_no_real_case(world: World) -> None:
    leader = await boss(world)
    now, player = world.platform.clock.now(), Endpoint(Channel.SMS, PLAYER)
    async with world.database.write() as session:
        for name, players, lasts in (
            ("", [player], HOUR),
            ("N" * 61, [player], HOUR),
            ("Noche", [], HOUR),
            ("Noche", [player], timedelta()),
            ("Noche", [player], timedelta(days=1)),
        ):
            with pytest.raises(Invalid):
                await service.start(session, leader, name, players, lasts, now)
    await world.phone(PLAYER).says("SOS")
    await world.phone(PLAYER).reads("Recibido")
    await world.chat(900_009).reads("GUARDIA")
    async with world.database.write() as session:
        with pytest.raises(Invalid):
            await service.start(session, leader, "Noche", [player], HOUR, now)
