"""The table of campaigns, and what their runs and rows of the ledger tell."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    and_,
    exists,
    func,
    select,
    update,
)

from campaigns.content import packed_contents, unpacked_contents
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule import packed_schedule, unpacked_schedule
from campaigns.selection import open_address
from contacts.model import Topic
from contacts.store import contact
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from delivery.model import UNSETTLED, State
from delivery.moves import move
from delivery.runs import RunState, run
from delivery.store import message
from kit.channels import WRITTEN, Channel

campaign = Table(
    "campaign",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("topic", String(20), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("audience", Text, nullable=False),
    Column("channels", String(60), nullable=False),
    Column("contents", Text, nullable=False),
    Column("schedule", Text, nullable=False),
    Column("stale_after", Integer),
    Column("state", String(12), nullable=False),
    Column("author_id", Id, nullable=False),
    Column("approver_id", Id),
    Column("approved_hash", String(64)),
    Column("due_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("ix_campaign_due", "state", "due_at"),
)


async def add(
    session: Session, draft: CampaignDraft, state: CampaignState, author_id: int, now: datetime
) -> int:
    """Write a new campaign; gives its id."""
    made = await session.scalar(
        campaign.insert()
        .values(
            title=draft.title,
            topic=draft.topic,
            kind=draft.kind,
            audience=draft.audience,
            channels=",".join(draft.channels),
            contents=packed_contents(draft.contents),
            schedule=packed_schedule(draft.schedule),
            stale_after=int(draft.stale_after.total_seconds()) if draft.stale_after else None,
            state=state,
            author_id=author_id,
            created_at=now,
        )
        .returning(campaign.c.id)
    )
    return int(made)


async def get(session: Session, campaign_id: int) -> Campaign | None:
    """A campaign by id, to look at."""
    row = await session.first(select(campaign).where(campaign.c.id == campaign_id))
    return None if row is None else _campaign(row)


async def hold(session: Session, campaign_id: int) -> Campaign | None:
    """A campaign by id, to change it or its runs: nobody else does until this unit ends.

    On SQLite a writing unit is alone anyway, and the lock is left out of the statement.
    """
    row = await session.first(
        select(campaign).where(campaign.c.id == campaign_id).with_for_update()
    )
    return None if row is None else _campaign(row)


async def due(session: Session, now: datetime) -> tuple[Campaign, ...]:
    """Scheduled campaigns whose time has come, held; those that another clock holds are left."""
    rows = await session.all(
        select(campaign)
        .where(campaign.c.state == CampaignState.SCHEDULED, campaign.c.due_at <= now)
        .order_by(campaign.c.due_at, campaign.c.id)
        .with_for_update(skip_locked=True)
    )
    return tuple(_campaign(row) for row in rows)


async def change(session: Session, campaign_id: int, **values: object) -> None:
    """Set columns of a campaign that this unit holds."""
    await session.execute(update(campaign).where(campaign.c.id == campaign_id).values(**values))


async def by_channel(session: Session, chosen: ColumnElement[bool]) -> dict[str, int]:
    """How many contacts a condition selects who can be reached on each channel."""
    people = select(func.count()).select_from(contact).where(chosen)
    return {
        str(channel): int(await session.scalar(people.where(open_address(channel).is_not(None))))
        for channel in WRITTEN
    }


async def by_language(session: Session, chosen: ColumnElement[bool]) -> dict[str, int]:
    """How many contacts a condition selects, by their language, the most spoken first."""
    people = func.count().label("people")
    rows = await session.all(
        select(contact.c.language, people)
        .where(chosen)
        .group_by(contact.c.language)
        .order_by(people.desc(), contact.c.language)
    )
    return {row["language"]: int(row["people"]) for row in rows}


async def has_unsettled(session: Session, run_id: int) -> bool:
    """Whether a row of a run is still to leave, leaving, or waits for somebody's decision."""
    rows = select(message.c.id).where(message.c.run_id == run_id, message.c.state.in_(UNSETTLED))
    return bool(await session.scalar(select(exists(rows))))


async def has_pending_at(session: Session, run_id: int, sender: str) -> bool:
    """Whether rows of a run wait for a sender."""
    rows = select(message.c.id).where(
        message.c.run_id == run_id,
        message.c.state == State.PENDING,
        message.c.sender == sender,
    )
    return bool(await session.scalar(select(exists(rows))))


async def cancelled_with_rows(session: Session) -> Sequence[int]:
    """Cancelled runs of which rows still stand as if they were to leave."""
    pending = exists().where(and_(message.c.run_id == run.c.id, message.c.state == State.PENDING))
    rows = await session.all(
        select(run.c.id).where(run.c.state == RunState.CANCELLED, pending).order_by(run.c.id)
    )
    return [row["id"] for row in rows]


async def skip_pending(
    session: Session, run_id: int, reason: str, limit: int, now: datetime
) -> int:
    """Settle up to `limit` rows of a run that will not leave; gives how many."""
    # Read first: PostgreSQL may run a subquery with a LIMIT more than once, and take more rows.
    batch = await session.all(
        select(message.c.id)
        .where(message.c.run_id == run_id, message.c.state == State.PENDING)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    which = message.c.id.in_([row["id"] for row in batch])
    settled = {"reason": reason, "settled_at": now}
    return len(await move(session, which, State.PENDING, State.SKIPPED, **settled))


def runs_of(campaign_id: int) -> Select[tuple[int]]:
    """The runs of a campaign."""
    return select(run.c.id).where(run.c.campaign_id == campaign_id)


def _campaign(row: RowMapping) -> Campaign:
    stale_after = row["stale_after"]
    return Campaign(
        id=row["id"],
        draft=CampaignDraft(
            title=row["title"],
            topic=Topic(row["topic"]),
            kind=CampaignClass(row["kind"]),
            audience=row["audience"],
            channels=tuple(Channel(name) for name in row["channels"].split(",")),
            contents=unpacked_contents(row["contents"]),
            schedule=unpacked_schedule(row["schedule"]),
            stale_after=None if stale_after is None else timedelta(seconds=stale_after),
        ),
        state=CampaignState(row["state"]),
        author_id=row["author_id"],
        approver_id=row["approver_id"],
        approved_hash=row["approved_hash"],
        due_at=row["due_at"],
    )
