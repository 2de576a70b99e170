"""The table of leases: who may do a periodic thing now."""

from datetime import datetime

from sqlalchemy import Column, String, Table

from db.base import metadata
from db.columns import Instant
from db.session import Session

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Instant, nullable=False),
)


async def take(session: Session, name: str, holder: str, until: datetime, now: datetime) -> bool:
    """Take or renew a lease; False while somebody else holds it."""
    wanted = session.insert(lease).values(name=name, holder=holder, until=until)
    mine = wanted.on_conflict_do_update(
        index_elements=[lease.c.name],
        set_={"holder": holder, "until": until},
        where=(lease.c.holder == holder) | (lease.c.until <= now),
    ).returning(lease.c.holder)
    return await session.scalar(mine) is not None
