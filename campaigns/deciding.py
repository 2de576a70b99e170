"""What people decide about rows that failed, or of which nobody knows whether they left.

A run may hold a million of them: each call takes a batch in the unit of its caller, who goes on
until it says that there was nothing left.
"""

from datetime import datetime

from campaigns import lifecycle, service, store
from campaigns.model import Campaign
from db.session import Session
from delivery import deciding, runs
from delivery.deciding import Decision
from delivery.runs import RunState
from delivery.service import wake_bulk
from staff.store import log

BATCH = 1_000
"""Rows that one unit takes."""


async def retry(session: Session, campaign_id: int, now: datetime, limit: int = BATCH) -> int:
    """Let failed rows go again that another try may mend; gives how many this unit took.

    A campaign that was done sends again; one that is paused stays so. Refused in other states, and
    when it is too old to leave.
    """
    campaign = await service.hold(session, campaign_id)
    state = lifecycle.retried(campaign)
    taken = 0
    for run in await runs.of_campaign(session, campaign_id):
        if run.state in (RunState.CANCELLED, RunState.MISSED):
            continue
        lifecycle.refuse_stale(stale=run.is_stale(now))
        of_run = await deciding.retry(session, run.id, limit - taken, now)
        taken += of_run
        if of_run and run.state is RunState.DONE:
            # In the unit of its rows: a run without any would be closed again at once.
            await runs.move(session, run.id, RunState.SENDING, now)
    if taken:
        await store.change(session, campaign_id, state=state)
        await _note(session, campaign, "campaigns.retry", now)
        await wake_bulk(session)
    return taken


async def resolve(
    session: Session, campaign_id: int, decision: Decision, now: datetime, limit: int = BATCH
) -> int:
    """Send uncertain rows once more, or leave them; gives how many this unit took."""
    campaign = await service.hold(session, campaign_id)
    if decision is Decision.RESEND:
        lifecycle.may_resend(campaign)
    taken = 0
    for run in await runs.of_campaign(session, campaign_id):
        if decision is Decision.RESEND:
            lifecycle.refuse_stale(stale=run.is_stale(now))
        taken += await deciding.resolve(session, run.id, decision, limit - taken, now)
    if taken:
        await _note(session, campaign, f"campaigns.resolve.{decision}", now)
        await wake_bulk(session)
    return taken


async def _note(session: Session, campaign: Campaign, act: str, now: datetime) -> None:
    await log(session, None, act, service.about(campaign.id), now)
