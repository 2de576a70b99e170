"""Runs: one firing of a campaign, its frozen content and where it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    func,
    select,
    text,
    update,
)

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from delivery.content import Content
from delivery.quiet import Hours
from kit.channels import Channel
from kit.wall import instant_of


class RunState(StrEnum):
    """Where a run stands. Only rows of a run that is `sending` leave."""

    FREEZING = "freezing"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    # Its time passed while nothing ran, or while it was held: it has no rows.
    MISSED = "missed"


OVER = frozenset({RunState.DONE, RunState.CANCELLED, RunState.MISSED})


@dataclass(frozen=True, slots=True)
class Run:
    """One firing. `frozen_through` is the last contact id that the freezing has looked at.

    `channels` stand in order of preference; what has not left at `stale_at` does not leave any
    more. `audience` is the expression as it was frozen. `local_due` is set when each recipient's
    own clock decides; `due_at` is then the first of their instants, `fresh_for` how long after its
    own a row may leave, and people of `missed_zones` get nothing, because theirs had passed long
    before the run began. Within `hours` alone its rows
    may leave, by the recipients' clocks; who got `most_a_week` gets no row that leaves. Rows that
    are due at `cohort_until` or later wait until somebody has seen what became of the first ones:
    see `campaigns.brakes.cohort`.
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
    audience: str = ""
    local_due: datetime | None = None
    hours: Hours | None = None
    most_a_week: int | None = None
    cohort: str | None = None
    cohort_until: datetime | None = None
    fresh_for: timedelta | None = None
    missed_zones: frozenset[str] = frozenset()

    @property
    def is_over(self) -> bool:
        """Whether nothing of it will leave any more."""
        return self.state in OVER

    def is_stale(self, now: datetime) -> bool:
        """Whether it is too late for what has not left."""
        return self.stale_at is not None and now >= self.stale_at

    def stale_in(self, zone: str) -> datetime | None:
        """When it is too late for what has not left to people of a zone."""
        if self.local_due is None or self.fresh_for is None:
            return self.stale_at
        own = instant_of(self.local_due, zone) + self.fresh_for
        return own if self.stale_at is None else min(own, self.stale_at)

    def open_until(self, now: datetime) -> datetime:
        """Rows that are due by then may leave now."""
        if self.cohort_until is None:
            return now
        return min(now, self.cohort_until - timedelta(microseconds=1))


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
    Column("audience", Text, nullable=False, server_default=text("''")),
    Column("local_due", String(19)),
    Column("hours", String(20)),
    Column("most_a_week", Integer),
    Column("cohort", String(60)),
    Column("cohort_until", Instant),
    Column("fresh_for", Integer),
    Column("missed_zones", Text, nullable=False, server_default=text("''")),
    # Whoever inserts the row fires; every other clock finds it there.
    Index("uq_run_campaign_due", "campaign_id", "due_at", unique=True),
    Index("ix_run_state", "state"),
    Index("ix_run_ended_at", "ended_at"),
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
    audience: str = ""
    local_due: datetime | None = None
    hours: Hours | None = None
    most_a_week: int | None = None
    cohort: str | None = None
    cohort_until: datetime | None = None
    fresh_for: timedelta | None = None
    missed_zones: frozenset[str] = frozenset()
    frozen_through: int = 0


async def open_run(
    session: Session, new: NewRun, now: datetime, state: RunState = RunState.FREEZING
) -> int | None:
    """Start a run with its frozen content, or keep one that was missed; None when this firing
    exists already."""
    made = await session.scalar(
        session.insert(run)
        .values(
            campaign_id=new.campaign_id,
            due_at=new.due_at,
            state=state,
            frozen_through=new.frozen_through,
            started_at=now,
            ended_at=now if state in OVER else None,
            topic=new.topic,
            channels=",".join(new.channels),
            stale_at=new.stale_at,
            audience=new.audience,
            local_due=None if new.local_due is None else new.local_due.isoformat(),
            hours=None if new.hours is None else new.hours.packed(),
            most_a_week=new.most_a_week,
            cohort=new.cohort,
            cohort_until=new.cohort_until,
            fresh_for=None if new.fresh_for is None else int(new.fresh_for.total_seconds()),
            missed_zones=",".join(sorted(new.missed_zones)),
        )
        .on_conflict_do_nothing()
        .returning(run.c.id)
    )
    if made is None:
        return None
    contents = [
        {"run_id": made, "language": language, "content": content.pack()}
        for language, content in new.contents.items()
    ]
    if contents and state is not RunState.MISSED:
        await session.execute(run_content.insert(), contents)
    return int(made)


