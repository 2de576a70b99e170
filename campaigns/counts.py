"""What is counted in the background, in batches: a row for each thing, with what is known so far.

A batch is a unit of its own and may be lost with its process, so a row says how far it has come.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Boolean, Column, Executable, RowMapping, Table, Text, select, update

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session


def counts(name: str, *about: Column[object]) -> Table:
    """A table of counts. `about` are what is counted, its key, and of what the counts are."""
    return Table(
        name,
        metadata,
        *about,
        # The last contact who was looked at.
        Column("through", Id, nullable=False),
        Column("done", Boolean, nullable=False),
        # When the counting began, and what has been counted since.
        Column("counted_at", Instant, nullable=False),
        Column("figures", Text, nullable=False),
        # What was counted before of the same, to be shown meanwhile.
        Column("earlier_at", Instant),
        Column("earlier", Text),
    )


async def held(
    session: Session,
    table: Table,
    key: int,
    now: datetime,
    nothing: str,
    is_old: Callable[[RowMapping], bool],
    **about: object,
) -> RowMapping:
    """The row to count into, held: new, or emptied when it is of something else than `about`, or
    old. `nothing` are the figures before anything is counted."""
    (column,) = table.primary_key
    row_of = select(table).where(column == key).with_for_update()
    empty = {**about, "through": 0, "done": False, "counted_at": now, "figures": nothing}
    row = await session.first(row_of)
    if row is None:
        new = session.insert(table).values({column.name: key, **empty})
        await session.execute(new.on_conflict_do_nothing())
        row = await _there(session, row_of)
    same = all(row[name] == value for name, value in about.items())
    if same and not is_old(row):
        return row
    kept = same and row["done"]
    earlier = {
        "earlier_at": row["counted_at"] if kept else None,
        "earlier": row["figures"] if kept else None,
    }
    await session.execute(update(table).where(column == key).values({**empty, **earlier}))
    return await _there(session, row_of)


async def keep(session: Session, table: Table, key: int, **values: object) -> None:
    """Note how far the counting has come."""
    (column,) = table.primary_key
    await session.execute(update(table).where(column == key).values(**values))


def whole(row: RowMapping) -> tuple[str, datetime] | None:
    """The figures that were counted to their end last, and when; None while there are none."""
    if row["done"]:
        return row["figures"], row["counted_at"]
    return None if row["earlier"] is None else (row["earlier"], row["earlier_at"])


async def _there(session: Session, row_of: Executable) -> RowMapping:
    row = await session.first(row_of)
    if row is None:
        raise LookupError("counts that were just begun are not there")
    return row
