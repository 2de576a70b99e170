"""Calls: placing them at the stand-in of Twilio, and ending them."""

import itertools
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from delivery.content import Content
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing, Traceable, Transport, Withdrawing
from kit.channels import Channel, Endpoint
from tests.standins.faults import Fault
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn
from tests.standins.twilio_errors import refused, server_error, too_many_requests
from tests.transports.twilio_stage import PHONE, PUBLIC_URL, STATUS_URL
from transports.twilio_account import TwilioAccount
from transports.voice import VoiceTransport

VOICE_NUMBER = "+12135550197"
ANSWER_URL = f"{PUBLIC_URL}/webhooks/twilio/voice"
CALLED = Endpoint(Channel.VOICE, PHONE)

_ids = itertools.count(1)


def voice(standin: TwilioStandIn, token: str = AUTH_TOKEN, timeout: float = 2) -> VoiceTransport:
    return VoiceTransport(
        TwilioAccount(ACCOUNT_SID, token, standin.url, timeout),
        from_number=VOICE_NUMBER,
        answer_url=ANSWER_URL,
        status_url=STATUS_URL,
    )


def outgoing(spoken: str = "Caso nuevo", to: Endpoint = CALLED) -> Outgoing:
    return Outgoing(next(_ids), to, Content("chat", "sms", spoken=spoken), Lane.URGENT)


@pytest.fixture
async def standin() -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TwilioStandIn) -> AsyncIterator[VoiceTransport]:
    transport = voice(standin)
    yield transport
    await transport.close()


