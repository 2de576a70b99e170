"""What may happen to a campaign, and where it leads. The rules decide; the service applies."""

from datetime import datetime

from campaigns.model import Campaign, CampaignState
from campaigns.schedule.model import After, At, AtLocal, Now
from campaigns.schedule.occurrences import Occurrence
from kit.errors import Refused
from locales.text import Phrase, _

MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.REVIEW, CampaignState.CANCELLED}),
    CampaignState.REVIEW: frozenset(
        {
            CampaignState.DRAFT,
            CampaignState.APPROVED,
            CampaignState.SCHEDULED,
            CampaignState.CANCELLED,
        }
    ),
    CampaignState.APPROVED: frozenset(
        {CampaignState.SENDING, CampaignState.REVIEW, CampaignState.CANCELLED}
    ),
    CampaignState.SCHEDULED: frozenset(
        {
            CampaignState.SENDING,
            CampaignState.PAUSED,
            CampaignState.CANCELLED,
            # What was approved is not what stands there any more.
            CampaignState.REVIEW,
            # Its time has passed while nothing ran: a person decides.
            CampaignState.APPROVED,
            # The last of its times has passed so.
            CampaignState.DONE,
        }
    ),
    # SCHEDULED: this time is over, and another one comes.
    CampaignState.SENDING: frozenset(
        {
            CampaignState.PAUSED,
            CampaignState.SCHEDULED,
            CampaignState.DONE,
            CampaignState.CANCELLED,
        }
    ),
    CampaignState.PAUSED: frozenset(
        {
            CampaignState.SENDING,
            CampaignState.SCHEDULED,
            CampaignState.REVIEW,
            CampaignState.CANCELLED,
        }
    ),
    # Failures are tried again.
    CampaignState.DONE: frozenset({CampaignState.SENDING}),
    CampaignState.CANCELLED: frozenset(),
}

STATE_NAMES: dict[CampaignState, Phrase] = {
    CampaignState.DRAFT: Phrase(_("campaigns.state.draft")),
    CampaignState.REVIEW: Phrase(_("campaigns.state.review")),
    CampaignState.APPROVED: Phrase(_("campaigns.state.approved")),
    CampaignState.SCHEDULED: Phrase(_("campaigns.state.scheduled")),
    CampaignState.SENDING: Phrase(_("campaigns.state.sending")),
    CampaignState.PAUSED: Phrase(_("campaigns.state.paused")),
    CampaignState.DONE: Phrase(_("campaigns.state.done")),
    CampaignState.CANCELLED: Phrase(_("campaigns.state.cancelled")),
}


def created(*, as_draft: bool) -> CampaignState:
    """A new campaign goes to somebody else's eyes at once, unless its author goes on writing."""
    return CampaignState.DRAFT if as_draft else CampaignState.REVIEW


def submitted(campaign: Campaign) -> CampaignState:
    """Its author has done; somebody else reads it."""
    _only_from(campaign, _("campaigns.submit.wrong_state"), CampaignState.DRAFT)
    return CampaignState.REVIEW


def edited(campaign: Campaign, *, under_way: bool) -> CampaignState:
    """What is changed is read again, whoever had approved it; a draft stays one.

    Refused while a run is `under_way`: what leaves is what was approved.
    """
    open_to_change = {
        CampaignState.DRAFT,
        CampaignState.REVIEW,
        CampaignState.APPROVED,
        CampaignState.SCHEDULED,
        CampaignState.PAUSED,
    }
    if under_way or campaign.state not in open_to_change:
        raise Refused(_("campaigns.edit.wrong_state"), state=STATE_NAMES[campaign.state])
    draft = campaign.state is CampaignState.DRAFT
    return CampaignState.DRAFT if draft else CampaignState.REVIEW


def approved(
    campaign: Campaign,
    approver_id: int,
    first: Occurrence | None,
    now: datetime,
    last: datetime | None = None,
) -> CampaignState:
    """The yes of somebody else arms the schedule; one that leaves `now` waits for its start.

    So does one whose time has passed before the yes: it must not leave as a surprise. `first` is
    when it fires first, `last` when that comes for the last of its people, if at another instant.
    Refused for who wrote it, in another state, when it would be too old to leave, and when it
    would never leave.
    """
    _only_from(campaign, _("campaigns.approve.wrong_state"), CampaignState.REVIEW)
    if approver_id in campaign.writers:
        raise Refused(_("campaigns.approve.own"))
    if isinstance(campaign.draft.schedule, Now):
        return CampaignState.APPROVED
    if first is None:
        raise Refused(_("campaigns.approve.never"))
    if isinstance(campaign.draft.schedule, After):
        # Each of its times is for other people; what is too late is told as missed.
        return CampaignState.SCHEDULED
    if is_stale(campaign, last or first.due_at, now):
        raise Refused(_("campaigns.stale"))
    return CampaignState.APPROVED if first.due_at <= now else CampaignState.SCHEDULED


