"""What the clock does to campaigns, each call one short step inside one unit.

Whoever changes a campaign or one of its runs holds the campaign's row first, so that a pause, a
cancel and a step of the freezing never overtake each other on PostgreSQL.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from campaigns import firing, lifecycle, running, store, telling
from campaigns.audience.language import AudienceError
from campaigns.brakes import watching
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.content import placeholders
from campaigns.files import media
from campaigns.model import Campaign, CampaignDraft, CampaignState
from campaigns.schedule.model import After, Schedule
from campaigns.schedule.occurrences import (
    Occurrence,
    between,
    instants,
    last_instant,
    next_occurrence,
)
from campaigns.warnings import service as warnings
from contacts.model import DEFAULT_ZONE
from contacts.zones import zones_present
from db.session import Session
from delivery import runs
from delivery.runs import RunState

FREEZE = "campaigns.freeze"
"""The job that writes the ledger of a run; its key is the run's id."""

SWEEP = "campaigns.sweep"
"""The job that settles what will not leave any more of a run; its key is the run's id."""


async def wake_due(session: Session, now: datetime, conduct: Conduct = AT_ONCE) -> None:
    """What the reconciler asks: fire what is due, close what is over, wake what stands still."""
    await fire_due(session, now, conduct)
    await watching.watch_cohorts(session, now)
    await running.finish(session, now)
    for standing in await runs.in_state(session, RunState.FREEZING):
        session.wake(FREEZE, str(standing.id))
    for run_id in await store.cancelled_with_rows(session):
        session.wake(SWEEP, str(run_id))
    for standing in await runs.in_state(session, RunState.SENDING):
        if standing.is_stale(now):
            session.wake(SWEEP, str(standing.id))


async def fire_due(session: Session, now: datetime, conduct: Conduct = AT_ONCE) -> None:
    """Open a run for each campaign whose time has come.

    Of several times that have passed meanwhile only the last one still leaves, if that is not too
    long ago: nobody gets last night's hourly message eight times. The others are kept as missed,
    and the author is told. By the recipients' clocks a time is not over before it is in the last
    zone; people of zones where it is get nothing. Times of a series are each for other people, so
    all of them leave as one.
    """
    for campaign in await store.due(session, now):
        if campaign.due is None:
            continue
        if not await is_as_approved(session, campaign):
            # One that nobody can send any more stops no other.
            state = CampaignState.REVIEW
            await store.change(session, campaign.id, state=state, **store.due_columns(None))
            await telling.tell_altered(session, campaign, now)
            continue
        if await sent_back(session, campaign, conduct, now):
            continue
        schedule, zones = campaign.draft.schedule, await zones_present(session)
        passed = between(schedule, campaign.due, now, zones, conduct.calendar)
        following = next_occurrence(schedule, passed[-1], zones, conduct.calendar)
        grace = conduct.grace_of(campaign.draft)
        # Not by the usual zone as well: nobody may live there.
        late = [one for one in passed if now <= last_instant(one, zones) + grace]
        leaving = late if isinstance(schedule, After) else late[-1:]
        missed = [one for one in passed if one not in leaving]
        await runs.keep_missed(session, campaign.id, [one.due_at for one in missed], now)
        state = campaign.state
        if await firing.is_for_somebody(session, schedule, leaving):
            state = CampaignState.SENDING
            until = _replaced_at(schedule, following, zones)
            await open_run(session, campaign, leaving, conduct, now, until, grace)
        elif not leaving and state is CampaignState.SCHEDULED:
            last = last_instant(passed[-1], zones)
            state = lifecycle.after_missing(campaign, following, last, now)
        await store.change(session, campaign.id, state=state, **store.due_columns(following))
        if missed:
            await telling.tell_missed(session, campaign, missed, now)
            # Going through many times takes a while: the other campaigns come in the next unit.
            return


async def is_as_approved(session: Session, campaign: Campaign) -> bool:
    """Whether nothing has changed since the approval, nor any saved audience that it names."""
    try:
        found = await audience_print(session, campaign.draft)
    except AudienceError:
        return False
    known = campaign.approved_audience
    return campaign.is_as_approved and (known is None or known == found)


async def audience_print(session: Session, draft: CampaignDraft) -> str:
    """A fingerprint (SHA-256, hex) of an audience with every saved one put in."""
    whole = await firing.whole_audience(session, draft)
    return hashlib.sha256(whole.encode()).hexdigest()


async def sent_back(session: Session, campaign: Campaign, conduct: Conduct, now: datetime) -> bool:
    """Whether a campaign goes back to review because the bot has no name for a file of it: another
    bot has taken the place of the one that it was tested with. Its writers are told."""
    draft = campaign.draft
    if await media.files_of(session, draft.contents, draft.channels, conduct.bot) is not None:
        return False
    state = CampaignState.REVIEW
    await store.change(session, campaign.id, state=state, **store.due_columns(None))
    await telling.tell_no_file(session, campaign, now)
    return True


def _replaced_at(
    schedule: Schedule, following: Occurrence | None, zones: Collection[str]
) -> datetime | None:
    """From when on nobody is to get what is left of a time any more, because the next one is there
    for the same people: else all times of a night would arrive together in the morning."""
    if following is None or isinstance(schedule, After):
        return None
    return last_instant(following, {*zones, DEFAULT_ZONE})


def _missed_zones(
    one: Occurrence, zones: Collection[str], grace: timedelta | None, now: datetime
) -> frozenset[str]:
    """Where a time by the recipients' clocks had come longer than `grace` ago before anything
    left."""
    if one.local is None or grace is None:
        return frozenset()
    return frozenset(zone for zone, at in instants(one, zones).items() if now > at + grace)


async def open_run(
    session: Session,
    campaign: Campaign,
    times: Sequence[Occurrence],
    conduct: Conduct,
    now: datetime,
    until: datetime | None = None,
    grace: timedelta | None = None,
) -> None:
    """Start one firing, for one time of a schedule or several of a series, unless somebody else
    has started this very one.

    By the recipients' clocks nobody gets it whose hour came longer than `grace` ago, and its
    writers are told; without one everybody does.
    """
    zones = await zones_present(session)
    missed = _missed_zones(times[-1], zones, grace, now)
    new = await firing.new_run(session, campaign, times, conduct, now, until, missed)
    run_id = await runs.open_run(session, new, now)
    if run_id is not None:
        if missed:
            await telling.tell_partly_missed(session, campaign, now)
        await placeholders.freeze(session, run_id, campaign.draft.contents)
        await warnings.publish(session, campaign, firing.in_public(campaign), now)
        session.wake(FREEZE, str(run_id))
