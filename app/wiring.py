"""Putting the parts together: the only place where siblings meet."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog

from alerts import paging
from alerts import tick as alerts_tick
from app import trial
from app.settings import Settings
from bot.commands import commands_in
from bot.conversation import Surroundings
from bot.inbox.service import PROCESS, Inbox
from campaigns import jobs as campaign_jobs
from campaigns import tick as campaigns_tick
from contacts.gazetteer import load_gazetteer
from db.session import Database
from delivery import service as delivery
from delivery import store as ledger
from delivery.model import State
from delivery.sending import Sending
from delivery.transport import Transport
from directory import importing as directory_import
from engine.clock import Ticker
from engine.jobs import MemoryJobs
from engine.reconciler import Reconciler
from kit.channels import Channel
from kit.clock import Clock
from transports.handset.transport import HandsetTransport
from transports.intake import Arrival
from transports.sms import TwilioTransport, read_status
from transports.telegram import TelegramTransport

log = structlog.get_logger(__name__)

RECONCILE_EVERY = timedelta(seconds=2)
TAKE_OVER_EVERY = timedelta(seconds=30)


def telegram_of(settings: Settings) -> TelegramTransport | None:
    """Telegram, when it is configured."""
    if not settings.has_telegram:
        return None
    return TelegramTransport(
        settings.telegram_bot_token,
        api_url=settings.telegram_api_url or None,
        rate=settings.telegram_rate,
    )


def twilio_of(settings: Settings) -> TwilioTransport | None:
    """SMS, when they are configured."""
    if not settings.has_twilio:
        return None
    return TwilioTransport(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        sender=settings.twilio_messaging_service_sid or settings.twilio_from,
        status_url=f"{settings.public_url.rstrip('/')}/webhooks/twilio/status",
        urgent_sender=settings.twilio_from_urgent or None,
        api_url=settings.twilio_api_url or None,
        rate=settings.twilio_rate,
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """The transports of this platform; a channel that is not configured is absent."""

    telegram: TelegramTransport | None
    all: Mapping[Channel, Transport]


def ways_of(settings: Settings, database: Database, clock: Clock) -> Ways:
    """Real transports as configured; in trial mode the handset plays both."""
    if settings.is_trial:
        played = {channel: HandsetTransport(channel, database, clock) for channel in Channel}
        return Ways(None, played)
    found: dict[Channel, Transport] = {}
    telegram, twilio = telegram_of(settings), twilio_of(settings)
    if telegram is not None:
        found[Channel.TELEGRAM] = telegram
    if twilio is not None:
        found[Channel.SMS] = twilio
    return Ways(telegram, found)


class Platform:
    """All roles in one process: the embedded mode."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.stopping = asyncio.Event()
        self.ways = ways_of(settings, database, clock)
        holder = uuid4().hex
        self.jobs = MemoryJobs(clock)
        database.after_commit(self.jobs.take)
        self.sending = Sending(database, clock, self.ways.all, holder)
        self.world = Surroundings(
            load_gazetteer(), settings.times, f"{self._base_url()}/privacidad"
        )
        telegram = self.ways.telegram
        self.inbox = Inbox(database, clock, self.world, telegram.acknowledge if telegram else None)
        self.reconciler = Reconciler(
            database,
            clock,
            reading=(self.inbox.wake_due, alerts_tick.wake_due, delivery.wake_due),
            writing=(campaigns_tick.wake_due,),
        )
        self.ticker = Ticker(database, holder)
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers()

    async def intake(self, arrival: Arrival) -> None:
        """Take in what a transport brought; returns once it is stored."""
        await self.inbox.receive(arrival.channel, arrival.provider_id, arrival.raw)

    async def receipt(self, form: Mapping[str, str]) -> None:
        """Apply a status callback of Twilio."""
        provider_id, state, code = read_status(form)
        if state is None:
            return
        async with self.database.write() as session:
            about = await ledger.receive(session, provider_id, state, code, self.clock.now())
            if about is not None and state is State.UNDELIVERED:
                session.wake(delivery.UNREACHED, about)

    async def start(self) -> None:
        """Take over what an earlier process left, then begin to work."""
        await directory_import.load_first(self.database)
        if self.settings.is_trial:
            async with self.database.write() as session:
                await trial.staff_the_phones(session, self.clock.now())
        await self.sending.recover()
        self._spawn(self.jobs.run(), "jobs")
        self.ticker.every(RECONCILE_EVERY, "reconcile", self.reconciler.reconcile)
        self.ticker.every(TAKE_OVER_EVERY, "take_over", self.sending.take_over)
        self.ticker.start()
        self.clock.on_move(self._reconcile_soon)
        await self.reconciler.reconcile()

    async def listen(self) -> None:
        """Have Telegram's updates come in, by polling or by its webhook."""
        telegram = self.ways.telegram
        if telegram is None:
            return
        await telegram.set_commands(commands_in("es"))
        await telegram.set_commands(commands_in("en"), "en")
        if self.settings.telegram_mode == "polling":
            await telegram.delete_webhook()
            self._spawn(telegram.poll(self.intake, self.stopping), "polling")
        else:
            url = f"{self._base_url()}/webhooks/telegram"
            await telegram.set_webhook(url, self.settings.telegram_webhook_secret)

    async def stop(self) -> None:
        """Take nothing new, settle what is under way, let go of everything."""
        self.stopping.set()
        self.ticker.stop()
        closing = asyncio.create_task(self.sending.close())
        await self.jobs.stop()
        await closing
        # What the jobs had just claimed when they ended.
        await self.sending.close()
        await self.inbox.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for transport in self.ways.all.values():
            await transport.close()
        await self.database.close()

    async def settle(self) -> None:
        """Work until nothing is due any more; what tests and the trial wait for."""
        for _ in range(50):
            await self.reconciler.reconcile()
            if not self.jobs.busy and not self.sending.busy:
                return
            while self.jobs.busy or self.sending.busy:
                await self.jobs.idle()
                await self.sending.in_air()

    def _handlers(self) -> None:
        times = self.settings.times

        async def look(key: str) -> None:
            async with self.database.write() as session:
                await alerts_tick.look(session, int(key), times, self.clock.now())

        async def unreached(key: str) -> None:
            async with self.database.write() as session:
                await alerts_tick.unreached(session, key, self.clock.now())

        async def freeze(key: str) -> None:
            await campaign_jobs.handle_freeze(self.database, self.clock, key)

        async def sweep(key: str) -> None:
            await campaign_jobs.handle_sweep(self.database, self.clock, key)

        self.jobs.handler(delivery.SEND, self.sending.drain)
        self.jobs.handler(PROCESS, self.inbox.process)
        self.jobs.handler(paging.WAKE, look)
        self.jobs.handler(delivery.UNREACHED, unreached)
        self.jobs.handler(campaigns_tick.FREEZE, freeze)
        self.jobs.handler(campaigns_tick.SWEEP, sweep)

    def _reconcile_soon(self) -> None:
        self._spawn(self.reconciler.reconcile(), "moved")

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Only the kind of the error: its text could hold what a person wrote.
            log.error("task.failed", task=task.get_name(), error=type(error).__name__)

    def _base_url(self) -> str:
        return (self.settings.public_url or f"http://127.0.0.1:{self.settings.port}").rstrip("/")
