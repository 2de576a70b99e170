"""Nobody answers, nobody is there, or no provider works."""

from alerts.model import Case, EntryKind
from staff import service as staff_service
from staff.model import Role
from tests.standins.telegram import blocked_update, unblocked_update
from tests.standins.telegram_errors import blocked, server_error
from tests.standins.twilio_errors import server_error as twilio_error
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, MOTHER, member_of, owner_of
from tests.stories.night_rig import BOSS, calls, paged
from tests.stories.test_calling_for_help import kinds_of, only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def test_the_only_person_on_duty_blocks_the_bot_and_the_circle_widens_at_once(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    await world.chat(ANA)._post(dict(blocked_update(ANA)))
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    assert paged(world) == [BOSS], "in seconds, and not after a wait"
    drop(world)


async def test_who_is_alone_and_blocks_the_bot_is_paged_again_when_they_come_back(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.chat(ANA)._post(dict(blocked_update(ANA)))
    world.telegram.faults.for_recipient(ANA, blocked())
    case = await calls(world)
    for _ in range(3):
        await world.later(minutes=5, seconds=1)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.telegram.faults.clear()
    await world.chat(ANA)._post(dict(unblocked_update(ANA)))
    await world.later(minutes=5, seconds=1)
    assert case.folio in (await world.chat(ANA).reads("GUARDIA: ")).text
    drop(world)


async def test_a_guard_who_wants_no_notices_is_paged_all_the_same(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.chat(ANA).says("BAJA")
    drop(world)
    await calls(world)
    assert paged(world) == [ANA]


async def test_a_roster_that_empties_while_a_case_waits_is_told_and_goes_on(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await calls(world)
    assert paged(world) == [ANA]
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        await staff_service.deactivate(session, ana, world.platform.clock.now())
    for _ in range(3):
        await world.later(minutes=5, seconds=1)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.nothing_else()
    assert EntryKind.NOBODY_TO_PAGE in await kinds_of(world, await only_case(world))
    await world.phone(MOTHER).says("SOS por favor")
    await world.phone(MOTHER).reads("no hay guardia")
    await world.duty("Eva", chat=EVA)
    await world.later(minutes=5, seconds=1)
    assert paged(world) == [EVA]


async def test_with_telegram_down_for_an_hour_every_page_goes_by_sms(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.sometimes(server_error(), 1.0, seed=1)
    await calls(world)
    before = 0
    for _ in range(4):
        await world.later(minutes=15)
        now = len([sms for sms in world.twilio.sent if sms.to == ANAS_PHONE])
        assert now > before, "pages by SMS all the while"
        before = now
    world.telegram.faults.clear()
    drop(world)
    folio = (await only_case(world)).folio
    await world.phone(ANAS_PHONE).says(f"A {folio}")
    await world.phone(ANAS_PHONE).reads("es suyo")
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    await world.later(minutes=5)
    late = [sent for sent in world.telegram.take_unexpected() if "Tomarlo" in sent.buttons]
    assert not late, "no page of an owned case"
    drop(world)


async def an_hour_without_providers(world: World) -> Case:
    """Ana is on duty, somebody calls, nothing leaves for an hour; then all works again."""
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.sometimes(server_error(), 1.0, seed=1)
    world.twilio.faults.sometimes(twilio_error(), 1.0, seed=1)
    case = await calls(world)
    for _ in range(4):
        await world.later(minutes=15)
    assert not world.telegram.sent
    assert not world.twilio.sent
    world.telegram.faults.clear()
    world.twilio.faults.clear()
    for _ in range(3):
        await world.later(minutes=2)
    return case


async def test_with_both_providers_down_for_an_hour_nothing_is_lost(world: World) -> None:
    case = await an_hour_without_providers(world)
    pages = [sent for sent in world.telegram.sent if "Tomarlo" in sent.buttons]
    assert pages
    assert case.folio in pages[0].text
    assert [sms for sms in world.twilio.sent if sms.to == ANAS_PHONE]
    assert [sms for sms in world.twilio.sent if sms.to == MOTHER and "Recibido" in sms.body]
    drop(world)
    await world.chat(ANA).says(f"A {case.folio}")
    assert await owner_of(world, case.folio) == "Ana"
    drop(world)


async def test_after_an_outage_old_pages_of_a_case_do_not_come_beside_the_newest(
    world: World,
) -> None:
    await an_hour_without_providers(world)
    drop(world)
    pages = [sent.text for sent in world.telegram.sent if "Tomarlo" in sent.buttons]
    untrue = [words for words in pages if "hace 0 min" in words or "hace 15 min" in words]
    assert not untrue, "it is an hour old"
    assert len(pages) <= 3, "one case, one person, one method"
