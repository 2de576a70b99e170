"""What staff do with campaigns. Each function runs inside one unit of its caller."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from campaigns import ledger, lifecycle, store, tick
from campaigns.audience import parse
from campaigns.model import Campaign, CampaignDraft, CampaignState
from campaigns.schedule import At
from campaigns.selection import condition, subscribed
from db.session import Session
from delivery import runs, senders, tally
from delivery.model import Skip, State
from delivery.runs import Run, RunState
from delivery.segments import Segments, measure
from delivery.service import wake_bulk
from kit.channels import Channel
from kit.errors import NotFound, Refused
from locales.text import _
from staff.model import Member, Right
from staff.store import log


@dataclass(frozen=True, slots=True)
class Status:
    """Where a campaign stands, and how many rows of its ledger stand in each state.

    `held_until`: until then all campaigns stand back for urgent messages. `broken`: senders of its
    channels that are out of order.
    """

    campaign: Campaign
    counts: dict[State, int]
    held_until: datetime | None = None
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How many contacts an audience has, and by which way each would be reached.

    `by_channel` and `by_language` count those who would be sent something, each once; `excluded`
    those who would not, by reason.
    """

    total: int
    by_channel: dict[Channel, int]
    by_language: dict[str, int]
    excluded: dict[Skip, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a campaign costs in each language by SMS, and whom it reaches."""

    sms: dict[str, Segments]
    reach: Reach


async def create(session: Session, draft: CampaignDraft, author: Member, now: datetime) -> int:
    """Keep what somebody wrote and put it before somebody else's eyes; gives its id."""
    _allowed(author, Right.WRITE_CAMPAIGNS)
    state = lifecycle.submitted()
    campaign_id = await store.add(session, draft, state, author.id, now)
    await log(session, author.id, "campaigns.create", about(campaign_id), now)
    return campaign_id


async def approve(
    session: Session, campaign_id: int, approver: Member, now: datetime
) -> CampaignState:
    """Somebody other than the author says yes to exactly this; arms the schedule."""
    _allowed(approver, Right.APPROVE_CAMPAIGNS)
    campaign = await hold(session, campaign_id)
    state = lifecycle.approved(campaign, approver.id, now)
    schedule = campaign.draft.schedule
    armed = state is CampaignState.SCHEDULED
    due_at = schedule.due_at if armed and isinstance(schedule, At) else None
    await store.change(
        session,
        campaign_id,
        state=state,
        approver_id=approver.id,
        approved_hash=campaign.draft.content_hash,
        due_at=due_at,
    )
    await log(session, approver.id, "campaigns.approve", about(campaign_id), now)
    return state


async def start(session: Session, campaign_id: int, now: datetime) -> CampaignState:
    """Let an approved campaign go: its run opens, and its audience is frozen from now on."""
    campaign = await hold(session, campaign_id)
    state = lifecycle.started(campaign)
    await store.change(session, campaign_id, state=state)
    await tick.open_run(session, campaign, now, now)
    await log(session, None, "campaigns.start", about(campaign_id), now)
    return state


async def pause(session: Session, campaign_id: int, now: datetime) -> CampaignState:
    """Let nothing of it leave. A freezing goes on: it sends nothing."""
    campaign = await hold(session, campaign_id)
    state = await put_on_hold(session, campaign, now)
    await log(session, None, "campaigns.pause", about(campaign_id), now)
    return state


async def put_on_hold(session: Session, campaign: Campaign, now: datetime) -> CampaignState:
    """Pause a campaign that this unit holds."""
    state = lifecycle.paused(campaign)
    await store.change(session, campaign.id, state=state)
    for run in await _open_runs(session, campaign.id):
        if run.state is RunState.SENDING:
            await runs.move(session, run.id, RunState.PAUSED, now)
    return state


async def resume(session: Session, campaign_id: int, now: datetime) -> CampaignState:
    """Let it go on where it stood."""
    campaign = await hold(session, campaign_id)
    standing = await _open_runs(session, campaign_id)
    fired_at = standing[-1].due_at if standing else None
    state = lifecycle.resumed(campaign, fired_at, now)
    await store.change(session, campaign_id, state=state)
    for run in standing:
        if run.state is RunState.PAUSED:
            await runs.move(session, run.id, RunState.SENDING, now)
    # Whoever resumes says that the senders are mended; three refusals say that they are not.
    await senders.close_breakers(session, campaign.draft.channels)
    await wake_bulk(session)
    await log(session, None, "campaigns.resume", about(campaign_id), now)
    return state


async def cancel(session: Session, campaign_id: int, now: datetime) -> CampaignState:
    """End it. Rows that have not left become `skipped`, in batches, after this unit."""
    campaign = await hold(session, campaign_id)
    state = lifecycle.cancelled(campaign)
    await store.change(session, campaign_id, state=state, due_at=None)
    for run in await _open_runs(session, campaign_id):
        await runs.move(session, run.id, RunState.CANCELLED, now)
        session.wake(tick.SWEEP, str(run.id))
    await log(session, None, "campaigns.cancel", about(campaign_id), now)
    return state


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
    )


async def get(session: Session, campaign_id: int) -> Campaign:
    """A campaign by id; NotFound when there is none."""
    campaign = await store.get(session, campaign_id)
    if campaign is None:
        raise NotFound(_("campaigns.unknown"), id=campaign_id)
    return campaign


async def preview(session: Session, draft: CampaignDraft) -> Preview:
    """What a draft would cost and whom it would reach if it left now."""
    people = ledger.recipients(
        condition(parse(draft.audience)),
        subscribed(draft.topic),
        draft.channels,
        draft.contents.keys(),
    )
    sms = {
        language: measure(wording.in_sms)
        for language, wording in draft.contents.items()
        if Channel.SMS in draft.channels
    }
    total, channels, languages = 0, Counter[Channel](), Counter[str]()
    excluded = Counter[Skip]()
    for channel, language, why, count in await ledger.reach(session, people):
        total += count
        if why is not None:
            excluded[why] += count
            continue
        channels[channel] += count
        languages[language] += count
    return Preview(sms, Reach(total, dict(channels), dict(languages), dict(excluded)))


async def count(session: Session, audience: str) -> dict[str, object]:
    """How many contacts an expression selects: `{"total", "by_channel", "by_language"}`.

    `by_channel` counts everybody with an open address there, so that somebody with two counts in
    both. Consent to a topic counts only if the expression asks for it. Raises AudienceError.
    """
    chosen = condition(parse(audience))
    by_language = await store.by_language(session, chosen)
    by_channel = await store.by_channel(session, chosen)
    total = sum(by_language.values())
    return {"total": total, "by_channel": by_channel, "by_language": by_language}


async def hold(session: Session, campaign_id: int) -> Campaign:
    """A campaign by id, to change it or its runs; NotFound when there is none."""
    campaign = await store.hold(session, campaign_id)
    if campaign is None:
        raise NotFound(_("campaigns.unknown"), id=campaign_id)
    return campaign


async def _open_runs(session: Session, campaign_id: int) -> list[Run]:
    over = (RunState.DONE, RunState.CANCELLED)
    return [run for run in await runs.of_campaign(session, campaign_id) if run.state not in over]


def _allowed(member: Member, right: Right) -> None:
    if not member.may(right):
        raise Refused(_("staff.not_allowed"))


def about(campaign_id: int) -> str:
    """What the audit calls a campaign."""
    return f"campaign:{campaign_id}"
