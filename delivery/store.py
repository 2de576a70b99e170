"""The ledger: one row for every message that leaves, and each attempt to send it."""

import json
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    func,
    select,
    text,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from delivery.model import Failure, Lane, NewMessage, State
from delivery.runs import RunState, run
from delivery.senders import known_sender, sender
from kit.channels import WRITTEN

CODE_LENGTH = 40
PROVIDER_ID_LENGTH = 64
"""What is kept of a provider's words; some databases refuse a longer one and the row with it."""

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", String(8), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("sender", String(20), nullable=False, server_default=text("''")),
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
    # 1 when its process was killed while it held the row, more for each send of it since.
    Column("killed", Integer, nullable=False, default=0, server_default="0"),
    # When its provider is to be asked what became of it.
    Column("check_at", Instant),
    Column("settled_at", Instant),
    # When it is to be taken back, and when it was: see `delivery.withdrawing`.
    Column("withdraw_at", Instant),
    Column("withdrawn_at", Instant),
    Index("uq_message_run_contact", "run_id", "contact_id", unique=True),
)
# Each row is in few indexes, and a row of a run in two: every one of them costs a million writes.
ON_ITS_OWN = message.c.run_id.is_(None)
Index(
    "ix_message_due",
    message.c.state,
    message.c.lane,
    message.c.sender,
    message.c.due_at,
    message.c.id,
    sqlite_where=ON_ITS_OWN,
    postgresql_where=ON_ITS_OWN,
)
OF_A_RUN = message.c.run_id.is_not(None)
Index(
    "ix_message_run",
    message.c.run_id,
    message.c.state,
    message.c.sender,
    message.c.due_at,
    message.c.id,
    sqlite_where=OF_A_RUN,
    postgresql_where=OF_A_RUN,
)
for _name, _columns in (
    ("about", (message.c.about,)),
    ("endpoint", (message.c.endpoint_index, message.c.channel)),
    ("claimed", (message.c.claimed_by,)),
    ("check", (message.c.check_at,)),
    ("withdraw", (message.c.withdraw_at,)),
):
    Index(
        f"ix_message_{_name}",
        *_columns,
        sqlite_where=_columns[0].is_not(None),
        postgresql_where=_columns[0].is_not(None),
    )

attempt = Table(
    "attempt",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Id, ForeignKey("message.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("sender", String(20), nullable=False, server_default=text("''")),
    # By which address: one of the contact's, or the place among the row's own endpoints.
    Column("address_id", Id),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("at", Instant, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("code", String(CODE_LENGTH), nullable=False),
    Column("provider_id", String(PROVIDER_ID_LENGTH)),
    Index("ix_attempt_message_id", "message_id"),
)
# Only SMS are found by their receipts: a chat's message ids are not even unique, and a call's
# receipt names its row.
HAS_RECEIPTS = attempt.c.channel == "sms"
Index(
    "ix_attempt_provider_id",
    attempt.c.provider_id,
    sqlite_where=HAS_RECEIPTS,
    postgresql_where=HAS_RECEIPTS,
)


async def add(session: Session, new: NewMessage, now: datetime) -> tuple[int, str]:
    """Write a message on its own into the ledger; gives its id and its sender.

    It leaves from the sender that has written to this endpoint before.
    """
    first = new.to[0]
    row = await session.first(
        message.insert()
        .values(
            lane=new.lane,
            channel=first.channel,
            sender=known_sender(first.channel, first.value),
            state=State.PENDING,
            endpoints=json.dumps([[end.channel, end.value] for end in new.to]),
            endpoint_index=first.value,
            content=new.content.pack(),
            position=0,
            language=new.language,
            about=new.about,
            created_at=now,
            due_at=new.due_at or now,
            withdraw_at=new.withdraw_at,
            attempts=0,
            killed=0,
        )
        .returning(message.c.id, message.c.sender)
    )
    if row is None:
        raise LookupError("a message that was just written is not there")
    return int(row["id"]), str(row["sender"])


async def due_lanes(session: Session, now: datetime) -> tuple[tuple[Lane, str], ...]:
    """Lanes and senders that hold something to send now."""
    rows = await session.all(
        select(message.c.lane, message.c.sender)
        .where(ON_ITS_OWN, message.c.state == State.PENDING, message.c.due_at <= now)
        .distinct()
    )
    found = [(Lane(row["lane"]), str(row["sender"])) for row in rows]
    # The first of a channel is looked for also where it has never been: its rows must not wait.
    names = {row["name"] for row in await session.all(select(sender.c.name))} | set(WRITTEN)
    for run_id in await sending_runs(session):
        for name in sorted(names):
            # The earliest, by one step of the index: PostgreSQL looks for any row that is due along
            # the whole table when it guesses that there are many.
            earliest = await next_of_run(session, run_id, name)
            if earliest is not None and earliest <= now:
                found.append((Lane.BULK, name))
    return tuple(dict.fromkeys(found))


async def due_withdrawals(session: Session, now: datetime) -> tuple[str, ...]:
    """Senders of which something is to be taken back now."""
    due = select(message.c.sender).where(message.c.withdraw_at <= now).distinct()
    return tuple(str(row["sender"]) for row in await session.all(due))


async def next_due(session: Session, lane: Lane, sender_name: str) -> datetime | None:
    """When the next pending row of a lane is due."""
    if lane is not Lane.BULK:
        return await _earliest(
            session,
            ON_ITS_OWN,
            message.c.state == State.PENDING,
            message.c.lane == lane,
            message.c.sender == sender_name,
        )
    found = [
        await _earliest(session, *_of_run(run_id, sender_name))
        for run_id in await sending_runs(session)
    ]
    return min((at for at in found if at is not None), default=None)


async def next_of_run(session: Session, run_id: int, sender_name: str) -> datetime | None:
    """When the next pending row of a run is due at a sender."""
    return await _earliest(session, *_of_run(run_id, sender_name))


async def sending_runs(session: Session) -> tuple[int, ...]:
    """The runs whose rows may leave now, the oldest first. Rows of the others are not looked at."""
    rows = await session.all(
        select(run.c.id).where(run.c.state == RunState.SENDING).order_by(run.c.id)
    )
    return tuple(row["id"] for row in rows)


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


async def state_of(session: Session, message_id: int) -> State | None:
    """Where a message stands."""
    found = await session.scalar(select(message.c.state).where(message.c.id == message_id))
    return None if found is None else State(found)


def _of_run(run_id: int, sender_name: str) -> tuple[ColumnElement[bool], ...]:
    return (
        message.c.run_id == run_id,
        message.c.state == State.PENDING,
        message.c.sender == sender_name,
    )


async def _earliest(session: Session, *which: ColumnElement[bool]) -> datetime | None:
    found = await session.scalar(select(func.min(message.c.due_at)).where(*which))
    return found if isinstance(found, datetime) else None
