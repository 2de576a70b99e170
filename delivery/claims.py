"""Claims on rows of the ledger: take what is due, look at it again, give it back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, RowMapping, Select, and_, select, update

from contacts.model import DEFAULT_ZONE
from contacts.store import address, contact, opt_out, subscription
from db.session import Session
from delivery import reading, runs
from delivery.fallback import another_address
from delivery.filling_store import WHEREABOUTS
from delivery.holding import skip_held_back
from delivery.judging import UNREADABLE
from delivery.model import Claimed, Lane, Skip, State
from delivery.moves import move
from delivery.quiet import opening
from delivery.reading import Wordings
from delivery.runs import Run, RunState
from delivery.service import UNREACHED, send_job
from delivery.sleeping import lay_down
from delivery.store import ON_ITS_OWN, message
from kit.crypto import Unreadable

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Slice:
    """What a claim took: `rows` may leave, the others of `taken` were settled at once."""

    taken: int
    rows: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims, with what this process remembers. `turn` shares the lane between runs."""

    process: str
    wordings: Wordings = field(default_factory=Wordings)
    turn: list[int] = field(default_factory=lambda: [0])


async def claim(
    session: Session,
    lane: Lane,
    sender: str,
    limit: int,
    who: Claimant,
    now: datetime,
    *,
    suspects: bool = True,
) -> Slice:
    """Take up to `limit` due rows for sending, the oldest first; runs take turns.

    Of rows whose process was killed while it held them at most one, and none without `suspects`:
    sent one by one, only the one that kills its process is ever held by it again.

    Rows of people who opted out since the run was frozen, withdrew the topic or were erased, are
    skipped here: this is the check at the moment of sending. So is the hour: rows of people for
    whom it is too early or too late wait until it is not. One that cannot be opened fails and stops
    no other.
    """
    if lane is not Lane.BULK:
        due = _own_rows(lane, sender, now)
        found = list(await _open(session, due.where(message.c.killed == 0).limit(limit), now))
        if suspects and len(found) < limit:
            found += await _open(session, due.where(message.c.killed > 0).limit(1), now)
        return await _take(session, [(row, None) for row in found], who, now)
    sending = await runs.in_state(session, RunState.SENDING)
    # Read once: this process claims for its other senders at the same time.
    turn = who.turn[0] = who.turn[0] + 1
    rows: list[tuple[RowMapping, Run | None]] = []
    for at in range(len(sending)):
        run = sending[(turn + at) % len(sending)]
        left = limit - len(rows)
        # Each run gets its part; the last ones what the others left.
        part = max(1, left // (len(sending) - at))
        of_run = await _open(session, _rows_of(run, sender, min(part, left), now), now)
        rows += [(row, run) for row in of_run]
        if len(rows) >= limit:
            break
    return await _take(session, rows, who, now)


async def release(
    session: Session, ids: Collection[int], now: datetime, due_at: datetime | None = None
) -> None:
    """Give back claimed rows that have not left, to be due at `due_at` if not as before."""
    await skip_held_back(session, ids, now)
    values: dict[str, object] = {"claimed_by": None}
    if due_at is not None:
        values["due_at"] = due_at
    await move(session, message.c.id.in_(ids), State.SENDING, State.PENDING, **values)


def skip_of(row: RowMapping, run: Run | None, now: datetime) -> Skip | None:
    """Why a due row must not leave, or None."""
    if run is None:
        return Skip.CANCELLED if is_withdrawn(row, now) else None
    stale_at = run.stale_in(row["zone"] or DEFAULT_ZONE)
    if stale_at is not None and now >= stale_at:
        return Skip.STALE
    if row["address_dead"] is None:
        return Skip.ERASED
    if row["opted_out_at"] is not None:
        return Skip.OPTED_OUT
    if run.topic and row["agreed"] is None:
        return Skip.NO_CONSENT
    return Skip.NO_ADDRESS if row["address_dead"] else None


def opens_at(row: RowMapping, run: Run | None, now: datetime) -> datetime:
    """From when on a row may leave by the hours of its run and its person's clock: `now`, or the
    next morning."""
    if run is None or run.hours is None:
        return now
    return opening(now, row["zone"] or DEFAULT_ZONE, run.hours)


def is_withdrawn(row: RowMapping, now: datetime) -> bool:
    """Whether a row on its own would have been taken back by now, had it left."""
    return row["withdraw_at"] is not None and row["withdraw_at"] <= now


async def _take(
    session: Session,
    rows: Sequence[tuple[RowMapping, Run | None]],
    who: Claimant,
    now: datetime,
) -> Slice:
    claimed: list[Claimed] = []
    waiting: dict[tuple[Run, str, str], datetime] = {}
    for row, run in rows:
        skip = skip_of(row, run, now)
        if skip is not None:
            if run is None or not await _by_another_address(session, row, run, skip):
                this = message.c.id == row["id"]
                await move(session, this, State.PENDING, State.SKIPPED, reason=skip, settled_at=now)
            continue
        opens = opens_at(row, run, now)
        if run is not None and opens > now:
            waiting[run, row["sender"], row["zone"] or DEFAULT_ZONE] = opens
            continue
        try:
            claimed.append(await reading.claimed_of(session, row, run, who.wordings))
        except (ValueError, TypeError, LookupError):
            await _unreadable(session, row["id"], now)
    for (run, sender, zone), opens in waiting.items():
        await lay_down(session, run, sender, zone, opens, now)
    if claimed:
        taken = await move(
            session,
            message.c.id.in_([row.id for row in claimed]),
            State.PENDING,
            State.SENDING,
            claimed_by=who.process,
            claimed_at=now,
        )
        # Held for this unit, so that all of them have moved; but if not, the others do not leave.
        moved = {row["id"] for row in taken}
        claimed = [row for row in claimed if row.id in moved]
    return Slice(len(rows), tuple(claimed))


async def _by_another_address(session: Session, row: RowMapping, run: Run, skip: Skip) -> bool:
    """Send a row on whose address has died since; somebody who said no is not pursued."""
    if skip is not Skip.NO_ADDRESS:
        return False
    other = await another_address(session, row["contact_id"], run.channels, row["address_id"])
    if other is None:
        return False
    await session.execute(
        update(message)
        .where(message.c.id == row["id"], message.c.state == State.PENDING)
        .values(address_id=other.address_id, channel=other.channel, sender=other.sender)
    )
    session.wake(send_job(Lane.BULK), other.sender)
    return True


async def _open(
    session: Session, query: Select[tuple[object, ...]], now: datetime
) -> Sequence[RowMapping]:
    """Due rows as they can be read; each by itself as soon as one of them cannot."""
    held = query if session.is_sqlite else query.with_for_update(skip_locked=True, of=message)
    try:
        return await session.all(held)
    except (Unreadable, ValueError, TypeError):
        rows: list[RowMapping] = []
        ids = await session.all(held.with_only_columns(message.c.id, maintain_column_froms=True))
        for row in ids:
            try:
                rows += await session.all(held.where(message.c.id == row["id"]))
            except (Unreadable, ValueError, TypeError):
                await _unreadable(session, row["id"], now)
        return rows


async def _unreadable(session: Session, message_id: int, now: datetime) -> None:
    log.error("delivery.unreadable", message=message_id)
    this = message.c.id == message_id
    values = {"reason": UNREADABLE, "settled_at": now}
    for row in await move(session, this, State.PENDING, State.FAILED, **values):
        if row["about"] is not None:
            session.wake(UNREACHED, row["about"])


def of_address() -> ColumnElement[bool]:
    """The opt-out of an address."""
    return and_(
        opt_out.c.channel == address.c.channel,
        opt_out.c.endpoint_index == address.c.endpoint_index,
    )


def agreed_to(topic: str) -> ColumnElement[bool]:
    """The yes of a row's contact to a topic."""
    return and_(subscription.c.contact_id == message.c.contact_id, subscription.c.topic == topic)


def _own_rows(lane: Lane, sender: str, now: datetime) -> Select[tuple[object, ...]]:
    return (
        select(message)
        .where(
            ON_ITS_OWN,
            message.c.state == State.PENDING,
            message.c.lane == lane,
            message.c.sender == sender,
            message.c.due_at <= now,
        )
        .order_by(message.c.due_at, message.c.id)
    )


def _rows_of(run: Run, sender: str, limit: int, now: datetime) -> Select[tuple[object, ...]]:
    return (
        select(
            message.c.id,
            message.c.lane,
            message.c.channel,
            message.c.sender,
            message.c.run_id,
            message.c.contact_id,
            message.c.address_id,
            message.c.language,
            message.c.attempts,
            message.c.created_at,
            message.c.due_at,
            address.c.endpoint.label("address_endpoint"),
            address.c.dead.label("address_dead"),
            opt_out.c.at.label("opted_out_at"),
            subscription.c.topic.label("agreed"),
            contact.c.zone,
            *WHEREABOUTS,
        )
        .outerjoin(address, address.c.id == message.c.address_id)
        .outerjoin(opt_out, of_address())
        .outerjoin(subscription, agreed_to(run.topic))
        .outerjoin(contact, contact.c.id == message.c.contact_id)
        .where(
            message.c.run_id == run.id,
            message.c.state == State.PENDING,
            message.c.sender == sender,
            message.c.due_at <= run.open_until(now),
        )
        .order_by(message.c.due_at, message.c.id)
        .limit(limit)
    )
