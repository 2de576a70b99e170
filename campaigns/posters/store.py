"""The table of posters: codes, what they set, and counters that name nobody."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    select,
    text,
    update,
)

from campaigns.posters.model import Draft, Poster
from contacts.atlas import Region
from contacts.model import Topic
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from kit.fold import fold

poster = Table(
    "poster",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(8), nullable=False),
    Column("language", String(12), nullable=False),
    Column("clave", Integer),
    # Of a municipality too, so that all of a region are found together.
    Column("region", String(20)),
    Column("topic", String(20)),
    Column("programme", String(60), nullable=False),
    Column("label", String(60), nullable=False),
    # Label and programme as `kit.fold` leaves them: databases fold accents each in its own way.
    Column("words", String(140), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("retired_at", Instant),
    Column("opened", Integer, nullable=False, server_default=text("0")),
    Column("agreed", Integer, nullable=False, server_default=text("0")),
    Index("uq_poster_code", "code", unique=True),
    Index("ix_poster_region", "region", "id"),
    Index("ix_poster_clave", "clave", "id"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posters: those with an id below `before`, of a place, with words in label or programme.

    Retired ones only when asked for; with `code` that one, whatever else is wanted.
    """

    before: int | None = None
    region: Region | None = None
    clave: int | None = None
    words: str = ""
    retired: bool = False
    code: str = ""


async def taken(session: Session, codes: Collection[str]) -> frozenset[str]:
    """Those of some codes that a poster has already, retired ones included."""
    rows = await session.all(select(poster.c.code).where(poster.c.code.in_(codes)))
    return frozenset(row["code"] for row in rows)


async def add(
    session: Session, drafts: Iterable[tuple[str, Draft]], member_id: int, now: datetime
) -> None:
    """Write posters, each with its code."""
    rows = [
        {
            "code": code,
            "language": draft.language,
            "clave": draft.clave,
            "region": draft.region,
            "topic": draft.topic,
            "programme": draft.programme,
            "label": draft.label,
            "words": fold(f"{draft.label} {draft.programme}"),
            "made_at": now,
            "made_by": member_id,
        }
        for code, draft in drafts
    ]
    if rows:
        await session.execute(poster.insert(), rows)


async def alike(session: Session, draft: Draft, claves: Collection[int]) -> frozenset[int]:
    """Those of some municipalities that have a poster like this one hanging already."""
    rows = await session.all(
        select(poster.c.clave).where(
            poster.c.clave.in_(claves),
            poster.c.language == draft.language,
            poster.c.topic.is_(None) if draft.topic is None else poster.c.topic == draft.topic,
            poster.c.programme == draft.programme,
            poster.c.label == draft.label,
            poster.c.retired_at.is_(None),
        )
    )
    return frozenset(row["clave"] for row in rows)


async def get(session: Session, code: str) -> Poster | None:
    """A poster by its code, retired or not."""
    row = await session.first(select(poster).where(poster.c.code == code))
    return None if row is None else _poster(row)


async def some(session: Session, wanted: Wanted, limit: int) -> Sequence[Poster]:
    """Posters, the newest first."""
    which: list[ColumnElement[bool]] = []
    if wanted.code:
        which.append(poster.c.code == wanted.code)
    else:
        if wanted.before is not None:
            which.append(poster.c.id < wanted.before)
        if wanted.clave is not None:
            which.append(poster.c.clave == wanted.clave)
        elif wanted.region is not None:
            which.append(poster.c.region == wanted.region)
        if not wanted.retired:
            which.append(poster.c.retired_at.is_(None))
        which += [poster.c.words.contains(word, autoescape=True) for word in wanted.words.split()]
    rows = await session.all(select(poster).where(*which).order_by(poster.c.id.desc()).limit(limit))
    return tuple(_poster(row) for row in rows)


async def retire(session: Session, code: str, at: datetime | None) -> bool:
    """Take a code out of use, or back into it with None; False when it was so already."""
    was = poster.c.retired_at.is_not(None) if at is None else poster.c.retired_at.is_(None)
    done = update(poster).where(poster.c.code == code, was).values(retired_at=at)
    return await session.scalar(done.returning(poster.c.id)) is not None


async def count(session: Session, code: str, *, agreed: bool) -> None:
    """One more who opened it, or said yes."""
    column = poster.c.agreed if agreed else poster.c.opened
    await session.execute(update(poster).where(poster.c.code == code).values({column: column + 1}))


def _poster(row: RowMapping) -> Poster:
    draft = Draft(
        row["language"],
        row["clave"],
        None if row["region"] is None else Region(row["region"]),
        None if row["topic"] is None else Topic(row["topic"]),
        row["programme"],
        row["label"],
    )
    return Poster(
        row["id"],
        row["code"],
        draft,
        row["made_at"],
        row["made_by"],
        row["retired_at"],
        row["opened"],
        row["agreed"],
    )
