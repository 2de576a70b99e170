"""The table of why campaigns went back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, Index, Table, func, select

from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

campaign_return = Table(
    "campaign_return",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", Id, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    # What somebody writes about a text may quote whom it is for.
    Column("words", Sealed("words"), nullable=False),
    Index("ix_campaign_return_campaign_id", "campaign_id", "id"),
)


@dataclass(frozen=True, slots=True)
class Returned:
    """Who sent a campaign back, when, and what is to be changed."""

    campaign_id: int
    member_id: int
    at: datetime
    words: str = field(repr=False)


async def add(session: Session, one: Returned) -> None:
    """Keep why a campaign went back."""
    await session.execute(
        campaign_return.insert(),
        {
            "campaign_id": one.campaign_id,
            "member_id": one.member_id,
            "at": one.at,
            "words": one.words,
        },
    )


async def latest(session: Session, campaign_ids: Collection[int]) -> dict[int, Returned]:
    """The last time that each of some campaigns went back; those that never did are left out."""
    last = (
        select(func.max(campaign_return.c.id))
        .where(campaign_return.c.campaign_id.in_(campaign_ids))
        .group_by(campaign_return.c.campaign_id)
    )
    rows = await session.all(select(campaign_return).where(campaign_return.c.id.in_(last)))
    return {
        row["campaign_id"]: Returned(row["campaign_id"], row["member_id"], row["at"], row["words"])
        for row in rows
    }
