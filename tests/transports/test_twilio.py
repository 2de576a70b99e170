"""What only Twilio has: senders, segments, its codes and signatures."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from delivery.content import Content
from delivery.model import Failure, Lane, SendError
from kit.channels import Channel
from tests.standins import twilio_errors
from tests.standins.faults import Fault
from tests.standins.twilio import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NUMBER,
    SERVICE_SID,
    TwilioStandIn,
    inbound_sms,
)
from tests.standins.twilio_webhooks import signature
from tests.transports.sessions import sessions_made, still_open
from tests.transports.twilio_stage import (
    OTHER_NUMBER,
    OTHER_PHONE,
    PHONE,
    PUBLIC_URL,
    STATUS_URL,
    URGENT_NUMBER,
    connected,
    outgoing,
)
from transports.refusal import Refusal
from transports.sms import TwilioSignature, TwilioTransport
from transports.twilio_errors import judge, read_wait

MESSAGE_URL = f"{PUBLIC_URL}/webhooks/twilio/message"


@pytest.fixture
async def standin() -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TwilioStandIn) -> AsyncIterator[TwilioTransport]:
    transport = connected(standin)
    yield transport
    await transport.close()


@pytest.mark.parametrize("sender", [NUMBER, SERVICE_SID])
async def test_message_leaves_from_its_sender_and_asks_for_receipts(
    standin: TwilioStandIn, sender: str
) -> None:
    transport = connected(standin, sender=sender)
    message = outgoing("Programas", Lane.BULK)
    sid = await transport.send(message)
    await transport.close()
    (sent,) = standin.sent
    assert (sent.sid, sent.to, sent.sender, sent.body) == (sid, PHONE, sender, "Programas")
    assert sent.status_callback == f"{STATUS_URL}?m={message.message_id}"


@pytest.mark.parametrize("lane", Lane)
async def test_a_stop_is_told_and_no_other_sender_is_tried(
    standin: TwilioStandIn, transport: TwilioTransport, lane: Lane
) -> None:
    transport.another("sms-urgent", URGENT_NUMBER, urgent_only=True)
    standin.stops.add((PHONE, NUMBER))
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("Recibido", lane))
    assert (caught.value.failure, caught.value.code) == (Failure.CONTACT_STOPPED, "21610")
    assert caught.value.__context__ is None
    assert standin.sent == []


async def test_urgent_sender_reaches_who_stopped_the_other(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    urgent = transport.another("sms-urgent", URGENT_NUMBER, urgent_only=True)
    standin.stops.add((PHONE, NUMBER))
    await urgent.send(outgoing("Recibido", Lane.URGENT))
    await urgent.close()
    assert [(sent.to, sent.sender) for sent in standin.sent] == [(PHONE, URGENT_NUMBER)]


def test_senders_of_an_account_keep_what_is_their_own() -> None:
    first = TwilioTransport(ACCOUNT_SID, AUTH_TOKEN, sender=NUMBER, status_url=STATUS_URL, rate=3)
    second = first.another("sms-2", OTHER_NUMBER, rate=10)
    urgent = first.another("sms-urgent", URGENT_NUMBER, urgent_only=True)
    assert [(one.name, one.rate, one.urgent_only) for one in (first, second, urgent)] == [
        ("sms", 3, False),
        ("sms-2", 10, False),
        ("sms-urgent", 1, True),
    ]


async def test_senders_share_a_session_that_the_last_one_closes(
    standin: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sessions_made(monkeypatch)
    first = connected(standin)
    second = first.another("sms-2", OTHER_NUMBER)
    unused = first.another("sms-urgent", URGENT_NUMBER, urgent_only=True)
    await first.send(outgoing("uno", Lane.BULK))
    await second.send(outgoing("dos", Lane.BULK))
    assert still_open(made) == 1

    await unused.close()
    await first.close()
    await second.send(outgoing("tres", Lane.BULK))
    assert still_open(made) == 1
    await second.close()
    await second.close()
    assert still_open(made) == 0
    assert [sent.sender for sent in standin.sent] == [NUMBER, OTHER_NUMBER, OTHER_NUMBER]


async def test_closed_sender_that_sends_once_more_is_closed_again(
    standin: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sessions_made(monkeypatch)
    first = connected(standin)
    second = first.another("sms-2", OTHER_NUMBER)
    await second.close()
    await second.send(outgoing("uno", Lane.BULK))
    await first.close()
    assert still_open(made) == 1
    await second.close()
    assert still_open(made) == 0


async def test_page_does_not_queue_behind_bulk_that_hangs(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.faults.for_recipient(OTHER_PHONE, Fault.hang())
    bulk = [
        asyncio.create_task(transport.send(outgoing("Programas", Lane.BULK, OTHER_PHONE)))
        for _ in range(120)
    ]
    await standin.faults.wait_until_hanging(120)
    await transport.send(outgoing("Caso nuevo", Lane.URGENT))
    assert [sent.body for sent in standin.sent] == ["Caso nuevo"]
    standin.faults.release()
    assert len(set(await asyncio.gather(*bulk))) == 120


async def test_wrong_credentials_are_our_fault(standin: TwilioStandIn) -> None:
    transport = TwilioTransport(
        ACCOUNT_SID, "wrong", sender=NUMBER, status_url=STATUS_URL, api_url=standin.url
    )
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("Programas", Lane.BULK))
    await transport.close()
    assert (caught.value.failure, caught.value.code) == (Failure.SENDER_BROKEN, "20003")


async def test_throttled_without_a_word_waits_a_second(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.faults.next(twilio_errors.too_many_requests())
    with pytest.raises(SendError) as caught:
        await transport.send(outgoing("Programas", Lane.BULK))
    assert caught.value.retry_after == timedelta(seconds=1)


@pytest.mark.parametrize(("text", "units"), [("a" * 160, 1), ("a" * 161, 2), ("á" * 71, 2)])
def test_message_costs_its_segments(text: str, units: int) -> None:
    transport = TwilioTransport(
        ACCOUNT_SID, AUTH_TOKEN, sender=NUMBER, status_url=STATUS_URL, rate=3
    )
    assert (transport.channel, transport.rate) == (Channel.SMS, 3)
    assert transport.units(Content("a longer wording of the chat " * 20, text)) == units


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (400, 21610, Failure.CONTACT_STOPPED),
        (400, 21211, Failure.ADDRESS_DEAD),
        (400, 21217, Failure.ADDRESS_DEAD),
        (400, 21614, Failure.ADDRESS_DEAD),
        (400, 30004, Failure.ADDRESS_DEAD),
        (400, 30005, Failure.ADDRESS_DEAD),
        (400, 30006, Failure.ADDRESS_DEAD),
        (429, 20429, Failure.SENDER_THROTTLED),
        (400, 63018, Failure.SENDER_THROTTLED),
        (401, 20003, Failure.SENDER_BROKEN),
        (401, 20005, Failure.SENDER_BROKEN),
        (400, 30002, Failure.SENDER_BROKEN),
        (400, 21408, Failure.SENDER_BROKEN),
        (400, 21606, Failure.SENDER_BROKEN),
        (400, 21608, Failure.SENDER_BROKEN),
        (400, 30034, Failure.SENDER_BROKEN),
        (404, 20404, Failure.SENDER_BROKEN),
        (429, 21611, Failure.TRY_LATER),
        (400, 30001, Failure.TRY_LATER),
        (400, 30003, Failure.TRY_LATER),
        (400, 30008, Failure.TRY_LATER),
        (500, 20500, Failure.TRY_LATER),
        (400, 30007, Failure.CONTENT_REFUSED),
        (400, 21609, Failure.SENDER_BROKEN),
        (400, 21704, Failure.SENDER_BROKEN),
        (400, 21635, Failure.ADDRESS_DEAD),
        (400, 63016, Failure.CONTENT_REFUSED),
        (400, 21617, Failure.CONTENT_REFUSED),
        (400, 21602, Failure.CONTENT_REFUSED),
    ],
)
def test_codes_mean(status: int, code: int, failure: Failure) -> None:
    error = judge(Refusal(status, str(code)))
    assert (error.failure, error.code) == (failure, str(code))


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (301, Failure.SENDER_BROKEN),
        (400, Failure.CONTENT_REFUSED),
        (401, Failure.SENDER_BROKEN),
        (403, Failure.SENDER_BROKEN),
        (404, Failure.SENDER_BROKEN),
        (408, Failure.TRY_LATER),
        (429, Failure.SENDER_THROTTLED),
        (500, Failure.TRY_LATER),
        (503, Failure.TRY_LATER),
        (504, Failure.UNKNOWN_OUTCOME),
    ],
)
def test_answer_without_a_code_means_what_its_status_says(status: int, failure: Failure) -> None:
    error = judge(Refusal(status))
    assert (error.failure, error.code) == (failure, str(status))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_wait_is_read_from_the_header(header: str | None, seconds: int | None) -> None:
    assert read_wait(header) == (None if seconds is None else timedelta(seconds=seconds))


def test_signed_text_of_a_person_is_twilios() -> None:
    form = inbound_sms(PHONE, "¡Auxilio! Ñuu 😟", media=1)
    assert valid(form, signature(AUTH_TOKEN, MESSAGE_URL, form))


@pytest.mark.parametrize("field", ["Body", "From", "MessageSid"])
def test_altered_field_breaks_the_signature(field: str) -> None:
    form = inbound_sms(PHONE, "SOS")
    signed = signature(AUTH_TOKEN, MESSAGE_URL, form)
    assert not valid(form | {field: form[field] + "0"}, signed)


def test_field_too_many_or_too_few_breaks_the_signature() -> None:
    form = inbound_sms(PHONE, "SOS")
    signed = signature(AUTH_TOKEN, MESSAGE_URL, form)
    assert not valid(form | {"Extra": "x"}, signed)
    assert not valid({name: form[name] for name in form if name != "Body"}, signed)


@pytest.mark.parametrize(
    "url",
    [
        STATUS_URL,
        "http://tequio.example/webhooks/twilio/message",
        "https://tequio.example.evil/webhooks/twilio/message",
        f"{MESSAGE_URL}?a=b",
    ],
)
def test_signature_holds_for_one_address_only(url: str) -> None:
    form = inbound_sms(PHONE, "SOS")
    signed = signature(AUTH_TOKEN, MESSAGE_URL, form)
    assert not TwilioSignature(AUTH_TOKEN).valid(url, form, signed)


@pytest.mark.parametrize("forged", ["", "AAAA", "ñ", "0" * 28])
def test_no_signature_is_no_signature(forged: str) -> None:
    assert not valid(inbound_sms(PHONE, "SOS"), forged)


def test_signature_with_another_token_is_not_twilios() -> None:
    form = inbound_sms(PHONE, "SOS")
    assert not valid(form, signature("another token", MESSAGE_URL, form))


def test_signature_reads_every_value_of_a_field() -> None:
    # Several values of one name are signed one after the other, each with the name: as one name
    # that holds the second pair.
    signed = signature(AUTH_TOKEN, MESSAGE_URL, {"Media": "a" + "Media" + "b"})
    assert TwilioSignature(AUTH_TOKEN).valid(MESSAGE_URL, {"Media": ["a", "b"]}, signed)
    assert not TwilioSignature(AUTH_TOKEN).valid(MESSAGE_URL, {"Media": ["a"]}, signed)


def valid(form: dict[str, str], signed: str) -> bool:
    return TwilioSignature(AUTH_TOKEN).valid(MESSAGE_URL, form, signed)
