"""Canaries fly through the whole platform, and what does not come back alarms."""

from datetime import timedelta

import pytest

from alerts import store as cases
from alerts.canary import store as canaries
from alerts.canary.model import Canary
from alerts.model import CaseState
from delivery.model import Failure, SendError
from kit.channels import Channel
from tests.standins.records import SentSms
from tests.standins.telegram_errors import server_error
from tests.standins.twilio_errors import server_error as twilio_error
from tests.standins.twilio_webhooks import NUMBER, inbound_sms
from tests.stories.duty_rig import ANA, ANAS_PHONE
from tests.stories.watch_rig import CANARY_CHAT, boss_of, look, passes, watch_of
from tests.stories.world import URGENT_NUMBER, World


class StandInInlet:
    """A way in that lags as a test says, or cannot be asked."""

    def __init__(self) -> None:
        self.waits: timedelta | None = timedelta()

    async def lag(self) -> timedelta:
        if self.waits is None:
            raise SendError(Failure.TRY_LATER, "500")
        return self.waits


async def newest(world: World, channel: Channel) -> Canary:
    async with world.database.read() as session:
        found = await canaries.newest(session, channel)
    assert found is not None
    return found


async def carry(world: World, to: str) -> None:
    """Twilio brings an SMS between two numbers of ours to the webhook, as it does."""
    sms = await world.twilio.expect(to, "CANARIO")
    await world.phone(sms.sender).post(inbound_sms(sms.sender, sms.body, to=to))


async def fly_by_sms(world: World) -> None:
    """Both ways of a canary."""
    await carry(world, URGENT_NUMBER)
    await carry(world, NUMBER)


async def test_a_canary_by_sms_calls_is_paged_accepts_and_is_seen_by_nobody(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    watch = watch_of(world)
    await look(world, watch)
    await fly_by_sms(world)
    await look(world, watch)
    world.nothing_else()
    canary = await newest(world, Channel.SMS)
    assert canary.done_at is not None
    async with world.database.read() as session:
        assert await cases.in_states(session, *CaseState) == ()
    await passes(world, watch, 58, each=2)
    world.nothing_else()
    await passes(world, watch, 2, each=2)
    await fly_by_sms(world)
    assert (await newest(world, Channel.SMS)).id == canary.id + 1


async def test_a_canary_whose_call_does_not_come_back_alarms_by_telegram(world: World) -> None:
    boss = await boss_of(world)
    watch = watch_of(world)
    await look(world, watch)
    await world.twilio.expect(URGENT_NUMBER, "CANARIO")
    await passes(world, watch, 2.5)
    world.nothing_else()
    await passes(world, watch, 0.5)
    await boss.reads("el canal SMS no responde desde hace 3 min")
    world.nothing_else()


async def test_a_canary_whose_page_is_lost_alarms_too(world: World) -> None:
    boss = await boss_of(world)
    watch = watch_of(world)
    await look(world, watch)
    await carry(world, URGENT_NUMBER)
    await passes(world, watch, 3)
    await world.twilio.expect(NUMBER, "CANARIO A")
    await boss.reads("el canal SMS no responde")


async def test_a_silent_channel_is_told_of_every_hour_until_it_works_again(world: World) -> None:
    boss = await boss_of(world)
    watch = watch_of(world)
    world.twilio.faults.for_recipient(URGENT_NUMBER, twilio_error())
    await look(world, watch)
    await passes(world, watch, 4, each=2)
    await boss.reads("el canal SMS no responde desde hace 4 min")
    await passes(world, watch, 56, each=2)
    world.nothing_else()
    await passes(world, watch, 8, each=2)
    await boss.reads("el canal SMS no responde desde hace 6")
    world.nothing_else()
    world.twilio.faults.clear()
    while not (await newest(world, Channel.SMS)).done_at:
        await passes(world, watch, 1, each=1)
        for sms in unread(world):
            await world.phone(sms.sender).post(inbound_sms(sms.sender, sms.body, to=sms.to))
    await look(world, watch)
    await boss.reads("ya funciona. El aviso era: el canal SMS no responde")
    world.twilio.take_unexpected()


def unread(world: World) -> list[SentSms]:
    """What Twilio has taken of ours since, which is expected from now on."""
    return [one for one in world.twilio.take_unexpected() if isinstance(one, SentSms)]


async def test_two_numbers_of_ours_never_talk_to_each_other(world: World) -> None:
    stray = "CANARIO 0123456789ABCDEF01234567"
    for sender, to in ((NUMBER, URGENT_NUMBER), (URGENT_NUMBER, NUMBER)):
        await world.phone(sender).post(inbound_sms(sender, stray, to=to))
    world.nothing_else()


async def test_a_canary_by_telegram_is_the_providers_word_and_an_open_way_in(
    world: World,
) -> None:
    inlet = StandInInlet()
    watch = watch_of(world, inlet, telegram=True)
    await look(world, watch)
    await world.chat(CANARY_CHAT).reads("Prueba automática")
    await look(world, watch)
    canary = await newest(world, Channel.TELEGRAM)
    assert canary.done_at is not None
    assert canary.heard_at is not None


@pytest.mark.parametrize("waits", [timedelta(minutes=2), None], ids=["behind", "unknown"])
async def test_updates_that_do_not_come_in_alarm_by_sms(
    world: World, waits: timedelta | None
) -> None:
    await boss_of(world)
    inlet = StandInInlet()
    inlet.waits = waits
    watch = watch_of(world, inlet, telegram=True)
    await look(world, watch)
    await world.chat(CANARY_CHAT).reads("Prueba automática")
    await passes(world, watch, 4)
    await world.phone(ANAS_PHONE).reads("el canal Telegram no responde")
    world.nothing_else()
    inlet.waits = timedelta()
    await passes(world, watch, 1)
    await world.phone(ANAS_PHONE).reads("ya funciona")


async def test_a_bot_that_cannot_write_alarms_by_sms(world: World) -> None:
    await boss_of(world)
    world.telegram.faults.for_recipient(CANARY_CHAT, server_error())
    watch = watch_of(world, StandInInlet(), telegram=True)
    await look(world, watch)
    await passes(world, watch, 3)
    await world.phone(ANAS_PHONE).reads("el canal Telegram no responde")
    world.nothing_else()


async def test_a_platform_that_slept_alarms_nobody_for_it(world: World) -> None:
    await boss_of(world)
    watch = watch_of(world)
    await look(world, watch)
    await world.twilio.expect(URGENT_NUMBER, "CANARIO")
    await world.later(hours=5)
    await look(world, watch)
    await fly_by_sms(world)
    await look(world, watch)
    world.nothing_else()
