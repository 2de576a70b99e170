"""The table of campaigns, and what their runs and rows of the ledger tell."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
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
    text,
    update,
)

from campaigns.brakes.cohort import unpacked_cohort
from campaigns.content.model import packed_contents, unpacked_contents
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.dues import in_cohort
from campaigns.schedule.model import packed_schedule, unpacked_schedule
from campaigns.schedule.occurrences import Occurrence
from campaigns.warnings import model as warnings
from contacts.model import Topic
from contacts.store import address, contact, opt_out
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from delivery import senders
from delivery.claims import of_address
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
    # By whose clock the next time is written when it is each recipient's: see `Occurrence`.
    Column("local_due", String(19)),
    # Ids with commas, and what the saved audiences stood for when it was approved.
    Column("editors", String(400), nullable=False, server_default=text("''")),
    Column("approved_audience", String(64)),
    Column("reason", String(400), nullable=False, server_default=text("''")),
    Column("cohort", String(60)),
    Column("keyword", String(20)),
    # Why it stopped by itself: what of its cohort passed which limit.
    Column("stopped_for", String(20)),
    Column("warning", Text),
    Index("ix_campaign_due", "state", "due_at"),
    Index("ix_campaign_keyword", "keyword"),
)


async def add(
    session: Session, draft: CampaignDraft, state: CampaignState, author_id: int, now: datetime
) -> int:
    """Write a new campaign; gives its id."""
    values = {**_columns(draft), "state": state, "author_id": author_id, "created_at": now}
    return int(await session.scalar(campaign.insert().values(**values).returning(campaign.c.id)))


async def rewrite(
    session: Session,
    campaign_id: int,
    draft: CampaignDraft,
    state: CampaignState,
    editors: Collection[int],
) -> None:
    """Put what somebody wrote in the place of what stood there; nobody has approved that."""
    free = {"approver_id": None, "approved_hash": None, "approved_audience": None}
    values = {**_columns(draft), **free, **due_columns(None), "state": state}
    values["editors"] = ",".join(str(editor) for editor in sorted(editors))
    await change(session, campaign_id, **values)


def due_columns(due: Occurrence | None) -> dict[str, object]:
    """The columns that hold when a campaign fires next."""
    local = None if due is None or due.local is None else due.local.isoformat()
    return {"due_at": None if due is None else due.due_at, "local_due": local}


async def get(session: Session, campaign_id: int) -> Campaign | None:
    """A campaign by id, to look at."""
    row = await session.first(select(campaign).where(campaign.c.id == campaign_id))
    return None if row is None else _campaign(row)


async def newest(session: Session, limit: int) -> tuple[Campaign, ...]:
    """The newest campaigns, the last one first."""
    rows = await session.all(select(campaign).order_by(campaign.c.id.desc()).limit(limit))
    return tuple(_campaign(row) for row in rows)


async def hold(session: Session, campaign_id: int) -> Campaign | None:
    """A campaign by id, to change it or its runs: nobody else does until this unit ends.

    On SQLite a writing unit is alone anyway, and the lock is left out of the statement.
    """
    row = await session.first(
        select(campaign).where(campaign.c.id == campaign_id).with_for_update()
    )
    return None if row is None else _campaign(row)


async def due(session: Session, now: datetime) -> tuple[Campaign, ...]:
    """Campaigns whose time has come, held; those that another clock holds are left.

    One that repeats may still be sending what was due before.
    """
    waiting = (CampaignState.SCHEDULED, CampaignState.SENDING)
    rows = await session.all(
        select(campaign)
        .where(campaign.c.state.in_(waiting), campaign.c.due_at <= now)
        .order_by(campaign.c.due_at, campaign.c.id)
        .with_for_update(skip_locked=True)
    )
    return tuple(_campaign(row) for row in rows)


async def change(session: Session, campaign_id: int, **values: object) -> None:
    """Set columns of a campaign that this unit holds."""
    await session.execute(update(campaign).where(campaign.c.id == campaign_id).values(**values))


async def has_unsettled(session: Session, run_id: int) -> bool:
    """Whether a row of a run is still to leave, leaving, or waits for somebody's decision."""
    rows = select(message.c.id).where(message.c.run_id == run_id, message.c.state.in_(UNSETTLED))
    return bool(await session.scalar(select(exists(rows))))


