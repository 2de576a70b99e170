"""A real database, real senders and jobs, and providers that do what a test tells them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import select

from contacts import store as contacts
from db.session import Database, Session
from delivery import claims, runs, store
from delivery.content import Content
from delivery.model import Claimed, Lane, NewMessage, SendError, State
from delivery.runs import RunState
from delivery.sending import Sending
from delivery.service import SEND, queue, send_key, wake_due
from delivery.store import message
from delivery.transport import Outgoing
from engine.jobs import MemoryJobs
from engine.reconciler import Reconciler
from kit.channels import Channel, Endpoint
from kit.clock import Clock

HELLO = Content(chat="Buenos días", sms="Buenos dias")

Act = Callable[[Outgoing], Awaitable[None]]


def phone(number: int) -> Endpoint:
    """Somebody's phone."""
    return Endpoint(Channel.SMS, f"+121355501{number:02}")


def chat(number: int) -> Endpoint:
    """Somebody's chat."""
    return Endpoint(Channel.TELEGRAM, str(900_000 + number))


class Way:
    """A transport that keeps what it sent, after `act` has let it."""

    def __init__(self, channel: Channel, rate: float = 1000, act: Act | None = None) -> None:
        self.channel = channel
        self.rate = rate
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

    state: State
    reason: str | None
    due_at: datetime


class Rig:
    """Senders at work on a database."""

    def __init__(self, database: Database, *ways: Way) -> None:
        self.database = database
        self.clock = Clock()
        self.jobs = MemoryJobs(self.clock)
        database.after_commit(self.jobs.take)
        self.sending = Sending(database, self.clock, {way.channel: way for way in ways}, "me")
        self.jobs.handler(SEND, self.sending.drain)
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

    async def add(self, *to: Endpoint, lane: Lane = Lane.REPLY, about: str | None = None) -> int:
        """Queue a message on its own."""
        new = NewMessage(to, HELLO, lane, about=about)
        async with self.database.write() as session:
            return await queue(session, new, self.clock.now())

    async def run_to(self, ends: Sequence[Endpoint], **more: datetime) -> int:
        """A sending run of one row for each endpoint; gives its id."""
        async with self.database.write() as session:
            run_id = await self.bulk_in(session, ends, **more)
            for channel in {end.channel for end in ends}:
                session.wake(SEND, send_key(Lane.BULK, channel))
        return run_id

    async def add_in(self, session: Session, *to: Endpoint, lane: Lane = Lane.REPLY) -> int:
        """A message on its own of which nobody is told."""
        return await store.add(session, NewMessage(to, HELLO, lane), self.clock.now())

    async def bulk_in(self, session: Session, ends: Sequence[Endpoint], **more: datetime) -> int:
        """A run of which nobody is told; gives its id."""
        return await bulk(session, ends, self.clock.now(), **more)

    async def claim_in(self, session: Session, lane: Lane) -> tuple[Claimed, ...]:
        """Claim what is due by SMS, as the senders do."""
        now = self.clock.now()
        return (await claims.claim(session, lane, Channel.SMS, 10, "me", now)).rows

    async def rows(self) -> list[Row]:
        async with self.database.read() as session:
            found = await session.all(
                select(message.c.state, message.c.reason, message.c.due_at).order_by(message.c.id)
            )
        return [Row(State(row["state"]), row["reason"], row["due_at"]) for row in found]

    async def states(self) -> list[State]:
        return [row.state for row in await self.rows()]

    async def becomes(self, *states: State, within: float = 8) -> None:
        """Wait until the rows stand like this; reconciles meanwhile."""
        try:
            async with asyncio.timeout(within):
                while await self.states() != list(states):
                    await self.reconciler.reconcile()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            assert await self.states() == list(states)


async def bulk(
    session: Session, ends: Sequence[Endpoint], now: datetime, *, created: datetime | None = None
) -> int:
    """A run that sends, with a contact and a row for each endpoint; gives the run's id."""
    run_id = await runs.open_run(session, 1, now, {"es": HELLO}, now)
    assert run_id is not None
    await runs.move(session, run_id, RunState.SENDING, now)
    for end in ends:
        contact_id = await contacts.create(session, [end], "es", now)
        (address,) = await contacts.addresses(session, contact_id)
        await session.execute(
            message.insert().values(
                lane=Lane.BULK,
                channel=end.channel,
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
    return run_id


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