async def keep_missed(
    session: Session, campaign_id: int, dues: Sequence[datetime], now: datetime
) -> None:
    """Keep firings whose time passed while nothing ran; those that are there stay."""
    rows = [
        {
            "campaign_id": campaign_id,
            "due_at": due,
            "state": RunState.MISSED,
            "frozen_through": 0,
            "started_at": now,
            "ended_at": now,
        }
        for due in dues
    ]
    if rows:
        await session.execute(session.insert(run).on_conflict_do_nothing(), rows)


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


async def open_of(session: Session, campaign_id: int) -> tuple[Run, ...]:
    """The runs of a campaign that are not over, the oldest first. Found among all that are not: one
    campaign that repeats may have thousands that are."""
    open_ = await in_state(session, *(state for state in RunState if state not in OVER))
    found = [one for one in open_ if one.campaign_id == campaign_id]
    return tuple(sorted(found, key=lambda one: one.due_at))


async def newest(
    session: Session, campaign_id: int, most: int, but: Collection[RunState] = ()
) -> tuple[Run, ...]:
    """The last `most` runs of a campaign, except those in some states; the oldest of them first."""
    rows = await session.all(
        select(run)
        .where(run.c.campaign_id == campaign_id, run.c.state.not_in(but))
        .order_by(run.c.due_at.desc())
        .limit(most)
    )
    return tuple(_run(row) for row in reversed(rows))


async def how_many(session: Session, campaign_id: int) -> dict[RunState, int]:
    """How many runs of a campaign stand in each state."""
    rows = await session.all(
        select(run.c.state, func.count().label("runs"))
        .where(run.c.campaign_id == campaign_id)
        .group_by(run.c.state)
    )
    return {RunState(row["state"]): int(row["runs"]) for row in rows}


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
    values["ended_at"] = now if state in OVER else None
    await session.execute(update(run).where(run.c.id == run_id).values(**values))


async def release(session: Session, run_id: int, *, watched: bool = True) -> None:
    """What waited for the first few to go well may leave; not `watched`: whatever comes of it."""
    values: dict[str, object] = {"cohort_until": None, **({} if watched else {"cohort": None})}
    await session.execute(update(run).where(run.c.id == run_id).values(**values))


async def languages(session: Session, run_id: int) -> frozenset[str]:
    """The languages that a run has a content in."""
    rows = await session.all(select(run_content.c.language).where(run_content.c.run_id == run_id))
    return frozenset(row["language"] for row in rows)


async def since(session: Session, at: datetime, but: int) -> tuple[int, ...]:
    """The runs that began at an instant or later, except those of one campaign."""
    rows = await session.all(
        select(run.c.id).where(run.c.started_at >= at, run.c.campaign_id != but).order_by(run.c.id)
    )
    return tuple(row["id"] for row in rows)


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
        audience=row["audience"],
        local_due=None if row["local_due"] is None else datetime.fromisoformat(row["local_due"]),
        hours=None if row["hours"] is None else Hours.unpacked(row["hours"]),
        most_a_week=row["most_a_week"],
        cohort=row["cohort"],
        cohort_until=row["cohort_until"],
        fresh_for=None if row["fresh_for"] is None else timedelta(seconds=row["fresh_for"]),
        missed_zones=frozenset(name for name in row["missed_zones"].split(",") if name),
    )


def read_channels(written: str) -> tuple[Channel, ...]:
    """Channels as a run keeps them, in order."""
    return tuple(Channel(name) for name in written.split(",") if name)
