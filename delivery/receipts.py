"""Receipts: what a provider says about an SMS or a call afterwards, in any order, late, twice, too
early.

An SMS is found by the provider's id. A call is found by its row, which its receipts name.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Column, Index, RowMapping, String, Table, delete, select, update

from contacts import store as contacts
from db.base import metadata
from db.columns import Instant
from db.session import Session
from delivery import runs
from delivery.fallback import another_address
from delivery.model import MOVES, Failure, Lane, State
from delivery.moves import move
from delivery.service import UNREACHED, send_job
from delivery.store import CODE_LENGTH, PROVIDER_ID_LENGTH, attempt, message
from delivery.transport import Receipt
from kit.channels import Channel

early_receipt = Table(
    "early_receipt",
    metadata,
    # Told about a message whose sending has not been written down yet.
    Column("provider_id", String(PROVIDER_ID_LENGTH), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("code", String(CODE_LENGTH), nullable=False),
    Column("failure", String(20)),
    Column("at", Instant, nullable=False),
    Index("ix_early_receipt_at", "at"),
)

RECEIPTED = (Channel.SMS, Channel.VOICE)
"""The channels whose providers tell what became of a message."""

NO_CALLS: Mapping[str, int] = MappingProxyType({})

KEPT_FOR = timedelta(days=1)
"""How long a receipt waits for its message."""

MISSED_AFTER = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""When the provider is asked about a message of which no receipt has come, counted from the last
time; then never again."""


async def receive(
    session: Session, receipt: Receipt, now: datetime, message_id: int | None = None
) -> None:
    """Apply a receipt. One that comes late, twice or backwards changes nothing.

    `message_id` is the row that the provider was told when it took the message. By it a row whose
    process was killed before it could write down its provider's id is found and settled.
    """
    if message_id is not None:
        # Who settles the row right now is waited for: else neither would see the other's writing.
        held = select(message.c.id).where(message.c.id == message_id).with_for_update()
        await session.execute(held)
    row = await _attempt_of(session, receipt.provider_id, message_id)
    adopted = None
    if row is None and message_id is not None:
        row = adopted = await _adopt(session, receipt, message_id, now)
    if row is None:
        await _keep(session, receipt, now)
        return
    await _apply(session, row, receipt, now)
    if adopted is not None:
        # One that said more may have come while the row was still with its process.
        calls = {receipt.provider_id: adopted["message_id"]}
        await apply_early(session, [receipt.provider_id], now, calls)


async def apply_early(
    session: Session,
    provider_ids: Iterable[str],
    now: datetime,
    calls: Mapping[str, int] = NO_CALLS,
) -> None:
    """Apply receipts that came before the sending of their messages was written down.

    `calls` gives the rows of those that may be calls.
    """
    which = early_receipt.c.provider_id.in_([one[:PROVIDER_ID_LENGTH] for one in provider_ids])
    for row in await session.all(select(early_receipt).where(which)):
        await session.execute(
            delete(early_receipt).where(early_receipt.c.provider_id == row["provider_id"])
        )
        failure = None if row["failure"] is None else Failure(row["failure"])
        receipt = Receipt(row["provider_id"], State(row["state"]), row["code"], failure)
        await receive(session, receipt, now, calls.get(row["provider_id"]))


async def forget_early(session: Session, now: datetime) -> None:
    """Drop receipts whose message never came; called by a tick."""
    await session.execute(delete(early_receipt).where(early_receipt.c.at < now - KEPT_FOR))


async def _attempt_of(
    session: Session, provider_id: str, message_id: int | None = None
) -> RowMapping | None:
    known = select(attempt.c.id, attempt.c.message_id).where(
        attempt.c.provider_id == provider_id[:PROVIDER_ID_LENGTH]
    )
    found = await session.first(known.where(attempt.c.channel == Channel.SMS))
    if found is not None or message_id is None:
        return found
    by_row = attempt.c.message_id == message_id
    return await session.first(known.where(by_row, attempt.c.channel == Channel.VOICE))


async def _adopt(
    session: Session, receipt: Receipt, message_id: int, now: datetime
) -> RowMapping | None:
    """The attempt of an uncertain row, which its receipt proves; None for any other row."""
    row = await session.first(
        select(message).where(
            message.c.id == message_id,
            message.c.state == State.UNCERTAIN,
            message.c.channel.in_(RECEIPTED),
        )
    )
    if row is None:
        return None
    await prove(session, row, receipt, now)
    return await _attempt_of(session, receipt.provider_id, message_id)