def returned(campaign: Campaign, reader_id: int) -> CampaignState:
    """Who was to approve it wants something changed. Who wrote it changes it without asking."""
    _only_from(campaign, _("campaigns.return.wrong_state"), CampaignState.REVIEW)
    if reader_id in campaign.writers:
        raise Refused(_("campaigns.return.own"))
    return CampaignState.DRAFT


def started(campaign: Campaign) -> CampaignState:
    """Somebody lets an approved campaign go, exactly as it was approved."""
    if campaign.state is CampaignState.SCHEDULED:
        raise Refused(_("campaigns.start.scheduled"))
    _only_from(campaign, _("campaigns.start.wrong_state"), CampaignState.APPROVED)
    if not campaign.is_as_approved:
        raise Refused(_("campaigns.altered"))
    return CampaignState.SENDING


def fired(campaign: Campaign) -> CampaignState:
    """The time of a scheduled campaign has come; what was altered goes back to be read again."""
    return CampaignState.SENDING if campaign.is_as_approved else CampaignState.REVIEW


def after_missing(
    campaign: Campaign, following: Occurrence | None, last: datetime, now: datetime
) -> CampaignState:
    """Its time has passed while nothing ran; `last` is when it came for the last of its people. One
    that leaves once waits for a person's start, unless it is too old for that."""
    if following is not None:
        return CampaignState.SCHEDULED
    once = isinstance(campaign.draft.schedule, At | AtLocal)
    return (
        CampaignState.APPROVED if once and not is_stale(campaign, last, now) else CampaignState.DONE
    )


def finished(campaign: Campaign) -> CampaignState:
    """Every row of its runs has settled: it is over, or waits for its next time."""
    return CampaignState.DONE if campaign.due is None else CampaignState.SCHEDULED


def paused(campaign: Campaign) -> CampaignState:
    """Nothing of it leaves until it is resumed."""
    _only_from(
        campaign,
        _("campaigns.pause.wrong_state"),
        CampaignState.SENDING,
        CampaignState.SCHEDULED,
    )
    return CampaignState.PAUSED


def resumed(campaign: Campaign, *, under_way: bool, stale: bool) -> CampaignState:
    """It goes on: to its sending when a run is `under_way`, else to its schedule. `stale` says
    that what waits is too old to leave."""
    _only_from(campaign, _("campaigns.resume.wrong_state"), CampaignState.PAUSED)
    if stale:
        raise Refused(_("campaigns.stale"))
    return CampaignState.SENDING if under_way else CampaignState.SCHEDULED


def retried(campaign: Campaign) -> CampaignState:
    """Its failures are tried again: a campaign that was done sends once more."""
    _only_from(
        campaign,
        _("campaigns.retry.wrong_state"),
        CampaignState.DONE,
        CampaignState.SCHEDULED,
        CampaignState.SENDING,
        CampaignState.PAUSED,
    )
    paused = campaign.state is CampaignState.PAUSED
    return CampaignState.PAUSED if paused else CampaignState.SENDING


def may_resend(campaign: Campaign) -> None:
    """Whether rows of which nobody knows whether they left may go once more."""
    _only_from(
        campaign,
        _("campaigns.resolve.wrong_state"),
        CampaignState.SENDING,
        CampaignState.PAUSED,
    )


def refuse_stale(*, stale: bool) -> None:
    """What is too old to leave is not sent by anybody's decision either."""
    if stale:
        raise Refused(_("campaigns.stale"))


def cancelled(campaign: Campaign) -> CampaignState:
    """Nothing of it leaves any more; what has left stays as it is."""
    if CampaignState.CANCELLED not in MOVES[campaign.state]:
        raise Refused(_("campaigns.cancel.wrong_state"), state=STATE_NAMES[campaign.state])
    return CampaignState.CANCELLED


def is_stale(campaign: Campaign, due_at: datetime, now: datetime) -> bool:
    """Whether what was due then is too old to leave."""
    limit = campaign.draft.stale_after
    return limit is not None and now >= due_at + limit


def _only_from(campaign: Campaign, key: str, *states: CampaignState) -> None:
    if campaign.state not in states:
        raise Refused(key, state=STATE_NAMES[campaign.state])
