"""The ledger: one row for every message that leaves, and each attempt to send it."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    case,
    func,
    or_,
    select,
    update,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from delivery.model import (
    MOVES,
    UNSETTLED,
    Claimed,
    Failure,
    Lane,
    NewMessage,
    Outcome,
    Skip,
    State,
)
from delivery.runs import RunState, run
from kit.channels import Channel, Endpoint

CODE_LENGTH = 40
PROVIDER_ID_LENGTH = 64
"""What is kept of a provider's words; some databases refuse a longer one and the row with it."""

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", String(8), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(CODE_LENGTH)),
    # Rows of a run: whom, and by which address of theirs.
    Column("run_id", Id, ForeignKey("run.id")),
    Column("contact_id", Id),
    Column("address_id", Id),
    # Rows on their own: the endpoints in order, and what they say.
    Column("endpoints", Sealed("endpoints")),
    Column("endpoint_index", Blind("endpoint")),
    Column("content", Sealed("content")),
    Column("position", Integer, nullable=False, default=0),
    Column("language", String(12), nullable=False),
    Column("about", String(40)),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("claimed_by", String(40)),
    Column("claimed_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("settled_at", Instant),
    Index("uq_message_run_contact", "run_id", "contact_id", unique=True),
    Index("ix_message_due", "state", "lane", "channel", "due_at", "id"),
    Index("ix_message_run_state", "run_id", "state"),
    Index("ix_message_about", "about"),
    Index("ix_message_endpoint", "channel", "endpoint_index", "state"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("message.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("code", String(CODE_LENGTH), nullable=False),
    Column("provider_id", String(PROVIDER_ID_LENGTH)),
    Index("ix_attempt_message_id", "message_id"),
    Index("ix_attempt_provider_id", "provider_id"),
)


async def add(session: Session, new: NewMessage, now: datetime) -> int:
    """Write a message on its own into the ledger; gives its id."""
    first = new.to[0]
    made = await session.scalar(
        message.insert()
        .values(
            lane=new.lane,
            channel=first.channel,
            state=State.PENDING,
            endpoints=json.dumps([[end.channel, end.value] for end in new.to]),
            endpoint_index=first.value,
            content=new.content.pack(),
            position=0,
            language=new.language,
            about=new.about,
            created_at=now,
            due_at=new.due_at or now,
            attempts=0,
        )
        .returning(message.c.id)
    )
    return int(made)


async def due_lanes(session: Session, now: datetime) -> tuple[tuple[Lane, Channel], ...]:
    """Lanes and channels that hold something to send now."""
    rows = await session.all(
        select(message.c.lane, message.c.channel)
        .where(message.c.state == State.PENDING, message.c.due_at <= now, may_go())
        .distinct()
    )
    return tuple((Lane(row["lane"]), Channel(row["channel"])) for row in rows)


async def next_due(session: Session, lane: Lane, channel: Channel) -> datetime | None:
    """When the next pending row of a lane is due."""
    found = await session.scalar(
        select(func.min(message.c.due_at)).where(
            message.c.state == State.PENDING,
            message.c.lane == lane,
            message.c.channel == channel,
            may_go(),
        )
    )
    return found if isinstance(found, datetime) else None


async def settle(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Write how attempts ended, in one go."""
    for outcome in outcomes:
        claimed = outcome.claimed
        values: dict[str, object] = {
            "state": outcome.state,
            "reason": _unless_held_back(outcome),
            "claimed_by": None,
            "attempts": claimed.attempts + (1 if outcome.counts else 0),
            "settled_at": None if outcome.state in UNSETTLED else outcome.at,
        }
        if outcome.due_at is not None:
            values["due_at"] = outcome.due_at
        if outcome.next_position is not None:
            nearest = claimed.endpoints[outcome.next_position]
            values |= {"position": outcome.next_position, "channel": nearest.channel}
        await session.execute(
            update(message)
            .where(message.c.id == claimed.id, message.c.state == State.SENDING)
            .values(**values)
        )
    again = [outcome.claimed.id for outcome in outcomes if outcome.state is State.PENDING]
    if again:
        await skip_held_back(session, again, outcomes[0].at)
    await session.execute(
        attempt.insert(),
        [
            {
                "message_id": outcome.claimed.id,
                "channel": outcome.channel,
                "at": outcome.at,
                "outcome": outcome.reason or outcome.state,
                "code": outcome.code[:CODE_LENGTH],
                "provider_id": outcome.provider_id and outcome.provider_id[:PROVIDER_ID_LENGTH],
            }
            for outcome in outcomes
        ],
    )


async def was_attempted(session: Session, message_id: int, at: datetime) -> bool:
    """Whether the attempt that ended at an instant is written already."""
    same = (attempt.c.message_id == message_id) & (attempt.c.at == at)
    return await session.scalar(select(attempt.c.id).where(same)) is not None


async def unknown_outcomes(session: Session, message_id: int) -> int:
    """How many attempts of a message have had an outcome that nobody knows."""
    return int(
        await session.scalar(
            select(func.count())
            .select_from(attempt)
            .where(
                attempt.c.message_id == message_id,
                attempt.c.outcome == Failure.UNKNOWN_OUTCOME,
            )
        )
    )


async def settle_as(
    session: Session, message_id: int, state: State, reason: str, now: datetime
) -> None:
    """Settle one claimed row without an attempt."""
    await session.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state == State.SENDING)
        .values(state=state, reason=reason, settled_at=now, claimed_by=None)
    )


async def move_on(session: Session, claimed: Claimed, position: int) -> None:
    """Give a claimed row back for another of its endpoints, without an attempt."""
    await session.execute(
        update(message)
        .where(message.c.id == claimed.id, message.c.state == State.SENDING)
        .values(
            state=State.PENDING,
            claimed_by=None,
            position=position,
            channel=claimed.endpoints[position].channel,
        )
    )


async def skip_pending_about(session: Session, about: str, now: datetime) -> None:
    """Hold back what is still to leave about something, for instance pages of an owned case."""
    await _hold_back(session, message.c.about == about, now)


async def hush(session: Session, endpoint: Endpoint, now: datetime) -> None:
    """Hold back every message on its own that is still to leave for an endpoint.

    One that is with a provider right now cannot be called back, but is not tried again.
    """
    to_them = (message.c.channel == endpoint.channel) & (message.c.endpoint_index == endpoint.value)
    await _hold_back(session, to_them, now)


async def _hold_back(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    await session.execute(
        update(message)
        .where(which, message.c.state == State.PENDING)
        .values(state=State.SKIPPED, reason=Skip.SILENCED, settled_at=now)
    )
    await session.execute(
        update(message).where(which, message.c.state == State.SENDING).values(reason=Skip.SILENCED)
    )


async def skip_held_back(session: Session, ids: Collection[int], now: datetime) -> None:
    """Rows that were held back while they were with a provider, and would be tried again."""
    await session.execute(
        update(message)
        .where(
            message.c.id.in_(ids),
            message.c.state == State.PENDING,
            message.c.reason == Skip.SILENCED,
        )
        .values(state=State.SKIPPED, settled_at=now)
    )


async def receive(
    session: Session, provider_id: str, state: State, code: str, at: datetime
) -> str | None:
    """Apply a receipt of a provider. One that comes late, twice or backwards changes nothing.

    Gives what the message was about, when the receipt was news.
    """
    owner = await session.scalar(
        select(attempt.c.message_id).where(
            attempt.c.provider_id == provider_id[:PROVIDER_ID_LENGTH]
        )
    )
    if owner is None:
        return None
    before = [old for old, new in MOVES.items() if state in new and old is not State.SENDING]
    row = await session.first(
        update(message)
        .where(message.c.id == owner, message.c.state.in_(before))
        .values(state=state, reason=code[:CODE_LENGTH] or None, settled_at=at)
        .returning(message.c.about)
    )
    return None if row is None else row["about"]


async def state_of(session: Session, message_id: int) -> State | None:
    """Where a message stands."""
    found = await session.scalar(select(message.c.state).where(message.c.id == message_id))
    return None if found is None else State(found)


def may_go() -> ColumnElement[bool]:
    """Rows of a run leave only while it is sending; all others always may."""
    sending = select(run.c.id).where(run.c.state == RunState.SENDING)
    return or_(message.c.run_id.is_(None), message.c.run_id.in_(sending))


def _unless_held_back(outcome: Outcome) -> object:
    """The reason to write: what was held back meanwhile keeps that as its reason to stay."""
    if outcome.state is not State.PENDING:
        return outcome.reason
    held = message.c.reason == Skip.SILENCED
    return case((held, Skip.SILENCED.value), else_=outcome.reason)