async def prove(session: Session, row: RowMapping, receipt: Receipt, now: datetime) -> None:
    """An uncertain row was taken by its provider after all."""
    await session.execute(
        attempt.insert().values(
            message_id=row["id"],
            channel=row["channel"],
            sender=row["sender"],
            address_id=row["address_id"],
            position=row["position"],
            at=now,
            outcome=State.SENT,
            code="",
            provider_id=receipt.provider_id[:PROVIDER_ID_LENGTH],
        )
    )
    this = message.c.id == row["id"]
    # Nobody asks about a call: by then it is over.
    asked = now + MISSED_AFTER[0] if row["channel"] == Channel.SMS else None
    values = {"settled_at": now, "reason": None, "check_at": asked}
    await move(session, this, State.UNCERTAIN, State.SENT, **values)


async def _apply(session: Session, found: RowMapping, receipt: Receipt, now: datetime) -> None:
    this = message.c.id == found["message_id"]
    if receipt.state is State.SENT:
        return
    if receipt.state is State.UNDELIVERED and not await _is_latest(session, found):
        # It went by another way since.
        return
    values = {
        "settled_at": now,
        "reason": receipt.code[:CODE_LENGTH] or None,
        "check_at": None,
    }
    for old, new in MOVES.items():
        if receipt.state not in new:
            continue
        for row in await move(session, this, old, receipt.state, **values):
            if receipt.state is State.UNDELIVERED:
                await _undelivered(session, row, receipt, now)


async def _undelivered(session: Session, row: RowMapping, receipt: Receipt, now: datetime) -> None:
    """Keep what it says about the address; go on by the next one, or tell who waits for it."""
    whole = await session.first(select(message).where(message.c.id == row["id"]))
    if row["about"] is not None:
        session.wake(UNREACHED, row["about"])
    if whole is None or whole["address_id"] is None or whole["run_id"] is None:
        return
    if receipt.failure not in (Failure.ADDRESS_DEAD, Failure.CONTACT_STOPPED):
        return
    for known in await contacts.addresses(session, whole["contact_id"]):
        if known.id != whole["address_id"]:
            continue
        if receipt.failure is Failure.ADDRESS_DEAD:
            await contacts.mark_dead(session, known.endpoint)
        else:
            await contacts.add_opt_out(session, known.endpoint, "provider", "", now)
    run = await runs.get(session, whole["run_id"])
    channels = () if run is None else run.channels
    other = await another_address(session, whole["contact_id"], channels, whole["address_id"])
    if other is None or run is None:
        return
    if run.state is runs.RunState.DONE:
        # Every row had settled; this one has not any more, and of a run that is over nothing
        # leaves.
        await runs.move(session, run.id, runs.RunState.SENDING, now)
    await move(
        session,
        message.c.id == row["id"],
        State.UNDELIVERED,
        State.PENDING,
        address_id=other.address_id,
        channel=other.channel,
        sender=other.sender,
        due_at=now,
        settled_at=None,
    )
    session.wake(send_job(Lane.BULK), other.sender)


async def _is_latest(session: Session, found: RowMapping) -> bool:
    latest = await session.scalar(
        select(attempt.c.id)
        .where(attempt.c.message_id == found["message_id"])
        .order_by(attempt.c.id.desc())
        .limit(1)
    )
    return bool(latest == found["id"])


async def _keep(session: Session, receipt: Receipt, now: datetime) -> None:
    """Keep a receipt until its message is known; the one that says more wins."""
    row = {
        "provider_id": receipt.provider_id[:PROVIDER_ID_LENGTH],
        "state": receipt.state,
        "code": receipt.code[:CODE_LENGTH],
        "failure": receipt.failure,
        "at": now,
    }
    wanted = session.insert(early_receipt).values(**row)
    await session.execute(
        wanted.on_conflict_do_update(
            index_elements=[early_receipt.c.provider_id],
            set_=row,
            where=early_receipt.c.state.not_in(_said_after(receipt.state)),
        )
    )


def _said_after(state: State) -> tuple[State, ...]:
    """The states that must not be overwritten by this one."""
    if state is State.DELIVERED:
        return ()
    if state is State.UNDELIVERED:
        return (State.DELIVERED,)
    return (State.DELIVERED, State.UNDELIVERED)


async def is_known(session: Session, provider_id: str) -> bool:
    """Whether a message of the provider's is one that the ledger has already."""
    return await _attempt_of(session, provider_id) is not None


async def put_off(session: Session, message_id: int, at: datetime | None) -> None:
    """Ask about a message again at `at`, or never."""
    await session.execute(update(message).where(message.c.id == message_id).values(check_at=at))
