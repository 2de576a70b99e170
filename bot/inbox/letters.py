"""The table of letters: what the machine could not use, and a person reads."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Column, Index, RowMapping, String, Table, case, func, select, tuple_, update

from bot.inbox.model import DO_NOT_WRITE
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint

letter = Table(
    "letter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("endpoint", Sealed("endpoint"), nullable=False),
    Column("endpoint_index", Blind("endpoint"), nullable=False),
    Column("language", String(12), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("body", Sealed("words"), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("answered_by", Id),
    Index("ix_letter_answered_at", "answered_at", "received_at"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """Something that a person has to read."""

    id: int
    sender: Endpoint
    language: str
    reason: str
    received_at: datetime
    body: str = field(repr=False)
    answered_at: datetime | None = None


async def write(
    session: Session, sender: Endpoint, language: str, reason: str, body: str, now: datetime
) -> None:
    """Put something on the list that people read."""
    await session.execute(
        letter.insert().values(
            channel=sender.channel,
            endpoint=sender.value,
            endpoint_index=sender.value,
            language=language,
            reason=reason,
            body=body,
            received_at=now,
        )
    )


class Place(NamedTuple):
    """Where a letter stands in the list."""

    rank: int
    id: int


RANKS = {"danger": 0, DO_NOT_WRITE: 2}
"""Dangers stand in front. What can only be read, not answered, stands behind."""

_USUAL = 1


def place_of(one: Letter) -> Place:
    """Where a letter stands in the list."""
    return Place(RANKS.get(one.reason, _USUAL), one.id)


async def to_read(
    session: Session,
    *,
    answered: bool = False,
    limit: int | None = None,
    after: Place | None = None,
) -> tuple[Letter, ...]:
    """What waits to be read, dangers in front, what cannot be answered behind, else the oldest
    first; all of it, or up to `limit` of those behind a place."""
    condition = letter.c.answered_at.is_not(None) if answered else letter.c.answered_at.is_(None)
    rank = case(RANKS, value=letter.c.reason, else_=_USUAL)
    query = select(letter).where(condition).order_by(rank, letter.c.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(rank, letter.c.id) > tuple_(*after))
    return tuple(_letter(row) for row in await session.all(query))


async def waiting(session: Session) -> int:
    """How many letters wait to be read."""
    counted = select(func.count()).select_from(letter).where(letter.c.answered_at.is_(None))
    return int(await session.scalar(counted) or 0)


async def get(session: Session, letter_id: int) -> Letter | None:
    """One of them by id."""
    row = await session.first(select(letter).where(letter.c.id == letter_id))
    return None if row is None else _letter(row)


async def not_to_be_answered(session: Session, one: Letter) -> bool:
    """Whether its sender has asked since, or in it, that nothing is written back."""
    found = await session.scalar(
        select(letter.c.id)
        .where(
            letter.c.id >= one.id,
            letter.c.reason == DO_NOT_WRITE,
            letter.c.channel == one.sender.channel,
            letter.c.endpoint_index == one.sender.value,
        )
        .limit(1)
    )
    return found is not None


async def answered(session: Session, letter_id: int, member_id: int, now: datetime) -> bool:
    """Somebody has answered it, or has read what needs no answer; False when somebody else was
    first: of two who do so at once, the second waits here and changes nothing."""
    mine = await session.scalar(
        update(letter)
        .where(letter.c.id == letter_id, letter.c.answered_at.is_(None))
        .values(answered_at=now, answered_by=member_id)
        .returning(letter.c.id)
    )
    return mine is not None


def _letter(row: RowMapping) -> Letter:
    return Letter(
        id=row["id"],
        sender=Endpoint(Channel(row["channel"]), row["endpoint"]),
        language=row["language"],
        reason=row["reason"],
        received_at=row["received_at"],
        body=row["body"],
        answered_at=row["answered_at"],
    )
