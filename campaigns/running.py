"""A run from its first row to its last: its ledger written, what will not leave settled, closed.

Each call is one short step inside one unit, and holds the row of the campaign first.
"""

from datetime import datetime

from campaigns import ledger, lifecycle, store
from campaigns.audience.language import parse
from campaigns.audience.selection import condition, subscribed
from campaigns.brakes.cohort import unpacked_cohort
from campaigns.conduct import WEEK
from campaigns.figures import gathering
from campaigns.ledger import Batch, Ledger, got_many
from campaigns.model import Campaign, CampaignState
from campaigns.schedule.dues import Dues
from campaigns.schedule.occurrences import Occurrence, instants
from contacts.model import DEFAULT_ZONE, Topic
from contacts.zones import zones_present
from db.session import Session
from delivery import runs, senders
from delivery.model import Skip
from delivery.quiet import opening
from delivery.runs import Run, RunState
from delivery.service import wake_bulk

BATCH = 1_000
"""Contacts or rows that one unit takes: some 15 ms on SQLite, more when the machine is busy. A
hundred milliseconds is the longest that an SOS may wait; DESIGN §5 allows 20,000, which take a
quarter of a second."""


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
        await ledger.write(session, await _ledger(session, run, batch, now), batch, now)
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
    _, run = held
    if run.state is RunState.CANCELLED:
        reason = Skip.CANCELLED
    elif run.state is RunState.SENDING and run.is_stale(now):
        reason = Skip.STALE
    else:
        return False
    return await store.skip_pending(session, run.id, reason, limit, now) == limit


async def finish(session: Session, now: datetime) -> None:
    """Close each run of which every row has settled, and with the last of them its campaign."""
    for sending in await runs.in_state(session, RunState.SENDING):
        if await store.has_unsettled(session, sending.id):
            continue
        held = await _held(session, sending.id)
        if held is None or held[1].state is not RunState.SENDING:
            continue
        campaign, run = held
        if await store.has_unsettled(session, run.id):
            # Somebody let failures go again before we held it.
            continue
        await runs.move(session, run.id, RunState.DONE, now)
        session.wake(gathering.GATHER, str(run.id))
        others = await runs.of_campaign(session, campaign.id)
        if all(one.is_over for one in others) and campaign.state is CampaignState.SENDING:
            await store.change(session, campaign.id, state=lifecycle.finished(campaign))


async def _held(session: Session, run_id: int) -> tuple[Campaign, Run] | None:
    """A run as it stands while its campaign is held."""
    run = await runs.get(session, run_id)
    campaign = None if run is None else await store.hold(session, run.campaign_id)
    run = None if campaign is None else await runs.get(session, run_id)
    return None if campaign is None or run is None else (campaign, run)


async def _ledger(session: Session, run: Run, batch: Batch, now: datetime) -> Ledger:
    contents = await runs.languages(session, run.id)
    # How often a campaign itself leaves is what somebody approved.
    others = await runs.since(session, now - WEEK, but=run.campaign_id)
    return Ledger(
        run_id=run.id,
        chosen=condition(parse(run.audience, frozen=True), (batch.after, batch.through)),
        agreed=subscribed(Topic(run.topic)),
        channels=run.channels,
        senders={channel: await senders.ordinary(session, channel) for channel in run.channels},
        languages=contents,
        dues=await _dues(session, run),
        stale=run.is_stale(now),
        missed_zones=run.missed_zones,
        full=None if run.most_a_week is None else got_many(others, run.most_a_week, batch),
    )


async def _dues(session: Session, run: Run) -> Dues:
    """When its rows are due: by each recipient's clock if that decides, and within its hours."""
    zones = {*await zones_present(session), DEFAULT_ZONE}
    due = instants(Occurrence(run.due_at, run.local_due), zones)
    if run.hours is not None:
        due = {zone: opening(max(at, run.started_at), zone, run.hours) for zone, at in due.items()}
    if run.cohort is None or run.cohort_until is None:
        return Dues(due, due[DEFAULT_ZONE])
    share = unpacked_cohort(run.cohort).share
    return Dues(due, due[DEFAULT_ZONE], share, run.cohort_until)
