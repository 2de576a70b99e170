"""Asking Twilio what became of a message whose answer was lost."""

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from delivery.model import Failure, SendError, State
from delivery.transport import Receipt, Traceable
from tests.standins import twilio_errors
from tests.standins.faults import Fault
from tests.standins.twilio import NUMBER, SERVICE_SID, TwilioStandIn
from tests.transports.twilio_stage import (
    OTHER_NUMBER,
    OTHER_PHONE,
    PHONE,
    HandClock,
    connected,
    outgoing,
)
from transports.sms import MOST_PAGES, TwilioTransport

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "Programas: " + "información"
SID = "SM" + "5a" * 16


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
async def standin(clock: HandClock) -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn(now=clock) as standin:
        yield standin


@pytest.fixture
async def transport(standin: TwilioStandIn) -> AsyncIterator[TwilioTransport]:
    transport = connected(standin)
    yield transport
    await transport.close()


def shown(**told: object) -> dict[str, object]:
    """A message of a listing, sound but for what is `told`."""
    sound: dict[str, object] = {
        "sid": SID,
        "to": PHONE,
        "from": NUMBER,
        "messaging_service_sid": None,
        "body": "Programas",
        "direction": "outbound-api",
        "status": "delivered",
        "error_code": None,
        "date_created": "Sun, 22 Nov 2026 12:00:00 +0000",
    }
    return sound | told


def listing(*messages: object, following: object = None) -> Fault:
    return Fault.answer(200, {"messages": list(messages), "next_page_uri": following})


async def failure(transport: TwilioTransport) -> SendError:
    with pytest.raises(SendError) as caught:
        await transport.find(outgoing("Programas"), NOON)
    return caught.value


def test_twilio_can_be_asked_and_telegram_cannot(transport: TwilioTransport) -> None:
    assert isinstance(transport, Traceable)


@pytest.mark.parametrize("sender", [NUMBER, SERVICE_SID])
async def test_message_whose_answer_was_dropped_is_found(
    standin: TwilioStandIn, sender: str
) -> None:
    transport = connected(standin, sender=sender)
    message = outgoing("Programas: ¡información! ꞌ 🌽\n1 sí & a+b=100%")
    standin.faults.next(Fault.drop())
    with pytest.raises(SendError) as caught:
        await transport.send(message)
    assert caught.value.failure is Failure.UNKNOWN_OUTCOME
    found = await transport.find(message, NOON)
    await transport.close()
    assert found == (Receipt(standin.sent[0].sid, State.SENT),)


@pytest.mark.parametrize("fault", [Fault.drop_before(), twilio_errors.server_error()])
async def test_message_that_was_not_taken_is_not_found(
    standin: TwilioStandIn, transport: TwilioTransport, fault: Fault
) -> None:
    message = outgoing("Programas")
    standin.faults.next(fault)
    with pytest.raises(SendError):
        await transport.send(message)
    assert await transport.find(message, NOON) == ()


async def test_two_equal_messages_are_both_found_newest_first(
    standin: TwilioStandIn, clock: HandClock, transport: TwilioTransport
) -> None:
    first, second = outgoing("Programas"), outgoing("Programas")
    sids = [await transport.send(first)]
    clock.later(seconds=5)
    sids.append(await transport.send(second))
    for message in (first, second):
        found = await transport.find(message, NOON)
        assert [one.provider_id for one in found] == sids[::-1]


