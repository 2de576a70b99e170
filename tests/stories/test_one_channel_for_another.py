"""When a channel fails, pages go by the other."""

from datetime import timedelta

import pytest

from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Method
from tests.standins.faults import Fault
from tests.standins.telegram_errors import refusal, server_error, too_many_requests
from tests.standins.twilio_errors import refused
from tests.standins.twilio_errors import server_error as twilio_error
from tests.standins.twilio_errors import too_many_requests as twilio_throttles
from tests.standins.twilio_webhooks import status_params
from tests.stories.duty_rig import ANA, ANAS_PHONE, MOTHER, SON
from tests.stories.test_calling_for_help import only_case
from tests.stories.world import World

TELEGRAM_FAILS = {
    "500": server_error(),
    "throttled": too_many_requests(600),
    "revoked": refusal(401, "Unauthorized"),
    "no answer": Fault.drop(),
    "no connection": Fault.drop_before(),
}
TWILIO_FAILS = {
    "500": twilio_error(),
    "throttled": twilio_throttles(600),
    "suspended": refused(30002),
    "no answer": Fault.drop(),
    "no connection": Fault.drop_before(),
}


def named(faults: dict[str, Fault]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", list(faults.values()), ids=list(faults))


async def ana(world: World, *methods: Method) -> None:
    """Ana is on duty and woken in this order."""
    member_id = await world.duty("Ana", chat=ANA)
    async with world.database.write() as session:
        await staff.set_methods(session, member_id, methods)


ON_CHAT = Endpoint(Channel.TELEGRAM, str(ANA))
ON_PHONE = Endpoint(Channel.SMS, ANAS_PHONE)
A_MINUTE = timedelta(minutes=1)
CHAT_FIRST = (Method(ON_CHAT), Method(ON_PHONE, A_MINUTE))
PHONE_FIRST = (Method(ON_PHONE), Method(ON_CHAT, A_MINUTE))


async def test_while_the_first_method_works_the_second_waits_for_its_minute(world: World) -> None:
    await ana(world, *CHAT_FIRST)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA")
    await world.later(seconds=50)
    world.nothing_else()
    await world.later(seconds=11)
    await world.phone(ANAS_PHONE).reads("GUARDIA")


@named(TELEGRAM_FAILS)
async def test_when_telegram_fails_the_page_goes_by_sms_within_seconds(
    world: World, fault: Fault
) -> None:
    await ana(world, *CHAT_FIRST)
    world.telegram.faults.for_recipient(ANA, fault)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.later(seconds=5)
    await world.phone(ANAS_PHONE).reads("GUARDIA")
    world.telegram.take_unexpected()


@named(TWILIO_FAILS)
async def test_when_sms_fail_the_page_goes_by_telegram_within_seconds(
    world: World, fault: Fault
) -> None:
    await ana(world, *PHONE_FIRST)
    world.twilio.faults.for_recipient(ANAS_PHONE, fault)
    await world.chat(SON).says("SOS")
    await world.chat(SON).reads("Recibido")
    await world.later(seconds=5)
    await world.chat(ANA).reads("GUARDIA")
    world.twilio.take_unexpected()


async def test_an_sms_that_the_carrier_does_not_deliver_brings_the_chat_forward(
    world: World,
) -> None:
    await ana(world, *PHONE_FIRST)
    await world.chat(SON).says("SOS")
    await world.chat(SON).reads("Recibido")
    sms = await world.phone(ANAS_PHONE).reads("GUARDIA")
    params = status_params(sms, "undelivered", 30003)
    await world.phone(ANAS_PHONE).post(params, "/webhooks/twilio/status")
    await world.chat(ANA).reads("GUARDIA")


async def test_a_channel_that_is_known_to_be_down_makes_no_page_wait(world: World) -> None:
    world.telegram.faults.next(too_many_requests(600))
    await world.chat(SON).says("/ayuda")
    await ana(world, *CHAT_FIRST)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.phone(ANAS_PHONE).reads("GUARDIA")
    world.nothing_else()


async def test_who_answers_by_sms_is_not_paged_when_telegram_comes_back(world: World) -> None:
    await ana(world, *CHAT_FIRST)
    world.telegram.faults.for_recipient(ANA, server_error())
    await world.phone(MOTHER).says("SOS")
    await world.later(seconds=61)
    world.twilio.take_unexpected()
    case = await only_case(world)
    await world.phone(ANAS_PHONE).says(f"A {case.folio}")
    await world.phone(ANAS_PHONE).reads("es suyo")
    world.telegram.faults.clear()
    await world.later(minutes=5)
    assert not [sent for sent in world.telegram.unexpected() if "Tomarlo" in sent.buttons]
    world.twilio.take_unexpected()


async def test_an_owner_hears_by_sms_of_what_the_reporter_says_while_telegram_is_down(
    world: World,
) -> None:
    await ana(world, *CHAT_FIRST)
    await world.phone(MOTHER).says("SOS")
    case = await only_case(world)
    await world.phone(ANAS_PHONE).says(f"A {case.folio}")
    world.telegram.take_unexpected()
    world.twilio.take_unexpected()
    world.telegram.faults.for_recipient(ANA, server_error())
    await world.phone(MOTHER).says("Ya estamos en la calle Quinta")
    await world.phone(ANAS_PHONE).reads(case.folio)
    world.twilio.take_unexpected()
