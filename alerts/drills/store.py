"""Tables of drills: which they were, and whose calls for help are played meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, exists, select, update

from db.base import Id, metadata
from db.columns import Blind, Instant
from db.session import Session
from kit.channels import Endpoint

drill = Table(
    "drill",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("member_id", Id, nullable=False),
    Index("ix_drill_ends_at", "ends_at"),
)

player = Table(
    "drill_player",
    metadata,
    Column("drill_id", Id, ForeignKey("drill.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String(10), primary_key=True),
    Column("endpoint_index", Blind("endpoint"), primary_key=True),
    Index("ix_drill_player_endpoint", "channel", "endpoint_index"),
)


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill. It is over at `ends_at`, or when somebody ended it before."""

    id: int
    name: str
    started_at: datetime
    ends_at: datetime
    member_id: int


async def add(
    session: Session,
    name: str,
    players: Sequence[Endpoint],
    member_id: int,
    now: datetime,
    ends_at: datetime,
) -> int:
    """Write a drill; gives its id."""
    made = await session.scalar(
        drill.insert()
        .values(name=name, started_at=now, ends_at=ends_at, member_id=member_id)
        .returning(drill.c.id)
    )
    for one in dict.fromkeys(players):
        await session.execute(
            player.insert().values(drill_id=made, channel=one.channel, endpoint_index=one.value)
        )
    return int(made)


async def is_played(session: Session, endpoint: Endpoint, now: datetime) -> bool:
    """Whether a call for help from an endpoint is part of a drill now."""
    under_way = (
        exists()
        .where(
            player.c.channel == endpoint.channel,
            player.c.endpoint_index == endpoint.value,
            player.c.drill_id == drill.c.id,
        )
        .correlate(drill)
    )
    found = await session.scalar(
        select(drill.c.id)
        .where(drill.c.started_at <= now, drill.c.ends_at > now, under_way)
        .limit(1)
    )
    return found is not None


async def get(session: Session, drill_id: int) -> Drill | None:
    """A drill by id."""
    row = await session.first(select(drill).where(drill.c.id == drill_id))
    return None if row is None else _drill(row)


async def everyone(session: Session) -> tuple[Drill, ...]:
    """All drills, the newest first."""
    rows = await session.all(select(drill).order_by(drill.c.id.desc()))
    return tuple(_drill(row) for row in rows)


async def end(session: Session, drill_id: int, now: datetime) -> None:
    """End a drill that is under way."""
    await session.execute(
        update(drill).where(drill.c.id == drill_id, drill.c.ends_at > now).values(ends_at=now)
    )


def _drill(row: RowMapping) -> Drill:
    return Drill(row["id"], row["name"], row["started_at"], row["ends_at"], row["member_id"])