async def test_call_is_placed_and_names_its_row_in_both_addresses(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    message = outgoing()
    sid = await transport.send(message)
    (placed,) = standin.calls
    assert placed.sid == sid
    assert (placed.to, placed.sender, placed.twiml) == (PHONE, VOICE_NUMBER, "")
    assert placed.url == f"{ANSWER_URL}?m={message.message_id}"
    assert placed.status_callback == f"{STATUS_URL}?m={message.message_id}"


async def test_call_asks_who_answers_and_rings_no_longer_than_a_voicemail_waits(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    await transport.send(outgoing())
    (placed,) = standin.calls
    assert placed.machine_detection == "Enable"
    assert placed.timeout == 25


async def test_nothing_of_what_is_said_leaves_before_somebody_answers(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    await transport.send(outgoing(spoken="K 7 M 2 Q X"))
    (placed,) = standin.calls
    told = (placed.url, placed.status_callback or "", placed.twiml)
    assert not any("K" in part or "spoken" in part for part in told)


def test_sender_is_called_as_its_channel_is(standin: TwilioStandIn) -> None:
    sender: Transport = voice(standin)
    assert (sender.name, sender.channel, sender.rate) == ("voice", Channel.VOICE, 1)
    assert not sender.urgent_only
    assert sender.units(Content("chat", "sms", spoken="muy largo " * 500)) == 1
    assert isinstance(sender, Withdrawing)
    assert not isinstance(sender, Traceable)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (21211, Failure.ADDRESS_DEAD),
        (21202, Failure.ADDRESS_DEAD),
        (21214, Failure.ADDRESS_DEAD),
        (21216, Failure.ADDRESS_DEAD),
        (21215, Failure.SENDER_BROKEN),
        (21210, Failure.SENDER_BROKEN),
        (21219, Failure.SENDER_BROKEN),
        (21205, Failure.SENDER_BROKEN),
        (20003, Failure.SENDER_BROKEN),
        (10004, Failure.TRY_LATER),
        (20500, Failure.TRY_LATER),
        (39999, Failure.CONTENT_REFUSED),
    ],
)
async def test_refusal_of_a_call_means(
    standin: TwilioStandIn, transport: VoiceTransport, code: int, failure: Failure
) -> None:
    fault = server_error() if code == 20500 else refused(code)
    standin.faults.next(fault, methods=["calls"])
    with pytest.raises(SendError) as error:
        await transport.send(outgoing())
    assert (error.value.failure, error.value.code) == (failure, str(code))
    assert standin.calls == []


async def test_throttled_call_says_how_long_to_wait(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    standin.faults.next(too_many_requests(7), methods=["calls"])
    with pytest.raises(SendError) as error:
        await transport.send(outgoing())
    assert error.value.failure is Failure.SENDER_THROTTLED
    assert error.value.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("number", ["", "911", "no number", "+1213", "whatsapp:+12135550142"])
async def test_number_that_nobody_can_call_is_refused(
    standin: TwilioStandIn, transport: VoiceTransport, number: str
) -> None:
    with pytest.raises(SendError):
        await transport.send(outgoing(to=Endpoint(Channel.VOICE, number)))
    assert standin.calls == []


@pytest.mark.parametrize(
    "fault",
    [Fault.drop(), Fault.answer(200, "<html>Thank you</html>"), Fault.answer(200, {"sid": 7})],
)
async def test_call_without_a_readable_answer_may_ring(
    standin: TwilioStandIn, transport: VoiceTransport, fault: Fault
) -> None:
    standin.faults.next(fault, methods=["calls"])
    with pytest.raises(SendError) as error:
        await transport.send(outgoing())
    assert error.value.failure is Failure.UNKNOWN_OUTCOME


async def test_call_that_is_not_answered_in_time_may_ring(standin: TwilioStandIn) -> None:
    transport = voice(standin, timeout=0.2)
    standin.faults.next(Fault.hang(), methods=["calls"])
    with pytest.raises(SendError) as error:
        await transport.send(outgoing())
    await transport.close()
    assert error.value.failure is Failure.UNKNOWN_OUTCOME


async def test_errors_name_nobody(standin: TwilioStandIn, transport: VoiceTransport) -> None:
    standin.faults.next(refused(21211), methods=["calls"])
    with pytest.raises(SendError) as error:
        await transport.send(outgoing())
    assert PHONE not in f"{error.value!r} {error.value.__context__!r}"
    assert error.value.__cause__ is None


async def test_call_that_rings_is_ended(standin: TwilioStandIn, transport: VoiceTransport) -> None:
    sid = await transport.send(outgoing())
    assert await transport.withdraw(CALLED, sid)
    assert standin.lines.by_sid[sid].is_over


async def test_call_that_talks_is_ended(standin: TwilioStandIn, transport: VoiceTransport) -> None:
    sid = await transport.send(outgoing())
    standin.lines.by_sid[sid].status = "in-progress"
    assert await transport.withdraw(CALLED, sid)
    assert standin.lines.by_sid[sid].status == "completed"


async def test_call_that_is_over_is_not_ended(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    sid = await transport.send(outgoing())
    assert await transport.withdraw(CALLED, sid)
    assert not await transport.withdraw(CALLED, sid)


@pytest.mark.parametrize(
    "sid",
    ["CA" + "0" * 32, "SM" + "0" * 32, "", "CA", "../Messages", "CA" + "0" * 5000, "CA\0", "42"],
)
async def test_call_that_is_not_ours_is_not_ended(transport: VoiceTransport, sid: str) -> None:
    assert not await transport.withdraw(CALLED, sid)


@pytest.mark.parametrize("fault", [server_error(), Fault.drop(), Fault.drop_before()])
async def test_end_that_is_not_answered_may_be_asked_again(
    standin: TwilioStandIn, transport: VoiceTransport, fault: Fault
) -> None:
    sid = await transport.send(outgoing())
    standin.faults.next(fault, methods=["end"])
    with pytest.raises(SendError) as error:
        await transport.withdraw(CALLED, sid)
    assert error.value.failure is Failure.TRY_LATER
    await transport.withdraw(CALLED, sid)
    assert standin.lines.by_sid[sid].is_over


async def test_end_with_a_wrong_token_tells_that_the_sender_is_broken(
    standin: TwilioStandIn, transport: VoiceTransport
) -> None:
    sid = await transport.send(outgoing())
    other = voice(standin, token="wrong")
    with pytest.raises(SendError) as error:
        await other.withdraw(CALLED, sid)
    await other.close()
    assert error.value.failure is Failure.SENDER_BROKEN
    assert not standin.lines.by_sid[sid].is_over
