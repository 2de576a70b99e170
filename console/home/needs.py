"""What needs the visitor now: of all that waits, what their role may see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import case, func, select

from alerts import board
from alerts.board import Card
from campaigns import listing
from campaigns.listing import Listed
from campaigns.model import CampaignState
from campaigns.returns.store import Returned, campaign_return
from campaigns.store import campaign
from console.cases.letters import Letters
from db.session import Session
from staff.model import Member, Right

MOST = 5
"""Cases that are named of those that nobody has; the others are counted."""


WAITS = (Right.SEE_CASES, Right.SEE_CAMPAIGNS, Right.ANSWER_INBOX)
"""Rights by which what waits is another."""


class Alarms(Protocol):
    """What is wrong with the platform, which `console` may not look at itself."""

    async def now(self) -> tuple[str, ...]:
        """Keys of sentences, one for each thing that is wrong."""


class NoAlarms:
    """Where nobody looks."""

    async def now(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the rest of the platform knows: None where it is not there."""

    letters: Letters | None = None
    alarms: Alarms = field(default_factory=NoAlarms)


@dataclass(frozen=True, slots=True)
class Needs:
    """What waits for a member: cases of theirs, the lease that ends first in front; the first of
    nobody's, the most urgent first, those that wait for the office behind, and how many there are;
    campaigns that others wrote; campaigns of theirs that came back, and why; campaigns that may be
    started; letters; what is wrong."""

    mine: tuple[Card, ...] = ()
    unowned: tuple[Card, ...] = ()
    nobodys: int = 0
    approvals: tuple[Listed, ...] = ()
    returned: tuple[tuple[Listed, Returned], ...] = ()
    starts: tuple[Listed, ...] = ()
    letters: int = 0
    dangers: int = 0
    unread: int = 0
    alarms: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing at all waits."""
        cases = self.mine or self.unowned
        campaigns = self.approvals or self.returned or self.starts
        return not (cases or campaigns or self.alarms or self.letters or self.unread)


async def needs(session: Session, member: Member, elsewhere: Elsewhere, now: datetime) -> Needs:
    """What waits for a member; each part from a service that asks for the right."""
    mine: tuple[Card, ...] = ()
    unowned: tuple[Card, ...] = ()
    nobodys = letters = dangers = unread = 0
    if member.may(Right.SEE_CASES):
        seen = await board.at_hand(session, member, now, MOST)
        mine, unowned, nobodys = seen.mine, seen.unowned, seen.nobodys
    if member.may(Right.ANSWER_INBOX) and elsewhere.letters is not None:
        waiting = await elsewhere.letters.waiting(session, member)
        letters, unread = waiting.total, waiting.failed
        dangers = sum(one.danger for one in waiting.letters)
    # Empty for who approves and starts nothing.
    approvals = await listing.for_approval(session, member)
    returned = await listing.came_back(session, member)
    starts = await listing.to_start(session, member)
    return Needs(mine, unowned, nobodys, approvals, returned, starts, letters, dangers, unread)


def sees(member: Member) -> str:
    """What of all this a member's role may see: by it nobody hears of what they may not."""
    return "-".join(one.value for one in WAITS if member.may(one))


async def fingerprint(session: Session, member: Member, elsewhere: Elsewhere) -> str:
    """What differs when something that a member may see waits more or less: a few cheap queries."""
    parts = []
    if member.may(Right.SEE_CASES):
        parts.append(await board.fingerprint(session))
    if member.may(Right.SEE_CAMPAIGNS):
        parts.append(await _campaigns(session))
    if member.may(Right.ANSWER_INBOX) and elsewhere.letters is not None:
        parts.append(await elsewhere.letters.fingerprint(session))
    # A print of nothing is one, too: the first look is told.
    return ".".join(parts) or "-"


async def _campaigns(session: Session) -> str:
    row = await session.first(
        select(
            func.count().label("count"),
            func.max(campaign.c.id).label("last"),
            func.sum(case((campaign.c.state == CampaignState.APPROVED, 1), else_=0)).label("yes"),
        ).where(campaign.c.state.in_((CampaignState.REVIEW, CampaignState.APPROVED)))
    )
    back = await session.scalar(select(func.max(campaign_return.c.id))) or 0
    if row is None:
        return f"-{back}"
    return f"{row['count']}-{row['last'] or 0}-{row['yes'] or 0}-{back}"
