"""What only the pages of campaigns ask of the database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from campaigns.model import CampaignState
from campaigns.store import campaign
from db.session import Session
from delivery.runs import RunState, run
from staff.model import Member, Right
from staff.rules import require


async def left_at(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """When each of some campaigns left last, by id; without those that never did. For whoever was
    let see them already."""
    if not ids:
        return {}
    # One look into the index for each: a campaign that repeats may have thousands of runs.
    last = (
        select(run.c.due_at)
        .where(
            run.c.campaign_id == campaign.c.id,
            run.c.state.not_in((RunState.MISSED, RunState.CANCELLED)),
        )
        .order_by(run.c.due_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.all(
        select(campaign.c.id, last.label("left_at")).where(campaign.c.id.in_(ids))
    )
    return {row["id"]: row["left_at"] for row in rows if row["left_at"] is not None}


async def in_review_of(session: Session, member: Member) -> int:
    """How many campaigns of a member wait for the yes of another. Refused for who writes none."""
    require(member, Right.WRITE_CAMPAIGNS)
    found: int | None = await session.scalar(
        select(func.count()).where(
            campaign.c.state == CampaignState.REVIEW, campaign.c.author_id == member.id
        )
    )
    return found or 0