async def test_only_this_text_to_this_number_from_this_sender_is_found(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    other, service = (
        transport.another("sms-2", OTHER_NUMBER),
        connected(standin, sender=SERVICE_SID),
    )
    await transport.send(outgoing("Programas nuevos"))
    await transport.send(outgoing("programas"))
    await transport.send(outgoing("Programas", phone=OTHER_PHONE))
    await other.send(outgoing("Programas"))
    await service.send(outgoing("Programas"))
    assert await transport.find(outgoing("Programas"), NOON) == ()

    wanted = await transport.send(outgoing("Programas"))
    found = await transport.find(outgoing("Programas"), NOON)
    assert [one.provider_id for one in found] == [wanted]
    assert len(await other.find(outgoing("Programas"), NOON)) == 1
    assert len(await service.find(outgoing("Programas"), NOON)) == 1
    await other.close()
    await service.close()


@pytest.mark.parametrize(("seconds", "found"), [(0, 1), (60, 1), (61, 0), (3600, 0)])
async def test_older_messages_are_not_found_but_for_a_minute_of_skew(
    transport: TwilioTransport, seconds: int, found: int
) -> None:
    message = outgoing("Programas")
    await transport.send(message)
    assert len(await transport.find(message, NOON + timedelta(seconds=seconds))) == found


async def test_message_of_before_midnight_is_found_after_it(
    clock: HandClock, transport: TwilioTransport
) -> None:
    clock.now = datetime(2026, 11, 22, 23, 59, 30, tzinfo=UTC)
    message = outgoing("Programas")
    await transport.send(message)
    assert len(await transport.find(message, clock.now + timedelta(seconds=45))) == 1


async def test_what_the_person_wrote_is_not_ours(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.faults.next(listing(shown(direction="inbound")), methods=["list"])
    assert await transport.find(outgoing("Programas"), NOON) == ()


async def test_what_went_to_another_number_is_not_this_message(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.faults.next(listing(shown(to=OTHER_PHONE)), methods=["list"])
    assert await transport.find(outgoing("Programas"), NOON) == ()


async def test_twilio_is_asked_for_the_messages_of_this_sender_alone(
    transport: TwilioTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.sms.PAGE_SIZE", 1)
    monkeypatch.setattr("transports.sms.MOST_PAGES", 1)
    other = transport.another("sms-2", OTHER_NUMBER)
    message = outgoing("Programas")
    await transport.send(message)
    for _ in range(3):
        await other.send(message)
    await other.close()
    assert len(await transport.find(message, NOON)) == 1


async def test_words_of_a_trial_account_are_not_part_of_the_text(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    body = "Sent from your Twilio trial account - Programas"
    standin.faults.next(listing(shown(body=body)), methods=["list"])
    assert len(await transport.find(outgoing("Programas"), NOON)) == 1


async def test_account_that_keeps_no_texts_cannot_tell(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    standin.faults.next(listing(shown(body="")), methods=["list"])
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.UNKNOWN_OUTCOME, "redacted")

    old = shown(body="", date_created="Sun, 22 Nov 2026 11:00:00 +0000")
    standin.faults.next(listing(old), methods=["list"])
    assert await transport.find(outgoing("Programas"), NOON) == ()


async def test_message_on_a_later_page_is_found(
    standin: TwilioStandIn, transport: TwilioTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.sms.PAGE_SIZE", 2)
    wanted = outgoing("Programas +1 & más")
    sid = await transport.send(wanted)
    for number in range(5):
        await transport.send(outgoing(f"{number}"))
    assert [one.provider_id for one in await transport.find(wanted, NOON)] == [sid]
    assert await transport.find(outgoing("otra"), NOON) == ()


async def test_message_that_moves_to_the_next_page_is_found_once(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    path = f"/2010-04-01/Accounts/{standin.account_sid}/Messages.json"
    for following in (f"{path}?Page=1&PageToken=PASM{0:032x}", None):
        standin.faults.next(listing(shown(), following=following), methods=["list"])
    assert len(await transport.find(outgoing("Programas"), NOON)) == 1


@pytest.mark.parametrize(
    "following",
    [
        "https://elsewhere.example/2010-04-01/Messages.json?Page=1",
        "//elsewhere.example/Messages.json?Page=1",
        "@elsewhere.example/",
        "/2010-04-01/Accounts/other/Messages.json?Page=1",
        "",
        7,
    ],
)
async def test_next_page_elsewhere_is_not_asked(
    standin: TwilioStandIn, transport: TwilioTransport, following: object
) -> None:
    standin.faults.next(listing(shown(), following=following), methods=["list"])
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.TRY_LATER, "unreadable")


async def test_list_without_end_is_given_up(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    path = f"/2010-04-01/Accounts/{standin.account_sid}/Messages.json?Page=1&PageToken=PASM{0:032x}"
    endless = listing(following=path)
    standin.faults.next(endless, calls=MOST_PAGES, methods=["list"])
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.TRY_LATER, "too_many")


@pytest.mark.parametrize(
    "body",
    [
        "<html>Thank you</html>",
        "[]",
        "null",
        "7",
        "{}",
        '{"messages": null}',
        '{"messages": [7]}',
        '{"messages": [{}]}',
    ],
)
async def test_unreadable_list_is_not_an_empty_one(
    standin: TwilioStandIn, transport: TwilioTransport, body: str
) -> None:
    standin.faults.next(Fault.answer(200, body), methods=["list"])
    error = await failure(transport)
    assert (error.failure, error.code) == (Failure.TRY_LATER, "unreadable")


@pytest.mark.parametrize(
    "told",
    [
        {"sid": None},
        {"sid": "7"},
        {"sid": "../Calls"},
        {"status": 7},
        {"date_created": None},
        {"date_created": "yesterday"},
        {"date_created": "Sun, 22 Nov 2026 12:00:00"},
    ],
)
async def test_unreadable_message_makes_the_list_unreadable(
    standin: TwilioStandIn, transport: TwilioTransport, told: dict[str, object]
) -> None:
    standin.faults.next(listing(shown(**told)), methods=["list"])
    assert (await failure(transport)).code == "unreadable"


QUESTIONS_UNANSWERED = [
    (twilio_errors.server_error(), Failure.TRY_LATER, "20500"),
    (twilio_errors.bad_gateway(), Failure.TRY_LATER, "502"),
    (Fault.answer(504), Failure.TRY_LATER, "504"),
    (Fault.answer(400, {"code": 20001}), Failure.TRY_LATER, "20001"),
    (Fault.drop_before(), Failure.TRY_LATER, "connection"),
    (Fault.hang(), Failure.TRY_LATER, "timeout"),
    (twilio_errors.refused(20003), Failure.SENDER_BROKEN, "20003"),
    (twilio_errors.too_many_requests(7), Failure.SENDER_THROTTLED, "20429"),
]


async def find(transport: TwilioTransport, sid: str) -> object:
    del sid
    return await transport.find(outgoing(TEXT), NOON)


async def fetch(transport: TwilioTransport, sid: str) -> object:
    return await transport.fetch(sid)


@pytest.mark.parametrize(("fault", "meant", "code"), QUESTIONS_UNANSWERED)
@pytest.mark.parametrize("ask", [find, fetch])
async def test_question_that_is_not_answered_can_be_asked_again(
    standin: TwilioStandIn,
    caplog: pytest.LogCaptureFixture,
    ask: Callable[[TwilioTransport, str], Awaitable[object]],
    fault: Fault,
    meant: Failure,
    code: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    transport = connected(standin, timeout=0.3)
    sid = await transport.send(outgoing(TEXT))
    # More than once, for aiohttp asks again by itself when a kept connection was closed.
    standin.faults.next(fault, calls=9, methods=["list", "fetch"])
    with pytest.raises(SendError) as caught:
        await ask(transport, sid)
    standin.faults.clear()
    error = caught.value
    assert (error.failure, error.code) == (meant, code)
    assert error.retry_after == (
        timedelta(seconds=7) if meant is Failure.SENDER_THROTTLED else None
    )
    assert error.__cause__ is None
    assert error.__context__ is None
    told = "".join((str(error), repr(error), *traceback.format_exception(error), caplog.text))
    for secret in (PHONE, PHONE.strip("+"), "%2B1213", TEXT):
        assert secret not in told

    assert await find(transport, sid) == (Receipt(sid, State.SENT),)
    assert await fetch(transport, sid) == Receipt(sid, State.SENT)
    await transport.close()


async def test_answered_questions_leave_no_number_in_the_log(
    transport: TwilioTransport, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sid = await transport.send(outgoing("Programas"))
    (found,) = await transport.find(outgoing("Programas"), NOON)
    await transport.fetch(sid)
    for secret in (PHONE.strip("+"), "%2B1213", "Programas"):
        assert secret not in caplog.text + repr(found)


@pytest.mark.parametrize(
    ("status", "error_code", "receipt"),
    [
        ("queued", None, Receipt(SID, State.SENT)),
        ("accepted", None, Receipt(SID, State.SENT)),
        ("sending", None, Receipt(SID, State.SENT)),
        ("a new word", None, Receipt(SID, State.SENT)),
        ("sent", None, Receipt(SID, State.SENT)),
        ("delivered", None, Receipt(SID, State.DELIVERED)),
        ("undelivered", 30005, Receipt(SID, State.UNDELIVERED, "30005", Failure.ADDRESS_DEAD)),
        ("undelivered", 30003, Receipt(SID, State.UNDELIVERED, "30003", Failure.TRY_LATER)),
        ("failed", 21610, Receipt(SID, State.UNDELIVERED, "21610", Failure.CONTACT_STOPPED)),
        ("failed", 39999, Receipt(SID, State.UNDELIVERED, "39999")),
        ("canceled", None, Receipt(SID, State.UNDELIVERED)),
    ],
)
async def test_what_became_of_a_message_is_told(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    status: str,
    error_code: int | None,
    receipt: Receipt,
) -> None:
    told = shown(status=status, error_code=error_code)
    standin.faults.next(listing(told), methods=["list"])
    assert await transport.find(outgoing("Programas"), NOON) == (receipt,)
    sid = await transport.send(outgoing("Programas"))
    standin.faults.next(Fault.answer(200, told), methods=["fetch"])
    assert await transport.fetch(sid) == receipt


@pytest.mark.parametrize(
    "provider_id",
    [SID, "", "handset:7", "4213", "../Calls", "SM" + "0" * 31, SID + "?x=1", "SM" + "é" * 32],
)
async def test_message_that_twilio_does_not_know_is_none(
    standin: TwilioStandIn, transport: TwilioTransport, provider_id: str
) -> None:
    assert await transport.fetch(provider_id) is None


async def test_wrong_address_of_the_api_is_not_an_unknown_message(
    standin: TwilioStandIn, transport: TwilioTransport
) -> None:
    sid = await transport.send(outgoing("Programas"))
    standin.faults.next(Fault.answer(404, "<html>Not Found</html>"), methods=["fetch"])
    with pytest.raises(SendError) as caught:
        await transport.fetch(sid)
    assert caught.value.failure is Failure.SENDER_BROKEN


@pytest.mark.parametrize("body", ["<html></html>", "[]", "{}", '{"sid": "7"}'])
async def test_unreadable_message_is_asked_for_again(
    standin: TwilioStandIn, transport: TwilioTransport, body: str
) -> None:
    sid = await transport.send(outgoing("Programas"))
    standin.faults.next(Fault.answer(200, body), methods=["fetch"])
    with pytest.raises(SendError) as caught:
        await transport.fetch(sid)
    assert (caught.value.failure, caught.value.code) == (Failure.TRY_LATER, "unreadable")
