"""What somebody may do with a campaign as it stands, and which of it comes first. Pure.

The services decide; this says what a page offers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns.lifecycle import MOVES
from campaigns.model import Campaign, CampaignState
from locales.text import _
from staff.model import Member, Right


@dataclass(frozen=True, slots=True)
class Act:
    """A button: the end of its address, its words, what it means, its icon."""

    name: str
    words: str
    means: str
    icon: str


SUBMIT = Act(
    "presentar", _("console.campaigns.act.submit"), _("console.campaigns.act.submit_means"), "send"
)
APPROVE = Act(
    "aprobar",
    _("console.campaigns.act.approve"),
    _("console.campaigns.act.approve_means"),
    "check",
)
RETURN = Act(
    "devolver",
    _("console.campaigns.act.return"),
    _("console.campaigns.act.return_means"),
    "arrow-back-up",
)
START = Act(
    "iniciar",
    _("console.campaigns.act.start"),
    _("console.campaigns.act.start_means"),
    "player-play",
)
PAUSE = Act(
    "pausar",
    _("console.campaigns.act.pause"),
    _("console.campaigns.act.pause_means"),
    "player-pause",
)
RESUME = Act(
    "reanudar",
    _("console.campaigns.act.resume"),
    _("console.campaigns.act.resume_means"),
    "player-play",
)
RETRY = Act(
    "reintentar",
    _("console.campaigns.act.retry"),
    _("console.campaigns.act.retry_means"),
    "refresh",
)
CANCEL = Act(
    "cancelar", _("console.campaigns.act.cancel"), _("console.campaigns.act.cancel_means"), "x"
)

ALL: Mapping[str, Act] = {
    one.name: one for one in (SUBMIT, APPROVE, RETURN, START, PAUSE, RESUME, RETRY, CANCEL)
}

CHANGEABLE = frozenset(
    {
        CampaignState.DRAFT,
        CampaignState.REVIEW,
        CampaignState.APPROVED,
        CampaignState.SCHEDULED,
        CampaignState.PAUSED,
    }
)
OVER = frozenset({CampaignState.DONE, CampaignState.CANCELLED})
TESTED = frozenset(CampaignState) - OVER


@dataclass(frozen=True, slots=True)
class Offered:
    """What a page offers. `main` is the one button that comes first; `why_not` says why there is
    none, where somebody might look for it; `back` is whether it may go back to who wrote it."""

    main: Act | None
    others: tuple[Act, ...] = ()
    why_not: str = ""
    edit: bool = False
    test: bool = False
    back: bool = False


def offered(campaign: Campaign, member: Member, *, under_way: bool, lost: bool) -> Offered:
    """What a member may do: `under_way` is whether a run of it is open, `lost` whether messages
    have failed."""
    writes = member.may(Right.WRITE_CAMPAIGNS)
    state = campaign.state
    if state is CampaignState.REVIEW:
        main, why_not = _reading(campaign, member)
    else:
        main, why_not = (_NEXT.get(state), "") if writes else (None, "")
    others = []
    if writes and state is CampaignState.SCHEDULED:
        others.append(PAUSE)
    if writes and lost and state in _RETRIED:
        others.append(RETRY)
    if writes and CampaignState.CANCELLED in MOVES[state]:
        others.append(CANCEL)
    return Offered(
        main,
        tuple(others),
        why_not,
        edit=writes and state in CHANGEABLE and not under_way,
        test=writes and state in TESTED,
        back=main is APPROVE,
    )


def _reading(campaign: Campaign, member: Member) -> tuple[Act | None, str]:
    if not member.may(Right.APPROVE_CAMPAIGNS):
        return None, _("console.campaigns.why_not.role")
    if member.id in campaign.writers:
        return None, _("console.campaigns.why_not.own")
    return APPROVE, ""


_NEXT = {
    CampaignState.DRAFT: SUBMIT,
    CampaignState.APPROVED: START,
    CampaignState.SENDING: PAUSE,
    CampaignState.PAUSED: RESUME,
}
_RETRIED = frozenset(
    {
        CampaignState.DONE,
        CampaignState.SCHEDULED,
        CampaignState.SENDING,
        CampaignState.PAUSED,
    }
)
