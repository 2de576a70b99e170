"""Requests that were made with an `Idempotency-Key`, and what was answered.

The answer is written in the unit of what the request does, so that the same request made again is
answered and not done again, whenever the process was killed. Keys are kept as fingerprints.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    and_,
    delete,
    select,
    update,
)

from console.api.problems import InProgress, KeyReused
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from locales.text import _
from staff.tokens import api_token

KEPT = timedelta(hours=24)

LOST = timedelta(minutes=15)
"""A request that has been at work for so long was killed: nothing that is taken takes longer."""

BATCH = 1_000
PURPOSE = "api_request"

api_request = Table(
    "api_request",
    metadata,
    Column("token_id", Id, ForeignKey(api_token.c.id, ondelete="CASCADE"), primary_key=True),
    Column("key_print", LargeBinary(32), primary_key=True),
    # Of the method, the path with its query, and the body.
    Column("request_print", LargeBinary(32), nullable=False),
    Column("at", Instant, nullable=False),
    # NULL while it is at work.
    Column("status", Integer),
    Column("body", Text),
    Index("ix_api_request_at", "at"),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What was answered: a status and a JSON document."""

    status: int
    body: str


async def begin(
    session: Session, token_id: int, key: str, request_print: bytes, now: datetime
) -> Stored | None:
    """What the same request was answered, or None: then it is this unit's, or its caller's, to do.

    Raises KeyReused when the key stood for another request, and InProgress while the same one is
    at work.
    """
    new = {"request_print": request_print, "at": now, "status": None, "body": None}
    which = _which(session, token_id, key)
    # Once more, should the one that is at work give up in between.
    for _try in range(2):
        made = await session.scalar(
            session.insert(api_request)
            .values(token_id=token_id, key_print=_print(session, key), **new)
            .on_conflict_do_nothing()
            .returning(api_request.c.token_id)
        )
        if made is not None:
            return None
        row = await session.first(select(api_request).where(which).with_for_update())
        if row is None:
            continue
        is_lost = row["status"] is None and row["at"] <= now - LOST
        if is_lost or row["at"] <= now - KEPT:
            await session.execute(update(api_request).where(which).values(**new))
            return None
        if bytes(row["request_print"]) != request_print:
            raise KeyReused(_("api.key_reused"))
        if row["status"] is None:
            break
        return Stored(row["status"], row["body"])
    raise InProgress(_("api.in_progress"))


async def finish(session: Session, token_id: int, key: str, answered: Stored) -> None:
    """Keep what was answered; it holds no personal data."""
    values = {"status": answered.status, "body": answered.body}
    which = _which(session, token_id, key)
    await session.execute(update(api_request).where(which).values(**values))


async def give_up(session: Session, token_id: int, key: str) -> None:
    """It was not done: the same may be asked again."""
    which = _which(session, token_id, key)
    await session.execute(delete(api_request).where(which, api_request.c.status.is_(None)))


async def forget(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Take out up to `limit` requests that are older than a day; gives how many."""
    columns = (api_request.c.token_id, api_request.c.key_print)
    old = await session.all(select(*columns).where(api_request.c.at <= now - KEPT).limit(limit))
    for row in old:
        same = [column == row[column.name] for column in columns]
        await session.execute(delete(api_request).where(and_(*same)))
    return len(old)


def _which(session: Session, token_id: int, key: str) -> ColumnElement[bool]:
    return and_(api_request.c.token_id == token_id, api_request.c.key_print == _print(session, key))


def _print(session: Session, key: str) -> bytes:
    return session.blind(key, PURPOSE)
