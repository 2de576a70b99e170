"""Tables of what arrived, and of when people were told that some of it failed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    func,
    select,
    update,
)

from bot.inbox.model import TRIED_AGAIN
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session
from delivery.model import PROCESS_ENDED
from kit.channels import Channel


class InboundState(StrEnum):
    """Where an arrival stands. `failed` ones are shown to people and never dropped."""

    STORED = "stored"
    PROCESSED = "processed"
    IGNORED = "ignored"
    FAILED = "failed"


inbound = Table(
    "inbound",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("provider_id", String(64), nullable=False),
    Column("raw", Sealed("inbound"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    # Tries that were begun and of which no end is known: its process was killed, or is at it now.
    Column("begun", Integer, nullable=False, server_default="0"),
    Column("next_try_at", Instant, nullable=False),
    Column("error", String(80)),
    # When people were told that it failed.
    Column("told_at", Instant),
    Index("uq_inbound_provider_id", "channel", "provider_id", unique=True),
    Index("ix_inbound_state", "state", "next_try_at"),
)

notice = Table(
    "inbox_notice",
    metadata,
    # One row, over which processes meet: when people were told last of arrivals that failed.
    Column("name", String(20), primary_key=True),
    Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One arrival, as the provider sent it."""

    id: int
    channel: Channel
    raw: str = field(repr=False)
    attempts: int
    arrived_at: datetime


async def keep(
    session: Session, channel: Channel, provider_id: str, raw: str, now: datetime
) -> int | None:
    """Store an arrival; None when it is a repetition.

    Whoever stores it works on it at once, so its first try counts as begun.
    """
    made = await session.scalar(
        session.insert(inbound)
        .values(
            channel=channel,
            provider_id=provider_id,
            raw=raw,
            state=InboundState.STORED,
            arrived_at=now,
            attempts=0,
            begun=1,
            next_try_at=now,
        )
        .on_conflict_do_nothing()
        .returning(inbound.c.id)
    )
    return None if made is None else int(made)


_TRIED_AGAIN = and_(
    inbound.c.state == InboundState.FAILED,
    inbound.c.error == PROCESS_ENDED,
    inbound.c.attempts <= len(TRIED_AGAIN),
)


async def begin(session: Session, inbound_id: int, most: int, now: datetime) -> bool:
    """Count a try before it is made; False when it is not to be made: it is done with, or `most`
    were begun and never ended and it is not yet, or not any more, to be tried again."""
    counted = await session.scalar(
        update(inbound)
        .where(
            inbound.c.id == inbound_id,
            inbound.c.begun < most,
            (inbound.c.state == InboundState.STORED)
            | and_(_TRIED_AGAIN, inbound.c.next_try_at <= now),
        )
        .values(begun=inbound.c.begun + 1, state=InboundState.STORED)
        .returning(inbound.c.id)
    )
    return counted is not None


async def take(session: Session, inbound_id: int) -> Inbound | None:
    """An arrival that is not processed yet, held until the unit ends."""
    row = await _held(session, inbound_id, *inbound.c)
    if row is None:
        return None
    return Inbound(
        row["id"], Channel(row["channel"]), row["raw"], row["attempts"], row["arrived_at"]
    )


async def failures(session: Session, inbound_id: int) -> int | None:
    """How many tries of an arrival that is not processed yet have failed; held likewise, and not
    opened, for it may not be readable."""
    row = await _held(session, inbound_id, inbound.c.attempts)
    return None if row is None else int(row["attempts"])


async def settle(session: Session, inbound_id: int, state: InboundState) -> None:
    """An arrival is done with."""
    await session.execute(
        update(inbound).where(inbound.c.id == inbound_id).values(state=state, error=None)
    )


async def put_off(
    session: Session, inbound_id: int, attempts: int, error: str, at: datetime
) -> None:
    """A try has ended and failed: again later."""
    await _has_failed(session, inbound_id, attempts, error, next_try_at=at)


async def give_up(
    session: Session, inbound_id: int, attempts: int, error: str, again_at: datetime | None
) -> None:
    """Leave an arrival to people, who are to be told; it may be tried once more nevertheless."""
    again = {} if again_at is None else {"next_try_at": again_at}
    state = InboundState.FAILED
    await _has_failed(session, inbound_id, attempts, error, state=state, **again)


async def _has_failed(
    session: Session, inbound_id: int, attempts: int, error: str, **values: object
) -> None:
    """The try that was counted last has ended."""
    values |= {"attempts": attempts, "begun": inbound.c.begun - 1, "error": error}
    await session.execute(update(inbound).where(inbound.c.id == inbound_id).values(**values))


async def due(session: Session, now: datetime, limit: int = 500) -> Sequence[int]:
    """Arrivals that wait to be processed, in the order in which they came, and those that failed
    and of which people are to be told, or which are tried once more."""
    rows = await session.all(
        select(inbound.c.id)
        .where(
            (inbound.c.state == InboundState.STORED)
            | ((inbound.c.state == InboundState.FAILED) & inbound.c.told_at.is_(None))
            | _TRIED_AGAIN,
            inbound.c.next_try_at <= now,
        )
        .order_by(inbound.c.id)
        .limit(limit)
    )
    return [row["id"] for row in rows]


async def failed(session: Session) -> tuple[Inbound, ...]:
    """Arrivals that could not be processed and wait for a person."""
    rows = await session.all(
        select(inbound).where(inbound.c.state == InboundState.FAILED).order_by(inbound.c.id)
    )
    return tuple(
        Inbound(row["id"], Channel(row["channel"]), row["raw"], row["attempts"], row["arrived_at"])
        for row in rows
    )


async def failures_waiting(session: Session) -> int:
    """How many arrivals could not be processed and wait for a person."""
    counted = select(func.count()).select_from(inbound)
    return int(await session.scalar(counted.where(inbound.c.state == InboundState.FAILED)) or 0)


async def _held(session: Session, inbound_id: int, *columns: Column[Any]) -> RowMapping | None:
    query = select(*columns).where(
        inbound.c.id == inbound_id, inbound.c.state == InboundState.STORED
    )
    return await session.first(query if session.is_sqlite else query.with_for_update())
