"""By which of their methods somebody is called, and what follows when one does not bring it."""

from tests.standins.telegram_errors import blocked, too_many_requests
from tests.standins.twilio_webhooks import status_params
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, EVAS_PHONE, MOTHER, SON, owner_of
from tests.stories.night_rig import calls, paged
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def test_methods_follow_one_another_and_stop_at_acceptance(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    case = await calls(world)
    await world.chat(ANA).reads("GUARDIA: caso")
    await world.later(seconds=55)
    world.nothing_else()
    await world.later(seconds=6)
    assert case.folio in (await world.phone(ANAS_PHONE).reads("GUARDIA: caso")).body
    other = await calls(world, EVAS_PHONE)
    ana = world.chat(ANA)
    await ana.reads("GUARDIA: caso")
    await world.later(seconds=30)
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    assert await owner_of(world, other.folio) == "Ana"
    world.twilio.take_unexpected()
    await world.later(minutes=3)
    assert not [sms for sms in world.twilio.unexpected() if sms.to == ANAS_PHONE]
    drop(world)


async def test_a_page_that_a_chat_refuses_goes_by_sms_in_seconds(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    sms = [one for one in world.twilio.sent if one.to == ANAS_PHONE]
    assert len(sms) == 1, "at once, and only to her"
    world.nothing_else()


async def test_a_page_that_no_method_brings_goes_to_the_next_person_in_seconds(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    (sms,) = [one for one in world.twilio.sent if one.to == ANAS_PHONE]
    assert not paged(world)
    await world.phone(ANAS_PHONE).post(
        status_params(sms, "undelivered", 30003), "/webhooks/twilio/status"
    )
    assert paged(world) == [EVA]
    drop(world)


async def test_a_throttled_bot_keeps_nobody_waiting_for_the_sms(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.next(too_many_requests(600))
    await world.chat(SON).says("/ayuda")
    await world.phone(MOTHER).says("SOS")
    assert [sms.to for sms in world.twilio.sent if sms.to == ANAS_PHONE]
    await world.later(minutes=11)
    drop(world)


async def test_when_nobody_has_answered_every_method_rings_at_once(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await calls(world)
    await world.later(minutes=1, seconds=1)
    drop(world)
    await world.later(minutes=4)
    await world.chat(ANA).reads("nadie tiene el caso")
    await world.phone(ANAS_PHONE).reads("nadie tiene el caso")
