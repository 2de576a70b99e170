"""A case has one owner; when it has none that can be reached, pages go on."""

from sqlalchemy import update

from alerts import ownership
from alerts.model import Case
from staff import store as staff
from staff.model import Role
from tests.standins.telegram_errors import blocked
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import calls, drop
from tests.stories.world import World

MOTHER = "+12135550121"
SON = 900_121
ANA, EVA = 900_001, 900_002


def paged(world: World) -> list[int | None]:
    """The chats that were paged and have not read it yet, in order."""
    sent = world.telegram.take_unexpected()
    return [page.chat_id for page in sent if "Tomarlo" in page.buttons]


async def called(world: World) -> Case:
    """Ana is on duty and paged."""
    await calls(world, world.phone(MOTHER))
    return await only_case(world)


async def taken(world: World) -> Case:
    """Ana owns the case."""
    case = await called(world)
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    return await only_case(world)


async def test_sos_on_a_case_in_hand_pages_the_owner_and_the_next_person(world: World) -> None:
    await taken(world)
    await world.duty("Eva", chat=EVA)
    await world.later(minutes=5)
    await world.phone(MOTHER).says("SOS me encontraron")
    await world.phone(MOTHER).reads("Avisamos de nuevo a la guardia")
    assert set(paged(world)) == {ANA, EVA}
    await world.later(minutes=6)
    assert set(paged(world)) == {ANA, EVA}, "until somebody takes it"
    drop(world)


async def test_sos_to_an_owner_who_cannot_be_reached_pages_the_guard(world: World) -> None:
    case = await called(world)
    boss_id = await world.duty("Jefa", role=Role.COORDINATOR)
    async with world.database.write() as session:
        boss = await staff.get(session, boss_id)
        assert boss is not None
        await ownership.accept(session, case, boss, world.platform.clock.now())
    await world.platform.settle()
    drop(world)
    await world.phone(MOTHER).says("SOS ya vienen")
    assert paged(world) == [ANA]
    drop(world)


async def test_an_owner_who_left_the_staff_is_not_told_and_the_guard_is_paged(
    world: World,
) -> None:
    await world.duty("Eva", chat=EVA)
    case = await called(world)
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    async with world.database.write() as session:
        owner_id = (await only_case(world)).owner_id
        gone = update(staff.member).where(staff.member.c.id == owner_id).values(active=False)
        await session.execute(gone)
    await world.phone(MOTHER).says("vienen por mí")
    await world.later(hours=1)
    reached = {sent.chat_id for sent in world.telegram.take_unexpected()}
    assert reached == {EVA}
    drop(world)


async def test_a_case_passed_on_goes_to_somebody_else_and_who_waits_gets_the_numbers(
    world: World,
) -> None:
    case = await called(world)
    await world.duty("Eva", chat=EVA)
    await world.later(seconds=301)
    assert paged(world) == [EVA]
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    await world.chat(ANA).says(f"P {case.folio}")
    assert paged(world) == [EVA]
    await world.later(minutes=11)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    drop(world)


async def test_a_new_owner_is_announced_as_another_person_and_the_same_one_is_not(
    world: World,
) -> None:
    case = await taken(world)
    await world.duty("Eva", chat=EVA)
    for chat, words in ((ANA, "una persona ya tiene su caso"), (EVA, "otra persona del equipo")):
        await world.chat(ANA).says(f"P {case.folio}")
        drop(world)
        await world.chat(chat).says(f"A {case.folio}")
        await world.phone(MOTHER).reads(words)
        drop(world)


async def test_who_only_reads_cannot_pass_a_case_on(world: World) -> None:
    case = await called(world)
    await world.duty("Audita", chat=EVA, role=Role.AUDITOR)
    await world.chat(EVA).says(f"P {case.folio}")
    await world.chat(EVA).reads("su cargo no permite")
    world.nothing_else()
    assert (await only_case(world)).paged == 1


async def test_a_reply_that_fits_into_no_message_is_refused_and_not_promised(
    world: World,
) -> None:
    case = await taken(world)
    await world.chat(ANA).says(f"R {case.folio} " + "palabra " * 220)
    await world.chat(ANA).reads("no mandamos su texto, es muy largo")
    await world.later(minutes=5)
    world.nothing_else()


async def test_the_owner_learns_that_a_reply_does_not_arrive(world: World) -> None:
    await calls(world, world.chat(SON))
    case = await only_case(world)
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    world.telegram.faults.for_recipient(str(SON), blocked())
    await world.chat(ANA).says(f"R {case.folio} ¿Está ahí?")
    await world.chat(ANA).reads("no le llegan")
    drop(world)
