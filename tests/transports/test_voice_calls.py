"""A call from the ledger to the phone and back: placed, answered, pressed, ended."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from alerts import store as cases
from alerts import texts
from alerts.commands import Act, CaseCommand
from alerts.model import CaseState, Times
from app.wiring import Platform
from bot import orders
from bot.calls import Calls
from bot.routes import TwilioHooks, twilio_routes
from db.session import Database, Session
from delivery import service as delivery
from delivery.content import Button, Content, Params
from delivery.model import Lane, NewMessage, State
from delivery.store import message
from delivery.withdrawing import withdraw_about
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from locales.catalog import render
from locales.text import Text
from staff import store as staff
from staff.model import Member, Method, Role
from tests.databases import sqlite_database
from tests.standins.faults import Fault
from tests.standins.twilio import AUTH_TOKEN, TwilioStandIn
from tests.standins.twilio_webhooks import call_params, call_status_params, inbound_sms
from tests.stories.world import START, story_settings
from tests.transports.twilio_stage import PHONE, PUBLIC_URL
from transports.sms import TwilioSignature

VOICE_NUMBER = "+12135550197"
REPORTER = "+12135550151"
SPOKEN = "Guardia. Para tomarlo, marque 1. Para pasarlo, marque 2. Para oír de nuevo, marque 9."
PAGE = Content(
    "chat", "sms", ((Button("Tomar", "A:K7M2QT"), Button("Pasar", "P:K7M2QT")),), spoken=SPOKEN
)
CALLED = Endpoint(Channel.VOICE, PHONE)


@dataclass
class Stage:
    """A platform with one person on duty, who has a phone and nothing else."""

    platform: Platform
    twilio: TwilioStandIn
    http: httpx.AsyncClient
    done: list[Act]

    async def act(
        self, session: Session, member: Member, command: CaseCommand, times: Times, now: object
    ) -> tuple[Text, Params]:
        del session, member, times, now
        self.done.append(command.act)
        return (texts.ALREADY_YOURS if command.act is Act.ACCEPT else texts.PASSED_ON), {}

    async def page(self) -> int:
        """Place a call; gives its row."""
        async with self.platform.database.write() as session:
            new = NewMessage((CALLED,), PAGE, Lane.URGENT, about="page:0")
            row = await delivery.queue(session, new, self.platform.clock.now())
        await self.platform.settle()
        return row

    async def standing(self, row: int) -> tuple[str, str | None]:
        async with self.platform.database.read() as session:
            found = await session.first(
                select(message.c.state, message.c.reason).where(message.c.id == row)
            )
        assert found is not None
        return found["state"], found["reason"]


@asynccontextmanager
async def stage_of(database: Database) -> AsyncIterator[Stage]:
    clock = Clock()
    clock.move(START - clock.now())
    async with TwilioStandIn(now=clock.now) as twilio:
        settings = story_settings(
            "", twilio.url, telegram_bot_token="", telegram_mode="polling", voice_from=VOICE_NUMBER
        )
        platform = Platform(settings, database, clock)
        web = FastAPI()
        signed = TwilioSignature(AUTH_TOKEN).valid
        hooks = TwilioHooks(PUBLIC_URL, signed, platform.receipt, platform.call)
        web.include_router(twilio_routes(platform.inbox.receive, hooks))
        inside = httpx.ASGITransport(web)
        async with httpx.AsyncClient(transport=inside, base_url=PUBLIC_URL) as http:
            stage = Stage(platform, twilio, http, [])

            async def deliver(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
                answer = await http.post(url, content=body, headers=dict(headers))
                return answer.status_code, answer.text

            twilio.deliver = deliver
            platform.calls = Calls(database, clock, settings.times, stage.act)
            await platform.start()
            async with database.write() as session:
                methods = [Method(CALLED)]
                await staff.add(
                    session, "Ana", "ana@example.org", Role.DUTY, "Alba", methods, clock.now()
                )
            try:
                yield stage
            finally:
                await platform.stop()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage_of(await sqlite_database(tmp_path)) as made:
        yield made


async def test_page_is_called_answered_and_accepted(stage: Stage) -> None:
    row = await stage.page()
    assert await stage.standing(row) == (State.SENT, None)
    assert await stage.twilio.answers(PHONE) == f"{SPOKEN} {SPOKEN}"
    assert stage.done == []
    assert await stage.twilio.presses("1") == render("call.yours", "es")
    assert stage.done == [Act.ACCEPT]
    assert stage.twilio.lines.by_sid[stage.twilio.calls[0].sid].is_over
    assert await stage.standing(row) == (State.DELIVERED, None)


async def test_page_is_heard_again_and_passed_on(stage: Stage) -> None:
    await stage.page()
    await stage.twilio.answers(PHONE)
    assert await stage.twilio.presses("9") == f"{SPOKEN} {SPOKEN}"
    assert await stage.twilio.presses("5") == f"{SPOKEN} {SPOKEN}"
    assert await stage.twilio.presses("2") == render("call.passed_on", "es")
    assert stage.done == [Act.PASS_ON]


async def test_silence_ends_the_call_and_accepts_nothing(stage: Stage) -> None:
    row = await stage.page()
    await stage.twilio.answers(PHONE)
    for _time in range(3):
        assert await stage.twilio.keeps_silent() == f"{SPOKEN} {SPOKEN}"
    assert await stage.twilio.keeps_silent() == ""
    assert stage.done == []
    # It was answered; whoever pages people waits for a key and goes on without one.
    assert await stage.standing(row) == (State.DELIVERED, None)


async def test_voicemail_is_hung_up_on_and_has_not_arrived(stage: Stage) -> None:
    row = await stage.page()
    assert await stage.twilio.voicemail(PHONE) == ""
    assert await stage.standing(row) == (State.UNDELIVERED, "voicemail")


async def test_who_is_not_sure_to_be_a_machine_hears_the_words(stage: Stage) -> None:
    await stage.page()
    assert await stage.twilio.answers(PHONE, "unknown") == f"{SPOKEN} {SPOKEN}"


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed", "canceled"])
async def test_call_that_nobody_takes_has_not_arrived(stage: Stage, status: str) -> None:
    row = await stage.page()
    await stage.twilio.does_not_answer(PHONE, status)
    assert await stage.standing(row) == (State.UNDELIVERED, status)


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "new word"])
async def test_call_that_goes_on_changes_nothing(stage: Stage, status: str) -> None:
    row = await stage.page()
    line = stage.twilio.lines.by_sid[stage.twilio.calls[0].sid]
    assert await stage.twilio.lines.tell(line, status) == 204
    assert await stage.standing(row) == (State.SENT, None)


async def test_end_that_comes_before_the_placing_is_answered_is_kept(stage: Stage) -> None:
    stage.twilio.faults.next(Fault.hang(taken=True), methods=["calls"])
    paging = asyncio.create_task(stage.page())
    await stage.twilio.faults.wait_until_hanging()
    await stage.twilio.does_not_answer(PHONE, "busy")
    stage.twilio.faults.release()
    assert await stage.standing(await paging) == (State.UNDELIVERED, "busy")


async def test_ringing_call_is_ended_when_another_has_answered(stage: Stage) -> None:
    row = await stage.page()
    async with stage.platform.database.write() as session:
        await withdraw_about(session, "page:0", stage.platform.clock.now(), channel=Channel.VOICE)
    await stage.platform.sending.withdraw("voice")
    await stage.twilio.fulfilled()
    line = stage.twilio.lines.by_sid[stage.twilio.calls[0].sid]
    assert (line.status, stage.done) == ("canceled", [])
    assert await stage.standing(row) == (State.UNDELIVERED, "canceled")


async def test_talking_call_is_ended_too(stage: Stage) -> None:
    await stage.page()
    await stage.twilio.answers(PHONE)
    async with stage.platform.database.write() as session:
        await withdraw_about(session, "page:0", stage.platform.clock.now(), channel=Channel.VOICE)
    await stage.platform.sending.withdraw("voice")
    assert stage.twilio.lines.by_sid[stage.twilio.calls[0].sid].status == "completed"


async def test_call_whose_answer_was_lost_is_placed_again(stage: Stage) -> None:
    stage.twilio.faults.next(Fault.drop(), methods=["calls"])
    row = await stage.page()
    stage.platform.clock.move(timedelta(minutes=1))
    await stage.platform.settle()
    assert len(stage.twilio.calls) == 2
    await stage.twilio.answers(PHONE)
    assert await stage.twilio.presses("1") == render("call.yours", "es")
    assert await stage.standing(row) == (State.DELIVERED, None)


async def test_answer_in_a_call_thought_lost_keeps_it_from_being_placed_again(
    stage: Stage,
) -> None:
    stage.twilio.faults.next(Fault.drop(), methods=["calls"])
    row = await stage.page()
    await stage.twilio.answers(PHONE)
    assert await stage.twilio.presses("1") == render("call.yours", "es")
    stage.platform.clock.move(timedelta(minutes=10))
    await stage.platform.settle()
    assert len(stage.twilio.calls) == 1
    assert await stage.standing(row) == (State.DELIVERED, None)


async def test_every_webhook_may_come_twice(stage: Stage) -> None:
    await stage.page()
    (placed,) = stage.twilio.calls
    await stage.twilio.answers(PHONE)
    keys_to = stage.twilio.lines.by_sid[placed.sid].keys_to
    assert keys_to is not None
    params = call_params(placed, "in-progress", digits="2")
    body, headers = stage.twilio.signed_form(keys_to, params)
    heard = {(await stage.http.post(keys_to, content=body, headers=headers)).text for _ in range(3)}
    assert len(heard) == 1
    assert stage.done == [Act.PASS_ON]


async def test_words_are_told_to_nobody_without_a_signature(stage: Stage) -> None:
    await stage.page()
    (placed,) = stage.twilio.calls
    body, headers = stage.twilio.signed_form(placed.url, call_params(placed, "in-progress"))
    other = placed.url + "0"
    for url, signature in (
        (placed.url, ""),
        (placed.url, "x" * 9999),
        (other, headers["X-Twilio-Signature"]),
        (f"{placed.url}&r=1", headers["X-Twilio-Signature"]),
    ):
        forged = {**headers, "X-Twilio-Signature": signature}
        answer = await stage.http.post(url, content=body, headers=forged)
        assert (answer.status_code, answer.text) == (403, "")
    unsigned = {"Content-Type": headers["Content-Type"]}
    assert (await stage.http.post(placed.url, content=body, headers=unsigned)).status_code == 403
    assert (await stage.http.get(placed.url)).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 403),
        (b"CallSid=%ff", 400),
        ("CallSid=ñ".encode(), 400),
        (b"&".join(b"a=%d" % at for at in range(300)), 400),
        (b"a" * 1_000_001, 413),
    ],
)
async def test_bad_form_is_refused(stage: Stage, body: bytes, status: int) -> None:
    answer = await stage.http.post("/webhooks/twilio/voice?m=1", content=body)
    assert answer.status_code == status


@pytest.mark.parametrize("params", [{}, {"CallSid": ""}, {"CallStatus": "in-progress"}])
async def test_form_without_its_call_is_refused(stage: Stage, params: Mapping[str, str]) -> None:
    url = f"{PUBLIC_URL}/webhooks/twilio/voice?m=1"
    body, headers = stage.twilio.signed_form(url, params)
    assert (await stage.http.post(url, content=body, headers=headers)).status_code == 400


@pytest.mark.parametrize(
    "query", ["", "?m=", "?m=-7", "?m=%00", "?m=999999", "?m=" + "9" * 5000, "?m=1&m=2", "?r=9999"]
)
async def test_call_that_we_did_not_place_hears_where_to_find_help(
    stage: Stage, query: str
) -> None:
    url = f"{PUBLIC_URL}/webhooks/twilio/voice{query}"
    params = {"CallSid": "CA" + "0" * 32, "To": VOICE_NUMBER, "From": PHONE, "Direction": "inbound"}
    body, headers = stage.twilio.signed_form(url, params)
    answer = await stage.http.post(url, content=body, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    assert render("call.unknown", "es") in answer.text
    assert "<Hangup" in answer.text


async def test_status_of_a_call_may_be_nonsense(stage: Stage) -> None:
    row = await stage.page()
    (placed,) = stage.twilio.calls
    base = f"{PUBLIC_URL}/webhooks/twilio/status"
    huge = call_status_params(placed, "busy") | {"CallSid": "C" * 9999, "AnsweredBy": "\0"}
    for url in (
        base,
        f"{base}?m=",
        f"{base}?m=999999",
        f"{base}?m={'9' * 5000}",
        f"{base}?m={row}",
    ):
        for params in (huge, {"CallStatus": "busy"}, {"CallSid": placed.sid}, {}):
            assert await stage.twilio.post(url, params) == 204
    assert await stage.standing(row) == (State.SENT, None)


async def test_platform_that_places_no_calls_has_no_such_webhook() -> None:
    async def receive(channel: Channel, provider_id: str, raw: str) -> None:
        del channel, provider_id, raw

    async def status(params: Mapping[str, str]) -> None:
        del params

    web = FastAPI()
    hooks = TwilioHooks(PUBLIC_URL, TwilioSignature(AUTH_TOKEN).valid, status)
    web.include_router(twilio_routes(receive, hooks))
    inside = httpx.ASGITransport(web)
    async with httpx.AsyncClient(transport=inside, base_url=PUBLIC_URL) as http:
        assert (await http.post("/webhooks/twilio/voice")).status_code == 404


async def test_case_is_accepted_by_the_key_of_a_call(stage: Stage) -> None:
    platform, twilio = stage.platform, stage.twilio
    platform.calls = Calls(platform.database, platform.clock, platform.settings.times, orders.act)
    url = f"{PUBLIC_URL}/webhooks/twilio/message"
    assert await twilio.post(url, inbound_sms(REPORTER, "SOS mi hermano no llega")) == 200
    await platform.settle()
    heard = await twilio.answers(PHONE)
    assert "marque 1" in heard
    assert await twilio.presses("1") == render("call.yours", "es")
    async with platform.database.read() as session:
        (case,) = await cases.in_states(session, CaseState.ACKNOWLEDGED)
        owner = await staff.by_endpoint(session, CALLED)
    assert owner is not None
    assert case.owner_id == owner.id
