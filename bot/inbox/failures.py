"""People are told of arrivals that could not be processed: at once, and then not too often.

An arrival of which nobody was told stays due, so that a notice is put off but never lost.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from alerts import paging, speaking, texts
from bot.inbox.store import InboundState, inbound, notice
from db.session import Session

TELLS_EVERY = timedelta(minutes=10)
"""People are told at most so often."""

_NAME = "failures"

_FAILED = inbound.c.state == InboundState.FAILED
_UNTOLD = _FAILED & inbound.c.told_at.is_(None)


async def tell(session: Session, now: datetime) -> datetime | None:
    """Tell everybody who can be paged how many arrivals wait for them.

    When they were told a short time ago, or nobody is there, it is put off: gives until when.
    """
    if await session.scalar(select(inbound.c.id).where(_UNTOLD).limit(1)) is None:
        return None
    people = (await paging.roster(session, now)).everybody
    if not people or not await _may_tell(session, now):
        at = await _next(session, now)
        await session.execute(update(inbound).where(_UNTOLD).values(next_try_at=at))
        return at
    await session.execute(update(inbound).where(_UNTOLD).values(told_at=now))
    waiting = await session.scalar(select(func.count()).select_from(inbound).where(_FAILED))
    text = texts.INBOUND_FAILED if waiting == 1 else texts.SEVERAL_INBOUND_FAILED
    for member in people:
        await speaking.tell_member(session, member, text, {"waiting": waiting}, now)
    return None


async def _may_tell(session: Session, now: datetime) -> bool:
    """Whether people may be told now; of several processes, one is let."""
    wanted = session.insert(notice).values(name=_NAME, at=now)
    let = await session.scalar(
        wanted.on_conflict_do_update(
            index_elements=[notice.c.name],
            set_={"at": now},
            # Later than any notice can be: the clock was stepped back since.
            where=(notice.c.at <= now - TELLS_EVERY) | (notice.c.at > now + TELLS_EVERY),
        ).returning(notice.c.name)
    )
    return let is not None


async def _next(session: Session, now: datetime) -> datetime:
    last = await session.scalar(select(notice.c.at).where(notice.c.name == _NAME))
    return (last if isinstance(last, datetime) else now) + TELLS_EVERY
