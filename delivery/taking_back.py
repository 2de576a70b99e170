"""Taking messages back when their time has come.

Doing it twice is harmless: a row is put off while somebody works on it, and comes back when they
were killed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import RowMapping, exists, select, update

from db.session import Database, Session
from delivery import reading, senders
from delivery.model import Failure, Lane, SendError, Skip, State
from delivery.moves import move
from delivery.service import WITHDRAW
from delivery.store import attempt, message
from delivery.tempo import Tempo
from delivery.transport import Transport, Withdrawing
from delivery.withdrawing import TERMS
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.crypto import Unreadable

log = structlog.get_logger(__name__)

BATCH = 20
"""Rows that are taken on at once."""

NEXT_TRY = timedelta(minutes=5)
"""When a row comes back whose process was killed while it worked on it."""

LOOK_AGAIN = timedelta(seconds=1)
"""How soon after it is looked for again what is with its provider right now."""

EVERY = 0.1
"""Seconds from one message of a chat to the next: who is written to comes first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A message at a person's end, and until when it can be taken back."""

    sender: str
    to: Endpoint
    provider_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How it went with a row: taken back, to be tried `again`, or neither: given up."""

    withdrawn: bool
    again: datetime | None = None


class Withdrawals:
    """Takes back what is due. Several processes may work on one sender."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transports: Mapping[str, Transport],
        tempo: Tempo,
    ) -> None:
        self._database = database
        self._clock = clock
        self._tempo = tempo
        self._able = {name: one for name, one in transports.items() if isinstance(one, Withdrawing)}

    async def work(self, sender: str) -> None:
        """The handler of `delivery.withdraw`: work until nothing of a sender is due."""
        while not self._tempo.closing:
            async with self._database.write() as session:
                batch = await self._claim(session, sender)
            if batch is None:
                return
            await self._work_off(batch)

    async def _work_off(self, batch: Mapping[int, Sequence[Copy]]) -> None:
        # Of a message that was edited several rows have the same id.
        known: dict[tuple[Endpoint, str], bool] = {}
        for message_id, copies in batch.items():
            if self._tempo.closing:
                return
            ended = await self._take_back(copies, known)
            async with self._database.write() as session:
                await _note(session, message_id, ended, self._clock.now())

    async def _claim(self, session: Session, sender: str) -> Mapping[int, Sequence[Copy]] | None:
        """What is to be taken back of rows that are due; None when none is."""
        now = self._clock.now()
        rows = await _due(session, sender, now)
        if not rows:
            flying = (message.c.withdraw_at <= now) & (message.c.sender == sender)
            if await session.scalar(select(exists().where(flying))):
                session.wake(WITHDRAW, sender, now + LOOK_AGAIN)
            return None
        await _keep_here(session, [row["id"] for row in rows], now)
        batch: dict[int, Sequence[Copy]] = {}
        for row in rows:
            copies = [one for one in await self._copies(session, row) if now < one.until]
            if copies:
                batch[row["id"]] = copies
        await _put_off(session, batch, now + NEXT_TRY)
        await _put_off(session, {row["id"] for row in rows} - batch.keys(), None)
        return batch

    async def _copies(self, session: Session, row: RowMapping) -> list[Copy]:
        """What was sent of a row by senders that can take it back."""
        found: list[Copy] = []
        for one in await _taken(session, row["id"]):
            terms = TERMS.get(Channel(one["channel"]))
            if terms is None or one["sender"] not in self._able:
                continue
            try:
                to = await _endpoint(session, row, one)
            except (Unreadable, ValueError, TypeError, LookupError):
                log.error("delivery.unreadable", message=row["id"])
                continue
            found.append(Copy(one["sender"], to, one["provider_id"], one["at"] + terms.within))
        return found

    async def _take_back(
        self, copies: Sequence[Copy], known: dict[tuple[Endpoint, str], bool]
    ) -> Ended:
        for copy in copies:
            this = copy.to, copy.provider_id
            if this in known:
                continue
            try:
                known[this] = await self._ask(copy)
            except SendError as error:
                again = await self._again(copy, error)
                if again is not None:
                    return Ended(withdrawn=False, again=again)
                log.warning("delivery.not_withdrawn", failure=error.failure, code=error.code)
                known[this] = False
        return Ended(any(known[copy.to, copy.provider_id] for copy in copies))

    async def _ask(self, copy: Copy) -> bool:
        """One request; raises `SendError` and nothing else."""
        closed = self._tempo.closed_until(copy.sender, Lane.REPLY)
        if closed is not None:
            raise SendError(Failure.SENDER_THROTTLED, "", closed - self._clock.now())
        if copy.to.channel is Channel.TELEGRAM:
            grant = await self._tempo.reserve(copy.sender, 1, Lane.REPLY)
            await self._tempo.reached(copy.sender, grant.start, Lane.REPLY)
            await self._tempo.rest(EVERY)
        try:
            return await self._able[copy.sender].withdraw(copy.to, copy.provider_id)
        except SendError:
            raise
        except Exception as error:
            log.error("delivery.transport_broken", error=type(error).__name__)
            failed = SendError(Failure.UNKNOWN_OUTCOME, type(error).__name__)
        raise failed

    async def _again(self, copy: Copy, error: SendError) -> datetime | None:
        """When it is tried again. An answer that was lost costs nothing here."""
        at = self._clock.now() + TERMS[copy.to.channel].again
        if error.failure is Failure.SENDER_THROTTLED and error.retry_after is not None:
            at = self._clock.now() + error.retry_after
            self._tempo.block(copy.sender, at)
            async with self._database.write() as session:
                await senders.pause(session, copy.sender, at)
        elif not (error.retryable or error.failure is Failure.UNKNOWN_OUTCOME):
            return None
        return at if at < copy.until else None


