"""What outlives a restart about a sender: until when its provider told it to wait."""

from datetime import datetime

from sqlalchemy import Column, String, Table, select

from db.base import metadata
from db.columns import Instant
from db.session import Session
from kit.channels import Channel

sender_pause = Table(
    "sender_pause",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("until", Instant, nullable=False),
)


async def pause(session: Session, channel: Channel, until: datetime) -> None:
    """Remember a pause; the later of two holds."""
    wanted = session.insert(sender_pause).values(channel=channel, until=until)
    await session.execute(
        wanted.on_conflict_do_update(
            index_elements=[sender_pause.c.channel],
            set_={"until": until},
            where=sender_pause.c.until < until,
        )
    )


async def pauses(session: Session, now: datetime) -> dict[Channel, datetime]:
    """The pauses that are not over."""
    rows = await session.all(select(sender_pause).where(sender_pause.c.until > now))
    return {Channel(row["channel"]): row["until"] for row in rows}
