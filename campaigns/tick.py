"""What the clock and its jobs do to campaigns, each call one short step inside one unit.

Whoever changes a campaign or one of its runs holds the campaign's row first, so that a pause, a
cancel and a step of the freezing never overtake each other on PostgreSQL.
"""

from datetime import datetime

from campaigns import ledger, lifecycle, store
from campaigns.audience import parse
from campaigns.ledger import Ledger
from campaigns.model import Campaign, CampaignState
from campaigns.selection import condition, subscribed
from db.session import Session
from delivery import runs, senders
from delivery.model import Skip
from delivery.runs import NewRun, Run, RunState
from delivery.service import wake_bulk

FREEZE = "campaigns.freeze"
"""The job that writes the ledger of a run; its key is the run's id."""

SWEEP = "campaigns.sweep"
"""The job that settles what will not leave any more of a run; its key is the run's id."""

BATCH = 1_000
"""Contacts or rows that one unit takes: some 15 ms on SQLite, more when the machine is busy. A
hundred milliseconds is the longest that an SOS may wait; DESIGN §5 allows 20,000, which take a
quarter of a second."""


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: fire what is due, close what is over, wake what stands still."""
    await fire_due(session, now)
    await finish(session, now)
    for standing in await runs.in_state(session, RunState.FREEZING):
        session.wake(FREEZE, str(standing.id))
    for run_id in await store.cancelled_with_rows(session):
        session.wake(SWEEP, str(run_id))
    for standing in await runs.in_state(session, RunState.SENDING):
        campaign = await store.get(session, standing.campaign_id)
        if campaign is not None and lifecycle.is_stale(campaign, standing.due_at, now):
            session.wake(SWEEP, str(standing.id))


async def fire_due(session: Session, now: datetime) -> None:
    """Open a run for each scheduled campaign whose time has come."""
    for campaign in await store.due(session, now):
        state = lifecycle.fired(campaign)
        await store.change(session, campaign.id, state=state, due_at=None)
        if state is CampaignState.SENDING:
            await open_run(session, campaign, campaign.due_at or now, now)


async def open_run(session: Session, campaign: Campaign, due_at: datetime, now: datetime) -> None:
    """Start one firing, unless somebody else has started this very one."""
    contents = {
        language: wording.content() for language, wording in campaign.draft.contents.items()
    }
    limit = campaign.draft.stale_after
    new = NewRun(
        campaign.id,
        due_at,
        contents,
        topic=campaign.draft.topic,
        channels=campaign.draft.channels,
        stale_at=None if limit is None else due_at + limit,
    )
    run_id = await runs.open_run(session, new, now)
    if run_id is not None:
        session.wake(FREEZE, str(run_id))


async def freeze_step(session: Session, run_id: int, now: datetime, limit: int = BATCH) -> bool:
    """Write the ledger for the next contacts of a run; says whether there may be more.

    After the last of them the run sends, or waits when its campaign was paused meanwhile. A step
    that is lost with its process is done again from where the last commit stands.
    """
    held = await _held(session, run_id)
    if held is None or held[1].state is not RunState.FREEZING:
        return False
    campaign, run = held
    batch = await ledger.next_batch(session, run.frozen_through, limit)
    if batch is not None:
        await ledger.write(session, await _ledger(session, campaign, run, now), batch, now)
        await runs.move(session, run.id, run.state, now, frozen_through=batch.through)
        return True
    if campaign.state is CampaignState.PAUSED:
        await runs.move(session, run.id, RunState.PAUSED, now)
        return False
    await runs.move(session, run.id, RunState.SENDING, now)
    await wake_bulk(session)
    return False


async def sweep_step(session: Session, run_id: int, now: datetime, limit: int = BATCH) -> bool:
    """Settle rows of a run that was cancelled or is too old; says whether there may be more."""
    held = await _held(session, run_id)
    if held is None:
        return False
    campaign, run = held
    if run.state is RunState.CANCELLED:
        reason = Skip.CANCELLED
    elif run.state is RunState.SENDING and lifecycle.is_stale(campaign, run.due_at, now):
        reason = Skip.STALE
    else:
        return False
    return await store.skip_pending(session, run.id, reason, limit, now) == limit


async def finish(session: Session, now: datetime) -> None:
    """Close each run of which every row has settled, and its campaign with it."""
    for sending in await runs.in_state(session, RunState.SENDING):
        if await store.has_unsettled(session, sending.id):
            continue
        held = await _held(session, sending.id)
        if held is None or held[1].state is not RunState.SENDING:
            continue
        campaign, run = held
        await runs.move(session, run.id, RunState.DONE, now)
        await store.change(session, campaign.id, state=CampaignState.DONE)


async def _held(session: Session, run_id: int) -> tuple[Campaign, Run] | None:
    """A run as it stands while its campaign is held."""
    run = await runs.get(session, run_id)
    campaign = None if run is None else await store.hold(session, run.campaign_id)
    run = None if campaign is None else await runs.get(session, run_id)
    return None if campaign is None or run is None else (campaign, run)


async def _ledger(session: Session, campaign: Campaign, run: Run, now: datetime) -> Ledger:
    draft = campaign.draft
    return Ledger(
        run_id=run.id,
        chosen=condition(parse(draft.audience)),
        agreed=subscribed(draft.topic),
        channels=draft.channels,
        senders={channel: await senders.ordinary(session, channel) for channel in draft.channels},
        languages=draft.contents.keys(),
        due_at=run.due_at,
        stale=lifecycle.is_stale(campaign, run.due_at, now),
    )
