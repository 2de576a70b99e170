"""The front: everything that arrives, by webhook, by polling or from the handset."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from app.settings import Settings
from app.ways import Ways, answer_url, numbers_of
from bot import orders
from bot.calls import Answered, Calls
from bot.commands import commands_in
from bot.conversation import Surroundings
from bot.inbox.service import Inbox
from contacts.gazetteer import load_gazetteer
from db.session import Database
from delivery import receipts
from delivery.model import SendError, State
from delivery.transport import Receipt
from kit.clock import Clock
from transports.intake import Arrival
from transports.sms import read_status
from transports.telegram import TelegramTransport
from transports.twilio_calls import by_machine, read_end, read_said, twiml, with_said
from transports.twilio_errors import meaning
from transports.twilio_messages import read_row, with_row

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 5.0
"""Between two tries to reach Telegram."""


class Front:
    """Takes in what comes, stores it and processes it. `stopping` ends streams and polling."""

    def __init__(self, settings: Settings, database: Database, clock: Clock, ways: Ways) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.ways = ways
        self.stopping = asyncio.Event()
        privacy = f"{settings.base_url}/privacidad"
        self.world = Surroundings(
            load_gazetteer(), settings.times, privacy, numbers=numbers_of(settings)
        )
        telegram = ways.telegram
        self.calls = Calls(database, clock, settings.times, orders.act)
        self.inbox = Inbox(database, clock, self.world, telegram.acknowledge if telegram else None)

    async def intake(self, arrival: Arrival) -> None:
        """Take in what a transport brought; returns once it is stored."""
        await self.inbox.receive(arrival.channel, arrival.provider_id, arrival.raw)

    async def receipt(self, form: Mapping[str, str]) -> None:
        """Apply a status callback of Twilio, of a call or of a message."""
        ended, row = read_end(form), read_row(form)
        if ended is not None:
            if row is not None:
                await self.calls.told(row, ended)
            return
        sid, state, code = read_status(form)
        if state is None:
            return
        failure = meaning(code) if state is State.UNDELIVERED else None
        receipt = Receipt(sid, state, code, failure)
        async with self.database.write() as session:
            await receipts.receive(session, receipt, self.clock.now(), row)

    async def call(self, form: Mapping[str, str]) -> str:
        """What a call of ours says now, in TwiML."""
        row = read_row(form)
        answered = Answered(
            row,
            form.get("CallSid", ""),
            form.get("To", ""),
            key=form.get("Digits", ""),
            said=read_said(form),
            by_machine=by_machine(form),
        )
        now = await self.calls.answer(answered)
        if now.said is None or row is None:
            return twiml(now.words)
        return twiml(now.words, with_said(with_row(answer_url(self.settings), row), now.said))

    async def listen(self, over: asyncio.Event) -> None:
        """Have Telegram's updates come in, by its webhook or by polling until `over`.

        However long it takes to reach Telegram; the rest of the platform works meanwhile.
        """
        telegram = self.ways.telegram
        if telegram is None:
            return
        while not over.is_set():
            try:
                await self._announce(telegram)
                break
            except SendError as error:
                log.warning("telegram.unreachable", failure=error.failure)
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), AGAIN_SECONDS)
        if self.settings.telegram_mode == "polling":
            await telegram.poll(self.intake, over)

    async def _announce(self, telegram: TelegramTransport) -> None:
        await telegram.set_commands(commands_in("es"))
        await telegram.set_commands(commands_in("en"), "en")
        if self.settings.telegram_mode == "polling":
            await telegram.delete_webhook()
        else:
            url = f"{self.settings.base_url}/webhooks/telegram"
            await telegram.set_webhook(url, self.settings.telegram_webhook_secret)
