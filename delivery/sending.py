"""The senders: claim due rows, wait for the pace, send, settle. One instance a process."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from contacts import store as contacts
from db.session import Database, Session
from delivery import pacing, senders, store
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State
from delivery.pacing import Pace
from delivery.service import SEND, read_send_key, send_key
from delivery.transport import Outgoing, Transport
from kit.channels import Channel, Endpoint
from kit.checkpoints import passed
from kit.clock import Clock

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(hours=24)
"""A message that could not leave for this long has failed."""

CLOSING_SECONDS = 4
"""How long a send under way may go on once the process is to end."""

IN_AIR = 100
"""Sends under way at once, for each lane of a channel."""


class Sending:
    """Sends what the ledger holds, lane by lane.

    Each send is a task of its own, so that one that hangs holds up nobody but the same recipient's
    next message.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transports: Mapping[Channel, Transport],
        claimant: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._transports = transports
        self._claimant = claimant
        self._paces: dict[Channel, Pace] = {}
        self._air: set[asyncio.Task[None]] = set()
        self._room = {
            (lane, channel): asyncio.Semaphore(IN_AIR) for lane in Lane for channel in transports
        }
        self._latest: dict[Endpoint, asyncio.Task[None]] = {}
        self._held: set[int] = set()
        self._closing = asyncio.Event()

    async def recover(self) -> None:
        """At start: take over what an ended process held, and remember the senders' pauses."""
        now = self._clock.now()
        await self.take_over()
        async with self._database.read() as session:
            pauses = await senders.pauses(session, now)
        for channel, transport in self._transports.items():
            self._paces[channel] = Pace(transport.rate, now, pauses.get(channel))

    async def take_over(self) -> None:
        """Free claimed rows that nobody is sending: of ended processes, or left by an error."""
        now = self._clock.now()
        async with self._database.write() as session:
            await store.recover(session, self._claimant, self._held, now)

    async def drain(self, key: str) -> None:
        """The handler of `delivery.send`: work until nothing of a lane is due."""
        lane, channel = read_send_key(key)
        if channel not in self._transports:
            return
        while not self._closing.is_set() and await self._take_slice(lane, channel):
            pass

    async def in_air(self) -> None:
        """Wait until every send under way is settled."""
        while self._air:
            await asyncio.wait(list(self._air))

    @property
    def busy(self) -> bool:
        """Whether a send is under way."""
        return bool(self._air)

    async def close(self) -> None:
        """Take nothing new, give back what has not left, settle what is under way.

        A provider that does not answer within `CLOSING_SECONDS` leaves an unknown outcome.
        """
        self._closing.set()
        if self._air:
            await asyncio.wait(list(self._air), timeout=CLOSING_SECONDS)
        for task in self._air:
            task.cancel()
        await self.in_air()

    async def _take_slice(self, lane: Lane, channel: Channel) -> bool:
        """Claim and launch what may leave now; False when nothing is due now."""
        now = self._clock.now()
        pace = self._paces[channel]
        if pace.blocked_until is not None and pace.blocked(now):
            async with self._database.read() as session:
                session.wake(SEND, send_key(lane, channel), pace.blocked_until)
            return False
        if not await self._reached(max(pace.free_at, now)):
            return False
        limit = pacing.slice_size(pace.rate) if lane is Lane.BULK else max(1, int(pace.rate))
        async with self._database.write() as session:
            claimed = await store.claim(
                session, lane, channel, limit, self._claimant, self._clock.now()
            )
            # Before the commit, so that `take_over` never sees a claimed row as nobody's.
            self._held.update(row.id for row in claimed)
            if not claimed:
                later = await store.next_due(session, lane, channel)
                if later is not None and later > self._clock.now():
                    session.wake(SEND, send_key(lane, channel), later)
                return False
        passed("delivery.claimed")
        for row in claimed:
            await self._room[lane, channel].acquire()
            self._launch(row, self._reserve(row))
        return True

    def _reserve(self, row: Claimed) -> datetime:
        transport = self._transports[row.to.channel]
        pace, start = pacing.reserve(
            self._paces[row.to.channel], self._clock.now(), transport.units(row.content), row.lane
        )
        self._paces[row.to.channel] = pace
        return start

    def _launch(self, row: Claimed, start: datetime) -> None:
        task = asyncio.create_task(
            self._deliver(row, start, self._latest.get(row.to)), name="delivery"
        )
        self._air.add(task)
        self._latest[row.to] = task

        def over(ended: asyncio.Task[None]) -> None:
            self._air.discard(ended)
            self._held.discard(row.id)
            self._room[row.lane, row.to.channel].release()
            if self._latest.get(row.to) is ended:
                del self._latest[row.to]

        task.add_done_callback(over)

    async def _deliver(
        self, row: Claimed, start: datetime, before: asyncio.Task[None] | None
    ) -> None:
        """One attempt, from the pace to the settled row."""
        if before is not None:
            await asyncio.wait([before])
        try:
            if not await self._reached(start):
                async with self._database.write() as session:
                    await store.release(session, row.id)
                return
            outcome = await self._attempt(row)
            passed("delivery.answered")
            async with self._database.write() as session:
                await store.settle(session, [outcome])
                await self._learn(session, outcome)
                if outcome.state is State.PENDING:
                    self._wake_again(session, row, outcome)
        except Exception as error:
            # The row stays claimed; `take_over` frees it by the rule of its lane.
            log.error("delivery.unsettled", message=row.id, error=type(error).__name__)

    async def _attempt(self, row: Claimed) -> Outcome:
        transport = self._transports[row.to.channel]
        try:
            provider_id = await transport.send(Outgoing(row.id, row.to, row.content, row.lane))
        except SendError as error:
            return self._judge(row, error)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._closing.is_set() or task is None:
                raise
            # The process ends: what this send became is unknown, and that is written down.
            task.uncancel()
            return self._judge(row, SendError(Failure.UNKNOWN_OUTCOME, "stopped"))
        return Outcome(row, State.SENT, self._clock.now(), provider_id=provider_id)

    def _judge(self, row: Claimed, error: SendError) -> Outcome:
        """What a failed attempt means for its row."""
        now = self._clock.now()
        failure = error.failure
        if failure is Failure.UNKNOWN_OUTCOME and row.lane is Lane.BULK:
            return Outcome(row, State.UNCERTAIN, now, failure, code=error.code)
        if failure is Failure.SENDER_THROTTLED:
            until = now + (error.retry_after or timedelta(seconds=1))
            self._paces[row.to.channel] = pacing.block(self._paces[row.to.channel], until)
            return Outcome(
                row, State.PENDING, now, failure, code=error.code, due_at=until, counts=False
            )
        if error.retryable or failure is Failure.UNKNOWN_OUTCOME:
            due_at = now + pacing.backoff(row.attempts + 1)
            if due_at < row.created_at + STALE_AFTER:
                return Outcome(row, State.PENDING, now, failure, code=error.code, due_at=due_at)
            return Outcome(row, State.FAILED, now, failure, code=error.code)
        if row.position + 1 < len(row.endpoints):
            return Outcome(
                row,
                State.PENDING,
                now,
                failure,
                code=error.code,
                due_at=now,
                next_position=row.position + 1,
            )
        return Outcome(row, State.FAILED, now, failure, code=error.code)

    async def _learn(self, session: Session, outcome: Outcome) -> None:
        """Keep what a refusal says about the address or the sender."""
        row, now = outcome.claimed, outcome.at
        if outcome.reason == Failure.CONTACT_STOPPED:
            await contacts.add_opt_out(session, row.to, "provider", "", now)
        elif outcome.reason == Failure.ADDRESS_DEAD:
            await contacts.mark_dead(session, row.to)
        elif outcome.reason == Failure.SENDER_THROTTLED and outcome.due_at is not None:
            await senders.pause(session, row.to.channel, outcome.due_at)

    def _wake_again(self, session: Session, row: Claimed, outcome: Outcome) -> None:
        channel = row.to.channel
        if outcome.next_position is not None:
            channel = row.endpoints[outcome.next_position].channel
        session.wake(SEND, send_key(row.lane, channel), outcome.due_at)

    async def _reached(self, start: datetime) -> bool:
        """Keep the pace until `start`; False when the process is to end before."""
        wait = (start - self._clock.now()).total_seconds()
        if wait <= 0:
            return not self._closing.is_set()
        try:
            await asyncio.wait_for(self._closing.wait(), wait)
        except TimeoutError:
            return True
        return False
