"""The inbox: an arrival is stored and committed, then processed, then answered.

What fails stays and is tried again; after the last try it waits for a person, and everybody who
can be paged is told that it does.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from alerts import paging, speaking, texts
from bot import duty, sms, telegram
from bot.conversation import Surroundings, converse
from bot.heard import Heard, Unanswerable
from bot.inbox import store
from bot.inbox.store import Inbound, InboundState
from db.session import Database, Session
from kit.channels import Channel
from kit.checkpoints import passed
from kit.clock import Clock

log = structlog.get_logger(__name__)

Acknowledge = Callable[[str], Coroutine[None, None, None]]

PROCESS = "bot.inbound"
"""The job that processes one arrival; its key is the arrival's id."""

TRIES_AFTER = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600))

READERS = {Channel.TELEGRAM: telegram.read_update, Channel.SMS: sms.read_form}


class Inbox:
    """Takes everything in, whoever brought it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        world: Surroundings,
        acknowledge: Acknowledge | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._world = world
        self._acknowledge = acknowledge
        self._aside: set[asyncio.Task[None]] = set()

    async def receive(self, channel: Channel, provider_id: str, raw: str) -> None:
        """Store an arrival, then process it. Returns once it is stored; repetitions do nothing."""
        try:
            kept = await self._store(channel, provider_id, raw)
        except (SQLAlchemyError, OSError) as error:
            # The connection may have died idle. Storing twice keeps one.
            log.warning("inbound.storing_again", error=type(error).__name__)
            kept = await self._store(channel, provider_id, raw)
        passed("inbox.committed")
        if kept is not None:
            await self.process(str(kept))

    async def _store(self, channel: Channel, provider_id: str, raw: str) -> int | None:
        async with self._database.write() as session:
            kept = await store.keep(session, channel, provider_id, raw, self._clock.now())
            passed("inbox.stored")
        return kept

    async def process(self, key: str) -> None:
        """The handler of `bot.inbound`: one arrival, in one unit with all its effects."""
        inbound_id = int(key)
        heard: Heard | None = None
        try:
            async with self._database.write() as session:
                arrival = await store.take(session, inbound_id)
                if arrival is None:
                    return
                try:
                    heard = READERS[arrival.channel](arrival.raw)
                except Unanswerable:
                    await self._give_up(session, arrival, Unanswerable.__name__)
                    return
                state = InboundState.IGNORED
                if heard is not None:
                    await self._hear(session, heard)
                    state = InboundState.PROCESSED
                await store.settle(session, inbound_id, state)
        except Exception as error:
            # Only the kind of the error: its text may hold what somebody wrote.
            log.error("inbound.failed", inbound=inbound_id, error=type(error).__name__)
            await self._put_off(inbound_id, type(error).__name__)
            return
        if heard is not None and heard.callback_id and self._acknowledge is not None:
            # Only stops the clock on the button, so nothing waits for it and nothing is lost.
            task = asyncio.create_task(self._acknowledge(heard.callback_id))
            self._aside.add(task)
            task.add_done_callback(self._aside.discard)

    async def close(self) -> None:
        """Let go of what goes on beside."""
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)

    async def wake_due(self, session: Session, now: datetime) -> None:
        """What the reconciler asks: arrivals that were stored and never processed."""
        for inbound_id in await store.due(session, now):
            session.wake(PROCESS, str(inbound_id))

    async def _hear(self, session: Session, heard: Heard) -> None:
        now = self._clock.now()
        if not await duty.obey(session, heard, self._world.times, now):
            await converse(session, heard, self._world, now)

    async def _put_off(self, inbound_id: int, error: str) -> None:
        async with self._database.write() as session:
            arrival = await store.take(session, inbound_id)
            if arrival is None:
                return
            left = TRIES_AFTER[arrival.attempts :]
            if not left:
                await self._give_up(session, arrival, error)
                return
            at = self._clock.now() + left[0]
            await store.put_off(session, inbound_id, arrival.attempts + 1, error, at)
            session.wake(PROCESS, str(inbound_id), at)

    async def _give_up(self, session: Session, arrival: Inbound, error: str) -> None:
        """Leave it to people. It may be a call for help, so they are told in the same unit."""
        log.error("inbound.given_up", inbound=arrival.id, error=error)
        await store.put_off(session, arrival.id, arrival.attempts + 1, error, None)
        now = self._clock.now()
        for member in (await paging.roster(session)).order:
            await speaking.tell_member(session, member, texts.INBOUND_FAILED, {}, now)
