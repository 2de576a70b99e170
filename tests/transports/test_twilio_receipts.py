"""Receipts: what callbacks tell, in any order, and which row of the ledger they name."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from bot.routes import TwilioHooks, twilio_routes
from delivery.model import Failure, State
from kit.channels import Channel
from tests.standins.twilio import AUTH_TOKEN, TwilioStandIn, status_params
from tests.transports.twilio_stage import PUBLIC_URL, STATUS_URL, connected, outgoing
from transports.sms import TwilioSignature, TwilioTransport, read_status
from transports.twilio_errors import MEANINGS, meaning
from transports.twilio_messages import read_row, with_row


@pytest.fixture
async def standin() -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TwilioStandIn) -> AsyncIterator[TwilioTransport]:
    transport = connected(standin)
    yield transport
    await transport.close()


@pytest.fixture
def receipts() -> list[Mapping[str, str]]:
    return []


@pytest.fixture
async def application(
    receipts: list[Mapping[str, str]],
) -> AsyncIterator[httpx.AsyncClient]:
    """The application's webhooks, at its public address."""

    async def receive(channel: Channel, provider_id: str, raw: str) -> None:
        del channel, provider_id, raw

    async def status(params: Mapping[str, str]) -> None:
        receipts.append(params)

    app = FastAPI()
    hooks = TwilioHooks(PUBLIC_URL, TwilioSignature(AUTH_TOKEN).valid, status)
    app.include_router(twilio_routes(receive, hooks))
    inside = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=inside, base_url=PUBLIC_URL) as client:
        yield client


@pytest.mark.parametrize(
    ("status", "error_code", "state"),
    [
        ("queued", None, None),
        ("accepted", None, None),
        ("sending", None, None),
        ("received", None, None),
        ("a new word", None, None),
        ("sent", None, State.SENT),
        ("delivered", None, State.DELIVERED),
        ("read", None, State.DELIVERED),
        ("undelivered", 30005, State.UNDELIVERED),
        ("failed", 30007, State.UNDELIVERED),
        ("canceled", None, State.UNDELIVERED),
    ],
)
async def test_receipt_is_read(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    status: str,
    error_code: int | None,
    state: State | None,
) -> None:
    sid = await transport.send(outgoing("Programas"))
    form = status_params(standin.sent[0], status, error_code)
    assert read_status(form) == (sid, state, str(error_code or ""))


def test_receipt_without_its_fields_changes_nothing() -> None:
    assert read_status({}) == ("", None, "")


async def test_callback_of_a_message_names_its_row(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    application: httpx.AsyncClient,
    receipts: list[Mapping[str, str]],
) -> None:
    message = outgoing("Programas")
    sid = await transport.send(message)
    url = standin.sent[0].status_callback
    assert url is not None
    body, headers = standin.signed_form(url, status_params(standin.sent[0], "delivered"))
    answer = await application.post(url, content=body, headers=headers)
    assert answer.status_code == 204
    (params,) = receipts
    assert read_row(params) == message.message_id
    assert read_status(params) == (sid, State.DELIVERED, "")


async def test_row_in_the_address_cannot_be_forged(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    application: httpx.AsyncClient,
    receipts: list[Mapping[str, str]],
) -> None:
    await transport.send(outgoing("Programas"))
    url = standin.sent[0].status_callback
    assert url is not None
    body, headers = standin.signed_form(url, status_params(standin.sent[0], "delivered"))
    for forged in (with_row(STATUS_URL, 999_999), STATUS_URL, f"{url}&m=7", f"{url}0"):
        answer = await application.post(forged, content=body, headers=headers)
        assert answer.status_code == 403
    assert receipts == []


async def test_callback_without_a_row_is_taken_all_the_same(
    standin: TwilioStandIn,
    transport: TwilioTransport,
    application: httpx.AsyncClient,
    receipts: list[Mapping[str, str]],
) -> None:
    sid = await transport.send(outgoing("Programas"))
    for url in (STATUS_URL, f"{STATUS_URL}?m=", f"{STATUS_URL}?m=-7", f"{STATUS_URL}?m=%00"):
        body, headers = standin.signed_form(url, status_params(standin.sent[0], "sent"))
        answer = await application.post(url, content=body, headers=headers)
        assert answer.status_code == 204
    assert [(read_row(params), read_status(params)) for params in receipts] == [
        (None, (sid, State.SENT, ""))
    ] * 4


def test_address_that_has_a_query_keeps_it() -> None:
    query = urlsplit(with_row("https://tequio.example/status?key=a", 7)).query
    assert parse_qs(query) == {"key": ["a"], "m": ["7"]}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("1", 1),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("0", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1 ", None),
        ("1\n", None),
        ("1_000", None),
        ("1.0", None),
        ("1e3", None),
        ("0x1", None),
        ("١", None),
        ("²", None),
        ("", None),
        ("\0", None),
        ("None", None),
    ],
)
def test_row_is_a_number_of_a_row_or_none(text: str, row: int | None) -> None:
    assert read_row({"m": text}) == row


def test_row_that_is_missing_is_none() -> None:
    assert read_row({}) is None


@given(st.integers(1, 2**63 - 1))
def test_row_comes_back_as_it_left(row: int) -> None:
    query = parse_qs(urlsplit(with_row(STATUS_URL, row)).query)
    assert read_row({name: values[0] for name, values in query.items()}) == row


@given(st.text())
def test_no_text_breaks_the_reading_of_a_row(text: str) -> None:
    row = read_row({"m": text})
    assert row is None or 0 < row < 2**63


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("21610", Failure.CONTACT_STOPPED),
        ("30005", Failure.ADDRESS_DEAD),
        ("30006", Failure.ADDRESS_DEAD),
        ("30001", Failure.TRY_LATER),
        ("30003", Failure.TRY_LATER),
        ("30008", Failure.TRY_LATER),
        ("30017", Failure.TRY_LATER),
        ("30023", Failure.TRY_LATER),
        ("30036", Failure.TRY_LATER),
        ("30450", Failure.TRY_LATER),
        ("30453", Failure.TRY_LATER),
        ("30500", Failure.TRY_LATER),
        ("30410", Failure.UNKNOWN_OUTCOME),
        ("30007", Failure.CONTENT_REFUSED),
        ("30019", Failure.CONTENT_REFUSED),
        ("30002", Failure.SENDER_BROKEN),
        ("30032", Failure.SENDER_BROKEN),
        ("30034", Failure.SENDER_BROKEN),
        ("30454", Failure.SENDER_THROTTLED),
        ("39999", None),
        ("30005 ", None),
        ("", None),
    ],
)
def test_code_of_a_receipt_means(code: str, failure: Failure | None) -> None:
    assert meaning(code) is failure


def test_every_code_is_one_of_twilios() -> None:
    assert all(len(code) == 5 and code.isdecimal() for code in MEANINGS)
