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
    RowMapping,
    Select,
    String,
    Table,
    and_,
    func,
    or_,
    select,
    update,
)

from contacts.store import address, opt_out
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from delivery.content import Content
from delivery.model import (
    MOVES,
    PROCESS_ENDED,
    UNSETTLED,
    Claimed,
    Lane,
    NewMessage,
    Outcome,
    Skip,
    State,
)
from delivery.runs import RunState, run, run_content
from kit.channels import Channel, Endpoint

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", String(8), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(40)),
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
    Index("ix_message_due", "state", "lane", "channel", "due_at"),
    Index("ix_message_run_state", "run_id", "state"),
    Index("ix_message_about", "about"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("message.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("code", String(40), nullable=False),
    Column("provider_id", String(64)),
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
        .where(message.c.state == State.PENDING, message.c.due_at <= now, _may_go())
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
            _may_go(),
        )
    )
    return found if isinstance(found, datetime) else None


async def claim(
    session: Session, lane: Lane, channel: Channel, limit: int, claimant: str, now: datetime
) -> tuple[Claimed, ...]:
    """Take up to `limit` due rows for sending, the oldest first.

    Rows of people who opted out since the run was frozen, or were erased, are skipped here: this
    is the check at the moment of sending.
    """
    ids = (
        select(message.c.id)
        .where(
            message.c.state == State.PENDING,
            message.c.lane == lane,
            message.c.channel == channel,
            message.c.due_at <= now,
            _may_go(),
        )
        .order_by(message.c.due_at, message.c.id)
        .limit(limit)
    )
    if not session.is_sqlite:
        ids = ids.with_for_update(skip_locked=True)
    taken = await session.all(
        update(message)
        .where(message.c.id.in_(ids))
        .values(state=State.SENDING, claimed_by=claimant, claimed_at=now)
        .returning(message.c.id)
    )
    if not taken:
        return ()
    rows = await session.all(_with_address([row["id"] for row in taken]))
    claimed: list[Claimed] = []
    for row in rows:
        skip = _skip(row)
        if skip is None:
            claimed.append(_claimed(row))
        else:
            await settle_as(session, row["id"], State.SKIPPED, skip, now)
    return tuple(claimed)


async def settle(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Write how attempts ended, in one go."""
    for outcome in outcomes:
        claimed = outcome.claimed
        values: dict[str, object] = {
            "state": outcome.state,
            "reason": outcome.reason,
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
    await session.execute(
        attempt.insert(),
        [
            {
                "message_id": outcome.claimed.id,
                "channel": outcome.channel,
                "at": outcome.at,
                "outcome": outcome.reason or outcome.state,
                "code": outcome.code,
                "provider_id": outcome.provider_id,
            }
            for outcome in outcomes
        ],
    )


async def settle_as(
    session: Session, message_id: int, state: State, reason: str, now: datetime
) -> None:
    """Settle one row without an attempt."""
    await session.execute(
        update(message)
        .where(message.c.id == message_id)
        .values(state=state, reason=reason, settled_at=now, claimed_by=None)
    )


async def skip_pending_about(session: Session, about: str, now: datetime) -> None:
    """Hold back what is still to leave about something, for instance a silenced case."""
    await session.execute(
        update(message)
        .where(message.c.about == about, message.c.state == State.PENDING)
        .values(state=State.SKIPPED, reason=Skip.SILENCED, settled_at=now)
    )


async def release(session: Session, message_id: int) -> None:
    """Give back a claimed row that has not left."""
    await session.execute(
        update(message)
        .where(message.c.id == message_id, message.c.state == State.SENDING)
        .values(state=State.PENDING, claimed_by=None)
    )


async def recover(session: Session, claimant: str, held: Collection[int], now: datetime) -> None:
    """Free claimed rows that nobody is sending: not of `claimant`, or not in `held`.

    Urgent and reply go again; of bulk nobody knows whether they left.
    """
    rows = await session.all(
        select(message.c.id, message.c.claimed_by).where(message.c.state == State.SENDING)
    )
    orphans = [row["id"] for row in rows if row["claimed_by"] != claimant or row["id"] not in held]
    if not orphans:
        return
    orphaned = and_(message.c.id.in_(orphans), message.c.state == State.SENDING)
    await session.execute(
        update(message)
        .where(orphaned, message.c.lane != Lane.BULK)
        .values(state=State.PENDING, claimed_by=None, due_at=now)
    )
    await session.execute(
        update(message)
        .where(orphaned, message.c.lane == Lane.BULK)
        .values(state=State.UNCERTAIN, claimed_by=None, reason=PROCESS_ENDED)
    )


async def receive(
    session: Session, provider_id: str, state: State, code: str, at: datetime
) -> None:
    """Apply a receipt of a provider. One that comes late, twice or backwards changes nothing."""
    owner = await session.scalar(
        select(attempt.c.message_id).where(attempt.c.provider_id == provider_id)
    )
    if owner is None:
        return
    before = [old for old, new in MOVES.items() if state in new and old is not State.SENDING]
    await session.execute(
        update(message)
        .where(message.c.id == owner, message.c.state.in_(before))
        .values(state=state, reason=code or None, settled_at=at)
    )


async def state_of(session: Session, message_id: int) -> State | None:
    """Where a message stands."""
    found = await session.scalar(select(message.c.state).where(message.c.id == message_id))
    return None if found is None else State(found)


def _may_go() -> ColumnElement[bool]:
    """Rows of a run leave only while it is sending; all others always may."""
    sending = select(run.c.id).where(run.c.state == RunState.SENDING)
    return or_(message.c.run_id.is_(None), message.c.run_id.in_(sending))


def _with_address(ids: Sequence[int]) -> Select[tuple[object, ...]]:
    return (
        select(
            message,
            address.c.endpoint.label("address_endpoint"),
            opt_out.c.at.label("opted_out_at"),
            run_content.c.content.label("run_content"),
        )
        .outerjoin(address, and_(address.c.id == message.c.address_id, address.c.dead.is_(False)))
        .outerjoin(
            opt_out,
            and_(
                opt_out.c.channel == address.c.channel,
                opt_out.c.endpoint_index == address.c.endpoint_index,
            ),
        )
        .outerjoin(
            run_content,
            and_(
                run_content.c.run_id == message.c.run_id,
                run_content.c.language == message.c.language,
            ),
        )
        .where(message.c.id.in_(ids))
        .order_by(message.c.due_at, message.c.id)
    )


def _skip(row: RowMapping) -> Skip | None:
    """Why a claimed row must not leave, or None."""
    if row["run_id"] is None:
        return None
    if row["address_endpoint"] is None:
        return Skip.ERASED
    return Skip.OPTED_OUT if row["opted_out_at"] is not None else None


def _claimed(row: RowMapping) -> Claimed:
    channel = Channel(row["channel"])
    if row["endpoints"] is None:
        endpoints: tuple[Endpoint, ...] = (Endpoint(channel, row["address_endpoint"]),)
        position = 0
    else:
        endpoints = tuple(
            Endpoint(Channel(kind), value) for kind, value in json.loads(row["endpoints"])
        )
        position = row["position"]
    return Claimed(
        id=row["id"],
        lane=Lane(row["lane"]),
        to=endpoints[position],
        content=Content.unpack(row["content"] or row["run_content"]),
        attempts=row["attempts"],
        created_at=row["created_at"],
        position=position,
        endpoints=endpoints,
        contact_id=row["contact_id"],
        run_id=row["run_id"],
    )
