"""Who of the staff has the page of a case open, and who is writing to its reporter now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, ForeignKey, Index, Table, select, update

from alerts.model import Case
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff import store as staff
from staff.store import member

NOTED_EVERY = timedelta(minutes=10)
"""Opening the page of a case again so soon is no further line of the audit."""

KEPT_NOTED_EVERY = timedelta(days=1)
"""A page that stays open and asks by itself for what is new is a further line only so late."""

HERE_FOR = timedelta(minutes=2)
"""So long after a page was last before somebody's eyes they count as being at it."""

COMES_EVERY = timedelta(minutes=1)
"""How often a page that is looked at says so."""

WRITES_FOR = timedelta(seconds=10)
"""So long after the last sign of it somebody counts as writing."""

presence = Table(
    "case_presence",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    # When the audit was last told that they opened it.
    Column("noted_at", Instant),
    # When they last had it before their eyes.
    Column("here_at", Instant),
    Column("writing_at", Instant),
    Index("ix_case_presence_writing_at", "writing_at"),
)


@dataclass(frozen=True, slots=True)
class Present:
    """A colleague at the page of a case, by their pseudonym."""

    member_id: int
    pseudonym: str
    writing: bool


async def is_noted(
    session: Session,
    case_id: int,
    member_id: int,
    now: datetime,
    every: timedelta = NOTED_EVERY,
) -> bool:
    """Whether the audit was told within `every` that a member opened this case. Only reads."""
    noted_at = await session.scalar(
        select(presence.c.noted_at).where(_of(case_id, member_id), presence.c.noted_at <= now)
    )
    return noted_at is not None and noted_at > now - every


async def note(
    session: Session,
    case: Case,
    member_id: int,
    now: datetime,
    *,
    every: timedelta = NOTED_EVERY,
) -> bool:
    """Write into the audit that a member has opened a case, at most once in `every`; gives whether
    it was written. Two pages opened at once are noted once."""
    new = session.insert(presence).values(case_id=case.id, member_id=member_id, noted_at=now)
    old = (
        presence.c.noted_at.is_(None)
        | (presence.c.noted_at <= now - every)
        | (presence.c.noted_at > now)
    )
    made = await session.scalar(
        new.on_conflict_do_update(
            index_elements=[presence.c.case_id, presence.c.member_id],
            set_={"noted_at": now},
            where=old,
        ).returning(presence.c.case_id)
    )
    if made is None:
        return False
    await staff.log(session, member_id, "case.open", case.folio, now)
    return True


async def is_here(session: Session, case_id: int, member_id: int, now: datetime) -> bool:
    """Whether a member has the page of a case before their eyes: new words are seen at once."""
    return await _here_since(session, case_id, member_id, HERE_FOR, now)


async def is_to_come(session: Session, case_id: int, member_id: int, now: datetime) -> bool:
    """Whether it is time to write down that they are here. Only reads."""
    return not await _here_since(session, case_id, member_id, COMES_EVERY, now)


async def comes(session: Session, case_id: int, member_id: int, now: datetime) -> None:
    """A member has the page of a case before their eyes now."""
    new = session.insert(presence).values(case_id=case_id, member_id=member_id, here_at=now)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[presence.c.case_id, presence.c.member_id], set_={"here_at": now}
        )
    )


async def writes(session: Session, case_id: int, member_id: int, now: datetime) -> None:
    """A member is writing to the reporter at this moment."""
    new = session.insert(presence).values(case_id=case_id, member_id=member_id, writing_at=now)
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[presence.c.case_id, presence.c.member_id], set_={"writing_at": now}
        )
    )


async def writes_no_more(session: Session, case_id: int, member_id: int) -> None:
    """What they wrote has left, or was given up."""
    await session.execute(update(presence).where(_of(case_id, member_id)).values(writing_at=None))


async def others(session: Session, case_id: int, but: int, now: datetime) -> tuple[Present, ...]:
    """The colleagues who opened a case a short time ago, have it before their eyes, or write in it
    now, without one's self. What a clock that was put back left ahead of now counts for nothing."""
    here = _lately(presence.c.noted_at, NOTED_EVERY, now) | _lately(
        presence.c.here_at, HERE_FOR, now
    )
    rows = await session.all(
        select(presence.c.member_id, presence.c.writing_at, member.c.pseudonym)
        .join_from(presence, member, member.c.id == presence.c.member_id)
        .where(
            presence.c.case_id == case_id,
            presence.c.member_id != but,
            here | _lately(presence.c.writing_at, WRITES_FOR, now),
        )
        .order_by(member.c.pseudonym, presence.c.member_id)
    )
    return tuple(
        Present(row["member_id"], row["pseudonym"], _writing(row["writing_at"], now))
        for row in rows
    )


async def _here_since(
    session: Session, case_id: int, member_id: int, length: timedelta, now: datetime
) -> bool:
    at = await session.scalar(select(presence.c.here_at).where(_of(case_id, member_id)))
    return at is not None and now - length < at <= now


def _writing(at: datetime | None, now: datetime) -> bool:
    return at is not None and now - WRITES_FOR < at <= now


def _lately(at: Column[datetime], length: timedelta, now: datetime) -> ColumnElement[bool]:
    return (at > now - length) & (at <= now)


def _of(case_id: int, member_id: int) -> ColumnElement[bool]:
    return (presence.c.case_id == case_id) & (presence.c.member_id == member_id)
