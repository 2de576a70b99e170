"""What the page of the system asks the tables for. Nothing here counts a big table: each query
walks a few entries of an index that holds what is under way alone."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from alerts.canary import store as canaries
from alerts.canary.model import LIMIT
from bot.inbox.store import InboundState, inbound
from console.system.model import MOST, Canary, Failed, Pace, Process, Queue, Running, Sender, Store
from db.session import Session
from delivery import senders, tally
from delivery.model import Lane, State
from delivery.presence import LOST_AFTER, process
from delivery.runs import RunState, run
from delivery.senders import sender
from delivery.store import ON_ITS_OWN, message
from kit.channels import Channel

SHOWN = 20
UNDER_WAY = (RunState.FREEZING, RunState.SENDING, RunState.PAUSED)
CANARIES = (Channel.SMS, Channel.TELEGRAM)


async def senders_now(session: Session, now: datetime) -> tuple[Sender, ...]:
    """Every configured sender, and how it goes."""
    found = []
    for row in await senders.all_of(session):
        blocked = _later(row["blocked_until"], now)
        pace = Pace.WORKS
        if row["broken_at"] is not None:
            pace = Pace.BROKEN
        elif blocked is not None:
            pace = Pace.BLOCKED
        elif row["failures"]:
            pace = Pace.STUMBLES
        found.append(
            Sender(
                row["name"],
                row["channel"],
                row["rate"],
                row["urgent_only"],
                pace,
                blocked,
                row["broken_at"],
                row["broken_code"] or "",
                row["failures"],
                _later(row["held_until"], now),
            )
        )
    return tuple(found)


async def queues(session: Session, now: datetime) -> tuple[Queue, ...]:
    """What of each lane may leave now, of messages on their own; rows of runs are in `runs`."""
    known = await session.all(select(sender.c.name))
    # The first of a channel is called as it is; rows wait for it also before it is configured.
    names = {"", *Channel, *(row["name"] for row in known)}
    found = []
    for lane in Lane:
        due, oldest = 0, []
        for name in names:
            mine = (
                ON_ITS_OWN,
                message.c.state == State.PENDING,
                message.c.lane == lane,
                message.c.sender == name,
                message.c.due_at <= now,
            )
            first = await session.scalar(select(func.min(message.c.due_at)).where(*mine))
            if first is not None:
                oldest.append(first)
                some = select(message.c.id).where(*mine).limit(MOST + 1).subquery()
                due += int(await session.scalar(select(func.count()).select_from(some)))
        unclear = (
            select(message.c.id)
            .where(ON_ITS_OWN, message.c.state == State.UNCERTAIN, message.c.lane == lane)
            .limit(MOST + 1)
            .subquery()
        )
        uncertain = int(await session.scalar(select(func.count()).select_from(unclear)))
        found.append(Queue(lane, min(due, MOST + 1), min(oldest, default=None), uncertain))
    return tuple(found)


async def runs(session: Session) -> tuple[Running, ...]:
    """Runs that are under way, the newest in front, by what was counted as their rows moved."""
    rows = await session.all(
        select(run.c.id, run.c.campaign_id, run.c.state)
        .where(run.c.state.in_(UNDER_WAY))
        .order_by(run.c.id.desc())
        .limit(SHOWN)
    )
    counts = await tally.by_run(session, [row["id"] for row in rows])
    return tuple(
        Running(
            row["campaign_id"],
            row["state"],
            counts[row["id"]][State.PENDING] + counts[row["id"]][State.SENDING],
            sum(counts[row["id"]].values()),
        )
        for row in rows
    )


async def arrivals(session: Session) -> tuple[int, tuple[Failed, ...]]:
    """How many arrivals could not be processed (`MOST` + 1: more), and the first of them."""
    failed = inbound.c.state == InboundState.FAILED
    some = select(inbound.c.id).where(failed).limit(MOST + 1).subquery()
    count = int(await session.scalar(select(func.count()).select_from(some)))
    rows = await session.all(
        select(
            inbound.c.id,
            inbound.c.channel,
            inbound.c.arrived_at,
            inbound.c.attempts,
            inbound.c.error,
        )
        .where(failed)
        .order_by(inbound.c.next_try_at, inbound.c.id)
        .limit(SHOWN)
    )
    return count, tuple(
        Failed(row["id"], row["channel"], row["arrived_at"], row["attempts"], row["error"] or "")
        for row in rows
    )


async def last_canaries(session: Session, now: datetime) -> tuple[Canary, ...]:
    """The last canary of each channel that ever had one."""
    found = [await canaries.newest(session, channel) for channel in CANARIES]
    return tuple(
        Canary(
            one.channel,
            one.started_at,
            one.done_at,
            one.done_at is None and now - one.started_at >= LIMIT,
        )
        for one in found
        if one is not None
    )


async def processes(session: Session, machine_now: datetime) -> tuple[Process, ...]:
    """Separate processes that said lately that they live; none in the embedded mode."""
    rows = await session.all(
        select(process.c.role, process.c.seen_at)
        .where(process.c.seen_at > machine_now - timedelta(hours=1))
        .order_by(process.c.role, process.c.seen_at.desc())
        .limit(SHOWN)
    )
    return tuple(
        Process(row["role"], row["seen_at"], machine_now - row["seen_at"] < LOST_AFTER)
        for row in rows
    )


async def store(session: Session, path: Path | None) -> Store:
    """The database's size; `path` is its file on SQLite."""
    if session.is_sqlite:
        pages = int(await session.scalar(text("PRAGMA page_count")))
        size = int(await session.scalar(text("PRAGMA page_size")))
        room = None if path is None else await asyncio.to_thread(_room, path)
        free, whole = room or (None, None)
        return Store("SQLite", pages * size, free, whole)
    size = int(await session.scalar(select(func.pg_database_size(func.current_database()))))
    return Store("PostgreSQL", size, None, None)


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None


def _room(path: Path) -> tuple[int, int] | None:
    try:
        usage = shutil.disk_usage(path.parent)
    except OSError:
        return None
    return usage.free, usage.total
