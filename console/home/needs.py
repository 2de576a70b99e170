"""What needs the visitor now: of all that waits, what their role may see."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, select

from alerts import board
from alerts.board import Card, Lane
from campaigns import listing
from campaigns.listing import Listed
from campaigns.model import CampaignState
from campaigns.store import campaign
from console.cases.letters import Letters
from db.session import Session
from staff.model import Member, Right

MOST = 5
"""Cases that are named of those that nobody has; the others are counted."""


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
    """What waits for a member: cases of theirs, the lease that ends first in front; cases of
    nobody's, the most urgent first; campaigns that others wrote; letters; what is wrong."""

    mine: tuple[Card, ...] = ()
    unowned: tuple[Card, ...] = ()
    approvals: tuple[Listed, ...] = ()
    letters: int = 0
    dangers: int = 0
    unread: int = 0
    alarms: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing at all waits."""
        waits = self.mine or self.unowned or self.approvals or self.alarms
        return not (waits or self.letters or self.unread)


async def needs(session: Session, member: Member, elsewhere: Elsewhere, now: datetime) -> Needs:
    """What waits for a member; each part from a service that asks for the right."""
    mine: tuple[Card, ...] = ()
    unowned: tuple[Card, ...] = ()
    letters = dangers = unread = 0
    if member.may(Right.SEE_CASES):
        seen = await board.board(session, member, now)
        mine, unowned = seen.mine, seen.lanes[Lane.NOBODY]
    if member.may(Right.ANSWER_INBOX) and elsewhere.letters is not None:
        waiting = await elsewhere.letters.waiting(session, member)
        letters, unread = waiting.total, waiting.failed
        dangers = sum(one.danger for one in waiting.letters)
    # Empty for who approves nothing.
    approvals = await listing.for_approval(session, member)
    return Needs(mine, unowned, approvals, letters, dangers, unread)


async def fingerprint(session: Session, elsewhere: Elsewhere) -> str:
    """What differs when something of all this waits more or less: a few cheap queries."""
    row = await session.first(
        select(func.count().label("count"), func.max(campaign.c.id).label("last")).where(
            campaign.c.state == CampaignState.REVIEW
        )
    )
    letters = "" if elsewhere.letters is None else await elsewhere.letters.fingerprint(session)
    waiting = "-" if row is None else f"{row['count']}-{row['last'] or 0}"
    return f"{await board.fingerprint(session)}.{waiting}.{letters}"