async def needs_sender(session: Session, run_id: int, sender: str) -> bool:
    """Whether rows of a run wait for a sender, or are with it and may come back."""
    rows = select(message.c.id).where(
        message.c.run_id == run_id,
        message.c.state.in_((State.PENDING, State.SENDING)),
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


async def first_joined(session: Session, since: datetime, until: datetime) -> int | None:
    """The lowest id of those who joined from one instant until before another."""
    joined = (contact.c.joined_at >= since, contact.c.joined_at < until)
    found = await session.scalar(select(func.min(contact.c.id)).where(*joined))
    return None if found is None else int(found)


async def with_keyword(session: Session, keyword: str, but: int | None) -> int | None:
    """The campaign, other than `but`, that a keyword belongs to until it is over."""
    over = (CampaignState.DONE, CampaignState.CANCELLED)
    which = [campaign.c.keyword == keyword, campaign.c.state.not_in(over)]
    if but is not None:
        which.append(campaign.c.id != but)
    found = await session.scalar(select(func.min(campaign.c.id)).where(*which))
    return None if found is None else int(found)


async def opt_outs_after(session: Session, run_id: int, since: datetime) -> int:
    """How many people said no on the address that a run wrote to, after it did.

    `since` is when the run began: it finds the few who said no since then.
    """
    # For each opt-out a look at its row: as a join, both databases would begin with all rows of the
    # run that have left.
    theirs = (
        select(func.count())
        .select_from(address)
        .join(
            message, and_(message.c.run_id == run_id, message.c.contact_id == address.c.contact_id)
        )
        .where(
            of_address(),
            message.c.address_id == address.c.id,
            opt_out.c.at >= message.c.settled_at,
            message.c.state.in_((State.SENT, State.DELIVERED, State.UNDELIVERED)),
        )
        .correlate(opt_out)
        .scalar_subquery()
    )
    caused = select(func.sum(theirs)).where(opt_out.c.at >= since)
    return int(await session.scalar(caused) or 0)


async def cohort_is_leaving(session: Session, run_id: int, until: datetime) -> bool:
    """Whether some of the first few of a run are still to leave, or leaving."""
    # One step of the index each: without its sender, all rows of the run are gone through.
    names = {row["name"] for row in await senders.all_of(session)} | set(WRITTEN)
    for state in (State.PENDING, State.SENDING):
        for name in sorted(names):
            which = (
                message.c.run_id == run_id,
                message.c.state == state,
                message.c.sender == name,
            )
            first = await session.scalar(select(func.min(message.c.due_at)).where(*which))
            if first is not None and first < until:
                return True
    return False


async def pull_cohort(
    session: Session, run_id: int, share: int, until: datetime, now: datetime, limit: int = 1000
) -> bool:
    """Whether rows of the first few stand behind the gate, put off by a provider or by the hour;
    up to `limit` of those whose time has come are let through it."""
    rows = await session.all(
        select(message.c.id, message.c.due_at)
        .where(
            message.c.run_id == run_id,
            message.c.state == State.PENDING,
            message.c.due_at >= until,
            in_cohort(message.c.contact_id, share),
        )
        .limit(limit)
    )
    ids = [row["id"] for row in rows if row["due_at"] <= now]
    if ids:
        through = until - timedelta(microseconds=1)
        which = (message.c.id.in_(ids), message.c.state == State.PENDING)
        await session.execute(update(message).where(*which).values(due_at=through))
    return bool(rows)


def _columns(draft: CampaignDraft) -> dict[str, object]:
    stale_after = draft.stale_after
    return {
        "title": draft.title,
        "topic": draft.topic,
        "kind": draft.kind,
        "audience": draft.audience,
        "channels": ",".join(draft.channels),
        "contents": packed_contents(draft.contents),
        "schedule": packed_schedule(draft.schedule),
        "stale_after": None if stale_after is None else int(stale_after.total_seconds()),
        "reason": draft.reason,
        "cohort": None if draft.cohort is None else draft.cohort.packed(),
        "keyword": draft.keyword,
        "warning": None if draft.warning is None else warnings.packed(draft.warning),
    }


def _campaign(row: RowMapping) -> Campaign:
    stale_after, local = row["stale_after"], row["local_due"]
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
            reason=row["reason"],
            cohort=None if row["cohort"] is None else unpacked_cohort(row["cohort"]),
            keyword=row["keyword"],
            warning=None if row["warning"] is None else warnings.unpacked(row["warning"]),
        ),
        state=CampaignState(row["state"]),
        author_id=row["author_id"],
        approver_id=row["approver_id"],
        approved_hash=row["approved_hash"],
        due=None
        if row["due_at"] is None
        else Occurrence(row["due_at"], local and datetime.fromisoformat(local)),
        approved_audience=row["approved_audience"],
        editors=frozenset(int(editor) for editor in row["editors"].split(",") if editor),
        stopped_for=row["stopped_for"],
    )
