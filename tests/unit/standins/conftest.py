"""The stand-ins, and the real clients turned to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession, ClientTimeout, encode_basic_auth
from twilio.http.response import Response
from twilio.rest import Client

from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn


class TwilioHttp:
    """An HTTP client for Twilio's library, instead of its `AsyncTwilioHttpClient`.

    That one never times out, builds aiohttp's deprecated `BasicAuth`, and logs numbers at INFO.
    """

    is_async = True

    def __init__(self, seconds: float) -> None:
        self._session = ClientSession(timeout=ClientTimeout(total=seconds))

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, str] | None = None,
        data: dict[str, str | list[str]] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> object:
        headers = dict(headers or {})
        if auth is not None:
            headers["Authorization"] = encode_basic_auth(*auth)
        async with self._session.request(
            method,
            url,
            params=params,
            data=data,
            headers=headers,
            allow_redirects=allow_redirects,
        ) as answer:
            return Response(answer.status, await answer.text(), answer.headers)

    async def close(self) -> None:
        await self._session.close()


def twilio_client(url: str, http: object, token: str = AUTH_TOKEN) -> Client:
    """Twilio's client, turned to `url`. Its environment is not looked at."""
    client = Client(ACCOUNT_SID, token, http_client=http, environment={"TWILIO_EDGE": ""})
    client.api.base_url = url
    return client


@asynccontextmanager
async def telegram_bot(url: str, token: str = TOKEN, seconds: float = 20) -> AsyncIterator[Bot]:
    """aiogram's bot, turned to `url`."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url), timeout=seconds)
    yield Bot(token, session=session)
    # aiogram's own close() also sleeps 250 ms for the sake of TLS, in each of many tests.
    await (await session.create_session()).close()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin


@pytest.fixture
async def bot(telegram: TelegramStandIn) -> AsyncIterator[Bot]:
    async with telegram_bot(telegram.url) as bot:
        yield bot


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioStandIn]:
    async with TwilioStandIn() as standin:
        yield standin


@pytest.fixture
async def http() -> AsyncIterator[TwilioHttp]:
    http = TwilioHttp(seconds=20)
    yield http
    await http.close()


@pytest.fixture
def client(twilio: TwilioStandIn, http: TwilioHttp) -> Client:
    return twilio_client(twilio.url, http)
