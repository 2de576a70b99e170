"""A running platform between two stand-ins, with a clock that a story moves.

People act by raw webhooks, as the providers bring them; answers are read at the stand-ins. A
message that no line of the story expects makes it fail.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import Receive, Scope, Send

from app.settings import Settings
from app.web import web_of
from app.wiring import Platform
from contacts import store as contacts
from contacts.model import Contact
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import service as staff
from staff.model import Role
from tests.standins.records import Sent, SentSms
from tests.standins.telegram import (
    TOKEN,
    TelegramStandIn,
    callback_update,
    location_update,
    photo_update,
    text_update,
    voice_update,
)
from tests.standins.twilio import TwilioStandIn
from tests.standins.twilio_webhooks import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    NUMBER,
    inbound_sms,
    signed_form,
)

PUBLIC_URL = "https://tequio.example"
SECRET = "a-secret-of-tests"
STAFF = ("/entrar", "/salir", "/cuenta", "/inicio", "/casos", "/campanas")
"""Where a story begins that is about pages of staff."""
URGENT_NUMBER = "+12135550199"
# A Wednesday at ten in the morning in Oaxaca.
START = datetime.fromisoformat("2026-11-25T16:00:00+00:00")


def story_settings(telegram_url: str, twilio_url: str, **more: Any) -> Settings:
    """Settings of a platform whose providers are the stand-ins."""
    given: dict[str, Any] = {
        "secret_key": "a secret of tests",
        "field_keys": "t1:" + "A" * 43 + "=",
        "public_url": PUBLIC_URL,
        "telegram_bot_token": TOKEN,
        "telegram_api_url": telegram_url,
        "telegram_mode": "webhook",
        "telegram_webhook_secret": SECRET,
        "telegram_rate": 1000,
        "twilio_account_sid": ACCOUNT_SID,
        "twilio_auth_token": AUTH_TOKEN,
        "twilio_api_url": twilio_url,
        "twilio_from": NUMBER,
        "twilio_from_urgent": URGENT_NUMBER,
        "twilio_rate": 1000,
        "canary_minutes": 0,
    }
    return Settings.model_construct(**{**_defaults(), **given, **more})


def _defaults() -> dict[str, Any]:
    return {name: field.get_default() for name, field in Settings.model_fields.items()}


@dataclass
class World:
    """The platform, its providers and the people around it."""

    platform: Platform
    telegram: TelegramStandIn
    twilio: TwilioStandIn
    http: httpx.AsyncClient

    @property
    def database(self) -> Database:
        return self.platform.database

    def chat(self, number: int) -> "Chat":
        """Somebody on Telegram."""
        return Chat(self, number)

    def phone(self, number: str) -> "Phone":
        """Somebody with a phone."""
        return Phone(self, number)

    async def later(self, **time: float) -> None:
        """Let time pass, and everything happen that it brings."""
        self.platform.clock.move(timedelta(**time))
        await self.platform.settle()

    async def duty(
        self,
        name: str,
        *,
        chat: int | None = None,
        phone: str | None = None,
        role: Role = Role.DUTY,
    ) -> int:
        """Somebody of the staff; gives the id."""
        endpoints = []
        if chat is not None:
            endpoints.append(Endpoint(Channel.TELEGRAM, str(chat)))
        if phone is not None:
            endpoints.append(Endpoint(Channel.SMS, phone))
        async with self.database.write() as session:
            return await staff.add(
                session,
                name=name,
                email=f"{name.lower()}@example.org",
                role=role,
                endpoints=endpoints,
                now=self.platform.clock.now(),
                pick=lambda below: 0,
            )

    async def contact_of(self, channel: Channel, value: str) -> Contact | None:
        """What is stored of somebody."""
        async with self.database.read() as session:
            return await contacts.find(session, Endpoint(channel, value))

    def nothing_else(self) -> None:
        """Fail if anything was sent that the story has not expected."""
        left = [*self.telegram.unexpected(), *self.twilio.unexpected()]
        assert not left, f"{len(left)} messages that the story does not expect"


@dataclass
class Chat:
    """Somebody on Telegram, and what they see last."""

    world: World
    id: int
    last: Sent | None = None

    async def _post(self, update: dict[str, object]) -> None:
        answer = await self.world.http.post(
            "/webhooks/telegram",
            json=update,
            headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
        )
        assert answer.status_code == 200
        await self.world.platform.settle()

    async def says(self, text: str) -> None:
        await self._post(dict(text_update(self.id, text)))

    async def sends_voice(self) -> None:
        await self._post(dict(voice_update(self.id)))

    async def sends_photo(self, caption: str = "") -> None:
        await self._post(dict(photo_update(self.id, caption)))

    async def sends_location(self, lat: float, lon: float) -> None:
        await self._post(dict(location_update(self.id, lat, lon)))

    async def presses(self, label: str) -> None:
        """Press a button under the message read last."""
        assert self.last is not None, "nothing was read yet"
        data = self.last.callback_data[label]
        await self._post(dict(callback_update(self.id, data, self.last.message_id or 0)))

    async def reads(self, containing: str) -> Sent:
        """The next unread message with these words."""
        self.last = await self.world.telegram.expect(self.id, containing)
        return self.last


@dataclass
class Phone:
    """Somebody with a phone."""

    world: World
    number: str

    async def says(self, text: str, media: int = 0) -> None:
        await self.post(inbound_sms(self.number, text, media))

    async def post(self, params: dict[str, str], path: str = "/webhooks/twilio/message") -> None:
        await self._bring(params, path)
        await self.world.platform.settle()

    async def tells(self, text: str) -> None:
        """Say something and wait for nothing that follows from it."""
        await self._bring(inbound_sms(self.number, text), "/webhooks/twilio/message")

    async def _bring(self, params: dict[str, str], path: str) -> None:
        body, headers = signed_form(PUBLIC_URL + path, params)
        answer = await self.world.http.post(path, content=body, headers=headers)
        assert answer.status_code in (200, 204)

    async def reads(self, containing: str) -> SentSms:
        """The next unread message with these words."""
        return await self.world.twilio.expect(self.number, containing)


def _caller(http: httpx.AsyncClient) -> Callable[..., Awaitable[tuple[int, str]]]:
    """How the stand-in of Twilio asks what a call is to say."""

    async def deliver(url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        answer = await http.post(url, content=body, headers=dict(headers))
        return answer.status_code, answer.text

    return deliver


class _Web:
    """The web of a platform. The API is asked by no story and the pages of staff by few: their
    hundreds of routes take longer to make than most stories to play."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._open = self._made("app.web.api_routes", "app.web.staff_routes")
        self._whole: FastAPI | None = None

    def _made(self, *without: str) -> FastAPI:
        with pytest.MonkeyPatch.context() as patched:
            for name in without:
                patched.setattr(name, lambda *parts: _Nothing())
            return web_of(self._platform)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        web = self._open
        if scope["path"].startswith(STAFF):
            web = self._whole = self._whole or self._made("app.web.api_routes")
        await web(scope, receive, send)


class _Nothing(APIRouter):
    """Routes of pages that are left out."""

    rows: Sequence[object] = ()

    @property
    def router(self) -> APIRouter:
        return self


@asynccontextmanager
async def world_of(database: Database, **more: Any) -> AsyncIterator[World]:
    """A platform at work between its stand-ins."""
    clock = Clock()
    clock.move(START - clock.now())
    async with TelegramStandIn(now=clock.now) as telegram, TwilioStandIn(now=clock.now) as twilio:
        settings = story_settings(telegram.url, twilio.url, **more)
        platform = Platform(settings, database, clock)
        await platform.start()
        transport = httpx.ASGITransport(app=_Web(platform))
        async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as http:
            twilio.deliver = _caller(http)
            world = World(platform, telegram, twilio, http)
            try:
                yield world
                world.nothing_else()
            finally:
                # Not the one of the beginning: a story may have started it anew.
                await world.platform.stop()
