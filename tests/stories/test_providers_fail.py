"""Providers throttle, refuse, hang and drop: every row says what became of it."""

from sqlalchemy import select

from contacts import store as contacts
from delivery.model import Failure, State
from delivery.store import attempt, message
from kit.channels import Channel, Endpoint
from tests.standins.faults import Fault
from tests.standins.telegram_errors import blocked, too_many_requests
from tests.standins.twilio_errors import unsubscribed
from tests.standins.twilio_webhooks import status_params
from tests.stories.world import URGENT_NUMBER, World

BETO = "+12135550112"
CHAT = 900_112


async def states(world: World) -> list[str]:
    async with world.database.read() as session:
        rows = await session.all(select(message.c.state).order_by(message.c.id))
    return [row["state"] for row in rows]


async def test_a_throttled_bot_waits_as_long_as_it_was_told_and_loses_nothing(
    world: World,
) -> None:
    world.telegram.faults.next(too_many_requests(600))
    await world.chat(CHAT).says("/ayuda")
    assert await states(world) == [State.PENDING]
    await world.later(minutes=9)
    assert await states(world) == [State.PENDING]
    await world.later(minutes=2)
    await world.chat(CHAT).reads("¿Corre peligro?")
    assert await states(world) == [State.SENT]
    async with world.database.read() as session:
        (row,) = await session.all(select(message.c.attempts))
    assert row["attempts"] == 1, "being told to wait burns no attempt"


async def test_a_failing_provider_is_tried_again(world: World) -> None:
    world.telegram.faults.next(Fault.answer(500, {"ok": False}), 2)
    await world.chat(CHAT).says("/ayuda")
    await world.later(seconds=10)
    await world.later(seconds=20)
    await world.chat(CHAT).reads("¿Corre peligro?")
    async with world.database.read() as session:
        rows = await session.all(select(attempt.c.outcome).order_by(attempt.c.id))
    assert [row["outcome"] for row in rows] == [Failure.TRY_LATER, Failure.TRY_LATER, State.SENT]


async def test_a_reply_whose_answer_was_lost_goes_again(world: World) -> None:
    world.telegram.faults.next(Fault.drop())
    await world.chat(CHAT).says("/ayuda")
    await world.later(seconds=10)
    await world.chat(CHAT).reads("¿Corre peligro?")
    await world.chat(CHAT).reads("¿Corre peligro?")


async def test_who_blocked_the_bot_gets_no_campaign_any_more(world: World) -> None:
    world.telegram.faults.next(blocked())
    await world.chat(CHAT).says("/ayuda")
    assert await states(world) == [State.FAILED]
    async with world.database.read() as session:
        assert await contacts.opted_out(session, Endpoint(Channel.TELEGRAM, str(CHAT)))


async def test_an_urgent_reply_refused_with_21610_leaves_from_the_urgent_number(
    world: World,
) -> None:
    world.twilio.faults.next(unsubscribed())
    await world.phone(BETO).says("SOS")
    read = await world.phone(BETO).reads("Recibido")
    assert read.sender == URGENT_NUMBER


async def test_receipts_twice_and_out_of_order_settle_a_row_once(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("AYUDA")
    sms = await beto.reads("¿Corre peligro?")
    for status in ("delivered", "sent", "delivered", "undelivered", "sent"):
        await beto.post(status_params(sms, status), "/webhooks/twilio/status")
    assert await states(world) == [State.DELIVERED]


async def test_a_row_that_cannot_leave_for_a_day_has_failed(world: World) -> None:
    world.telegram.faults.for_recipient(str(CHAT), Fault.answer(500, {"ok": False}))
    await world.chat(CHAT).says("/ayuda")
    for _ in range(30):
        await world.later(hours=1)
    assert await states(world) == [State.FAILED]
