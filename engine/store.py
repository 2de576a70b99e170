"""The table of leases: who may do a periodic thing now."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Interval,
    String,
    Table,
    delete,
    func,
    literal,
)

from db.base import metadata
from db.columns import Instant
from db.session import Session
from kit.clock import Clock

lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("until", Instant, nullable=False),
)


async def take(session: Session, name: str, holder: str, lasts: timedelta) -> bool:
    """Take or renew a lease; False while somebody else holds it.

    One that lasts longer than one that begins now was taken before the clock was put back.
    """
    now, until = _span(session, lasts)
    wanted = session.insert(lease).values(name=name, holder=holder, until=until)
    mine = wanted.on_conflict_do_update(
        index_elements=[lease.c.name],
        set_={"holder": holder, "until": until},
        where=(lease.c.holder == holder) | (lease.c.until <= now) | (lease.c.until > until),
    ).returning(lease.c.holder)
    return await session.scalar(mine) is not None


async def give_back(session: Session, holder: str) -> None:
    """Let others take at once what `holder` held."""
    await session.execute(delete(lease).where(lease.c.holder == holder))


Time = datetime | ColumnElement[datetime]


def _span(session: Session, lasts: timedelta) -> tuple[Time, Time]:
    """From now until when, by the server's clock: two machines agree on who holds a lease.

    On SQLite there is one machine, and its time counts. Never the clock that a trial moves: a lease
    taken by it would outlive a restart.
    """
    if session.is_sqlite:
        now = Clock().now()
        return now, now + lasts
    server = func.clock_timestamp(type_=DateTime(timezone=True))
    return server, server + literal(lasts, Interval)
