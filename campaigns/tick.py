"""What the clock and its jobs do to campaigns, each call one short step inside one unit.

Whoever changes a campaign or one of its runs holds the campaign's row first, so that a pause, a
cancel and a step of the freezing never overtake each other on PostgreSQL.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from campaigns import ledger, lifecycle, store, telling
from campaigns.audience.audiences import expanded
from campaigns.audience.language import AudienceError, parse, written
from campaigns.audience.selection import condition, subscribed
from campaigns.brakes import watching
from campaigns.brakes.cohort import unpacked_cohort
from campaigns.conduct import AT_ONCE, WEEK, Conduct
from campaigns.content import placeholders
from campaigns.figures import gathering
from campaigns.files import media
from campaigns.ledger import Ledger, got_many
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.dues import Dues
from campaigns.schedule.model import After, Schedule
from campaigns.schedule.occurrences import (
    Occurrence,
    between,
    instants,
    last_instant,
    next_occurrence,
    window,
)
from campaigns.warnings import service as warnings
from contacts.model import DEFAULT_ZONE, Topic
from contacts.zones import zones_present
from db.session import Session
from delivery import runs, senders
from delivery.content import Attachment, Content
from delivery.model import Skip
from delivery.quiet import Hours, opening
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


async def wake_due(session: Session, now: datetime, conduct: Conduct = AT_ONCE) -> None:
    """What the reconciler asks: fire what is due, close what is over, wake what stands still."""
    await fire_due(session, now, conduct)
    await watching.watch_cohorts(session, now)
    await finish(session, now)
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
        if await _is_for_somebody(session, schedule, leaving):
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
    whole = written(await expanded(session, parse(draft.audience)))
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


async def _is_for_somebody(
    session: Session, schedule: Schedule, times: Sequence[Occurrence]
) -> bool:
    """Whether to open a run at all: of a series, only when somebody joined then."""
    joined = _joined(schedule, times) if times else None
    return bool(times) and (
        joined is None or await store.first_joined(session, *joined) is not None
    )


def _joined(schedule: Schedule, times: Sequence[Occurrence]) -> tuple[datetime, datetime] | None:
    """Whom times of a series that follow each other are for, by when they joined."""
    first, last = window(schedule, times[0]), window(schedule, times[-1])
    return None if first is None or last is None else (first[0], last[1])


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
    run_id = await _open(session, campaign, times, conduct, now, until=until, missed=missed)
    if run_id is not None:
        if missed:
            await telling.tell_partly_missed(session, campaign, now)
        await placeholders.freeze(session, run_id, campaign.draft.contents)
        await warnings.publish(session, campaign, _in_public(campaign), now)
        session.wake(FREEZE, str(run_id))


async def _open(
    session: Session,
    campaign: Campaign,
    times: Sequence[Occurrence],
    conduct: Conduct,
    now: datetime,
    state: RunState = RunState.FREEZING,
    until: datetime | None = None,
    missed: frozenset[str] = frozenset(),
) -> int | None:
    draft, at = campaign.draft, times[-1]
    joined = _joined(draft.schedule, times)
    first = None if joined is None else await store.first_joined(session, *joined)
    zones = await zones_present(session)
    hours = conduct.hours_of(draft)
    by_zone = instants(at, {*zones, DEFAULT_ZONE})
    latest = max(by_zone.values())
    # Each zone has some of the first few: the others wait until the last of them may have it.
    began = max(_opened(max(due, now), zone, hours) for zone, due in by_zone.items())
    files = await media.files_of(session, draft.contents, draft.channels, conduct.bot)
    stale_at = None if draft.stale_after is None else latest + draft.stale_after
    if until is not None:
        stale_at = until if stale_at is None else min(stale_at, until)
    new = NewRun(
        campaign.id,
        at.due_at,
        _contents(campaign, files or {}),
        topic=draft.topic,
        channels=draft.channels,
        stale_at=stale_at,
        frozen_through=0 if first is None else first - 1,
        audience=await _audience(session, draft, joined),
        local_due=at.local,
        fresh_for=None if at.local is None else draft.stale_after,
        missed_zones=missed,
        hours=hours,
        most_a_week=None if draft.kind is CampaignClass.EMERGENCY else conduct.most_a_week,
        cohort=None if draft.cohort is None else draft.cohort.packed(),
        cohort_until=None if draft.cohort is None else began + draft.cohort.wait,
    )
    return await runs.open_run(session, new, now, state)


def _opened(at: datetime, zone: str, hours: Hours | None) -> datetime:
    return at if hours is None else opening(at, zone, hours)


def _contents(campaign: Campaign, files: Mapping[str, Attachment]) -> Mapping[str, Content]:
    """What each wording says as the ledger keeps it, with its file if it is among `files`."""
    return {
        language: wording.content(
            campaign.id, files.get(wording.media.sha256) if wording.media else None
        )
        for language, wording in campaign.draft.contents.items()
    }


def _in_public(campaign: Campaign) -> Mapping[str, Content]:
    """What each wording says to whoever reads a warning: links written out, and no question that
    nobody could answer there."""
    wordings = campaign.draft.contents.items()
    return {language: Content(chat=said.plain, sms=said.plain) for language, said in wordings}


async def _audience(
    session: Session, draft: CampaignDraft, joined: tuple[datetime, datetime] | None
) -> str:
    """Whom a firing is for, without a name of a saved audience that may change meanwhile."""
    chosen = written(await expanded(session, parse(draft.audience)))
    if joined is None:
        return chosen
    since, until = (instant.astimezone(UTC).isoformat() for instant in joined)
    return f'({chosen}) and joined:">={since}" and joined:"<{until}"'


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
        await ledger.write(session, await _ledger(session, run, now), batch, now)
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


async def _ledger(session: Session, run: Run, now: datetime) -> Ledger:
    contents = await runs.languages(session, run.id)
    # How often a campaign itself leaves is what somebody approved.
    others = await runs.since(session, now - WEEK, but=run.campaign_id)
    return Ledger(
        run_id=run.id,
        chosen=condition(parse(run.audience, frozen=True)),
        agreed=subscribed(Topic(run.topic)),
        channels=run.channels,
        senders={channel: await senders.ordinary(session, channel) for channel in run.channels},
        languages=contents,
        dues=await _dues(session, run),
        stale=run.is_stale(now),
        missed_zones=run.missed_zones,
        full=None if run.most_a_week is None else got_many(others, run.most_a_week),
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
