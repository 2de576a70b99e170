"""The senders at work: claim due rows, wait for the pace, send, settle. One instance a process."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

import structlog

from db.session import Database
from delivery import claims, judging, pacing, recovery, senders, store
from delivery.attempting import Attempts
from delivery.chats import Chats
from delivery.claims import Claimant, Slice
from delivery.flights import Flight, Flights
from delivery.judging import Roads
from delivery.lateness import LOOK_AGAIN, Lateness
from delivery.model import Claimed, Lane, Outcome, State, Way
from delivery.presence import Presence, living
from delivery.rerouting import turn_away
from delivery.second_look import look_again, withhold
from delivery.service import send_job
from delivery.settling import Settler
from delivery.taking_back import Withdrawals
from delivery.tempo import OwnPaces, Paces, Tempo
from delivery.transport import Transport
from kit.checkpoints import passed
from kit.clock import Clock

log = structlog.get_logger(__name__)

CLOSING_SECONDS = 4
"""How long a send under way may go on once the process is to end."""

SETTLING_SECONDS = 2
"""How long what became of it may take to be written after that."""

WAITED_LONG = timedelta(seconds=1)
"""A row that has waited for longer since its claim is looked at once more before it leaves."""

WAITED = timedelta(milliseconds=50)
"""The same of a message on its own: it may be to somebody who must not be written to any more."""


class Sending:
    """Sends what the ledger holds, lane by lane.

    Each send is a task of its own, so that one that hangs holds up nobody but the same recipient's
    next message; urgent and reply do not even wait for bulk to the same recipient.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transports: Mapping[str, Transport],
        process: str,
        *,
        paces: Paces | None = None,
        presence: Presence | None = None,
        chance: Random | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._transports = transports
        self._process = process
        self._presence = presence
        self._who = Claimant(process)
        self._tempo = Tempo(clock, paces or OwnPaces(clock))
        self._settler = Settler(database, self._tempo)
        self._flights = Flights(transports)
        self._chats = Chats()
        self._roads = Roads(
            {one.name: one.channel for one in transports.values() if not one.urgent_only},
            {one.name: one.channel for one in transports.values() if one.urgent_only},
        )
        # A chance that spreads retries keeps no secret.
        dice = chance or Random()  # noqa: S311
        self._attempts = Attempts(clock, transports, self._roads, self._tempo, dice)
        self._lateness = Lateness(database, clock, self._tempo, tuple(transports))
        self._withdrawals = Withdrawals(database, clock, transports, self._tempo)

    async def recover(self) -> None:
        """At start: write down our senders, learn of their pauses, free what nobody sends."""
        now = self._clock.now()
        async with self._database.write() as session:
            await senders.register(session, self._transports.values(), now)
            known = await senders.paces(session, now)
        await self._tempo.begin(known)
        await self.take_over()

    async def take_over(self) -> None:
        """Free claimed rows that nobody is sending: of ended processes, or left by an error."""
        now, flights = self._clock.now(), self._flights
        unsent = frozenset(flights.unsent)
        async with self._database.write() as session:
            alive = None if self._presence is None else await living(session)
            await recovery.recover(
                session, self._process, flights.held, now, unsent=unsent, living=alive
            )
        flights.unsent -= unsent

    async def watch(self) -> None:
        """Every few seconds, in each process: learn what others were told about the senders, and
        let bulk stand back when urgent messages have been waiting for too long."""
        now = self._clock.now()
        async with self._database.read() as session:
            self._tempo.learn(await senders.paces(session, now))
        await self._lateness.look()

    async def drain(self, lane: Lane, sender: str) -> None:
        """The handler of a lane's job: work until nothing of it is due at this sender."""
        work = self._take_slice if sender in self._transports else self._turn_away
        while not self._tempo.closing and self._is_sure and await work(lane, sender):
            pass

    async def withdraw(self, sender: str) -> None:
        """The handler of `delivery.withdraw`: take back what of a sender is due."""
        await self._withdrawals.work(sender)

    async def in_air(self, seconds: float | None = None) -> None:
        """Wait until every send under way is settled, or for so long."""
        await self._flights.over(seconds)

    @property
    def busy(self) -> bool:
        """Whether a send is under way."""
        return bool(self._flights.under_way())

    @property
    def _is_sure(self) -> bool:
        """Whether nobody thinks that this process is gone, and sends what it holds."""
        return self._presence is None or self._presence.sure

    async def close(self) -> None:
        """Take nothing new, give back what has not left, settle what is under way.

        A provider that does not answer within `CLOSING_SECONDS` leaves an unknown outcome. Called
        once more when the jobs have ended, it gives back what they had just claimed.
        """
        self._tempo.close()
        self._flights.wake()
        await self.in_air(CLOSING_SECONDS)
        self._attempts.give_up()
        await self.in_air(SETTLING_SECONDS)
        for task in self._flights.under_way():
            task.cancel()
        await self.in_air(SETTLING_SECONDS)
        if self._flights.unsent:
            try:
                await asyncio.wait_for(self.take_over(), SETTLING_SECONDS)
            except Exception as error:
                log.error("delivery.not_given_back", error=type(error).__name__)

    async def _take_slice(self, lane: Lane, sender: str) -> bool:
        """Claim and launch what may leave now; False when nothing is due now."""
        now, pace = self._clock.now(), self._tempo.look(sender)
        if lane is Lane.URGENT and pace.is_shut(now):
            await self._lead_around(sender)
        closed = pace.closed_until(now, lane)
        if closed is not None:
            async with self._database.read() as session:
                session.wake(send_job(lane), sender, closed)
            return False
        if lane is Lane.BULK and pace.broken_at is not None:
            return False
        room = self._flights.room(lane, sender)
        if room == 0:
            await self._flights.landing()
            return True
        if lane is not Lane.URGENT:
            room = min(room, pacing.slice_size(pace.rate))
            await self._tempo.near(sender, pace.start(now, lane), lane)
            if self._tempo.closing or self._tempo.closed_until(sender, lane) is not None:
                return True
        found = await self._claim(lane, sender, room)
        if found.rows:
            await self._launch(lane, sender, found.rows)
        elif found.taken == 0 and self._flights.has_suspect:
            await self._flights.landing()
            return True
        return found.taken > 0

    async def _claim(self, lane: Lane, sender: str, limit: int) -> Slice:
        ids: set[int] = set()
        try:
            async with self._database.write() as session:
                if self._tempo.closing:
                    return Slice(0, ())
                now = self._clock.now()
                suspects = not self._flights.has_suspect
                found = await claims.claim(
                    session, lane, sender, limit, self._who, now, suspects=suspects
                )
                # Before the commit, so that `take_over` never sees a claimed row as nobody's.
                ids = {row.id for row in found.rows}
                self._flights.held |= ids
                if not found.taken:
                    later = await store.next_due(session, lane, sender)
                    if later is not None and later > now:
                        session.wake(send_job(lane), sender, later)
        except BaseException:
            # Whether the commit held or not: none of them is on its way.
            self._flights.drop(ids)
            raise
        self._flights.unsent -= ids
        if found.rows:
            passed("delivery.claimed")
        return found

    async def _turn_away(self, lane: Lane, sender: str) -> bool:
        async with self._database.write() as session:
            return await turn_away(session, lane, sender, self._roads, self._who, self._clock.now())

    async def _lead_around(self, sender: str) -> None:
        """Urgent rows of a sender that is shut leave by another way, where they have one."""
        now = self._clock.now()
        shut = {name for name in self._transports if self._tempo.look(name).is_shut(now)}
        found = await self._claim(Lane.URGENT, sender, self._flights.room(Lane.URGENT, sender))
        closed = self._tempo.closed_until(sender, Lane.URGENT)
        knocking: list[Claimed] = []
        for row in found.rows:
            way = judging.around(row, self._roads, shut)
            if way is not None:
                self._flights.see_to(row, self._give_back(row, now, way))
            elif closed is not None:
                again = min(closed, now + LOOK_AGAIN)
                self._flights.see_to(row, self._give_back(row, again))
            else:
                knocking.append(row)
        if knocking:
            # Nobody else can send them: the first that passes shows that the sender is mended.
            await self._launch(Lane.URGENT, sender, knocking)

    async def _launch(self, lane: Lane, sender: str, rows: Sequence[Claimed]) -> None:
        """Reserve what claimed rows cost, and send each when its turn comes."""
        transport, since = self._transports[sender], self._clock.now()
        units = [transport.units(row.content) for row in rows]
        try:
            grant = await self._tempo.reserve(sender, sum(units), lane)
            while not (grant.given or self._may_not_wait(sender, lane)):
                await self._tempo.near(sender, grant.start, lane)
                grant = await self._tempo.reserve(sender, sum(units), lane)
        except BaseException:
            self._flights.drop([row.id for row in rows])
            raise
        if not grant.given:
            closed = self._tempo.closed_until(sender, lane)
            for row in rows:
                self._flights.see_to(row, self._give_back(row, closed))
            return
        start = grant.start
        for row, cost in zip(rows, units, strict=True):
            turn = self._chats.reserve(row.to, start, bulk=lane is Lane.BULK)
            self._flights.launch(row, partial(self._fly, row, turn, since))
            start += timedelta(seconds=cost / transport.rate)

    def _may_not_wait(self, sender: str, lane: Lane) -> bool:
        return self._tempo.closing or self._tempo.closed_until(sender, lane) is not None

    async def _fly(
        self, row: Claimed, turn: datetime, since: datetime, before: Flight | None
    ) -> None:
        """One attempt, from the pace to the settled row, which was claimed at `since`."""
        left = False
        try:
            if await self._may_leave(row, turn, since, before):
                left = True
                outcome = await self._attempts.attempt(row)
                passed("delivery.answered")
                self._flights.land(row)
                await self._settler.settle(outcome)
        except BaseException as error:
            # The row stays claimed; `take_over` frees it by the rule of its lane.
            log.error("delivery.unsettled", message=row.id, error=type(error).__name__)
            if not left:
                self._flights.unsent.add(row.id)
            if not isinstance(error, Exception):
                raise

    async def _give_back(
        self, row: Claimed, due_at: datetime | None, way: Way | None = None
    ) -> None:
        """Let a claimed row go unsent, to be due at another time or by another way."""
        now = self._clock.now()
        given = Outcome(
            row, State.PENDING, now, due_at=due_at, moves=way, counts=False, attempted=False
        )
        try:
            await self._settler.settle(given)
        except Exception as error:
            log.error("delivery.not_given_back", message=row.id, error=type(error).__name__)
            self._flights.unsent.add(row.id)

    async def _may_leave(
        self, row: Claimed, turn: datetime, since: datetime, before: Flight | None
    ) -> bool:
        """Wait for the turn of a row; False when it was given back or settled instead."""
        if before is not None:
            await self._tempo.over(before)
        # Bulk that stands back does so from the next claim on; what is claimed already leaves, but
        # not before its turn.
        await self._tempo.reached(row.sender, turn, Lane.URGENT)
        now = self._clock.now()
        blocked = self._tempo.closed_until(row.sender, Lane.URGENT)
        if self._tempo.closing or blocked is not None:
            # An urgent one stays due, and is led around.
            await self._give_back(row, None if row.lane is Lane.URGENT else blocked)
            return False
        if not self._is_sure:
            await self._give_back(row, None)
            return False
        if row.lane is Lane.URGENT and not row.attempts:
            await self._lateness.mind(row.sender, row.due_at)
        long = WAITED_LONG if row.run_id is not None else WAITED
        if now - since >= long or now - turn >= long:
            async with self._database.read() as session:
                found = await look_again(session, row.id, now)
            if found is not State.SENDING:
                async with self._database.write() as session:
                    await withhold(session, row.id, found, now)
                return False
        if row.killed:
            async with self._database.write() as session:
                await recovery.suspect(session, row.id)
        return True
