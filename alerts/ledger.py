"""What the ledger knows of the messages of a case: which of them have not reached anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    String,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from alerts.model import CaseState
from alerts.store import case
from alerts.timeline import entry
from db.session import Session
from delivery.model import Lane, State
from delivery.service import send_job
from delivery.store import message
from kit.channels import Channel, Endpoint

LOST = (State.FAILED, State.UNDELIVERED, State.UNCERTAIN)
"""Not arrived, or nobody knows."""


async def reaches_nobody(
    session: Session, about: str, endpoints: Sequence[Endpoint], since: datetime
) -> bool:
    """Whether of the messages about something to these endpoints, of this instant or later, all
    are lost or were held back. Of none that is not said."""
    if not endpoints:
        return False
    rows = await session.all(
        select(message.c.state).where(
            message.c.about == about, message.c.created_at >= since, _to(endpoints)
        )
    )
    return bool(rows) and all(row["state"] in (*LOST, State.SKIPPED) for row in rows)


async def bring_forward(
    session: Session, about: str, endpoints: Sequence[Endpoint], since: datetime, now: datetime
) -> None:
    """Let the next message that waits for its turn leave now, when all before it were lost, or
    failed and are tried again."""
    if not endpoints:
        return
    this = and_(message.c.about == about, message.c.created_at >= since, _to(endpoints))
    rows = await session.all(
        select(message.c.state, message.c.reason, message.c.due_at).where(this)
    )
    tried = [row for row in rows if not _waits(row, now)]
    if tried and all(row["state"] in LOST or _failed_once(row) for row in tried):
        waiting = select(func.min(message.c.due_at)).where(this, *_LATER, message.c.due_at > now)
        await _now(session, this & (message.c.due_at == waiting.scalar_subquery()), now)


def _failed_once(row: RowMapping) -> bool:
    """Whether a message is to be tried again."""
    return row["state"] in (State.PENDING, State.SENDING) and row["reason"] is not None


def _waits(row: RowMapping, now: datetime) -> bool:
    """Whether a message has not had its turn."""
    return row["state"] == State.PENDING and row["reason"] is None and row["due_at"] > now


async def bring_all_forward(session: Session, now: datetime) -> None:
    """Let every page that waits for its turn leave now: one of the senders is out of order."""
    await _now(session, message.c.about.startswith("page:") & (message.c.due_at > now), now)


async def hold_until(session: Session, about: str, at: datetime) -> None:
    """Let what has not left yet about something leave then, not before and not later."""
    moved = await session.all(
        update(message)
        .where(message.c.about == about, *_LATER, message.c.run_id.is_(None))
        .values(due_at=at)
        .returning(message.c.sender)
    )
    for sender in {row["sender"] for row in moved}:
        session.wake(send_job(Lane.URGENT), sender, at)


async def _now(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    moved = await session.all(
        update(message)
        .where(which, *_LATER, message.c.run_id.is_(None))
        .values(due_at=now)
        .returning(message.c.sender)
    )
    for sender in {row["sender"] for row in moved}:
        session.wake(send_job(Lane.URGENT), sender)


async def newly_lost(session: Session, case_id: int, about: str) -> Mapping[int, State]:
    """The lost messages to a reporter that the timeline does not tell of yet."""
    rows = await session.all(
        select(message.c.id, message.c.state)
        .where(message.c.about == about, *_untold(entry.c.case_id == case_id))
        .order_by(message.c.id)
    )
    return {row["id"]: State(row["state"]) for row in rows}


async def last_is_lost(session: Session, about: str) -> State | None:
    """How the newest message to a reporter of which something is known was lost; None when it
    arrived, or when nothing is known. What a chat has taken has arrived; an SMS may not have."""
    taken = and_(message.c.state == State.SENT, message.c.channel != Channel.SMS)
    known = or_(message.c.state.in_((*LOST, State.DELIVERED)), taken)
    found = await session.scalar(
        select(message.c.state)
        .where(message.c.about == about, known)
        .order_by(message.c.id.desc())
        .limit(1)
    )
    return State(found) if found in LOST else None


async def unnoted(session: Session) -> tuple[str, ...]:
    """What marks the messages of live cases to whose reporter one was lost, and no timeline tells
    of it: the wake-up itself may be lost."""
    about = literal("case:", String) + cast(case.c.id, String)
    rows = await session.all(
        select(message.c.about)
        .join_from(case, message, message.c.about == about)
        .where(
            case.c.state.in_((CaseState.OPEN, CaseState.ACKNOWLEDGED)),
            *_untold(entry.c.case_id == case.c.id),
        )
        .distinct()
    )
    return tuple(row["about"] for row in rows)


_LATER = (message.c.state == State.PENDING, message.c.reason.is_(None))
"""It has not been tried: what is tried again keeps its own wait."""


def _to(endpoints: Sequence[Endpoint]) -> ColumnElement[bool]:
    return or_(
        *(
            and_(message.c.channel == one.channel, message.c.endpoint_index == one.value)
            for one in endpoints
        )
    )


def _untold(of_case: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    told = exists().where(of_case, entry.c.message_id == message.c.id)
    return message.c.state.in_(LOST), ~told
