"""The inbox: an arrival is stored and committed, then processed, then answered.

What fails stays and is tried again; after the last try it waits for a person, and everybody who
can be paged is told that it does. So does one whose process is killed again and again; it is tried
once more now and then all the same, for it need not be what kills it.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from alerts.canary import service as canary
from bot import duty, sms, telegram
from bot.conversation import Surroundings, converse
from bot.heard import Heard, Unanswerable
from bot.inbox import failures, store
from bot.inbox.model import TRIED_AGAIN
from bot.inbox.store import InboundState
from bot.numbers import keep_to_number
from db.session import Database, Session
from delivery.model import PROCESS_ENDED
from kit.channels import Channel
from kit.checkpoints import passed
from kit.clock import Clock

log = structlog.get_logger(__name__)

Acknowledge = Callable[[str], Coroutine[None, None, None]]

PROCESS = "bot.inbound"
"""The job that processes one arrival; its key is the arrival's id."""

TRIES_AFTER = tuple(timedelta(seconds=s) for s in (1, 5, 30, 120, 600))

KILLS = 3
"""An arrival whose process was killed so often while it was at work on it is left to people, and
tried once more after `TRIED_AGAIN`."""

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
        self._one_by_one = asyncio.Lock()
        self._at_work: set[int] = set()
        # Tries that have ended without its being written down.
        self._unwritten: set[int] = set()

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
            await self._work(kept)

    async def _store(self, channel: Channel, provider_id: str, raw: str) -> int | None:
        async with self._database.write() as session:
            kept = await store.keep(session, channel, provider_id, raw, self._clock.now())
            passed("inbox.stored")
        return kept

    async def process(self, key: str) -> None:
        """The handler of `bot.inbound`: one arrival that was not processed when it came, or people
        to be told of those that failed.

        One at a time, and each try is counted before it is made: when the process is killed, only
        the arrival that was at work can be what killed it.
        """
        inbound_id = int(key)
        if inbound_id in self._at_work:
            return
        async with self._one_by_one:
            if await self._begin(inbound_id):
                await self._work(inbound_id)

    async def _begin(self, inbound_id: int) -> bool:
        """Count a try; False when none is to be made."""
        if inbound_id in self._unwritten:
            # The last one was counted, and this process outlived it: the same count holds.
            self._unwritten.discard(inbound_id)
            return True
        async with self._database.write() as session:
            if await store.begin(session, inbound_id, KILLS, self._clock.now()):
                return True
            attempts = await store.failures(session, inbound_id)
            if attempts is None:
                await self._tell(session, inbound_id)
            else:
                await self._give_up(session, inbound_id, attempts, PROCESS_ENDED)
        return False

    async def _work(self, inbound_id: int) -> None:
        """A try that was begun: one arrival, in one unit with all its effects."""
        self._at_work.add(inbound_id)
        try:
            heard = await self._try(inbound_id)
        finally:
            self._at_work.discard(inbound_id)
        if heard is not None and heard.callback_id and self._acknowledge is not None:
            # Only stops the clock on the button, so nothing waits for it and nothing is lost.
            task = asyncio.create_task(self._acknowledge(heard.callback_id))
            self._aside.add(task)
            task.add_done_callback(self._aside.discard)

    async def _try(self, inbound_id: int) -> Heard | None:
        try:
            async with self._database.write() as session:
                arrival = await store.take(session, inbound_id)
                if arrival is None:
                    return None
                try:
                    heard = READERS[arrival.channel](arrival.raw)
                except Unanswerable:
                    why = Unanswerable.__name__
                    await self._give_up(session, inbound_id, arrival.attempts, why)
                    return None
                state = InboundState.IGNORED
                if heard is not None:
                    await self._hear(session, heard)
                    state = InboundState.PROCESSED
                await store.settle(session, inbound_id, state)
        except Exception as error:
            # Only the kind of the error: its text may hold what somebody wrote.
            log.error("inbound.failed", inbound=inbound_id, error=type(error).__name__)
            self._unwritten.add(inbound_id)
            await self._put_off(inbound_id, type(error).__name__)
            self._unwritten.discard(inbound_id)
            return None
        return heard

    async def close(self) -> None:
        """Let go of what goes on beside."""
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)

    async def _hear(self, session: Session, heard: Heard) -> None:
        now = self._clock.now()
        if await canary.hear(session, heard.sender, heard.given.text, now):
            return
        await keep_to_number(session, heard, self._world.numbers)
        if not await duty.obey(session, heard, self._world.times, now):
            await converse(session, heard, self._world, now)

    async def _put_off(self, inbound_id: int, error: str) -> None:
        async with self._database.write() as session:
            attempts = await store.failures(session, inbound_id)
            if attempts is None:
                return
            left = TRIES_AFTER[attempts:]
            if not left:
                await self._give_up(session, inbound_id, attempts, error)
                return
            at = self._clock.now() + left[0]
            await store.put_off(session, inbound_id, attempts + 1, error, at)
            session.wake(PROCESS, str(inbound_id), at)

    async def _give_up(self, session: Session, inbound_id: int, attempts: int, error: str) -> None:
        """Leave it to people. It may be a call for help, so they are told in the same unit, or as
        soon as they may be told again."""
        log.error("inbound.given_up", inbound=inbound_id, error=error)
        left = TRIED_AGAIN[attempts:] if error == PROCESS_ENDED else ()
        again_at = self._clock.now() + left[0] if left else None
        await store.give_up(session, inbound_id, attempts + 1, error, again_at)
        if again_at is not None:
            session.wake(PROCESS, str(inbound_id), again_at)
        await self._tell(session, inbound_id)

    async def _tell(self, session: Session, inbound_id: int) -> None:
        again_at = await failures.tell(session, self._clock.now())
        if again_at is not None:
            session.wake(PROCESS, str(inbound_id), again_at)
