"""The table of staff's wordings, and its queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    select,
    update,
)

from campaigns.texts.model import Override, Standing
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session

STANDING = (Standing.PROPOSED, Standing.APPROVED)

text_override = Table(
    "text_override",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(60), nullable=False),
    Column("language", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("standing", String(10), nullable=False),
    Column("author_id", Id, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("approver_id", Id),
    Column("approved_at", Instant),
    Column("ended_at", Instant),
)
# Those that are over stay, to be read.
STANDS = text_override.c.standing.in_(STANDING)
Index(
    "uq_text_override_standing",
    text_override.c.key,
    text_override.c.language,
    text_override.c.standing,
    unique=True,
    sqlite_where=STANDS,
    postgresql_where=STANDS,
)


async def add(
    session: Session, key: str, language: str, text: str, author_id: int, now: datetime
) -> Override | None:
    """Write a proposal; None when somebody else's came at the same moment."""
    row = (
        (
            await session.execute(
                session.insert(text_override)
                .values(
                    key=key,
                    language=language,
                    text=text,
                    standing=Standing.PROPOSED,
                    author_id=author_id,
                    proposed_at=now,
                )
                .on_conflict_do_nothing()
                .returning(*text_override.c)
            )
        )
        .mappings()
        .first()
    )
    return None if row is None else _override(row)


async def hold(session: Session, key: str, language: str, standing: Standing) -> Override | None:
    """The wording that stands so for a text, to change it; nobody else does until this unit
    ends."""
    row = await session.first(
        select(text_override).where(_is(key, language, standing)).with_for_update()
    )
    return None if row is None else _override(row)


async def standing(session: Session, key: str | None = None) -> Sequence[Override]:
    """Every wording that is proposed or approved, or those of one text."""
    statement = select(text_override).where(STANDS).order_by(text_override.c.id)
    if key is not None:
        statement = statement.where(text_override.c.key == key)
    return [_override(row) for row in await session.all(statement)]


async def approved(session: Session) -> Sequence[Override]:
    """Every wording that is to be said."""
    rows = await session.all(
        select(text_override)
        .where(STANDS, text_override.c.standing == Standing.APPROVED)
        .order_by(text_override.c.id)
    )
    return [_override(row) for row in rows]


async def end(
    session: Session, key: str, language: str, was: Standing, now: datetime, how: Standing
) -> None:
    """A wording stands no more; nothing happens when there is none."""
    await session.execute(
        update(text_override).where(_is(key, language, was)).values(standing=how, ended_at=now)
    )


async def approve(session: Session, override_id: int, approver_id: int, now: datetime) -> None:
    """A wording that this unit holds is said from now on."""
    await session.execute(
        update(text_override)
        .where(text_override.c.id == override_id)
        .values(standing=Standing.APPROVED, approver_id=approver_id, approved_at=now)
    )


def _is(key: str, language: str, standing: Standing) -> ColumnElement[bool]:
    return (
        (text_override.c.key == key)
        & (text_override.c.language == language)
        & (text_override.c.standing == standing)
    )


def _override(row: RowMapping) -> Override:
    return Override(
        id=row["id"],
        key=row["key"],
        language=row["language"],
        text=row["text"],
        standing=Standing(row["standing"]),
        author_id=row["author_id"],
        proposed_at=row["proposed_at"],
        approver_id=row["approver_id"],
        approved_at=row["approved_at"],
    )
