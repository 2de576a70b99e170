"""The page of a campaign: where it stands, what it says, whom it reaches, how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Response

from campaigns import service, standing, trying
from campaigns.brakes.cohort import Verdict
from campaigns.conduct import Conduct
from campaigns.model import Campaign, CampaignState
from campaigns.returns import service as returns
from campaigns.returns.store import Returned
from campaigns.sheet import reckoning
from campaigns.sheet.model import Sheet
from campaigns.sheet.prices import Prices
from campaigns.standing import Progress
from campaigns.telling import WHY
from campaigns.warnings import store as warnings
from campaigns.warnings.store import Published
from console.campaigns import acts, store, words
from console.campaigns.lists import LIST
from console.campaigns.pace import Pace, Speed
from console.campaigns.seen import packed
from console.campaigns.told import told
from console.editor import store as editor
from console.editor.filling import fields_of
from console.editor.form import languages_of
from console.editor.preview import Shown, shown
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from db.session import Session
from delivery.deciding import MAY_GO_AGAIN
from delivery.model import State
from kit.errors import Problem
from locales.text import Phrase
from staff import store as staff
from staff.model import Member, Right

ONE = f"{LIST}/{{id}}"

BEFORE = frozenset(
    {
        CampaignState.DRAFT,
        CampaignState.REVIEW,
        CampaignState.APPROVED,
        CampaignState.SCHEDULED,
    }
)
"""Where the sheet stands open: it has not left, or will again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What pages of campaigns work with besides a visit."""

    conduct: Conduct
    prices: Callable[[], Prices]
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True)
class View:
    """A campaign and what its page says of it. `names` are those of staff, by id; `seen` is the
    print of what the page was drawn with; `left_at` is when it left last; `returned` says what
    somebody wants changed before it is approved."""

    campaign: Campaign
    names: dict[int, str]
    progress: Progress
    warning: Published | None
    seen: str
    left_at: datetime | None = None
    returned: Returned | None = None

    @property
    def has_left(self) -> bool:
        """Whether there is something to tell of its sending."""
        return bool(self.progress.people) or self.progress.frozen is not None

    @property
    def is_over(self) -> bool:
        """Whether all of it has left that ever will."""
        return self.has_left and self.campaign.state in acts.OVER


def address(campaign_id: int) -> str:
    """Where a campaign is found."""
    return f"{LIST}/{campaign_id}"


def print_of(campaign: Campaign) -> str:
    """What changes when somebody does something to a campaign, or it goes on by itself."""
    who = "-".join(str(one) for one in (campaign.approver_id, campaign.stopped_for) if one)
    return f"{campaign.state}.{campaign.draft.content_hash[:16]}.{who}"


def add_one(pages: StaffPages, streams: Streams, desk: Desk) -> None:
    """Add the page of a campaign, and the parts of it that change."""
    _add_page(pages, desk)
    _add_parts(pages, desk)
    _add_stream(pages, streams)


def _add_page(pages: StaffPages, desk: Desk) -> None:
    @pages.get(ONE, needs=Right.SEE_CAMPAIGNS)
    async def show(visit: Visit) -> Response:
        return await page(visit, desk)


async def page(visit: Visit, desk: Desk, trouble: str = "", status: int = 200) -> Response:
    """The page of a campaign. `trouble` is why it was not sent back; the words that were typed
    stay in the visit's form."""
    campaign_id = visit.number("id")
    async with visit.database.read() as session:
        found = await view(session, campaign_id, visit.member, visit.now)
        campaign = found.campaign
        seen, lost = found.progress, _may_go_again(found.progress)
        offers = acts.offered(campaign, visit.member, under_way=seen.under_way, lost=lost)
        to = await trying.testers(session, campaign_id, visit.member) if offers.test else ()
        known = await editor.known(session)
    over = campaign.state in acts.OVER
    made, sheet_trouble = (None, "") if over else await _sheet(visit, campaign_id, desk)
    return visit.page(
        "campaigns/one.html",
        status=status,
        view=found,
        campaign=campaign,
        offers=offers,
        testers=to,
        has_files=any(one.media for one in campaign.draft.contents.values()),
        audience=told(campaign.draft, visit.language, known),
        shown=_shown(campaign),
        seen=packed(campaign.draft),
        sheet=made,
        sheet_trouble=sheet_trouble,
        over=over,
        sheet_first=campaign.state in BEFORE,
        speed=_speed(visit, found, desk),
        stopped=_stopped(campaign),
        prices=desk.prices(),
        words=words,
        longest_return=returns.LONGEST_WORDS,
        trouble=trouble,
        typed=visit.form["words"] if trouble else "",
    )


