"""What campaigns hold of one contact: their answers, for the page and the copy of their data."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaigns.replies.answers import campaign_answer, campaign_reply
from campaigns.store import campaign
from db.session import Session
from staff.model import Member, Right
from staff.rules import require

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Answered:
    """A button pressed, a poll answered, a word written: `kind` and `value` as they are kept."""

    campaign_id: int
    kind: str
    value: str
    at: datetime


async def answers_of(session: Session, member: Member, contact_id: int) -> tuple[Answered, ...]:
    """What a contact answered to campaigns, the newest first. Refused without the right."""
    require(member, Right.SEE_CONTACTS)
    table = campaign_answer.c
    rows = await session.all(
        select(table.campaign_id, table.kind, table.value, table.at)
        .where(table.contact_id == contact_id)
        .order_by(table.at.desc(), table.id.desc())
        .limit(MOST)
    )
    return tuple(Answered(**row) for row in rows)


async def wrote_after(session: Session, member: Member, contact_id: int) -> tuple[datetime, ...]:
    """When a contact first wrote after each run that reached them, the newest first."""
    require(member, Right.SEE_CONTACTS)
    rows = await session.all(
        select(campaign_reply.c.at)
        .where(campaign_reply.c.contact_id == contact_id)
        .order_by(campaign_reply.c.at.desc())
        .limit(MOST)
    )
    return tuple(row["at"] for row in rows)


async def titles(session: Session, member: Member, ids: Collection[int]) -> dict[int, str]:
    """The titles of campaigns, for who has somebody before them that asks what they were sent."""
    require(member, Right.SEE_CONTACTS)
    if not ids:
        return {}
    wanted = select(campaign.c.id, campaign.c.title).where(campaign.c.id.in_(set(ids)))
    return {row["id"]: row["title"] for row in await session.all(wanted)}
