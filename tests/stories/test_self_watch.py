"""The platform watches itself: canaries, what stands still, and one channel in place of another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import update
from structlog.testing import capture_logs

from alerts import store as cases
from alerts.canary import store as canaries
from alerts.canary.model import Canary
from alerts.model import CaseState
from app.selfwatch import Checks, SelfWatch, ping
from bot.inbox import store as arrivals
from delivery import senders
from delivery import store as ledger
from delivery.content import Content
from delivery.model import Failure, Lane, NewMessage, SendError
from delivery.store import message
from engine.store import lease
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.model import Method, Role
from tests.standins.faults import Fault
from tests.standins.records import Sent, SentSms
from tests.standins.telegram_errors import refusal, server_error, too_many_requests
from tests.standins.twilio_errors import refused
from tests.standins.twilio_errors import server_error as twilio_error
from tests.standins.twilio_errors import too_many_requests as twilio_throttles
from tests.standins.twilio_webhooks import NUMBER, inbound_sms, status_params
from tests.stories.test_calling_for_help import only_case
from tests.stories.world import URGENT_NUMBER, World, story_settings

MOTHER, SON = "+12135550121", 900_121
ANA, ANAS_PHONE = 900_001, "+12135550131"
CANARY_CHAT = 900_900
ALWAYS = 1_000_000


class StandInInlet:
    """A way in that lags as a test says, or cannot be asked."""

    def __init__(self) -> None:
        self.waits: timedelta | None = timedelta()

    async def lag(self) -> timedelta:
        if self.waits is None:
            raise SendError(Failure.TRY_LATER, "500")
        return self.waits


def watch_of(
    world: World,
    inlet: object = None,
    *,
    url: str = "",
    telegram: bool = False,
    plan: bool = True,
) -> SelfWatch:
    """A watch over this world that a story winds by hand."""
    platform = world.platform
    settings = story_settings(
        world.telegram.url,
        world.twilio.url,
        canary_minutes=60 if plan else 0,
        canary_telegram=str(CANARY_CHAT) if telegram else "",
        twilio_from_urgent="" if telegram else URGENT_NUMBER,
        deadman_url=url,
    )
    checks = Checks(platform.database, platform.clock)
    return SelfWatch(settings, platform.database, platform.clock, checks, inlet)


async def look(world: World, watch: SelfWatch) -> None:
    await watch.look()
    await world.platform.settle()


async def passes(world: World, watch: SelfWatch, minutes: float, *, each: float = 0.5) -> None:
    """Time passes, and the watch looks all the while."""
    for _ in range(int(minutes / each)):
        await world.later(minutes=each)
        await look(world, watch)


async def newest(world: World, channel: Channel) -> Canary:
    async with world.database.read() as session:
        found = await canaries.newest(session, channel)
    assert found is not None
    return found


async def carry(world: World, to: str) -> None:
    """Twilio brings an SMS between two numbers of ours to the webhook, as it does."""
    sms = await world.twilio.expect(to, "CANARIO", timeout=2)
    await world.phone(sms.sender).post(inbound_sms(sms.sender, sms.body, to=to))


async def fly_by_sms(world: World) -> None:
    """Both ways of a canary."""
    await carry(world, URGENT_NUMBER)
    await carry(world, NUMBER)


# Canaries.


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


async def boss_of(world: World) -> "Reader":
    await world.duty("Jefa", chat=ANA, phone=ANAS_PHONE, role=Role.COORDINATOR)
    return Reader(world)


class Reader:
    """The coordinator's chat."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def reads(self, words: str) -> Sent:
        return await self._world.chat(ANA).reads(words)


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


# What stands still.


async def ready(world: World) -> tuple[int, dict[str, object]]:
    answer = await world.http.get("/readyz")
    return answer.status_code, answer.json()


def hold_the_clock(world: World) -> None:
    """The ticker of this world ticks no more, so that what a story breaks stays broken."""
    ticker = vars(world.platform)["_ticker"]
    ticker.stop()


async def strand(world: World, *, seconds: int = 45) -> None:
    """An urgent message has been due for so long, and nobody sends it."""
    now = world.platform.clock.now()
    async with world.database.write() as session:
        to = Endpoint(Channel.SMS, ANAS_PHONE)
        await ledger.add(session, NewMessage((to,), Content("a", "a"), Lane.URGENT), now)
        await session.execute(update(message).values(due_at=now - timedelta(seconds=seconds)))


async def test_readiness_tells_apart_what_stands_still_and_what_is_for_people(
    world: World,
) -> None:
    hold_the_clock(world)
    status, told = await ready(world)
    assert (status, told["status"], told["warnings"]) == (200, "ok", ["roster"])
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    status, told = await ready(world)
    assert (status, told["status"], told["warnings"], told["details"]) == (200, "ok", [], {})
    async with world.database.write() as session:
        for _ in range(3):
            await senders.note_failure(session, "telegram", "401", world.platform.clock.now())
        await arrivals.keep(session, Channel.SMS, "SM1", "{}", world.platform.clock.now())
        long_ago = world.platform.clock.now() - timedelta(seconds=90)
        await session.execute(update(arrivals.inbound).values(next_try_at=long_ago))
    status, told = await ready(world)
    assert (status, told["status"]) == (200, "ok")
    assert told["warnings"] == ["senders", "inbox"]
    assert told["details"] == {
        "senders": {"senders": "telegram"},
        "inbox": {"rows": 1, "seconds": 90},
    }
    await strand(world)
    status, told = await ready(world)
    assert (status, told["status"]) == (503, "failed")
    assert told["checks"] == {"database": "ok", "clock": "ok", "lane": "failed"}
    world.twilio.take_unexpected()


