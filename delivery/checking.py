"""Asking the provider about SMS of which it has said nothing: those that may have left when their
process was killed, and those whose receipt has not come."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import structlog
from sqlalchemy import RowMapping, select, update

from db.session import Database, Session
from delivery import reading, receipts
from delivery.judging import KILLS
from delivery.model import Lane, SendError, Skip, State
from delivery.moves import move
from delivery.reading import Wordings
from delivery.receipts import MISSED_AFTER
from delivery.service import send_job
from delivery.store import attempt, message
from delivery.transport import Outgoing, Receipt, Traceable, Transport
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.crypto import Unreadable

log = structlog.get_logger(__name__)

BATCH = 20
"""Questions in one call, so that they stay a trickle beside the sending."""

NEXT_TRY = timedelta(minutes=5)
"""When a question is asked again that got no answer, or whose process was killed."""

SURE_AFTER = timedelta(minutes=30)
"""How long after its claim an uncertain row goes again that the provider does not list: its list
has been seen to lag."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about a row: whether it left, or what became of `provider_id`."""

    row: RowMapping
    outgoing: Outgoing | None
    provider_id: str | None


class Checking:
    """Asks about rows whose `check_at` has come. Several processes may ask about one row: the
    answers change nothing twice."""

    def __init__(
        self, database: Database, clock: Clock, transports: Mapping[str, Transport]
    ) -> None:
        self._database = database
        self._clock = clock
        self._traceable = {
            name: one for name, one in transports.items() if isinstance(one, Traceable)
        }
        self._wordings = Wordings()

    async def check(self) -> None:
        """Ask about up to `BATCH` rows; called by a tick."""
        for question in await self._questions():
            try:
                await self._ask(question)
            except SendError as error:
                # It is asked again after `NEXT_TRY`.
                log.warning("delivery.not_checked", failure=error.failure, code=error.code)

    async def _questions(self) -> list[_Question]:
        now = self._clock.now()
        async with self._database.write() as session:
            rows = await _due(session, self._traceable, now)
            ids = [row["id"] for row in rows]
            await session.execute(
                update(message).where(message.c.id.in_(ids)).values(check_at=now + NEXT_TRY)
            )
            return [await self._question(session, row) for row in rows]

    async def _question(self, session: Session, row: RowMapping) -> _Question:
        if row["state"] == State.UNCERTAIN:
            return _Question(row, await self._outgoing(session, row), None)
        latest = await session.scalar(
            select(attempt.c.provider_id)
            .where(attempt.c.message_id == row["id"], attempt.c.channel == Channel.SMS)
            .order_by(attempt.c.id.desc())
            .limit(1)
        )
        return _Question(row, None, latest)

    async def _outgoing(self, session: Session, row: RowMapping) -> Outgoing | None:
        """The message as it may have left; None when it cannot be read any more."""
        try:
            if row["run_id"] is None:
                to, content = await reading.own_message(session, row["id"])
            else:
                value = await reading.endpoint_of(session, row["address_id"])
                to = Endpoint(Channel(row["channel"]), value)
                content = await self._wordings.said_to(
                    session, row["run_id"], row["language"], row["contact_id"]
                )
        except (Unreadable, ValueError, TypeError, LookupError):
            return None
        return Outgoing(row["id"], to, content, Lane(row["lane"]))

    async def _ask(self, question: _Question) -> None:
        row, sender = question.row, self._traceable[question.row["sender"]]
        if row["state"] == State.UNCERTAIN:
            if question.outgoing is None:
                await self._put_off(row, None)
                return
            await self._found(row, await sender.find(question.outgoing, _left_since(row)))
            return
        receipt = None
        if question.provider_id is not None:
            receipt = await sender.fetch(question.provider_id)
        if receipt is None or receipt.state is State.SENT:
            await self._put_off(row, self._next(row))
            return
        async with self._database.write() as session:
            await receipts.receive(session, receipt, self._clock.now())

    async def _found(self, row: RowMapping, found: Collection[Receipt]) -> None:
        """An uncertain row: it left when the provider has it, else it goes again."""
        now, this = self._clock.now(), message.c.id == row["id"]
        async with self._database.write() as session:
            fresh = [one for one in found if not await receipts.is_known(session, one.provider_id)]
            if not fresh and now - (row["claimed_at"] or row["due_at"]) < SURE_AFTER:
                await receipts.put_off(session, row["id"], now + NEXT_TRY)
                return
            if not fresh:
                # What was held back meanwhile stays, with that as its reason.
                held = {"check_at": None, "settled_at": now}
                silenced = this & (message.c.reason == Skip.SILENCED)
                if await move(session, silenced, State.UNCERTAIN, State.FAILED, **held):
                    return
                if row["killed"] > KILLS + 1:
                    # Once more it has killed its process: a person decides.
                    await receipts.put_off(session, row["id"], None)
                    return
                # What killed its process is rarely what was being sent: it goes again.
                values = {"check_at": None, "due_at": now, "reason": None}
                if await move(session, this, State.UNCERTAIN, State.PENDING, **values):
                    session.wake(send_job(Lane(row["lane"])), row["sender"])
                return
            await receipts.receive(session, fresh[0], now, row["id"])

    async def _put_off(self, row: RowMapping, at: datetime | None) -> None:
        async with self._database.write() as session:
            await receipts.put_off(session, row["id"], at)

    def _next(self, row: RowMapping) -> datetime | None:
        """When to ask about a sent row next: later each time, then never."""
        now = self._clock.now()
        age = now - row["settled_at"]
        return next((row["settled_at"] + wait for wait in MISSED_AFTER if wait > age), None)


def _left_since(row: RowMapping) -> datetime:
    """Since when a row may have left. One on its own goes again and again when its process is
    killed, and may have left at its first try."""
    if row["run_id"] is None:
        return cast(datetime, row["created_at"])
    return cast(datetime, row["claimed_at"] or row["due_at"])


async def _due(session: Session, senders: Collection[str], now: datetime) -> tuple[RowMapping, ...]:
    return tuple(
        await session.all(
            select(
                message.c.id,
                message.c.state,
                message.c.lane,
                message.c.channel,
                message.c.sender,
                message.c.run_id,
                message.c.contact_id,
                message.c.address_id,
                message.c.language,
                message.c.created_at,
                message.c.claimed_at,
                message.c.killed,
                message.c.due_at,
                message.c.settled_at,
            )
            .where(
                message.c.check_at <= now,
                message.c.sender.in_(tuple(senders)),
                message.c.state.in_((State.UNCERTAIN, State.SENT)),
            )
            .order_by(message.c.check_at)
            .limit(BATCH)
        )
    )
