"""The senders as the database knows them: their pace, their pauses, and who is written from which.

A sender of a channel is a bot or a phone number. The first is called as the channel is; one that
is `urgent_only` is kept for those who stopped the others and yet need an answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Float,
    Integer,
    RowMapping,
    String,
    Table,
    delete,
    func,
    literal,
    select,
    update,
)

from db.base import metadata
from db.columns import Blind, Instant
from db.session import Session
from delivery.breaker import TRIPS_AFTER
from delivery.pacing import Pace
from delivery.transport import Transport
from kit.channels import Channel, Endpoint

NAME_LENGTH = 20

sender = Table(
    "sender",
    metadata,
    Column("name", String(NAME_LENGTH), primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("rate", Float, nullable=False),
    Column("urgent_only", Boolean, nullable=False),
    # The pace that processes share; in memory when there is only one.
    Column("free_at", Instant, nullable=False),
    Column("bulk_at", Instant, nullable=False),
    Column("jump_at", Instant),
    # Told by its provider; outlives a restart.
    Column("blocked_until", Instant),
    # Bulk stands back while urgent is slow.
    Column("held_until", Instant),
    # The breaker.
    Column("failures", Integer, nullable=False),
    Column("broken_at", Instant),
    Column("broken_code", String(40)),
    # Whether those who look after senders have heard of its state.
    Column("told", Boolean, nullable=False),
    # Whether a running platform has it; another's rows find another way.
    Column("configured", Boolean, nullable=False),
)

endpoint_sender = Table(
    "endpoint_sender",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("endpoint_index", Blind("endpoint"), primary_key=True),
    Column("sender", String(NAME_LENGTH), nullable=False),
)
"""From which sender an endpoint is written to, where its channel has several."""


async def register(session: Session, transports: Iterable[Transport], now: datetime) -> None:
    """Write down which senders this platform has; what is known of them stays."""
    await session.execute(update(sender).values(configured=False))
    for one in transports:
        kept = {"rate": one.rate, "urgent_only": one.urgent_only, "configured": True}
        wanted = session.insert(sender).values(
            name=one.name,
            channel=one.channel,
            free_at=now,
            bulk_at=now,
            failures=0,
            told=True,
            **kept,
        )
        await session.execute(
            wanted.on_conflict_do_update(index_elements=[sender.c.name], set_=kept)
        )


async def all_of(session: Session) -> tuple[RowMapping, ...]:
    """Every configured sender, by name."""
    return tuple(
        await session.all(select(sender).where(sender.c.configured).order_by(sender.c.name))
    )


async def get(session: Session, name: str) -> RowMapping | None:
    """What is known of one sender."""
    return await session.first(select(sender).where(sender.c.name == name))


async def paces(session: Session, now: datetime) -> dict[str, Pace]:
    """What the database knows of each configured sender, ready to begin now."""
    return {
        row["name"]: Pace(
            row["rate"],
            now,
            now,
            blocked_until=row["blocked_until"],
            held_until=row["held_until"],
            broken_at=row["broken_at"],
            failures=row["failures"],
        )
        for row in await all_of(session)
    }


async def ordinary(session: Session, channel: Channel) -> tuple[tuple[str, float], ...]:
    """Name and rate of the configured senders of a channel that serve everybody."""
    return tuple(
        (row["name"], row["rate"])
        for row in await all_of(session)
        if row["channel"] == channel and not row["urgent_only"]
    )


async def pause(session: Session, name: str, until: datetime) -> None:
    """Remember until when a provider lets nothing pass; the later of two holds."""
    later = sender.c.blocked_until.is_(None) | (sender.c.blocked_until < until)
    await session.execute(
        update(sender).where(sender.c.name == name, later).values(blocked_until=until)
    )


async def hold_bulk(session: Session, until: datetime) -> None:
    """Let bulk of every sender stand back until then."""
    later = sender.c.held_until.is_(None) | (sender.c.held_until < until)
    await session.execute(update(sender).where(later).values(held_until=until))


async def held_until(session: Session, now: datetime) -> datetime | None:
    """Until when bulk stands back for urgent, if it does."""
    found = await session.scalar(
        select(func.max(sender.c.held_until)).where(sender.c.held_until > now)
    )
    return found if isinstance(found, datetime) else None


@dataclass(frozen=True, slots=True)
class Health:
    """How often in a row a sender itself was refused, and since when it counts as out of order."""

    failures: int
    broken_at: datetime | None
    just_tripped: bool = False


async def note_failure(session: Session, name: str, code: str, now: datetime) -> Health:
    """One more refusal of the sender itself."""
    row = await session.first(
        update(sender)
        .where(sender.c.name == name)
        .values(failures=sender.c.failures + 1)
        .returning(sender.c.failures, sender.c.broken_at)
    )
    if row is None:
        return Health(0, None)
    trips = row["failures"] >= TRIPS_AFTER and row["broken_at"] is None
    if trips:
        await session.execute(
            update(sender)
            .where(sender.c.name == name)
            .values(broken_at=now, broken_code=code[:40], told=False)
        )
    return Health(row["failures"], now if trips else row["broken_at"], trips)


async def note_success(session: Session, name: str) -> bool:
    """The sender works; says whether it was out of order until now."""
    mended = await session.scalar(
        update(sender)
        .where(sender.c.name == name, sender.c.broken_at.is_not(None))
        .values(failures=0, broken_at=None, broken_code=None, told=False)
        .returning(sender.c.name)
    )
    if mended is None:
        await session.execute(update(sender).where(sender.c.name == name).values(failures=0))
    return mended is not None


async def untold(session: Session) -> tuple[str, ...]:
    """The senders of whose state somebody is still to hear."""
    rows = await session.all(select(sender.c.name).where(sender.c.told.is_(False)))
    return tuple(row["name"] for row in rows)


async def mark_told(session: Session, name: str) -> bool:
    """Somebody hears of a sender's state; False when they have already."""
    told = await session.scalar(
        update(sender)
        .where(sender.c.name == name, sender.c.told.is_(False))
        .values(told=True)
        .returning(sender.c.name)
    )
    return told is not None