async def test_readiness_tells_of_a_clock_that_stands_still(world: World) -> None:
    assert (await ready(world))[1]["checks"] == {"database": "ok", "clock": "ok", "lane": "ok"}
    hold_the_clock(world)
    async with world.database.write() as session:
        stopped = Clock().now() - timedelta(seconds=16)
        await session.execute(lease.delete())
        await session.execute(lease.insert().values(name="reconcile", holder="gone", until=stopped))
    status, told = await ready(world)
    assert status == 503
    assert told["checks"] == {"database": "ok", "clock": "failed", "lane": "ok"}


async def test_a_clock_that_stands_still_is_told_by_whoever_else_looks(world: World) -> None:
    boss = await boss_of(world)
    watch = watch_of(world, plan=False)
    hold_the_clock(world)
    async with world.database.write() as session:
        stopped = Clock().now() - timedelta(seconds=16)
        await session.execute(lease.delete())
        await session.execute(lease.insert().values(name="reconcile", holder="gone", until=stopped))
    await look(world, watch)
    await boss.reads("el reloj del sistema no avanza")
    await world.phone(ANAS_PHONE).reads("el reloj del sistema no avanza")


async def test_a_platform_that_has_just_begun_is_given_time_for_its_first_beat(
    world: World,
) -> None:
    hold_the_clock(world)
    async with world.database.write() as session:
        await session.execute(lease.delete())
    assert (await ready(world))[0] == 200
    checks = Checks(world.database, world.platform.clock)
    vars(checks)["_beat_seen"] = Clock().now() - timedelta(seconds=16)
    assert not (await checks.vital["clock"]()).good


async def test_what_readiness_tells_names_nobody(world: World) -> None:
    hold_the_clock(world)
    await world.phone(MOTHER).says("SOS mi hijo no llega a Nogales")
    world.twilio.take_unexpected()
    await strand(world, seconds=90)
    text = (await world.http.get("/readyz")).text
    assert "failed" in text
    for hidden in (MOTHER, ANAS_PHONE, "SOS", "Nogales"):
        assert hidden not in text


async def test_coordinators_are_told_once_an_hour_while_it_lasts_and_when_it_is_over(
    world: World,
) -> None:
    boss = await boss_of(world)
    await world.duty("Eva", chat=900_002)
    watch = watch_of(world, plan=False)
    hold_the_clock(world)
    await strand(world)
    await watch.look()
    await watch.look()
    await world.platform.settle()
    await boss.reads("hay mensajes urgentes que no salen desde hace 0 min")
    told = await world.phone(ANAS_PHONE).reads("hay mensajes urgentes que no salen")
    assert told.body.startswith("SISTEMA: ")
    world.twilio.take_unexpected()
    world.nothing_else()
    await passes(world, watch, 4)
    world.nothing_else()
    await passes(world, watch, 2)
    await boss.reads("ya funciona")
    await world.phone(ANAS_PHONE).reads("ya funciona")


# A sign of life for who watches from outside.


async def test_a_sign_of_life_is_given_only_while_nothing_vital_is_wrong(world: World) -> None:
    hold_the_clock(world)
    async with outside() as (url, asked):
        watch = watch_of(world, url=f"{url}/alive")
        await watch.ping()
        assert asked == ["GET /alive"]
        async with world.database.write() as session:
            for _ in range(3):
                await senders.note_failure(session, "telegram", "401", world.platform.clock.now())
        await watch.ping()
        assert len(asked) == 2, "a warning withholds nothing"
        await strand(world)
        await watch.ping()
        assert len(asked) == 2
    world.twilio.take_unexpected()


async def test_an_address_that_refuses_hangs_or_is_gone_harms_nobody_and_is_not_told(
    world: World,
) -> None:
    del world
    async with outside() as (url, asked):
        assert await ping(f"{url}/well/secret")
        with capture_logs() as logs:
            assert not await ping(f"{url}/refuses")
            assert not await ping(f"{url}/hangs", seconds=0.1)
        assert len(asked) == 3
    with capture_logs() as gone:
        assert not await ping(f"{url}/well/secret")
    assert [line["event"] for line in logs] == ["deadman.refused", "deadman.unreachable"]
    assert [line["event"] for line in gone] == ["deadman.unreachable"]
    assert all("127.0.0.1" not in str(line) for line in (*logs, *gone))


@asynccontextmanager
async def outside() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that keeps who asked; it refuses `/refuses` and hangs at `/hangs`."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.method + " " + request.path)
        if request.path == "/refuses":
            raise web.HTTPServiceUnavailable
        if request.path == "/hangs":
            await asyncio.sleep(5)
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


# One channel in the other's place. By which methods and how late is `staff.model.Method`.

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
