"""Counting a campaign's people in the background, so that its sheet is there at once.

A million people take a minute to count, so they are counted in batches into a table, and the sheet
is read from there. What is counted is what a freezing would write: the same selection, the same
way to each of them, the same language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, RowMapping, String, func, select

from campaigns import ledger, store
from campaigns.audience.language import AudienceError
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.counts import counts, held, keep, whole
from campaigns.model import Campaign
from campaigns.sheet.counted import Counted, Group, unpack, with_batch
from campaigns.sheet.grouping import chosen, groups, missed
from campaigns.sheet.model import Circumstances, Reckoned, Sheet, sheet
from campaigns.sheet.prices import Prices
from contacts.store import contact
from db.base import Id
from db.session import Session
from delivery import senders
from delivery.runs import run
from kit.errors import NotFound
from locales.text import _

RECKON = "campaigns.reckon"
"""The job that counts the people of a campaign; its key is the campaign's id."""

BATCH = 500
"""Contacts that one unit counts."""

FRESH = timedelta(hours=1)
"""How long a count is good for: people join and leave meanwhile."""

LAST_RUNS = 20
"""So many runs of a campaign are looked at: what becomes of older ones is seen within the hour."""

DAY = timedelta(days=1)

campaign_sheet = counts(
    "campaign_sheet",
    Column("campaign_id", Id, ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True),
    # Of what the counts are.
    Column("content_hash", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a campaign has been counted: `through` is the last contact who was looked at."""

    campaign: Campaign
    counted_at: datetime
    through: int
    figures: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the next contacts add to the counts; `through` is None when there are none."""

    through: int | None
    groups: Sequence[Group] = ()
    missed: int = 0


async def place(session: Session, campaign_id: int, now: datetime) -> Place | None:
    """Where the counting of a campaign goes on; None when there is nothing to count.

    Begins anew when the campaign was changed, one of its runs began or ended, or the count is an
    hour old.
    """
    campaign = await store.get(session, campaign_id)
    if campaign is None:
        return None
    row = await _held(session, campaign, now)
    if row["done"]:
        return None
    return Place(campaign, row["counted_at"], row["through"], row["figures"])


async def look(
    session: Session, at: Place, limit: int = BATCH, conduct: Conduct = AT_ONCE
) -> Found | None:
    """Count the next contacts, in a unit that only reads: it takes longer than a call for help
    should wait. None for an audience that cannot be looked up any more."""
    batch = await ledger.next_batch(session, at.through, limit)
    if batch is None:
        return Found(None)
    try:
        found = await groups(session, at.campaign, batch, at.counted_at, conduct)
        return Found(batch.through, found, await missed(session, at.campaign, batch))
    except AudienceError:
        # Whoever asks for the sheet is told.
        return None


async def add(session: Session, at: Place, found: Found) -> bool:
    """Add what was found to the counts, unless another process has been there meanwhile; says
    whether there may be more."""
    row = await session.first(
        select(campaign_sheet)
        .where(campaign_sheet.c.campaign_id == at.campaign.id)
        .with_for_update()
    )
    of = (at.campaign.draft.content_hash, at.counted_at, at.through, False)
    if row is None or of != tuple(
        row[name] for name in ("content_hash", "counted_at", "through", "done")
    ):
        return True
    if found.through is None:
        await keep(session, campaign_sheet, at.campaign.id, done=True)
        return False
    counted = with_batch(unpack(at.figures), found.groups, found.missed).pack()
    await keep(session, campaign_sheet, at.campaign.id, through=found.through, figures=counted)
    return True


async def step(
    session: Session,
    campaign_id: int,
    now: datetime,
    limit: int = BATCH,
    *,
    conduct: Conduct = AT_ONCE,
) -> bool:
    """All of it in one unit; says whether there may be more."""
    at = await place(session, campaign_id, now)
    found = None if at is None else await look(session, at, limit, conduct)
    return at is not None and found is not None and await add(session, at, found)


async def sheet_of(
    session: Session, campaign_id: int, conduct: Conduct, prices: Prices, now: datetime
) -> Sheet:
    """The sheet as far as it is counted; wakes the counting when there is something to count.

    Raises NotFound, and AudienceError for an audience that cannot be looked up any more.
    """
    campaign = await store.get(session, campaign_id)
    if campaign is None:
        raise NotFound(_("campaigns.unknown"), id=campaign_id)
    draft = campaign.draft
    await chosen(session, draft, now)
    reckoned, enough = await read(session, campaign, now)
    if not enough:
        session.wake(RECKON, str(campaign_id))
    rates = {
        channel: sum(rate for _name, rate in await senders.ordinary(session, channel))
        for channel in draft.channels
    }
    hours = conduct.hours_of(draft)
    return sheet(draft, reckoned, Circumstances(prices, rates, hours, conduct.calendar, now))


async def read(
    session: Session, campaign: Campaign, now: datetime, since: datetime | None = None
) -> tuple[Reckoned, bool]:
    """What is known, and whether it is good for now; nothing of what was counted before `since`."""
    row = await session.first(
        select(campaign_sheet).where(
            campaign_sheet.c.campaign_id == campaign.id,
            campaign_sheet.c.content_hash == campaign.draft.content_hash,
        )
    )
    if row is None or (since is not None and row["counted_at"] < since):
        return Reckoned(Counted(), 0, None), False
    known = whole(row)
    if known is not None and (since is None or known[1] >= since):
        figures, at = known
        return Reckoned(unpack(figures), 1, at), row["done"] and at > now - FRESH
    last = await session.scalar(select(func.max(contact.c.id)))
    share = min(row["through"] / last, 0.99) if last else 0.0
    return Reckoned(unpack(row["figures"]), share, row["counted_at"]), False


async def turned(session: Session, campaign_id: int) -> datetime | None:
    """When one of a campaign's last runs began or ended: who got it is different since."""
    last = (
        select(run.c.started_at, run.c.ended_at)
        .where(run.c.campaign_id == campaign_id)
        .order_by(run.c.due_at.desc())
        .limit(LAST_RUNS)
    )
    times = (at for row in await session.all(last) for at in row.values())
    return max((at for at in times if at is not None), default=None)


async def _held(session: Session, campaign: Campaign, now: datetime) -> RowMapping:
    since = await turned(session, campaign.id)

    def is_old(row: RowMapping) -> bool:
        began: datetime = row["counted_at"]
        if since is not None and began < since:
            return True
        lasts = FRESH if row["done"] else DAY
        return began <= now - lasts or unpack(row["figures"]).missed is None

    of = {"content_hash": campaign.draft.content_hash}
    return await held(session, campaign_sheet, campaign.id, now, Counted().pack(), is_old, **of)