async def _due(session: Session, sender: str, now: datetime) -> Sequence[RowMapping]:
    """Due rows of a sender, but for those that are with their provider right now."""
    found = (
        select(message.c.id, message.c.run_id)
        .where(
            message.c.withdraw_at <= now,
            message.c.sender == sender,
            message.c.state != State.SENDING,
        )
        .order_by(message.c.withdraw_at, message.c.id)
        .limit(BATCH)
    )
    if not session.is_sqlite:
        found = found.with_for_update(skip_locked=True)
    return await session.all(found)


async def _keep_here(session: Session, ids: Collection[int], now: datetime) -> None:
    """Rows on their own that have not left, or perhaps not, do not leave any more."""
    own = message.c.id.in_(ids) & message.c.run_id.is_(None)
    gone = {"reason": Skip.CANCELLED, "settled_at": now}
    await move(session, own, State.PENDING, State.SKIPPED, **gone)
    doubtful = own & (message.c.state == State.UNCERTAIN)
    await session.execute(update(message).where(doubtful).values(reason=Skip.SILENCED))


async def _taken(session: Session, message_id: int) -> Sequence[RowMapping]:
    """The attempts at a row that its providers took."""
    return await session.all(
        select(
            attempt.c.sender,
            attempt.c.channel,
            attempt.c.address_id,
            attempt.c.position,
            attempt.c.provider_id,
            attempt.c.at,
        ).where(attempt.c.message_id == message_id, attempt.c.provider_id.is_not(None))
    )


async def _endpoint(session: Session, row: RowMapping, taken: RowMapping) -> Endpoint:
    """Where a copy is; raises as `reading` does."""
    if row["run_id"] is None:
        own = await reading.own_endpoints(session, row["id"])
        position: int = taken["position"]
        return own[position]
    value = await reading.endpoint_of(session, taken["address_id"])
    return Endpoint(Channel(taken["channel"]), value)


async def _put_off(session: Session, ids: Collection[int], at: datetime | None) -> None:
    await session.execute(
        update(message).where(message.c.id.in_(tuple(ids))).values(withdraw_at=at)
    )


async def _note(session: Session, message_id: int, ended: Ended, now: datetime) -> None:
    values = {"withdraw_at": ended.again, "withdrawn_at": now if ended.withdrawn else None}
    await session.execute(update(message).where(message.c.id == message_id).values(**values))
