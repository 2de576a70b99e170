"""Runs: one firing of a campaign, its frozen content and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    select,
    text,
    update,
)

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from delivery.content import Content
from kit.channels import Channel


class RunState(StrEnum):
    """Where a run stands. Only rows of a run that is `sending` leave."""

    FREEZING = "freezing"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Run:
    """One firing. `frozen_through` is the last contact id that the freezing has looked at.

    `channels` stand in order of preference; what has not left at `stale_at` does not leave any
    more.
    """

    id: int
    campaign_id: int
    due_at: datetime
    state: RunState
    frozen_through: int
    started_at: datetime
    ended_at: datetime | None
    topic: str = ""
    channels: tuple[Channel, ...] = ()
    stale_at: datetime | None = None


run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", Id, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("frozen_through", Id, nullable=False, default=0),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    # What somebody has to have agreed to, by which channels in which order, and until when.
    Column("topic", String(20), nullable=False, server_default=text("''")),
    Column("channels", String(60), nullable=False, server_default=text("''")),
    Column("stale_at", Instant),
    # Whoever inserts the row fires; every other clock finds it there.
    Index("uq_run_campaign_due", "campaign_id", "due_at", unique=True),
    Index("ix_run_state", "state"),
)

run_content = Table(
    "run_content",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("language", String(12), primary_key=True),
    Column("content", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class NewRun:
    """A firing to be: see `Run`."""

    campaign_id: int
    due_at: datetime
    contents: Mapping[str, Content]
    topic: str
    channels: tuple[Channel, ...]
    stale_at: datetime | None = None


async def open_run(session: Session, new: NewRun, now: datetime) -> int | None:
    """Start a run with its frozen content; None when this firing exists already."""
    made = await session.scalar(
        session.insert(run)
        .values(
            campaign_id=new.campaign_id,
            due_at=new.due_at,
            state=RunState.FREEZING,
            frozen_through=0,
            started_at=now,
            topic=new.topic,
            channels=",".join(new.channels),
            stale_at=new.stale_at,
        )
        .on_conflict_do_nothing()
        .returning(run.c.id)
    )
    if made is None:
        return None
    await session.execute(
        run_content.insert(),
        [
            {"run_id": made, "language": language, "content": content.pack()}
            for language, content in new.contents.items()
        ],
    )
    return int(made)


async def get(session: Session, run_id: int) -> Run | None:
    """A run by id."""
    row = await session.first(select(run).where(run.c.id == run_id))
    return None if row is None else _run(row)


async def of_campaign(session: Session, campaign_id: int) -> tuple[Run, ...]:
    """The runs of a campaign, the oldest first."""
    rows = await session.all(
        select(run).where(run.c.campaign_id == campaign_id).order_by(run.c.due_at)
    )
    return tuple(_run(row) for row in rows)


async def in_state(session: Session, *states: RunState) -> tuple[Run, ...]:
    """The runs that stand in one of `states`."""
    rows = await session.all(select(run).where(run.c.state.in_(states)).order_by(run.c.id))
    return tuple(_run(row) for row in rows)


async def move(
    session: Session,
    run_id: int,
    state: RunState,
    now: datetime,
    *,
    frozen_through: int | None = None,
) -> None:
    """Set where a run stands."""
    values: dict[str, object] = {"state": state}
    if frozen_through is not None:
        values["frozen_through"] = frozen_through
    values["ended_at"] = now if state in (RunState.DONE, RunState.CANCELLED) else None
    await session.execute(update(run).where(run.c.id == run_id).values(**values))


def _run(row: RowMapping) -> Run:
    return Run(
        id=row["id"],
        campaign_id=row["campaign_id"],
        due_at=row["due_at"],
        state=RunState(row["state"]),
        frozen_through=row["frozen_through"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        topic=row["topic"],
        channels=read_channels(row["channels"]),
        stale_at=row["stale_at"],
    )


def read_channels(written: str) -> tuple[Channel, ...]:
    """Channels as a run keeps them, in order."""
    return tuple(Channel(name) for name in written.split(",") if name)
