"""Twilio's stand-in against Twilio's own library."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from kit.clock import Clock
from tests.patience import PATIENCE
from tests.standins.twilio import NUMBER, SERVICE_SID, TwilioStandIn
from tests.unit.standins.conftest import TwilioHttp, twilio_client

ANA = "+12135550101"
BETO = "+12135550102"


async def test_a_message_is_taken_and_answered_as_twilio_does(
    twilio: TwilioStandIn, client: Client
) -> None:
    answer = await client.messages.create_async(
        to=ANA, from_=NUMBER, body="Hola señora", status_callback="https://tequio.example/s"
    )

    sms = await twilio.expect(ANA, "señora")
    assert (sms.to, sms.sender, sms.media) == (ANA, NUMBER, ())
    assert sms.status_callback == "https://tequio.example/s"
    assert answer.sid == sms.sid
    assert re.fullmatch("SM[0-9a-f]{32}", sms.sid)
    assert (answer.status, answer.error_code, answer.num_segments) == ("queued", None, "1")
    assert (answer.from_, answer.to, answer.body) == (NUMBER, ANA, "Hola señora")
    assert answer.date_sent is None
    assert abs(answer.date_created - Clock().now()) < timedelta(seconds=30)


async def test_a_messaging_service_accepts_and_has_no_number_yet(
    twilio: TwilioStandIn, client: Client
) -> None:
    answer = await client.messages.create_async(
        to=ANA, messaging_service_sid=SERVICE_SID, body="Hola"
    )

    assert (await twilio.expect(ANA)).sender == SERVICE_SID
    assert (answer.status, answer.from_, answer.num_segments) == ("accepted", None, "0")
    assert answer.messaging_service_sid == SERVICE_SID


@pytest.mark.parametrize(("body", "segments"), [("ñ" * 161, "2"), ("á" * 71, "2"), ("á", "1")])
async def test_segments_are_counted(client: Client, body: str, segments: str) -> None:
    answer = await client.messages.create_async(to=ANA, from_=NUMBER, body=body)
    assert answer.num_segments == segments


async def test_pictures_make_it_a_multimedia_message(twilio: TwilioStandIn, client: Client) -> None:
    media = ["https://tequio.example/1.jpg", "https://tequio.example/2.jpg"]
    answer = await client.messages.create_async(to=ANA, from_=NUMBER, media_url=media)

    sms = await twilio.expect(ANA)
    assert sms.media == tuple(media)
    assert sms.sid.startswith("MM")
    assert answer.num_media == "2"


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        (21604, {"to": ""}),
        (21603, {"from_": ""}),
        (21602, {"body": ""}),
        (21211, {"to": "2135550101"}),
        (21211, {"to": "+1 213 555 0101"}),
        (21212, {"from_": "nobody"}),
        (21266, {"from_": ANA}),
        (21609, {"status_callback": "tequio.example/s"}),
        (21617, {"body": "a" * 1601}),
        (21701, {"messaging_service_sid": "MG1"}),
        (21910, {"to": f"whatsapp:{ANA}"}),
        (21623, {"media_url": ["https://tequio.example/1.jpg"] * 11}),
    ],
)
async def test_a_message_that_twilio_would_refuse_is_refused(
    twilio: TwilioStandIn, client: Client, code: int, wrong: dict[str, str]
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await client.messages.create_async(**({"to": ANA, "from_": NUMBER, "body": "Hola"} | wrong))
    assert (refused.value.status, refused.value.code) == (400, code)
    assert twilio.sent == []


async def test_the_longest_body_and_whatsapp_pass(twilio: TwilioStandIn, client: Client) -> None:
    await client.messages.create_async(
        to=f"whatsapp:{ANA}", from_=f"whatsapp:{NUMBER}", body="a" * 1600
    )
    assert len((await twilio.expect(f"whatsapp:{ANA}")).body) == 1600


async def test_a_number_of_somebody_else_cannot_send(http: TwilioHttp) -> None:
    async with TwilioStandIn(numbers=frozenset({NUMBER})) as twilio:
        client = twilio_client(twilio.url, http)
        await client.messages.create_async(to=ANA, from_=NUMBER, body="Hola")
        with pytest.raises(TwilioRestException) as refused:
            await client.messages.create_async(to=ANA, from_=BETO, body="Hola")
    assert refused.value.code == 21606


async def test_a_wrong_token_is_refused_in_twilios_words(twilio: TwilioStandIn) -> None:
    url = f"{twilio.url}/2010-04-01/Accounts/{twilio.account_sid}/Messages.json"
    async with ClientSession() as session, session.post(url, data={"To": ANA}) as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "code": 20003,
            "message": "Authenticate",
            "more_info": "https://www.twilio.com/docs/errors/20003",
            "status": 401,
        }


async def test_a_wrong_token_is_refused_to_the_library_too(
    twilio: TwilioStandIn, http: TwilioHttp
) -> None:
    client = twilio_client(twilio.url, http, token="wrong")
    with pytest.raises(TwilioRestException) as refused:
        await client.messages.create_async(to=ANA, from_=NUMBER, body="Hola")
    assert (refused.value.status, refused.value.code) == (401, 20003)
    with pytest.raises(TwilioException):
        await client.messages.list_async(to=ANA)


async def test_what_was_sent_to_a_number_can_be_listed(
    twilio: TwilioStandIn, client: Client
) -> None:
    for to, body in ((ANA, "uno"), (BETO, "dos"), (ANA, "tres")):
        await client.messages.create_async(to=to, from_=NUMBER, body=body)

    found = await client.messages.list_async(to=ANA)
    assert [(one.body, one.sid) for one in found] == [
        ("tres", twilio.sent[2].sid),
        ("uno", twilio.sent[0].sid),
    ]
    assert len(await client.messages.list_async(from_=NUMBER)) == 3
    assert await client.messages.list_async(from_=BETO) == []


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"date_sent_after": NOON}, 1),
        ({"date_sent_after": NOON + timedelta(hours=11)}, 1),
        ({"date_sent_after": NOON + timedelta(hours=13)}, 0),
        ({"date_sent_before": NOON - timedelta(hours=11)}, 1),
        ({"date_sent_before": NOON - timedelta(hours=13)}, 0),
        ({"date_sent": NOON.date()}, 1),
        ({"date_sent": NOON.date() - timedelta(days=1)}, 0),
    ],
)
async def test_a_listing_is_bounded_by_whole_days(
    http: TwilioHttp, search: dict[str, datetime], found: int
) -> None:
    async with TwilioStandIn(now=lambda: NOON) as twilio:
        client = twilio_client(twilio.url, http)
        await client.messages.create_async(to=ANA, from_=NUMBER, body="uno")
        assert len(await client.messages.list_async(to=ANA, **search)) == found


async def test_a_long_listing_comes_in_pages(twilio: TwilioStandIn, client: Client) -> None:
    for number in range(5):
        await client.messages.create_async(to=ANA, from_=NUMBER, body=str(number))

    found = await client.messages.list_async(to=ANA, page_size=2)
    assert [one.body for one in found] == ["4", "3", "2", "1", "0"]
    assert len(await client.messages.list_async(to=ANA, limit=3)) == 3


async def test_one_message_can_be_fetched(client: Client) -> None:
    sid = (await client.messages.create_async(to=ANA, from_=NUMBER, body="uno")).sid

    assert (await client.messages(sid).fetch_async()).body == "uno"
    with pytest.raises(TwilioRestException) as refused:
        await client.messages("SM" + "0" * 32).fetch_async()
    assert (refused.value.status, refused.value.code) == (404, 20404)


async def test_a_call_is_placed(twilio: TwilioStandIn, client: Client) -> None:
    answer = await client.calls.create_async(to=ANA, from_=NUMBER, twiml="<Response/>")

    placed = await twilio.expect_call(ANA)
    assert (placed.sid, placed.twiml) == (answer.sid, "<Response/>")
    assert (answer.status, answer.sid[:2]) == ("queued", "CA")
    with pytest.raises(TwilioRestException) as refused:
        await client.calls.create_async(to=ANA, from_=NUMBER)
    assert refused.value.code == 21205


async def test_messages_and_calls_must_all_be_expected(
    twilio: TwilioStandIn, client: Client
) -> None:
    await client.messages.create_async(to=ANA, from_=NUMBER, body="uno")
    await client.messages.create_async(to=BETO, from_=NUMBER, body="dos")
    await client.calls.create_async(to=ANA, from_=NUMBER, twiml="<Response/>")

    await twilio.expect(BETO, "dos")
    assert len(twilio.unexpected()) == 2
    await twilio.expect_call(ANA)
    await twilio.expect(ANA)
    assert twilio.unexpected() == []


async def test_an_expectation_waits_for_what_is_still_to_come(
    twilio: TwilioStandIn, client: Client
) -> None:
    waiting = asyncio.create_task(twilio.expect(ANA, "después"))
    await asyncio.sleep(0)
    await client.messages.create_async(to=ANA, from_=NUMBER, body="antes")
    await client.messages.create_async(to=ANA, from_=NUMBER, body="después")
    assert (await asyncio.wait_for(waiting, PATIENCE)).body == "después"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning")
async def test_the_librarys_own_http_client_is_served_too(twilio: TwilioStandIn) -> None:
    async with AsyncTwilioHttpClient() as http:
        client = twilio_client(twilio.url, http)
        await client.messages.create_async(to=ANA, from_=NUMBER, body="uno")
        assert len(await client.messages.list_async(to=ANA)) == 1
