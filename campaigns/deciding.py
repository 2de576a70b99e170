"""What people decide about rows that failed, or of which nobody knows whether they left.

A run may hold a million of them: each call takes a batch in the unit of its caller, who goes on
until it says that there was nothing left.
"""

from collections.abc import Sequence
from datetime import datetime

from campaigns import lifecycle, service, store
from campaigns.model import CampaignState
from db.session import Session
from delivery import deciding, runs
from delivery.deciding import Decision
from delivery.runs import Run, RunState
from delivery.service import wake_bulk
from staff.model import Member
from staff.store import log

BATCH = 1_000
"""Rows that one unit takes."""


async def retry(
    session: Session,
    campaign_id: int,
    by: Member | None,
    now: datetime,
    limit: int = BATCH,
) -> int:
    """Let failed rows go again that another try may mend; gives how many this unit took.

    A campaign that was done sends again; one that is paused stays so. Refused in other states, and
    when it is too old to leave.
    """
    who = service.allowed(by)
    campaign = await service.hold(session, campaign_id)
    state = lifecycle.retried(campaign)
    # A run that waits for its campaign to be resumed begins again with it, not before.
    again = RunState.PAUSED if state is CampaignState.PAUSED else RunState.SENDING
    taken = 0
    for run in await _not_too_old(session, campaign_id, now):
        of_run = await deciding.retry(session, run.id, limit - taken, now)
        taken += of_run
        if of_run and run.state is RunState.DONE:
            # In the unit of its rows: a run without any would be closed again at once.
            await runs.move(session, run.id, again, now)
    if taken:
        await store.change(session, campaign_id, state=state)
        await log(session, who, "campaigns.retry", service.about(campaign_id), now)
        await wake_bulk(session)
    return taken


async def resolve(
    session: Session,
    campaign_id: int,
    decision: Decision,
    by: Member | None,
    now: datetime,
    limit: int = BATCH,
) -> int:
    """Send uncertain rows once more, or leave them; gives how many this unit took."""
    who = service.allowed(by)
    campaign = await service.hold(session, campaign_id)
    if decision is Decision.RESEND:
        lifecycle.may_resend(campaign)
    taken = 0
    if decision is Decision.RESEND:
        which: Sequence[Run] = await _not_too_old(session, campaign_id, now)
    else:
        which = await runs.of_campaign(session, campaign_id)
    for run in which:
        taken += await deciding.resolve(session, run.id, decision, limit - taken, now)
    if taken:
        act = f"campaigns.resolve.{decision}"
        await log(session, who, act, service.about(campaign_id), now)
        await wake_bulk(session)
    return taken


async def _not_too_old(session: Session, campaign_id: int, now: datetime) -> list[Run]:
    """The runs of which something may still leave; refused when all of them are too old."""
    idle = (RunState.CANCELLED, RunState.MISSED)
    found = [run for run in await runs.of_campaign(session, campaign_id) if run.state not in idle]
    fresh = [run for run in found if not run.is_stale(now)]
    lifecycle.refuse_stale(stale=bool(found) and not fresh)
    return fresh
