"""What may happen to a campaign, and where it leads. The rules decide; the service applies."""

from datetime import datetime

from campaigns.model import Campaign, CampaignState
from campaigns.schedule import Now
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
    CampaignState.APPROVED: frozenset({CampaignState.SENDING, CampaignState.CANCELLED}),
    CampaignState.SCHEDULED: frozenset(
        {
            CampaignState.SENDING,
            CampaignState.PAUSED,
            CampaignState.CANCELLED,
            # What was approved is not what stands there any more.
            CampaignState.REVIEW,
        }
    ),
    CampaignState.SENDING: frozenset(
        {CampaignState.PAUSED, CampaignState.DONE, CampaignState.CANCELLED}
    ),
    CampaignState.PAUSED: frozenset(
        {CampaignState.SENDING, CampaignState.SCHEDULED, CampaignState.CANCELLED}
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


def submitted() -> CampaignState:
    """A new campaign goes to somebody else's eyes at once."""
    return CampaignState.REVIEW


def approved(campaign: Campaign, approver_id: int, now: datetime) -> CampaignState:
    """The yes of somebody else arms the schedule; one that leaves `now` waits for its start.

    So does one whose time has passed before the yes: it must not leave as a surprise. Refused for
    the author, in another state, and when it would be too old to leave.
    """
    _only_from(campaign, _("campaigns.approve.wrong_state"), CampaignState.REVIEW)
    if approver_id == campaign.author_id:
        raise Refused(_("campaigns.approve.own"))
    schedule = campaign.draft.schedule
    if isinstance(schedule, Now):
        return CampaignState.APPROVED
    if is_stale(campaign, schedule.due_at, now):
        raise Refused(_("campaigns.stale"))
    return CampaignState.APPROVED if schedule.due_at <= now else CampaignState.SCHEDULED


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


def paused(campaign: Campaign) -> CampaignState:
    """Nothing of it leaves until it is resumed."""
    _only_from(
        campaign,
        _("campaigns.pause.wrong_state"),
        CampaignState.SENDING,
        CampaignState.SCHEDULED,
    )
    return CampaignState.PAUSED


def resumed(campaign: Campaign, fired_at: datetime | None, now: datetime) -> CampaignState:
    """It goes on: to its sending when it has fired (at `fired_at`), else to its schedule."""
    _only_from(campaign, _("campaigns.resume.wrong_state"), CampaignState.PAUSED)
    due_at = campaign.due_at if fired_at is None else fired_at
    if due_at is not None and is_stale(campaign, due_at, now):
        raise Refused(_("campaigns.stale"))
    return CampaignState.SCHEDULED if fired_at is None else CampaignState.SENDING


def retried(campaign: Campaign) -> CampaignState:
    """Its failures are tried again: a campaign that was done sends once more."""
    _only_from(
        campaign,
        _("campaigns.retry.wrong_state"),
        CampaignState.DONE,
        CampaignState.SENDING,
        CampaignState.PAUSED,
    )
    done = campaign.state is CampaignState.DONE
    return CampaignState.SENDING if done else campaign.state


def may_resend(campaign: Campaign) -> None:
    """Whether rows of which nobody knows whether they left may go once more."""
    _only_from(
        campaign,
        _("campaigns.resolve.wrong_state"),
        CampaignState.SENDING,
        CampaignState.PAUSED,
    )


def refuse_stale(campaign: Campaign, due_at: datetime, now: datetime) -> None:
    """What is too old to leave is not sent by anybody's decision either."""
    if is_stale(campaign, due_at, now):
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
