"""Every fault of Twilio, as its library sees it."""

import asyncio

import pytest
from aiohttp import ServerDisconnectedError
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from tests.patience import PATIENCE
from tests.standins import twilio_errors as wrong
from tests.standins.faults import Fault
from tests.standins.twilio import NUMBER, TwilioStandIn
from tests.unit.standins.conftest import TwilioHttp, twilio_client

ANA = "+12135550101"
BETO = "+12135550102"


async def send(client: Client, to: str = ANA) -> None:
    await client.messages.create_async(to=to, from_=NUMBER, body="Hola")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (wrong.unsubscribed(), 400, 21610),
        (wrong.not_mobile(), 400, 21614),
        (wrong.refused(30003), 400, 30003),
        (wrong.refused(21611), 400, 21611),
        (wrong.too_many_requests(), 429, 20429),
        (wrong.server_error(), 500, 20500),
        (wrong.bad_gateway(), 502, 502),
    ],
)
async def test_a_refused_call_takes_nothing_and_the_next_one_passes(
    twilio: TwilioStandIn, client: Client, fault: Fault, status: int, code: int
) -> None:
    twilio.faults.next(fault)
    with pytest.raises(TwilioRestException) as refused:
        await send(client)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert twilio.sent == []
    await send(client)
    assert len(twilio.sent) == 1


async def test_a_dropped_call_was_taken_and_can_be_looked_up(
    twilio: TwilioStandIn, client: Client
) -> None:
    twilio.faults.next(Fault.drop())
    with pytest.raises(ServerDisconnectedError):
        await send(client)
    (found,) = await client.messages.list_async(to=ANA)
    assert found.sid == (await twilio.expect(ANA)).sid


async def test_a_connection_closed_before_takes_nothing(
    twilio: TwilioStandIn, client: Client
) -> None:
    twilio.faults.next(Fault.drop_before())
    with pytest.raises(ServerDisconnectedError):
        await send(client)
    assert await client.messages.list_async(to=ANA) == []


async def test_a_call_that_hangs_after_taking_times_out_and_counts(twilio: TwilioStandIn) -> None:
    http = TwilioHttp(seconds=0.2)
    twilio.faults.next(Fault.hang(taken=True))
    with pytest.raises(TimeoutError):
        await send(twilio_client(twilio.url, http))
    await http.close()
    await twilio.expect(ANA)


async def test_a_hanging_call_goes_on_when_it_is_released(
    twilio: TwilioStandIn, client: Client
) -> None:
    twilio.faults.next(Fault.hang())
    call = asyncio.create_task(send(client))
    await twilio.faults.wait_until_hanging()
    assert twilio.sent == []
    twilio.faults.release()
    await asyncio.wait_for(call, PATIENCE)
    await twilio.expect(ANA)


async def test_a_slow_call_is_taken_in_the_end(twilio: TwilioStandIn, client: Client) -> None:
    twilio.faults.next(Fault.delay(0.05))
    await send(client)
    await twilio.expect(ANA)


async def test_a_fault_for_one_number_spares_the_others(
    twilio: TwilioStandIn, client: Client
) -> None:
    twilio.faults.for_recipient(BETO, wrong.unsubscribed(), calls=1)
    await send(client, ANA)
    with pytest.raises(TwilioRestException):
        await send(client, BETO)
    await send(client, BETO)
    assert [sms.to for sms in twilio.sent] == [ANA, BETO]


async def test_looking_up_fails_only_when_it_is_named(
    twilio: TwilioStandIn, client: Client
) -> None:
    twilio.faults.next(wrong.server_error(), methods=["list"])
    await send(client)
    with pytest.raises(TwilioException):
        await client.messages.list_async(to=ANA)
    assert len(await client.messages.list_async(to=ANA)) == 1


async def test_calls_and_messages_can_fail_apart(twilio: TwilioStandIn, client: Client) -> None:
    twilio.faults.next(wrong.server_error(), methods=["calls"])
    await send(client)
    with pytest.raises(TwilioRestException):
        await client.calls.create_async(to=ANA, from_=NUMBER, twiml="<Response/>")
