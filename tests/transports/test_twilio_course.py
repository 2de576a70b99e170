"""The stand-in of Twilio: fates of messages, STOPs to one sender, and rates."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from delivery.model import Failure, Lane, SendError, State
from delivery.transport import Receipt
from tests.standins.twilio import NUMBER, SERVICE_SID, TwilioStandIn
from tests.standins.twilio_fates import DELIVERED, UNREACHABLE, Fate, Telling
from tests.standins.twilio_throttle import Throttle
from tests.transports.twilio_stage import OTHER_NUMBER, OTHER_PHONE, PHONE, connected, outgoing
from transports.sms import TwilioTransport


class Listener:
    """Where the application would listen; notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.told.append((request.query["m"], str(form["MessageStatus"])))
        return web.Response(status=204)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    app = web.Application()
    app.router.add_post("/webhooks/twilio/status", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield listener
    await runner.cleanup()


@pytest.fixture
async def standin(listener: Listener) -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn(reach=listener.url) as standin:
        yield standin


@pytest.fixture
async def transport(standin: TwilioStandIn) -> AsyncIterator[TwilioTransport]:
    transport = connected(standin)
    yield transport
    await transport.close()


@pytest.mark.parametrize(
    ("fate", "told", "end"),
    [
        (DELIVERED, ["sent", "delivered"], State.DELIVERED),
        (UNREACHABLE, ["sent", "undelivered"], State.UNDELIVERED),
        (Fate(told=Telling.TWICE), ["sent", "sent", "delivered", "delivered"], State.DELIVERED),
        (Fate(told=Telling.REVERSED), ["delivered", "sent"], State.DELIVERED),
        (Fate(told=Telling.NEVER), [], State.DELIVERED),
        (Fate(late=0.05), ["sent", "delivered"], State.DELIVERED),
        (Fate(("sent",)), ["sent"], State.SENT),
    ],
)
async def test_fate_comes_to_pass_and_is_told(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    listener: Listener,
    fate: Fate,
    told: list[str],
    end: State,
) -> None:
    standin.lives.fate = fate
    message = outgoing("Programas")
    sid = await transport.send(message)
    await standin.fulfilled()
    assert listener.told == [(str(message.message_id), status) for status in told]
    receipt = await transport.fetch(sid)
    assert receipt is not None
    assert receipt.state is end


async def test_late_receipt_comes_after_the_message_was_delivered(
    standin: TwilioStandIn, transport: TwilioTransport, listener: Listener
) -> None:
    standin.lives.fate = Fate(late=0.3)
    sid = await transport.send(outgoing("Programas"))
    await asyncio.sleep(0.1)
    assert await transport.fetch(sid) == Receipt(sid, State.DELIVERED)
    assert listener.told == []
    await standin.fulfilled()
    assert len(listener.told) == 2


async def test_fate_may_be_that_of_one_number(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.lives.fate = DELIVERED
    standin.lives.fates[OTHER_PHONE] = UNREACHABLE
    sids = [await transport.send(outgoing("uno", phone=phone)) for phone in (PHONE, OTHER_PHONE)]
    await standin.fulfilled()
    assert [await transport.fetch(sid) for sid in sids] == [
        Receipt(sids[0], State.DELIVERED),
        Receipt(sids[1], State.UNDELIVERED, "30003", Failure.TRY_LATER),
    ]


async def test_message_of_a_service_has_a_number_once_it_left(standin: TwilioStandIn) -> None:
    standin.lives.fate = DELIVERED
    transport = connected(standin, sender=SERVICE_SID)
    message = outgoing("Programas")
    sid = await transport.send(message)
    await standin.fulfilled()
    found = await transport.find(message, standin.sent[0].taken_at)
    await transport.close()
    assert found == (Receipt(sid, State.DELIVERED),)


async def test_stop_holds_for_one_sender_alone(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    second = transport.another("sms-2", OTHER_NUMBER)
    standin.stops.add((PHONE, NUMBER))
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("Programas"))
    assert caught.value.failure is Failure.CONTACT_STOPPED
    await transport.send(outgoing("Programas", phone=OTHER_PHONE))
    await second.send(outgoing("Programas"))
    await second.close()


async def test_sender_above_its_rate_is_throttled(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.throttle.rate = 3
    await transport.send(outgoing("á" * 71))
    await transport.send(outgoing("uno"))
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("dos", Lane.URGENT))
    assert (caught.value.failure, caught.value.code) == (Failure.SENDER_THROTTLED, "20429")
    assert standin.throttle.refused == 1


@pytest.mark.parametrize(
    ("sends", "admitted"),
    [
        ([(0, 1)] * 3, [True, True, False]),
        ([(0, 1), (0, 1), (0.5, 1), (0.5, 1)], [True, True, True, False]),
        ([(0, 5), (1, 1), (3, 1)], [True, False, True]),
        ([(0, 2), (0.4, 1), (100, 2), (100, 1)], [True, False, True, False]),
    ],
)
def test_throttle_admits_two_segments_a_second(
    sends: list[tuple[float, int]], admitted: list[bool]
) -> None:
    throttle = Throttle(2)
    assert [throttle.admits("a", segments, now) for now, segments in sends] == admitted


def test_throttle_holds_for_each_sender_alone() -> None:
    throttle = Throttle(1)
    assert [throttle.admits(sender, 1, 0) for sender in "aabb"] == [True, False, True, False]


async def test_another_process_sets_the_course(
    standin: TwilioStandIn, transport: TwilioTransport, listener: Listener
) -> None:
    course = {
        "fate": {"statuses": ["sent", "undelivered"], "error_code": 30005, "told": "reversed"},
        "stops": [[OTHER_PHONE, NUMBER]],
        "rate": 2,
    }
    url = f"{standin.url}/control/course"
    async with ClientSession() as session, session.post(url, json=course) as answer:
        assert answer.status == 200
    sid = await transport.send(outgoing("uno"))
    await standin.fulfilled()
    assert await transport.fetch(sid) == Receipt(
        sid, State.UNDELIVERED, "30005", Failure.ADDRESS_DEAD
    )
    assert [status for _, status in listener.told] == ["undelivered", "sent"]
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("dos", phone=OTHER_PHONE))
    assert caught.value.code == "21610"
    assert standin.throttle.rate == 2

    async with ClientSession() as session, session.post(url, json={"fate": 7}) as answer:
        assert answer.status == 422
