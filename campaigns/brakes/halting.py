"""Nothing of a campaign leaves until somebody resumes it: a person's act, or our own."""

from datetime import datetime

from campaigns import lifecycle, store
from campaigns.model import Campaign, CampaignState
from db.session import Session
from delivery import runs
from delivery.runs import RunState


async def put_on_hold(session: Session, campaign: Campaign, now: datetime) -> CampaignState:
    """Pause a campaign that this unit holds, with all its runs. A freezing goes on: it sends
    nothing, and the run waits after it."""
    state = lifecycle.paused(campaign)
    await store.change(session, campaign.id, state=state)
    for run in await runs.of_campaign(session, campaign.id):
        if run.state is RunState.SENDING:
            await runs.move(session, run.id, RunState.PAUSED, now)
    return state
