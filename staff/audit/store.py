"""Tables of the audit: its lines, and the head of their chain."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    LargeBinary,
    RowMapping,
    String,
    Table,
    func,
    select,
    text,
)

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff.audit.model import Line, content

PURPOSE = "audit"
BATCH = 1000

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("member_id", Id),
    Column("act", String(40), nullable=False),
    Column("about", String(60), nullable=False),
    # Over what the line tells; none on lines from before there was a chain.
    Column("mac", LargeBinary),
    # Its place in the chain, and the link that binds it to the one before; set once, together.
    Column("position", BigInteger),
    Column("link", LargeBinary),
    Index("ix_audit_at", "at"),
    Index("ix_audit_act", "act", "id"),
    Index("ix_audit_about", "about", "id"),
    Index("ix_audit_member_id", "member_id", "id"),
    Index("uq_audit_position", "position", unique=True),
    Index(
        "ix_audit_unsealed",
        "id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
)

audit_head = Table(
    "audit_head",
    metadata,
    # The one row of this table; who seals holds it.
    Column("id", Id, primary_key=True),
    # The last id, and how many lines there were, as the chain began; bound into its first link.
    Column("mark", BigInteger, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("link", LargeBinary),
    Column("sealed_at", Instant),
)


async def log(session: Session, member_id: int | None, act: str, about: str, now: datetime) -> None:
    """Write who saw or did what. `about` names a thing by its id or folio, never a person.

    The line is bound to its id, so that a copy of it is no line. It waits for nobody: it is linked
    to the line before it later, by `staff.audit.chain.seal`.
    """
    line = Line(await _next_id(session), now, member_id, act, about)
    await session.execute(
        audit.insert().values(
            id=line.id,
            at=now,
            member_id=member_id,
            act=act,
            about=about,
            mac=session.blind(content(line), PURPOSE),
        )
    )


async def some(session: Session, condition: ColumnElement[bool], limit: int) -> tuple[Line, ...]:
    """The first lines that fulfil a condition, by id."""
    return await _read(session, condition, audit.c.id, limit)


async def sealed_until(
    session: Session, last: int, batch: int = BATCH
) -> AsyncIterator[Sequence[Line]]:
    """The lines of the chain up to a position, in its order, in batches."""
    after = 0
    while True:
        within = (audit.c.position > after) & (audit.c.position <= last)
        lines = await _read(session, within, audit.c.position, batch)
        if not lines:
            return
        yield lines
        after = max(line.position or 0 for line in lines)


async def unsealed(session: Session) -> AsyncIterator[Sequence[Line]]:
    """The lines that are not yet in the chain, in batches."""
    after = 0
    while lines := await some(session, audit.c.position.is_(None) & (audit.c.id > after), BATCH):
        yield lines
        after = lines[-1].id


async def newest(
    session: Session, condition: ColumnElement[bool], before: int | None, limit: int
) -> tuple[Line, ...]:
    """Lines that fulfil a condition, the newest first; those below an id when one is given."""
    wanted = condition if before is None else condition & (audit.c.id < before)
    return await _read(session, wanted, audit.c.id.desc(), limit)


async def _next_id(session: Session) -> int:
    """The id of the next line. On SQLite no other unit writes meanwhile; on PostgreSQL the
    sequence locks nobody out, and may leave some ids unused."""
    sequence = func.nextval(func.pg_get_serial_sequence("audit", "id"))
    highest = func.coalesce(func.max(audit.c.id), 0) + 1
    return int(await session.scalar(select(highest if session.is_sqlite else sequence)))


async def _read(
    session: Session, condition: ColumnElement[bool], order: ColumnElement[object], limit: int
) -> tuple[Line, ...]:
    wanted = select(audit).where(condition).order_by(order).limit(limit)
    try:
        return tuple(_line(row) for row in await session.all(wanted))
    except (ValueError, TypeError):
        # Somebody wrote what is no instant, which SQLite takes: read around it, line by line.
        ids = await session.all(wanted.with_only_columns(audit.c.id))
        return tuple([await _alone(session, row["id"]) for row in ids])


async def _alone(session: Session, line_id: int) -> Line:
    """A line that may not be readable as it should be."""
    which = audit.c.id == line_id
    try:
        row = await session.first(select(audit).where(which))
        if row is not None:
            return _line(row)
    except (ValueError, TypeError):
        pass
    others = [column for column in audit.c if column is not audit.c.at]
    rest = (await session.all(select(*others).where(which)))[0]
    return replace(_line({**rest, "at": None}), at=None)


def _line(row: RowMapping | dict[str, object]) -> Line:
    at, member, position = row["at"], row["member_id"], row["position"]
    return Line(
        id=int(str(row["id"])),
        at=at if isinstance(at, datetime) else None,
        member_id=member if isinstance(member, int) else None,
        act=str(row["act"]),
        about=str(row["about"]),
        mac=_bytes(row["mac"]),
        position=position if isinstance(position, int) else None,
        link=_bytes(row["link"]),
    )


def _bytes(value: object) -> bytes | None:
    if value is None:
        return None
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
