"""The stand-in's calls against Twilio's own library."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.standins.twilio import NUMBER, TwilioStandIn

ANA = "+12135550101"
ASKS = '<Response><Gather><Say language="es-MX">Uno</Say></Gather></Response>'


async def test_a_call_rings_until_somebody_answers(twilio: TwilioStandIn, client: Client) -> None:
    call = await client.calls.create_async(
        to=ANA,
        from_=NUMBER,
        twiml='<Response><Say language="es-MX">Hola</Say></Response>',
        machine_detection="Enable",
        status_callback_event=["initiated", "completed"],
        timeout=25,
    )
    assert call.status == "queued"
    assert await twilio.answers(ANA) == "Hola"
    told = await client.calls(call.sid).fetch_async()
    assert (told.status, told.answered_by) == ("completed", "human")


async def test_a_call_that_rings_or_talks_can_be_ended_once(
    twilio: TwilioStandIn, client: Client
) -> None:
    ringing = await client.calls.create_async(to=ANA, from_=NUMBER, twiml=ASKS)
    ended = await client.calls(ringing.sid).update_async(status="completed")
    assert ended.status == "canceled"
    talking = await client.calls.create_async(to=ANA, from_=NUMBER, twiml=ASKS)
    twilio.take_unexpected()
    twilio.lines.last = twilio.lines.by_sid[talking.sid]
    twilio.lines.last.status = "in-progress"
    ended = await client.calls(talking.sid).update_async(status="completed")
    assert ended.status == "completed"
    for call in (ringing, talking):
        with pytest.raises(TwilioRestException) as refused:
            await client.calls(call.sid).update_async(status="completed")
        assert (refused.value.status, refused.value.code) == (400, 21220)


async def test_a_call_that_nobody_placed_is_not_there(client: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await client.calls("CA" + "0" * 32).update_async(status="completed")
    assert (refused.value.status, refused.value.code) == (404, 20404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"machine_detection": "enable"},
        {"status_callback_event": ["done"]},
        {"status_callback_event": ["initiated completed"]},
        {"timeout": 601},
    ],
)
async def test_a_call_that_twilio_would_not_carry_out_as_meant_is_refused(
    twilio: TwilioStandIn, client: Client, wrong: dict[str, object]
) -> None:
    with pytest.raises(TwilioRestException):
        await client.calls.create_async(to=ANA, from_=NUMBER, twiml=ASKS, **wrong)
    assert twilio.calls == []


async def test_a_key_can_only_be_pressed_while_one_is_waited_for(
    twilio: TwilioStandIn, client: Client
) -> None:
    await client.calls.create_async(
        to=ANA, from_=NUMBER, twiml='<Response><Say language="es-MX">Hola</Say></Response>'
    )
    await twilio.answers(ANA)
    with pytest.raises(AssertionError):
        await twilio.presses("1")


async def test_a_call_that_nobody_expected_is_told(twilio: TwilioStandIn, client: Client) -> None:
    await client.calls.create_async(to=ANA, from_=NUMBER, twiml=ASKS)
    assert len(twilio.unexpected()) == 1
    await twilio.does_not_answer(ANA)
    assert twilio.unexpected() == []
