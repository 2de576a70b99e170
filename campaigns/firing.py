"""One firing of a campaign as its run is to be kept: whom it is for, what it says, until when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from campaigns import store
from campaigns.audience.audiences import expanded
from campaigns.audience.language import parse, written
from campaigns.conduct import Conduct
from campaigns.files import media
from campaigns.model import Campaign, CampaignClass, CampaignDraft
from campaigns.schedule.model import Schedule
from campaigns.schedule.occurrences import Occurrence, instants, window
from contacts.model import DEFAULT_ZONE
from contacts.zones import zones_present
from db.session import Session
from delivery.content import Attachment, Content
from delivery.quiet import Hours, opening
from delivery.runs import NewRun


async def is_for_somebody(
    session: Session, schedule: Schedule, times: Sequence[Occurrence]
) -> bool:
    """Whether to open a run at all: of a series, only when somebody joined then."""
    joined = _joined(schedule, times) if times else None
    return bool(times) and (
        joined is None or await store.first_joined(session, *joined) is not None
    )


async def new_run(
    session: Session,
    campaign: Campaign,
    times: Sequence[Occurrence],
    conduct: Conduct,
    now: datetime,
    until: datetime | None = None,
    missed: frozenset[str] = frozenset(),
) -> NewRun:
    """The run of one time of a schedule, or of several of a series that follow each other; nobody
    gets it any more from `until` on, and those of the zones `missed` never do."""
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
    return NewRun(
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


async def whole_audience(session: Session, draft: CampaignDraft) -> str:
    """Whom a campaign is for, without a name of a saved audience that may change meanwhile."""
    return written(await expanded(session, parse(draft.audience)))


def in_public(campaign: Campaign) -> Mapping[str, Content]:
    """What each wording says to whoever reads a warning: links written out, and no question that
    nobody could answer there."""
    wordings = campaign.draft.contents.items()
    return {language: Content(chat=said.plain, sms=said.plain) for language, said in wordings}


def _joined(schedule: Schedule, times: Sequence[Occurrence]) -> tuple[datetime, datetime] | None:
    """Whom times of a series that follow each other are for, by when they joined."""
    first, last = window(schedule, times[0]), window(schedule, times[-1])
    return None if first is None or last is None else (first[0], last[1])


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


async def _audience(
    session: Session, draft: CampaignDraft, joined: tuple[datetime, datetime] | None
) -> str:
    chosen = await whole_audience(session, draft)
    if joined is None:
        return chosen
    since, until = (instant.astimezone(UTC).isoformat() for instant in joined)
    return f'({chosen}) and joined:">={since}" and joined:"<{until}"'
