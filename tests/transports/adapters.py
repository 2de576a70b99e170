"""Each provider as the behavioural suite drives it.

To put another transport through the suite, write a `Provider` and add it to `ADAPTERS` with the
troubles that it can play; no other is asked of it.
"""

import socket
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from sqlalchemy import delete, update

from delivery.transport import Transport
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.databases import sqlite_database
from tests.standins import telegram_errors, twilio_errors
from tests.standins.faults import Fault
from tests.standins.server import StandInServer
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, TwilioStandIn
from tests.transports.provider import TIMEOUT, WAIT, Adapter, Arrived, Trouble
from transports.handset import store as handset
from transports.handset.model import Direction
from transports.handset.transport import HandsetTransport
from transports.sms import TwilioTransport
from transports.telegram import TelegramTransport

CHAT = Endpoint(Channel.TELEGRAM, "4213555017")
PHONE = Endpoint(Channel.SMS, "+12135550142")
STATUS_URL = "https://tequio.example/webhooks/twilio/status"


class OverHttp(ABC):
    """What the adapters of the HTTP stand-ins share."""

    faults: ClassVar[dict[Trouble, Fault]]
    common: ClassVar[dict[Trouble, Fault]] = {
        Trouble.GATEWAY_TIMEOUT: Fault.answer(504, "<html>504 Gateway Time-out</html>"),
        Trouble.HANGS: Fault.hang(),
        Trouble.DROPS: Fault.drop(),
        Trouble.GARBLED: Fault.answer(200, "<html>Thank you</html>"),
    }

    def __init__(self, server: StandInServer) -> None:
        self.server = server
        self._stack = AsyncExitStack()
        self._listening = AsyncExitStack()

    @property
    @abstractmethod
    def transport(self) -> Transport:
        """What the suite tries, between this provider and the ledger."""

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._listening)
        await self._listening.enter_async_context(self.server)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.transport.close()
        await self._stack.aclose()

    async def play(self, trouble: Trouble) -> None:
        match trouble:
            case Trouble.UNREACHABLE:
                await self._listening.aclose()
            case Trouble.SILENT:
                port = int(self.server.url.rpartition(":")[2])
                await self._listening.aclose()
                self._stack.enter_context(_full_queue(port))
            case _:
                self.server.faults.next((self.common | self.faults)[trouble])


@contextmanager
def _full_queue(port: int) -> Iterator[None]:
    """Listen where nobody accepts and the queue is full, so that connecting never ends."""
    with ExitStack() as stack:
        stack.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
        for _ in range(4):
            caller = stack.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        yield


class Telegram(OverHttp):
    """aiogram against the stand-in of the Bot API."""

    limit = 4096
    to = CHAT
    faults: ClassVar[dict[Trouble, Fault]] = {
        Trouble.THROTTLED: telegram_errors.too_many_requests(WAIT),
        Trouble.STOPPED: telegram_errors.blocked(),
        Trouble.DEAD: telegram_errors.chat_not_found(),
        Trouble.NO_CREDIT: telegram_errors.refusal(401, "Unauthorized"),
        Trouble.FAILING: telegram_errors.server_error(),
        Trouble.GATEWAY_PAGE: telegram_errors.bad_gateway(),
    }

    def __init__(self, directory: Path) -> None:
        del directory
        self.standin = TelegramStandIn()
        super().__init__(self.standin)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._transport = TelegramTransport(TOKEN, api_url=self.standin.url, timeout=TIMEOUT)
        return self

    @property
    def transport(self) -> TelegramTransport:
        return self._transport

    async def arrived(self) -> list[Arrived]:
        return [Arrived(sent.text, sent.buttons) for sent in self.standin.sent]


class Twilio(OverHttp):
    """twilio against its stand-in."""

    limit = 1600
    to = PHONE
    faults: ClassVar[dict[Trouble, Fault]] = {
        Trouble.THROTTLED: Fault.answer(429, {"code": 20429}, {"Retry-After": str(WAIT)}),
        Trouble.STOPPED: twilio_errors.unsubscribed(),
        Trouble.DEAD: twilio_errors.not_mobile(),
        Trouble.NO_CREDIT: twilio_errors.refused(20003),
        Trouble.FAILING: twilio_errors.server_error(),
        Trouble.GATEWAY_PAGE: twilio_errors.bad_gateway(),
    }

    def __init__(self, directory: Path) -> None:
        del directory
        self.standin = TwilioStandIn()
        super().__init__(self.standin)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._transport = TwilioTransport(
            ACCOUNT_SID,
            AUTH_TOKEN,
            sender=NUMBER,
            status_url=STATUS_URL,
            api_url=self.standin.url,
            timeout=TIMEOUT,
        )
        return self

    @property
    def transport(self) -> TwilioTransport:
        return self._transport

    async def arrived(self) -> list[Arrived]:
        return [Arrived(sms.body) for sms in self.standin.sent]


class Handset:
    """The built-in handset on a SQLite file."""

    def __init__(self, channel: Channel, directory: Path) -> None:
        self._channel = channel
        self._directory = directory
        self.limit = 1600 if channel is Channel.SMS else 4096
        self.to = Endpoint(channel, "+12135550101" if channel is Channel.SMS else "900001")

    async def __aenter__(self) -> Self:
        self._database = await sqlite_database(self._directory)
        try:
            async with self._database.write() as session:
                await handset.ensure_phones(session)
        except BaseException:
            await self._database.close()
            raise
        self._transport = HandsetTransport(self._channel, self._database, Clock())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._transport.close()
        await self._database.close()

    @property
    def transport(self) -> HandsetTransport:
        return self._transport

    async def play(self, trouble: Trouble) -> None:
        phone = handset.handset_phone
        mine = phone.c.id == 1
        changes = {
            # A chat that blocked the bot, a phone that texted STOP.
            Trouble.STOPPED: update(phone).where(mine).values(blocked=True, stopped=True),
            Trouble.NO_SIGNAL: update(phone).where(mine).values(no_signal=True),
            Trouble.DEAD: delete(phone).where(mine),
        }
        async with self._database.write() as session:
            await session.execute(changes[trouble])

    async def arrived(self) -> list[Arrived]:
        async with self._database.read() as session:
            lines = await handset.lines(session)
        return [
            Arrived(
                line.body.text,
                tuple(button.label for row in line.body.buttons for button in row),
            )
            for line in lines
            if line.direction is Direction.OUT
        ]


_OVER_HTTP = frozenset(Trouble) - {Trouble.NO_SIGNAL}

ADAPTERS = (
    Adapter("telegram", Telegram, _OVER_HTTP),
    Adapter("twilio", Twilio, _OVER_HTTP),
    Adapter(
        "handset-telegram",
        partial(Handset, Channel.TELEGRAM),
        frozenset({Trouble.STOPPED, Trouble.DEAD, Trouble.NO_SIGNAL}),
    ),
    Adapter(
        "handset-sms",
        partial(Handset, Channel.SMS),
        frozenset({Trouble.DEAD, Trouble.STOPPED}),
    ),
)
