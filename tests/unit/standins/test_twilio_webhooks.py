"""What Twilio posts to us, checked with Twilio's own validator."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.standins.twilio import (
    AUTH_TOKEN,
    NUMBER,
    SERVICE_SID,
    TwilioStandIn,
    inbound_sms,
    signed_form,
)

ANA = "+12135550101"
PUBLIC = "https://tequio.example"
URL = f"{PUBLIC}/webhooks/twilio/status?lane=urgent"


class Application:
    """Whoever receives webhooks; answers with the next of `statuses`, then with 204."""

    def __init__(self) -> None:
        self.url = ""
        self.came: list[tuple[str, dict[str, str]]] = []
        self.valid: list[bool] = []
        self.statuses: list[int] = []

    async def receive(self, request: web.Request) -> web.Response:
        params = {name: str(value) for name, value in (await request.post()).items()}
        signature = request.headers["X-Twilio-Signature"]
        validator = RequestValidator(AUTH_TOKEN)
        self.came.append((request.path_qs, params))
        self.valid.append(validator.validate(PUBLIC + request.path_qs, params, signature))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


@pytest.fixture
async def application(twilio: TwilioStandIn) -> AsyncIterator[Application]:
    application = Application()
    app = web.Application()
    app.router.add_post("/{path:.*}", application.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    twilio.reach = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield application
    await runner.cleanup()


async def test_a_receipt_reaches_the_application_signed_for_its_public_address(
    twilio: TwilioStandIn, client: Client, application: Application
) -> None:
    sid = (
        await client.messages.create_async(to=ANA, from_=NUMBER, body="Hola", status_callback=URL)
    ).sid
    assert await twilio.callback(sid, "delivered") == [204]

    ((path, params),) = application.came
    assert path == "/webhooks/twilio/status?lane=urgent"
    assert application.valid == [True]
    assert (params["MessageSid"], params["MessageStatus"]) == (sid, "delivered")
    assert (params["To"], params["From"]) == (ANA, NUMBER)
    assert "ErrorCode" not in params


async def test_receipts_come_twice_and_in_any_order(
    twilio: TwilioStandIn, client: Client, application: Application
) -> None:
    sid = (
        await client.messages.create_async(
            to=ANA, messaging_service_sid=SERVICE_SID, body="Hola", status_callback=URL
        )
    ).sid
    application.statuses = [503]
    assert await twilio.callback(sid, "delivered", times=2) == [503, 204]
    assert await twilio.callback(sid, "sent") == [204]
    assert await twilio.callback(sid, "undelivered", 30003) == [204]

    assert [params["MessageStatus"] for _, params in application.came] == [
        "delivered",
        "delivered",
        "sent",
        "undelivered",
    ]
    assert application.came[-1][1]["ErrorCode"] == "30003"
    assert application.came[-1][1]["MessagingServiceSid"] == SERVICE_SID
    assert all(application.valid)


async def test_a_fetched_message_stands_where_the_last_receipt_put_it(
    twilio: TwilioStandIn, client: Client, application: Application
) -> None:
    sid = (
        await client.messages.create_async(to=ANA, from_=NUMBER, body="Hola", status_callback=URL)
    ).sid
    await twilio.callback(sid, "undelivered", 30003)

    fetched = await client.messages(sid).fetch_async()
    assert (fetched.status, fetched.error_code) == ("undelivered", 30003)
    assert fetched.error_message == "Unreachable destination handset"
    assert fetched.date_sent is not None


async def test_a_message_that_asked_for_no_receipts_gets_none(
    twilio: TwilioStandIn, client: Client
) -> None:
    sid = (await client.messages.create_async(to=ANA, from_=NUMBER, body="Hola")).sid
    with pytest.raises(ValueError, match="no status callback"):
        await twilio.callback(sid, "delivered")


async def test_a_text_of_a_person_reaches_the_application(
    twilio: TwilioStandIn, application: Application
) -> None:
    text = inbound_sms(ANA, "SOS no me dejan salir")
    assert await twilio.post(f"{PUBLIC}/webhooks/twilio/message", text) == 204
    assert application.came == [("/webhooks/twilio/message", text)]
    assert application.valid == [True]


def test_a_text_has_what_twilio_sends() -> None:
    text = inbound_sms("+529515550101", "hola", media=2)

    assert text["From"] == "+529515550101"
    assert text["FromCountry"] == "MX"
    assert text["MessageSid"] == text["SmsSid"] == text["SmsMessageSid"]
    assert text["MessageSid"].startswith("MM")
    assert text["NumMedia"] == "2"
    assert text["MediaContentType1"] == "image/jpeg"
    assert text["MessageSid"] in text["MediaUrl1"]
    assert "MediaUrl2" not in text
    assert inbound_sms(ANA, "hola")["MessageSid"] != inbound_sms(ANA, "hola")["MessageSid"]
    assert "MessagingServiceSid" not in inbound_sms(ANA, "x", messaging_service_sid=None)


@settings(deadline=None)
@given(
    params=st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text()),
    path=st.sampled_from(["", "/", "/webhooks/twilio/message", "/a?b=c&d=%20", ":8443/x"]),
)
def test_our_signature_is_the_one_of_twilios_library(params: dict[str, str], path: str) -> None:
    url = f"{PUBLIC}{path}"
    _, headers = signed_form(url, params)
    validator = RequestValidator(AUTH_TOKEN)

    assert headers["X-Twilio-Signature"] == validator.compute_signature(url, params)
    assert validator.validate(url, params, headers["X-Twilio-Signature"])


def test_a_forged_text_is_not_valid() -> None:
    text = inbound_sms(ANA, "BAJA")
    body, headers = signed_form(f"{PUBLIC}/webhooks/twilio/message", text, "another token")

    assert dict(parse_qsl(body.decode(), keep_blank_values=True)) == text
    assert not RequestValidator(AUTH_TOKEN).validate(
        f"{PUBLIC}/webhooks/twilio/message", text, headers["X-Twilio-Signature"]
    )
