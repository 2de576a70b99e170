"""What the ledger knows of the messages of a case: which of them have not reached anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, or_, select

from alerts.model import CaseState
from alerts.store import case, entry
from db.session import Session
from delivery.model import State
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
    theirs = or_(
        *(
            and_(message.c.channel == one.channel, message.c.endpoint_index == one.value)
            for one in endpoints
        )
    )
    rows = await session.all(
        select(message.c.state).where(
            message.c.about == about, message.c.created_at >= since, theirs
        )
    )
    return bool(rows) and all(row["state"] in (*LOST, State.SKIPPED) for row in rows)


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


def _untold(of_case: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    told = exists().where(of_case, entry.c.message_id == message.c.id)
    return message.c.state.in_(LOST), ~told
