"""What staff do with campaigns. Each function runs inside one unit of its caller."""

from datetime import UTC, datetime

from campaigns import lifecycle, store, tick
from campaigns.audience.audiences import expanded, known
from campaigns.audience.language import parse
from campaigns.brakes.halting import put_on_hold
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.files import media
from campaigns.lifecycle import is_stale
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import After, At, AtLocal, Schedule
from campaigns.schedule.occurrences import Occurrence, last_instant, next_occurrence
from campaigns.sheet import reckoning
from campaigns.warnings import service as warnings
from contacts.zones import zones_present
from db.session import Session
from delivery import runs, senders
from delivery.runs import Run, RunState
from delivery.service import wake_bulk
from kit.errors import NotFound, Refused
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def create(
    session: Session,
    draft: CampaignDraft,
    author: Member,
    now: datetime,
    *,
    as_draft: bool = False,
) -> int:
    """Keep what somebody wrote and put it before somebody else's eyes, unless it is to stay a
    draft for now; gives its id."""
    require(author, Right.WRITE_CAMPAIGNS)
    state = lifecycle.created(as_draft=as_draft)
    await check(session, draft)
    await _check_files(session, draft)
    campaign_id = await store.add(session, draft, state, author.id, now)
    session.wake(reckoning.RECKON, str(campaign_id))
    await log(session, author.id, "campaigns.create", about(campaign_id), now)
    return campaign_id


async def submit(
    session: Session, campaign_id: int, by: Member | None, now: datetime
) -> CampaignState:
    """Put a draft before somebody else's eyes."""
    who = allowed(by)
    state = lifecycle.submitted(await hold(session, campaign_id))
    await store.change(session, campaign_id, state=state)
    await log(session, who, "campaigns.submit", about(campaign_id), now)
    return state


async def edit(
    session: Session, campaign_id: int, draft: CampaignDraft, editor: Member, now: datetime
) -> CampaignState:
    """Put another draft in the place of a campaign's. Whoever had approved it reads it again."""
    require(editor, Right.WRITE_CAMPAIGNS)
    campaign = await hold(session, campaign_id)
    state = lifecycle.edited(campaign, under_way=bool(await open_runs(session, campaign_id)))
    await check(session, draft, campaign_id)
    await _check_files(session, draft)
    await store.rewrite(session, campaign_id, draft, state, campaign.editors | {editor.id})
    if isinstance(draft.schedule, After) and draft.schedule == campaign.draft.schedule:
        # Who joins while it is read again gets it, too.
        await store.change(session, campaign_id, **store.due_columns(campaign.due))
    session.wake(reckoning.RECKON, str(campaign_id))
    await log(session, editor.id, "campaigns.edit", about(campaign_id), now)
    return state


async def approve(
    session: Session,
    campaign_id: int,
    approver: Member,
    now: datetime,
    conduct: Conduct = AT_ONCE,
    fingerprint: str = "",
) -> CampaignState:
    """Somebody other than the author says yes to exactly this; arms the schedule.

    `fingerprint` is what the content hash of the draft that was read begins with; Refused when
    another stands in its place by now.
    """
    require(approver, Right.APPROVE_CAMPAIGNS)
    campaign = await hold(session, campaign_id)
    if not campaign.draft.content_hash.startswith(fingerprint):
        raise Refused(_("campaigns.another_draft"), id=campaign_id)
    first = campaign.due or await _first(session, campaign.draft.schedule, now, conduct)
    last = None if first is None else last_instant(first, await zones_present(session))
    state = lifecycle.approved(campaign, approver.id, first, now, last)
    draft = campaign.draft
    if await media.files_of(session, draft.contents, draft.channels, conduct.bot) is None:
        raise Refused(_("campaigns.media.untested"), id=campaign_id)
    armed = state is CampaignState.SCHEDULED
    await store.change(
        session,
        campaign_id,
        state=state,
        approver_id=approver.id,
        approved_hash=campaign.draft.content_hash,
        approved_audience=await tick.audience_print(session, campaign.draft),
        stopped_for=None,
        **store.due_columns(first if armed else None),
    )
    await log(session, approver.id, "campaigns.approve", about(campaign_id), now)
    if campaign.draft.kind is CampaignClass.EMERGENCY:
        # Why people are written to at night: the reason stands in the campaign itself.
        await log(session, approver.id, "campaigns.emergency", about(campaign_id), now)
    return state


async def start(
    session: Session,
    campaign_id: int,
    by: Member | None,
    now: datetime,
    conduct: Conduct = AT_ONCE,
) -> CampaignState:
    """Let an approved campaign go: its run opens, and its audience is frozen from now on.

    One of which Telegram holds a file no longer goes back to be tested and approved again.
    """
    who = allowed(by)
    campaign = await hold(session, campaign_id)
    state = lifecycle.started(campaign)
    if not await tick.is_as_approved(session, campaign):
        raise Refused(_("campaigns.altered"))
    schedule, zones = campaign.draft.schedule, await zones_present(session)
    # By each recipient's clock: those for whom it is not yet time still get it at their time.
    local = schedule.at if isinstance(schedule, AtLocal) else None
    time = Occurrence(schedule.due_at if isinstance(schedule, At) else now, local)
    once = isinstance(schedule, At | AtLocal)
    lifecycle.refuse_stale(stale=once and is_stale(campaign, last_instant(time, zones), now))
    if await tick.sent_back(session, campaign, conduct, now):
        return CampaignState.REVIEW
    await store.change(session, campaign_id, state=state)
    # Somebody decides that it is worth it still: only what the file calls stale is not.
    grace, times = campaign.draft.stale_after, [Occurrence(now, local)]
    await tick.open_run(session, campaign, times, conduct, now, grace=grace)
    await log(session, who, "campaigns.start", about(campaign_id), now)
    return state


