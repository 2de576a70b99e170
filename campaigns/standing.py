"""Where a campaign stands."""

from dataclasses import dataclass
from datetime import datetime

from campaigns import store
from campaigns.model import Campaign
from campaigns.service import get, open_runs
from db.session import Session
from delivery import runs, senders, tally
from delivery.model import State
from delivery.runs import RunState
from delivery.store import next_of_run


@dataclass(frozen=True, slots=True)
class Status:
    """Where a campaign stands, and how many rows of its ledger stand in each state.

    `held_until`: until then all campaigns stand back for urgent messages. `broken`: senders of its
    channels that are out of order. `leaves_at`: nothing of its open runs leaves before, because of
    the hour or of its cohort. `missed`: times that passed while nothing ran.
    """

    campaign: Campaign
    counts: dict[State, int]
    held_until: datetime | None = None
    broken: tuple[str, ...] = ()
    leaves_at: datetime | None = None
    missed: int = 0


async def status(session: Session, campaign_id: int, now: datetime) -> Status:
    """Where a campaign stands, its rows by state, all eight of them, and what it waits for."""
    campaign = await get(session, campaign_id)
    return Status(
        campaign,
        await tally.counts(session, store.runs_of(campaign_id)),
        await senders.held_until(session, now),
        tuple(
            row["name"]
            for row in await senders.all_of(session)
            if row["broken_at"] is not None and row["channel"] in campaign.draft.channels
        ),
        await _leaves_at(session, campaign_id, now),
        sum(run.state is RunState.MISSED for run in await runs.of_campaign(session, campaign_id)),
    )


async def _leaves_at(session: Session, campaign_id: int, now: datetime) -> datetime | None:
    """When the next of its rows leaves, if none of them may now."""
    names = [row["name"] for row in await senders.all_of(session)]
    dues = [
        await next_of_run(session, run.id, name)
        for run in await open_runs(session, campaign_id)
        if run.state is RunState.SENDING
        for name in names
    ]
    soonest = min((due for due in dues if due is not None), default=None)
    return None if soonest is None or soonest <= now else soonest
