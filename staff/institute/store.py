"""The table of versions: each is whole, none is ever changed or taken away."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Integer, RowMapping, Table, Text, select

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff.institute.model import NAMES, Institute, Version

institute_version = Table(
    "institute_version",
    metadata,
    # Counted from 1 without a gap: of two that write the same one, one comes too late.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("said", Text, nullable=False),
    Column("at", Instant, nullable=False),
    # Not a foreign key: what was published stays, whoever wrote it.
    Column("by", Id, nullable=False),
)


async def newest(session: Session, limit: int, before: int | None = None) -> Sequence[Version]:
    """Versions, the newest first; those below a number when one is given."""
    number = institute_version.c.number
    query = select(institute_version).order_by(number.desc()).limit(limit)
    rows = await session.all(query if before is None else query.where(number < before))
    return tuple(_version(row) for row in rows)


async def numbered(session: Session, number: int) -> Version | None:
    """A version by its number."""
    row = await session.first(select(institute_version).where(institute_version.c.number == number))
    return None if row is None else _version(row)


async def add(session: Session, number: int, said: Institute, by: int, now: datetime) -> bool:
    """Write a version; False when there is one of that number already."""
    done = await session.execute(
        session.insert(institute_version)
        .values(number=number, said=_packed(said), at=now, by=by)
        .on_conflict_do_nothing(index_elements=["number"])
    )
    return done.rowcount == 1


def _packed(said: Institute) -> str:
    return json.dumps({name: text for name, text in asdict(said).items() if text})


def _version(row: RowMapping) -> Version:
    kept: dict[str, str] = json.loads(row["said"])
    # A field that a later release knows no more is left out.
    said = Institute(**{name: kept[name] for name in NAMES if name in kept})
    return Version(row["number"], said, row["at"], row["by"])
