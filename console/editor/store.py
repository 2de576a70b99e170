"""What the editor offers of what is there already: names, numbers and files, no people."""

from sqlalchemy import func, select

from campaigns.audience.audiences import audience
from campaigns.content.model import Media
from campaigns.files.media import whole_ones
from campaigns.store import campaign
from console.editor.choices import Known
from contacts.tags import contact_tag
from db.session import Session

MOST = 100
"""Of tags and campaigns, so many are offered; others are typed."""


async def known(session: Session) -> Known:
    """Saved audiences, tags, and the latest campaigns."""
    names = await session.all(select(audience.c.name).order_by(audience.c.name))
    rows = await session.all(
        select(campaign.c.id, campaign.c.title).order_by(campaign.c.id.desc()).limit(MOST)
    )
    return Known(
        tuple(row["name"] for row in names),
        await _tags(session),
        {row["id"]: row["title"] for row in rows},
    )


async def files(session: Session) -> tuple[Media, ...]:
    """The files that are kept, by their names."""
    there = await whole_ones(session)
    return tuple(sorted(there.values(), key=lambda one: (one.name, one.sha256)))


async def latest_of(session: Session, member_id: int) -> int | None:
    """The campaign that somebody wrote last."""
    column = func.max(campaign.c.id)
    found: int | None = await session.scalar(
        select(column).where(campaign.c.author_id == member_id)
    )
    return found


async def _tags(session: Session) -> tuple[str, ...]:
    """The first tags by the alphabet, one look into their index for each: a million people may
    have the same one."""
    column = contact_tag.c.tag
    each = select(func.min(column).label("tag")).cte("each", recursive=True)
    after = select(func.min(column)).where(column > each.c.tag).scalar_subquery()
    each = each.union_all(select(after).where(each.c.tag.is_not(None)))
    rows = await session.all(select(each.c.tag).where(each.c.tag.is_not(None)).limit(MOST))
    return tuple(row["tag"] for row in rows)