async def close_breakers(session: Session, channels: Iterable[Channel]) -> None:
    """Somebody wants to try these channels again."""
    await session.execute(
        update(sender)
        .where(sender.c.channel.in_(tuple(channels)))
        .values(failures=0, broken_at=None, broken_code=None)
    )


async def remember(session: Session, endpoint: Endpoint, name: str) -> None:
    """Write to this endpoint from this sender from now on: it is the one that they wrote to."""
    row = {
        "channel": endpoint.channel,
        "endpoint_index": endpoint.value,
        "sender": name,
    }
    await session.execute(
        session.insert(endpoint_sender)
        .values(**row)
        .on_conflict_do_update(
            index_elements=[endpoint_sender.c.channel, endpoint_sender.c.endpoint_index],
            set_={"sender": name},
            where=endpoint_sender.c.sender != name,
        )
    )


async def forget(session: Session, endpoint: Endpoint) -> None:
    """Nothing is known of this endpoint any more."""
    await session.execute(
        delete(endpoint_sender).where(
            endpoint_sender.c.channel == endpoint.channel,
            endpoint_sender.c.endpoint_index == endpoint.value,
        )
    )


def known_sender(channel: Channel, endpoint: ColumnElement[str] | str) -> ColumnElement[str]:
    """The sender that an endpoint is written to from; the first of the channel for others.

    `endpoint` is its value, or a column with its fingerprint.
    """
    return func.coalesce(
        select(endpoint_sender.c.sender)
        .where(
            endpoint_sender.c.channel == channel,
            endpoint_sender.c.endpoint_index == endpoint,
        )
        .scalar_subquery(),
        literal(channel.value, String),
    )
