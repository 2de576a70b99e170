"""Reading who saw or did what, for those whose role allows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, true

from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff import rules
from staff.audit import store
from staff.audit.model import Line, Seal
from staff.audit.store import audit, audit_head
from staff.model import Member, Right

MOST = 500
LONGEST_FILTER = 60

MACHINE = 0
"""In the place of a member's id: what the platform did by itself, or who holds the machine."""

BEGUN = "audit.check"
HELD = "audit.held"
BROKEN = "audit.broken"

_SLACK = timedelta(days=1)
_MOST_WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Where the chain stands: lines that are in it, until when, its end, and how many wait
    (`more_wait`: at least so many)."""

    sealed: int
    sealed_at: datetime | None
    end: Seal | None
    waiting: int
    more_wait: bool


async def lines(
    session: Session,
    by: Member | None,
    *,
    act: str = "",
    about: str = "",
    member_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Line, ...]:
    """Lines of the audit, the newest first; the next page is `before` the last id of this one.

    `since` is within, `until` is not; where a clock was put back by more than a day (a trial) some
    lines of that stretch may be left out. `by` must have SEE_AUDIT, None is who holds the machine.
    Invalid: a filter that is too long, or more than `MOST` lines.
    """
    if by is not None:
        rules.require(by, Right.SEE_AUDIT)
    if not 1 <= limit <= MOST or len(act) > LONGEST_FILTER or len(about) > LONGEST_FILTER:
        raise Invalid(_("audit.filter_wrong"), most=MOST)
    wanted: ColumnElement[bool] = true()
    if about:
        wanted &= audit.c.about == about
    # A thing has few lines, an act or a person has many: with both, SQLite must not take these.
    by_act = func.coalesce(audit.c.act, "") if about else audit.c.act
    by_member = func.coalesce(audit.c.member_id, MACHINE)
    if act:
        wanted &= by_act == act
    if member_id is not None and (about or member_id != MACHINE):
        wanted &= (by_member if about else audit.c.member_id) == member_id
    elif member_id is not None:
        wanted &= audit.c.member_id.is_(None)
    if since is not None:
        wanted &= audit.c.at >= since
        first = await _id_of(session, audit.c.at >= since - _SLACK, audit.c.at)
        if first is None:
            return ()
        wanted &= audit.c.id >= first
    if until is not None:
        wanted &= audit.c.at < until
        last = await _id_of(session, audit.c.at < until + _SLACK, audit.c.at.desc())
        if last is None:
            return ()
        wanted &= audit.c.id <= last
    return await store.newest(session, wanted, before, limit)


async def chain(session: Session, by: Member) -> Chain:
    """Where the chain stands, without walking through it. `by` must have SEE_AUDIT."""
    rules.require(by, Right.SEE_AUDIT)
    head = await session.first(select(audit_head))
    some = select(audit.c.id).where(audit.c.position.is_(None)).limit(_MOST_WAITING).subquery()
    waiting = int(await session.scalar(select(func.count()).select_from(some)) or 0)
    more = waiting == _MOST_WAITING
    if head is None:
        return Chain(0, None, None, waiting, more)
    end = None if head["link"] is None else Seal(head["position"], bytes(head["link"]))
    return Chain(head["position"], head["sealed_at"], end, waiting, more)


async def last_check(session: Session, by: Member) -> tuple[Line | None, Line | None]:
    """When somebody last began to check the chain on a page, and what came of the last one that
    was ended. `by` must have SEE_AUDIT."""
    rules.require(by, Right.SEE_AUDIT)
    begun = await store.newest(session, audit.c.act == BEGUN, None, 1)
    held = await store.newest(session, audit.c.act == HELD, None, 1)
    broken = await store.newest(session, audit.c.act == BROKEN, None, 1)
    ended = max((*held, *broken), key=lambda line: line.id, default=None)
    return (begun[0] if begun else None), ended


async def _id_of(
    session: Session, within: ColumnElement[bool], order: ColumnElement[object]
) -> int | None:
    """The id of the first line within an order by time: ids follow time closely, so that a day is
    found by them, whatever else is asked for."""
    found: int | None = await session.scalar(
        select(audit.c.id).where(within).order_by(order).limit(1)
    )
    return found