async def pause(
    session: Session, campaign_id: int, by: Member | None, now: datetime
) -> CampaignState:
    """Let nothing of it leave. A freezing goes on: it sends nothing."""
    who = allowed(by)
    state = await put_on_hold(session, await hold(session, campaign_id), now)
    await log(session, who, "campaigns.pause", about(campaign_id), now)
    return state


async def resume(
    session: Session, campaign_id: int, by: Member | None, now: datetime
) -> CampaignState:
    """Let it go on where it stood. Whoever resumes what its cohort stopped has decided for all."""
    who = allowed(by)
    campaign = await hold(session, campaign_id)
    standing = await open_runs(session, campaign_id)
    if standing:
        # One that repeats goes on with its next time; what is too old of this one is settled.
        stale = campaign.due is None and all(run.is_stale(now) for run in standing)
    else:
        stale = await _is_past(session, campaign, now)
    state = lifecycle.resumed(campaign, under_way=bool(standing), stale=stale)
    await store.change(session, campaign_id, state=state, stopped_for=None)
    for run in standing:
        if campaign.stopped_for is not None:
            await runs.release(session, run.id, watched=False)
        if run.state is RunState.PAUSED:
            await runs.move(session, run.id, RunState.SENDING, now)
    # Whoever resumes says that the senders are mended; three refusals say that they are not.
    await senders.close_breakers(session, campaign.draft.channels)
    await wake_bulk(session)
    await log(session, who, "campaigns.resume", about(campaign_id), now)
    return state


async def cancel(
    session: Session, campaign_id: int, by: Member | None, now: datetime
) -> CampaignState:
    """End it. Rows that have not left become `skipped`, in batches, after this unit."""
    who = allowed(by)
    campaign = await hold(session, campaign_id)
    state = lifecycle.cancelled(campaign)
    await store.change(session, campaign_id, state=state, **store.due_columns(None))
    for run in await open_runs(session, campaign_id):
        await runs.move(session, run.id, RunState.CANCELLED, now)
        session.wake(tick.SWEEP, str(run.id))
    await log(session, who, "campaigns.cancel", about(campaign_id), now)
    return state


async def get(session: Session, campaign_id: int) -> Campaign:
    """A campaign by id; NotFound when there is none."""
    campaign = await store.get(session, campaign_id)
    if campaign is None:
        raise NotFound(_("campaigns.unknown"), id=campaign_id)
    return campaign


async def seen_by(session: Session, campaign_id: int, member: Member) -> Campaign:
    """A campaign by id, for somebody to look at; Refused when their role does not see any."""
    require(member, Right.SEE_CAMPAIGNS)
    return await get(session, campaign_id)


async def hold(session: Session, campaign_id: int) -> Campaign:
    """A campaign by id, to change it or its runs; NotFound when there is none."""
    campaign = await store.hold(session, campaign_id)
    if campaign is None:
        raise NotFound(_("campaigns.unknown"), id=campaign_id)
    return campaign


async def open_runs(session: Session, campaign_id: int) -> list[Run]:
    return [*await runs.open_of(session, campaign_id)]


async def check(session: Session, draft: CampaignDraft, campaign_id: int | None = None) -> None:
    """What of a draft only the database can tell: saved audiences, other campaigns, keywords."""
    await known(session, await expanded(session, parse(draft.audience)))
    if draft.warning is not None:
        await warnings.check(session, draft.warning)
    if draft.keyword is None:
        return
    taken = await store.with_keyword(session, draft.keyword, campaign_id)
    if taken is not None:
        raise Refused(_("campaigns.keyword_taken"), keyword=draft.keyword, id=taken)


async def _check_files(session: Session, draft: CampaignDraft) -> None:
    """A file is stored before the campaign that it goes with."""
    for gone in await media.absent(session, draft.contents):
        raise Refused(_("campaigns.media.gone"), name=gone.name)


async def _first(
    session: Session, schedule: Schedule, now: datetime, conduct: Conduct
) -> Occurrence | None:
    """When a schedule fires first: also a single time that has passed already."""
    zones = await zones_present(session)
    if isinstance(schedule, At):
        return Occurrence(schedule.due_at)
    if isinstance(schedule, AtLocal):
        return next_occurrence(schedule, LONG_AGO, zones, conduct.calendar)
    return next_occurrence(schedule, now, zones, conduct.calendar)


async def _is_past(session: Session, campaign: Campaign, now: datetime) -> bool:
    """Whether what is scheduled once would be too old to leave, to anybody."""
    if campaign.due is None or not isinstance(campaign.draft.schedule, At | AtLocal):
        return False
    return is_stale(campaign, last_instant(campaign.due, await zones_present(session)), now)


def allowed(by: Member | None) -> int | None:
    """The id, for the audit, of who does something to a campaign; Refused when their role does not
    allow it. None is whoever holds the machine, at its command line."""
    if by is None:
        return None
    require(by, Right.WRITE_CAMPAIGNS)
    return by.id


def about(campaign_id: int) -> str:
    """What the audit calls a campaign."""
    return f"campaign:{campaign_id}"
