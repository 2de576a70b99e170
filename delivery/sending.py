"""The senders: claim due rows, wait for the pace, send, settle. One instance a process."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from db.session import Database
from delivery import claims, judging, pacing, senders, settling, store
from delivery.claims import Slice
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State
from delivery.rerouting import turn_away
from delivery.second_look import look_again, withhold
from delivery.service import SEND, read_send_key, send_key
from delivery.tempo import Tempo
from delivery.transport import Outgoing, Transport
from kit.channels import Channel, Endpoint
from kit.checkpoints import passed
from kit.clock import Clock

log = structlog.get_logger(__name__)

CLOSING_SECONDS = 4
"""How long a send under way may go on once the process is to end."""

SETTLING_SECONDS = 2
"""How long what became of it may take to be written after that."""

IN_AIR = 100
"""Sends under way at once, for each lane of a channel."""


class Sending:
    """Sends what the ledger holds, lane by lane.

    Each send is a task of its own, so that one that hangs holds up nobody but the same recipient's
    next message; urgent and reply do not even wait for bulk to the same recipient.
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
        self._tempo = Tempo(clock)
        self._air: dict[tuple[Lane, Channel], set[asyncio.Task[None]]] = {
            (lane, channel): set() for lane in Lane for channel in transports
        }
        self._asking: set[asyncio.Task[None]] = set()
        self._latest: dict[tuple[Endpoint, bool], asyncio.Task[None]] = {}
        self._held: set[int] = set()
        # Rows that may stand as claimed, but certainly never left: they go again in any lane.
        self._unsent: set[int] = set()

    async def recover(self) -> None:
        """At start: take over what an ended process held, and remember the senders' pauses."""
        await self.take_over()
        async with self._database.read() as session:
            pauses = await senders.pauses(session, self._clock.now())
        for channel, transport in self._transports.items():
            self._tempo.begin(channel, transport.rate, pauses.get(channel))

    async def take_over(self) -> None:
        """Free claimed rows that nobody is sending: of ended processes, or left by an error."""
        now, unsent = self._clock.now(), frozenset(self._unsent)
        async with self._database.write() as session:
            await claims.recover(session, self._claimant, self._held, now, unsent)
        self._unsent -= unsent

    async def drain(self, key: str) -> None:
        """The handler of `delivery.send`: work until nothing of a lane is due."""
        lane, channel = read_send_key(key)
        work = self._take_slice if channel in self._transports else self._turn_away
        while not self._tempo.closing and await work(lane, channel):
            pass

    async def in_air(self, seconds: float | None = None) -> None:
        """Wait until every send under way is settled, or for so long."""
        while flying := self._flying():
            _, left = await asyncio.wait(flying, timeout=seconds)
            if left and seconds is not None:
                return

    @property
    def busy(self) -> bool:
        """Whether a send is under way."""
        return bool(self._flying())

    async def close(self) -> None:
        """Take nothing new, give back what has not left, settle what is under way.

        A provider that does not answer within `CLOSING_SECONDS` leaves an unknown outcome. Called
        once more when the jobs have ended, it gives back what they had just claimed.
        """
        self._tempo.close()
        await self.in_air(CLOSING_SECONDS)
        for task in tuple(self._asking):
            task.cancel()
        await self.in_air(SETTLING_SECONDS)
        for task in self._flying():
            task.cancel()
        await self.in_air(SETTLING_SECONDS)
        if self._unsent:
            try:
                await asyncio.wait_for(self.take_over(), SETTLING_SECONDS)
            except Exception as error:
                log.error("delivery.not_given_back", error=type(error).__name__)

    def _flying(self) -> tuple[asyncio.Task[None], ...]:
        return tuple(task for lane in self._air.values() for task in lane)

    async def _take_slice(self, lane: Lane, channel: Channel) -> bool:
        """Claim and launch what may leave now; False when nothing is due now."""
        until = self._tempo.blocked_until(channel)
        if until is not None:
            async with self._database.read() as session:
                session.wake(SEND, send_key(lane, channel), until)
            return False
        air = self._air[lane, channel]
        if len(air) >= IN_AIR:
            await asyncio.wait(tuple(air), return_when=asyncio.FIRST_COMPLETED)
            return True
        await self._tempo.free(channel)
        if self._tempo.closing or self._tempo.blocked_until(channel) is not None:
            return True
        rate = self._tempo.rate(channel)
        limit = pacing.slice_size(rate) if lane is Lane.BULK else max(1, int(rate))
        # Room is made before the claim, so that nothing comes between it and the launch.
        found = await self._claim(lane, channel, min(limit, IN_AIR - len(air)))
        for row in found.rows:
            self._launch(row)
        return found.taken > 0

    async def _claim(self, lane: Lane, channel: Channel, limit: int) -> Slice:
        ids: set[int] = set()
        try:
            async with self._database.write() as session:
                if self._tempo.closing:
                    return Slice(0, ())
                now = self._clock.now()
                found = await claims.claim(session, lane, channel, limit, self._claimant, now)
                # Before the commit, so that `take_over` never sees a claimed row as nobody's.
                ids = {row.id for row in found.rows}
                self._held |= ids
                if not found.taken:
                    later = await store.next_due(session, lane, channel)
                    if later is not None and later > now:
                        session.wake(SEND, send_key(lane, channel), later)
        except BaseException:
            # Whether the commit held or not: none of them is on its way.
            self._held -= ids
            self._unsent |= ids
            raise
        self._unsent -= ids
        if found.rows:
            passed("delivery.claimed")
        return found

    async def _turn_away(self, lane: Lane, channel: Channel) -> bool:
        async with self._database.write() as session:
            return await turn_away(
                session, lane, channel, self._transports, self._claimant, self._clock.now()
            )

    def _launch(self, row: Claimed) -> None:
        channel, who = row.to.channel, (row.to, row.lane is Lane.BULK)
        units = self._transports[channel].units(row.content)
        start = self._tempo.reserve(channel, units, row.lane)
        task = asyncio.create_task(
            self._deliver(row, start, self._latest.get(who)), name="delivery"
        )
        air = self._air[row.lane, channel]
        air.add(task)
        self._latest[who] = task

        def over(ended: asyncio.Task[None]) -> None:
            air.discard(ended)
            self._held.discard(row.id)
            if self._latest.get(who) is ended:
                del self._latest[who]

        task.add_done_callback(over)

    async def _deliver(
        self, row: Claimed, start: datetime, before: asyncio.Task[None] | None
    ) -> None:
        """One attempt, from the pace to the settled row."""
        left = False
        try:
            if await self._may_leave(row, start, before):
                left = True
                outcome = await self._attempt(row)
                passed("delivery.answered")
                await settling.settle(self._database, outcome, self._tempo)
        except BaseException as error:
            # The row stays claimed; `take_over` frees it by the rule of its lane.
            log.error("delivery.unsettled", message=row.id, error=type(error).__name__)
            if not left:
                self._unsent.add(row.id)
            if not isinstance(error, Exception):
                raise

    async def _may_leave(
        self, row: Claimed, start: datetime, before: asyncio.Task[None] | None
    ) -> bool:
        """Wait for the turn of a row; False when it was given back or settled instead."""
        channel = row.to.channel
        waits = start > self._clock.now() or (before is not None and not before.done())
        if before is not None:
            await self._tempo.over(before)
        await self._tempo.reached(channel, start)
        until = self._tempo.blocked_until(channel)
        if self._tempo.closing or until is not None:
            async with self._database.write() as session:
                await claims.release(session, [row.id], self._clock.now(), until)
                if until is not None:
                    session.wake(SEND, send_key(row.lane, channel), until)
            return False
        if not waits:
            return True
        async with self._database.read() as session:
            found = await look_again(session, row.id)
        if found is State.SENDING:
            return True
        async with self._database.write() as session:
            await withhold(session, row.id, found, self._clock.now())
        return False

    async def _attempt(self, row: Claimed) -> Outcome:
        channel, task = row.to.channel, asyncio.current_task()
        outgoing = Outgoing(row.id, row.to, row.content, row.lane)
        if task is not None:
            self._asking.add(task)
        try:
            provider_id = await self._transports[channel].send(outgoing)
            return Outcome(row, State.SENT, self._clock.now(), provider_id=provider_id)
        except SendError as error:
            failed = error
        except asyncio.CancelledError:
            if not self._tempo.closing or task is None:
                raise
            # The process ends: what this send became is unknown, and that is written down.
            task.uncancel()
            failed = SendError(Failure.UNKNOWN_OUTCOME, "stopped")
        except Exception as error:
            log.error("delivery.transport_broken", error=type(error).__name__)
            failed = SendError(Failure.UNKNOWN_OUTCOME, type(error).__name__)
        finally:
            if task is not None:
                self._asking.discard(task)
        outcome = judging.judge(row, failed, self._clock.now(), self._transports)
        if failed.failure is Failure.SENDER_THROTTLED and outcome.due_at is not None:
            self._tempo.block(channel, outcome.due_at)
        return outcome
