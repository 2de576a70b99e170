"""The ledger of a campaign as tests look at it."""

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select

from campaigns import tick
from db.session import Database
from delivery.claims import Claimant
from delivery.store import message
from kit.channels import Channel
from kit.jobs import Wake
from tests.stores.campaign_people import NOON, only_run

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
TOMORROW = NOON + timedelta(days=1)
TEST = Claimant("test")


async def rows_of(database: Database, campaign_id: int) -> dict[int, RowMapping]:
    """The ledger of a campaign by contact."""
    run = await only_run(database, campaign_id)
    async with database.read() as session:
        rows = await session.all(select(message).where(message.c.run_id == run.id))
    assert len({row["contact_id"] for row in rows}) == len(rows)
    return {row["contact_id"]: row for row in rows}


async def outcomes(database: Database, campaign_id: int) -> dict[int, tuple[str, str, str | None]]:
    """Channel, state and reason by contact."""
    rows = await rows_of(database, campaign_id)
    return {who: (row["channel"], row["state"], row["reason"]) for who, row in sorted(rows.items())}


async def reconciled(database: Database, now: datetime) -> list[Wake]:
    async with database.write() as session:
        await tick.wake_due(session, now)
        return session.wakes
