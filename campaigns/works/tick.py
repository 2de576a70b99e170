"""What the clock does about long work: wakes what is due, gives up what nobody decided."""

from datetime import datetime

from campaigns.works import store
from campaigns.works.service import WORK
from db.session import Session


async def wake_due(session: Session, now: datetime) -> None:
    """Work that is under way and that nobody is at."""
    for work_id in await store.due(session, now):
        session.wake(WORK, str(work_id))


async def give_up(session: Session, now: datetime) -> None:
    """End what waited too long, and forget what ended long ago."""
    await store.give_up(session, now)
    await store.forget_old(session, now)
