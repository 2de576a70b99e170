"""A real database, real senders and jobs, and providers that do what a test tells them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Self

from sqlalchemy import func, select

from contacts import store as contacts
from db.session import Database, Session
from delivery import claims, runs, store, tally
from delivery.claims import Claimant
from delivery.content import Content
from delivery.model import UNSETTLED, Claimed, Lane, NewMessage, SendError, State
from delivery.presence import Presence
from delivery.runs import NewRun, RunState
from delivery.senders import mark_told
from delivery.sending import Sending
from delivery.service import BROKEN, UNREACHED, queue, send_job, wake_bulk, wake_due
from delivery.store import message
from delivery.tempo import Paces
from delivery.transport import Outgoing, Receipt
from engine.jobs import MemoryJobs
from engine.reconciler import Reconciler
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.patience import PATIENCE

HELLO = Content(chat="Buenos días", sms="Buenos dias")

Act = Callable[[Outgoing], Awaitable[None]]
Person = Endpoint | tuple[Endpoint, ...]
"""Somebody with one address, or with several."""


def phone(number: int) -> Endpoint:
    """Somebody's phone."""
    return Endpoint(Channel.SMS, f"+121355501{number:02}")


def chat(number: int) -> Endpoint:
    """Somebody's chat."""
    return Endpoint(Channel.TELEGRAM, str(900_000 + number))


class Way:
    """A transport that keeps what it sent, after `act` has let it."""

    def __init__(
        self,
        channel: Channel,
        rate: float = 1000,
        act: Act | None = None,
        *,
        name: str | None = None,
        urgent_only: bool = False,
    ) -> None:
        self.name = name or channel.value
        self.channel = channel
        self.rate = rate
        self.urgent_only = urgent_only
        self.act = act
        self.asked = 0
        self.sent: list[Outgoing] = []

    def units(self, content: Content) -> int:
        del content
        return 1

    async def send(self, outgoing: Outgoing) -> str:
        self.asked += 1
        if self.act is not None:
            await self.act(outgoing)
        self.sent.append(outgoing)
        return f"p{len(self.sent)}-{outgoing.message_id}"

    async def close(self) -> None:
        return None


class TracedWay(Way):
    """One whose provider can be asked: `kept` by row, since `kept_at`; `told` by its id."""

    def __init__(self, channel: Channel, rate: float = 1000, act: Act | None = None) -> None:
        super().__init__(channel, rate, act)
        self.kept: dict[int, tuple[Receipt, ...]] = {}
        self.kept_at: datetime | None = None
        self.told: dict[str, Receipt] = {}
        self.questions = 0
        self.refuses: SendError | None = None

    async def find(self, outgoing: Outgoing, since: datetime) -> tuple[Receipt, ...]:
        self._ask()
        if self.kept_at is not None and self.kept_at < since:
            return ()
        return self.kept.get(outgoing.message_id, ())

    async def fetch(self, provider_id: str) -> Receipt | None:
        self._ask()
        return self.told.get(provider_id)

    def _ask(self) -> None:
        self.questions += 1
        if self.refuses is not None:
            raise self.refuses


def failing(error: SendError, times: int = 1_000_000) -> Act:
    """An act that fails so often and then lets go."""
    left = [times]

    async def act(outgoing: Outgoing) -> None:
        del outgoing
        if left[0] > 0:
            left[0] -= 1
            raise error

    return act


@dataclass(frozen=True, slots=True)
class Row:
    """What a test looks at of a row."""

    id: int
    state: State
    reason: str | None
    due_at: datetime
    sender: str
    attempts: int