def _add_parts(pages: StaffPages, desk: Desk) -> None:
    @pages.get(f"{ONE}/avance", needs=Right.SEE_CAMPAIGNS)
    async def progress(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            found = await view(session, campaign_id, visit.member, visit.now)
        if not visit.is_part:
            return visit.go(address(campaign_id))
        if found.campaign.state != visit.query("estado"):
            # What may be done is another by now: the whole page says so.
            return Response(status_code=204, headers={"HX-Refresh": "true"})
        return visit.page(
            "campaigns/progress.html",
            view=found,
            campaign=found.campaign,
            speed=_speed(visit, found, desk),
            stopped=_stopped(found.campaign),
            words=words,
        )

    @pages.get(f"{ONE}/hoja", needs=Right.SEE_CAMPAIGNS)
    async def sheet(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
        if not visit.is_part:
            return visit.go(address(campaign_id))
        made, trouble = await _sheet(visit, campaign_id, desk)
        return visit.page(
            "campaigns/sheet.html",
            campaign=campaign,
            sheet=made,
            sheet_trouble=trouble,
            words=words,
            prices=desk.prices(),
        )


def _add_stream(pages: StaffPages, streams: Streams) -> None:
    @pages.get(f"{ONE}/eventos", needs=Right.SEE_CAMPAIGNS)
    async def events(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            await service.seen_by(session, campaign_id, visit.member)

        async def look(session: Session) -> str:
            return print_of(await service.get(session, campaign_id))

        return streams.answer(visit, f"campaign:{campaign_id}", look)

    @pages.get(f"{ONE}/cambio", needs=Right.SEE_CAMPAIGNS)
    async def changed(visit: Visit) -> Response:
        """Whether it is another by now than the page that asks was drawn with."""
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
        is_other = print_of(campaign) != visit.query("visto")
        return visit.page(
            "campaigns/changed_part.html",
            campaign=campaign,
            is_other=is_other,
            words=words,
        )


async def view(session: Session, campaign_id: int, member: Member, now: datetime) -> View:
    """A campaign for its page. Raises NotFound, and Refused for whoever does not see any."""
    campaign = await service.seen_by(session, campaign_id, member)
    progress = await standing.progress(session, campaign_id, member, now)
    names = await staff.names(session)
    return View(
        campaign,
        names,
        progress,
        None if campaign.draft.warning is None else await warnings.latest(session, campaign_id),
        print_of(campaign),
        (await store.left_at(session, [campaign_id])).get(campaign_id),
        await _returned(session, campaign, member),
    )


async def _returned(session: Session, campaign: Campaign, member: Member) -> Returned | None:
    """What somebody wants changed, for those who change it and those who read it again."""
    works = member.may(Right.WRITE_CAMPAIGNS) or member.may(Right.APPROVE_CAMPAIGNS)
    if not works or campaign.state not in (CampaignState.DRAFT, CampaignState.REVIEW):
        return None
    return await returns.standing(session, campaign.id)


async def _sheet(visit: Visit, campaign_id: int, desk: Desk) -> tuple[Sheet | None, str]:
    """The sheet, or why there is none: an audience that cannot be looked up any more."""
    try:
        async with visit.database.read() as session:
            made = await reckoning.sheet_of(
                session, campaign_id, desk.conduct, desk.prices(), visit.now
            )
    except Problem as problem:
        return None, visit.text(problem.key, **problem.params)
    return made, ""


def _shown(campaign: Campaign) -> tuple[Shown, ...]:
    """Each language as a stranger gets it, Spanish first."""
    fields = fields_of(campaign.draft)
    return tuple(shown(fields, code, filled=False) for code in languages_of(fields))


def _speed(visit: Visit, found: View, desk: Desk) -> Speed | None:
    progress, campaign = found.progress, found.campaign
    if campaign.state is not CampaignState.SENDING:
        return None
    return desk.pace.seen(campaign.id, progress.settled, progress.waiting, visit.now)


def _may_go_again(progress: Progress) -> bool:
    """Whether another try may mend some of what failed."""
    return progress.rows[State.UNDELIVERED] > 0 or any(
        reason in MAY_GO_AGAIN for reason in progress.failures
    )


def _stopped(campaign: Campaign) -> Phrase | None:
    """Which limit of its first group was passed."""
    stopped = campaign.stopped_for
    return None if stopped is None else WHY[Verdict(stopped)]
