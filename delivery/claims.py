"""Claims on rows of the ledger: take what is due, look at it again, give it back."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, RowMapping, Select, and_, select, update

from contacts.store import address, opt_out
from db.session import Session
from delivery import store
from delivery.content import Content
from delivery.judging import UNREADABLE
from delivery.model import PROCESS_ENDED, Claimed, Lane, Skip, State
from delivery.runs import run_content
from delivery.service import UNREACHED
from delivery.store import may_go, message
from kit.channels import Channel, Endpoint
from kit.crypto import Unreadable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Slice:
    """What a claim took: `rows` may leave, the others of `taken` were settled at once."""

    taken: int
    rows: tuple[Claimed, ...]


async def claim(
    session: Session, lane: Lane, channel: Channel, limit: int, claimant: str, now: datetime
) -> Slice:
    """Take up to `limit` due rows for sending, the oldest first.

    Rows of people who opted out since the run was frozen, or were erased, are skipped here: this
    is the check at the moment of sending. One that cannot be opened fails and stops no other.
    """
    ids = (
        select(message.c.id)
        .where(
            message.c.state == State.PENDING,
            message.c.lane == lane,
            message.c.channel == channel,
            message.c.due_at <= now,
            may_go(),
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
        return Slice(0, ())
    claimed: list[Claimed] = []
    for row in await _opened(session, [row["id"] for row in taken], now):
        skip = skip_of(row)
        if skip is not None:
            await store.settle_as(session, row["id"], State.SKIPPED, skip, now)
            continue
        try:
            claimed.append(_claimed(row))
        except (ValueError, TypeError, LookupError):
            await _unreadable(session, row["id"], now)
    return Slice(len(taken), tuple(claimed))


async def release(
    session: Session, ids: Collection[int], now: datetime, due_at: datetime | None = None
) -> None:
    """Give back claimed rows that have not left, to be due at `due_at` if not as before."""
    if not ids:
        return
    values: dict[str, object] = {"state": State.PENDING, "claimed_by": None}
    if due_at is not None:
        values["due_at"] = due_at
    await session.execute(
        update(message)
        .where(message.c.id.in_(ids), message.c.state == State.SENDING)
        .values(**values)
    )
    await store.skip_held_back(session, ids, now)


async def recover(
    session: Session,
    claimant: str,
    held: Collection[int],
    now: datetime,
    unsent: Collection[int] = (),
) -> None:
    """Free claimed rows that nobody is sending: not of `claimant`, or not in `held`.

    Urgent and reply go again; of bulk nobody knows whether they left, but for those in `unsent`.
    """
    rows = await session.all(
        select(message.c.id, message.c.claimed_by).where(message.c.state == State.SENDING)
    )
    orphans = [row["id"] for row in rows if row["claimed_by"] != claimant or row["id"] not in held]
    if not orphans:
        return
    await release(session, [orphan for orphan in orphans if orphan in unsent], now)
    orphaned = and_(message.c.id.in_(orphans), message.c.state == State.SENDING)
    await session.execute(
        update(message)
        .where(orphaned, message.c.lane != Lane.BULK)
        .values(state=State.PENDING, claimed_by=None, due_at=now)
    )
    await store.skip_held_back(session, orphans, now)
    await session.execute(
        update(message)
        .where(orphaned, message.c.lane == Lane.BULK)
        .values(state=State.UNCERTAIN, claimed_by=None, reason=PROCESS_ENDED)
    )


async def _opened(session: Session, ids: Sequence[int], now: datetime) -> Iterable[RowMapping]:
    """Rows as they can be read; each by itself as soon as one of them cannot."""
    try:
        return await session.all(_with_address(ids))
    except (Unreadable, ValueError, TypeError):
        rows: list[RowMapping] = []
        for message_id in ids:
            try:
                rows += await session.all(_with_address([message_id]))
            except (Unreadable, ValueError, TypeError):
                await _unreadable(session, message_id, now)
        return sorted(rows, key=lambda row: (row["due_at"], row["id"]))


async def _unreadable(session: Session, message_id: int, now: datetime) -> None:
    log.error("delivery.unreadable", message=message_id)
    await store.settle_as(session, message_id, State.FAILED, UNREADABLE, now)
    about = await session.scalar(select(message.c.about).where(message.c.id == message_id))
    if about is not None:
        session.wake(UNREACHED, about)


def of_address() -> ColumnElement[bool]:
    """The opt-out of an address."""
    return and_(
        opt_out.c.channel == address.c.channel,
        opt_out.c.endpoint_index == address.c.endpoint_index,
    )


def _with_address(ids: Sequence[int]) -> Select[tuple[object, ...]]:
    return (
        select(
            message,
            address.c.endpoint.label("address_endpoint"),
            address.c.dead.label("address_dead"),
            opt_out.c.at.label("opted_out_at"),
            run_content.c.content.label("run_content"),
        )
        .outerjoin(address, address.c.id == message.c.address_id)
        .outerjoin(opt_out, of_address())
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


def skip_of(row: RowMapping) -> Skip | None:
    """Why a claimed row must not leave, or None."""
    if row["run_id"] is None:
        return None
    if row["address_dead"] is None:
        return Skip.ERASED
    if row["address_dead"]:
        return Skip.NO_ADDRESS
    return Skip.OPTED_OUT if row["opted_out_at"] is not None else None


def _claimed(row: RowMapping) -> Claimed:
    """Raises ValueError, TypeError or LookupError when the row does not say what it should."""
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
        about=row["about"],
    )