class Rig:
    """Senders at work on a database."""

    def __init__(
        self,
        database: Database,
        *ways: Way,
        process: str = "me",
        paces: Callable[[Database, Clock], Paces] | None = None,
        presence: Presence | None = None,
    ) -> None:
        self.database = database
        self.clock = Clock()
        self.jobs = MemoryJobs(self.clock)
        database.after_commit(self.jobs.take)
        self.sending = Sending(
            database,
            self.clock,
            {way.name: way for way in ways},
            process,
            paces=None if paces is None else paces(database, self.clock),
            presence=presence,
            chance=Random(7),
        )
        for lane in Lane:
            self.jobs.handler(send_job(lane), partial(self.sending.drain, lane))
        self.jobs.handler(BROKEN, self._hear_of_broken)
        self.jobs.handler(UNREACHED, self._hear_of_unreached)
        self.broken: list[str] = []
        self.unreached: list[str] = []
        self.reconciler = Reconciler(database, self.clock, reading=(wake_due,))
        self._working: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.sending.recover()
        self._working = asyncio.create_task(self.jobs.run())
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End in the order of `Platform.stop`."""
        closing = asyncio.create_task(self.sending.close())
        await self.jobs.stop()
        await closing
        await self.sending.close()
        if self._working is not None:
            await self._working

    async def _hear_of_broken(self, key: str) -> None:
        async with self.database.write() as session:
            if await mark_told(session, key):
                self.broken.append(key)

    async def _hear_of_unreached(self, key: str) -> None:
        self.unreached.append(key)

    async def add_all(self, *people: Endpoint, lane: Lane = Lane.REPLY) -> None:
        """Queue a message on its own to each of them, at one instant."""
        async with self.database.write() as session:
            for to in people:
                await queue(session, NewMessage((to,), HELLO, lane), self.clock.now())

    async def add(self, *to: Endpoint, lane: Lane = Lane.REPLY, about: str | None = None) -> int:
        """Queue a message on its own."""
        new = NewMessage(to, HELLO, lane, about=about)
        async with self.database.write() as session:
            return await queue(session, new, self.clock.now())

    async def run_to(
        self,
        people: Sequence[Person],
        *,
        created: datetime | None = None,
        stale_at: datetime | None = None,
        senders: Sequence[str] = (),
    ) -> int:
        """A sending run of one row for each of the people; gives its id."""
        async with self.database.write() as session:
            now = self.clock.now()
            run_id = await bulk(
                session, people, now, created=created, stale_at=stale_at, senders=senders
            )
            await wake_bulk(session)
        return run_id

    async def add_in(self, session: Session, *to: Endpoint, lane: Lane = Lane.REPLY) -> int:
        """A message on its own of which nobody is told."""
        made, _ = await store.add(session, NewMessage(to, HELLO, lane), self.clock.now())
        return made

    async def bulk_in(self, session: Session, people: Sequence[Person]) -> int:
        """A run of which nobody is told; gives its id."""
        return await bulk(session, people, self.clock.now())

    async def claim_in(self, session: Session, lane: Lane) -> tuple[Claimed, ...]:
        """Claim what is due by SMS, as the senders do."""
        now = self.clock.now()
        return (await claims.claim(session, lane, "sms", 10, Claimant("me"), now)).rows

    async def tried(self, way: Way, times: int = 1) -> None:
        """Wait until a provider was asked so often, and what it answered is written down."""
        async with asyncio.timeout(PATIENCE):
            while way.asked < times:  # noqa: ASYNC110 - the provider is a plain object
                await asyncio.sleep(0.01)
        await self.sending.in_air()

    async def left(self, way: Way, lane: Lane, times: int = 1) -> list[Lane]:
        """Wait until so many of a lane have left by a way; gives the lanes of all that have."""
        async with asyncio.timeout(PATIENCE):
            while True:
                lanes = [one.lane for one in way.sent]
                if lanes.count(lane) >= times:
                    return lanes
                await asyncio.sleep(0.02)

    async def rests(self) -> None:
        """Wait until nothing of what is due now is at work any more."""
        while self.jobs.busy or self.sending.busy:
            await self.jobs.idle()
            await self.sending.in_air()

    async def rows(self) -> list[Row]:
        async with self.database.read() as session:
            found = await session.all(
                select(
                    message.c.id,
                    message.c.state,
                    message.c.reason,
                    message.c.due_at,
                    message.c.sender,
                    message.c.attempts,
                ).order_by(message.c.id)
            )
        return [Row(**{**row, "state": State(row["state"])}) for row in found]

    async def states(self) -> list[State]:
        return [row.state for row in await self.rows()]

    async def becomes(self, *states: State, within: float = PATIENCE) -> None:
        """Wait until the rows stand like this; reconciles meanwhile."""
        try:
            async with asyncio.timeout(within):
                while await self.states() != list(states):
                    await self.reconciler.reconcile()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            assert await self.states() == list(states)


async def bulk(
    session: Session,
    people: Sequence[Person],
    now: datetime,
    *,
    created: datetime | None = None,
    stale_at: datetime | None = None,
    senders: Sequence[str] = (),
    topic: str = "",
) -> int:
    """A run that sends, with a contact and a row for each of the people, by their first address.

    Gives the run's id. `senders` name who sends each row, if not the first of the channel.
    """
    several = [(one,) if isinstance(one, Endpoint) else one for one in people]
    channels = tuple(dict.fromkeys(end.channel for ends in several for end in ends))
    firings = int(await session.scalar(select(func.count()).select_from(runs.run)))
    new = NewRun(firings + 1, now, {"es": HELLO}, topic, channels, stale_at)
    run_id = await runs.open_run(session, new, now)
    assert run_id is not None
    await runs.move(session, run_id, RunState.SENDING, now)
    for at, ends in enumerate(several):
        known = await contacts.find(session, ends[0])
        contact_id = known.id if known else await contacts.create(session, ends, "es", now)
        address = (await contacts.addresses(session, contact_id))[0]
        await session.execute(
            message.insert().values(
                lane=Lane.BULK,
                channel=ends[0].channel,
                sender=senders[at % len(senders)] if senders else ends[0].channel,
                state=State.PENDING,
                run_id=run_id,
                contact_id=contact_id,
                address_id=address.id,
                position=0,
                language="es",
                created_at=created or now,
                due_at=now,
                attempts=0,
            )
        )
    await tally.add(session, run_id, {State.PENDING: len(people)})
    return run_id


async def is_sound(session: Session) -> None:
    """What must hold of the ledger at any moment; fails when it does not."""
    counted: Counter[tuple[int, str]] = Counter()
    looked_at = ("id", "run_id", "state", "settled_at", "claimed_by")
    for row in await session.all(select(*(message.c[name] for name in looked_at))):
        settled = row["state"] not in UNSETTLED
        assert settled == (row["settled_at"] is not None), (row["id"], row["state"])
        assert (row["state"] == State.SENDING) == (row["claimed_by"] is not None), row["id"]
        if row["run_id"] is not None:
            counted[row["run_id"], row["state"]] += 1
    run_ids = {row["id"] for row in await session.all(select(runs.run.c.id))}
    for run_id in run_ids:
        tallied = await tally.counts(session, [run_id])
        assert tallied == {state: counted[run_id, state] for state in State}


class Lossy:
    """A database of which some units fail: before their commit, or after it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.fails_before: set[int] = set()
        self.fails_after: set[int] = set()
        self._units = 0

    def begin(self) -> None:
        """Count units from now on, the first as 1."""
        self._units = 0
        # The senders hold the database itself, so its unit is replaced there.
        vars(self._database)["write"] = self._write

    def end(self) -> None:
        vars(self._database).pop("write", None)

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[Session]:
        self._units += 1
        unit = self._units
        async with Database.write(self._database) as session:
            yield session
            if unit in self.fails_before:
                raise ConnectionResetError
        if unit in self.fails_after:
            raise ConnectionResetError
