"""Putting the moved clock of a trial back, so that nothing stands still and nothing is lost.

A clock alone that goes back leaves what was written in the moved time in the future: the next page
of a case would wait for days. So every instant of the moved time becomes the one at which it
really happened, and what is yet to come keeps what is left of its wait. What somebody chose by the
calendar stays: a shift of Tuesday, the hour of a campaign.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    Table,
    UniqueConstraint,
    or_,
    select,
    type_coerce,
    update,
)

from app.schema import metadata
from db.columns import Blind, Instant
from db.session import Database, Session
from kit.clock import Clock

AS_THEY_ARE = frozenset(
    (
        # Each line of the audit seals the one before it, with its instant.
        "audit",
        "audit_head",
        # They go by the clock of the machine or of the database, which nobody moves.
        "lease",
        "process",
        # The calendar.
        "campaign",
        "rota_override",
        "shift_answer",
    )
)

Era = tuple[datetime, timedelta]
"""From when, by the machine's clock, the clock was so far ahead."""


class MovedTime:
    """Remembers how the clock was moved since the start, to put it back."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._eras: list[Era] = [(datetime.min.replace(tzinfo=UTC), clock.offset)]
        self._one_by_one = asyncio.Lock()
        clock.on_move(self._moved)

    def _moved(self) -> None:
        offset = self._clock.offset
        self._eras.append((self._clock.now() - offset, offset))
        if not offset:
            del self._eras[:-1]

    async def put_back(self) -> None:
        """Go back to the machine's time. Opens one unit; nothing is written in the moved time while
        it lasts, on SQLite. Who asks for it meanwhile finds nothing left to put back: a second time
        would take the clock behind the machine's."""
        async with self._one_by_one:
            if not self._clock.offset:
                return
            before: tuple[timedelta, list[Era]] | None = None
            try:
                async with self._database.write() as session:
                    eras = list(self._eras)
                    for table in metadata.sorted_tables:
                        if table.name not in AS_THEY_ARE:
                            await _rewrite(session, table, eras)
                    before = self._clock.offset, list(self._eras)
                    # Before the commit: who waits for this unit then writes with the true time.
                    self._clock.move(-self._clock.offset)
            except BaseException:
                if before is not None:
                    offset, eras = before
                    self._clock.move(offset - self._clock.offset)
                    self._eras = eras
                raise


def really(at: datetime, eras: Sequence[Era]) -> datetime:
    """When something really happened, that was written with an instant of the moved time.

    An instant over which the clock jumped is when it jumped; one that is yet to come is as far
    away as it was.
    """
    for (since, offset), following in zip(eras, [*eras[1:], None], strict=True):
        if following is None or at < following[0] + offset:
            return max(at - offset, since)
    return at


async def _rewrite(session: Session, table: Table, eras: Sequence[Era]) -> None:
    """Bring the instants of one table back, those that came after the first move."""
    unique = {
        column.name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
        for column in constraint.columns
    } | {column.name for index in table.indexes if index.unique for column in index.columns}
    columns = [
        column
        for column in table.columns
        if isinstance(column.type, Instant)
        and column.name not in unique
        and not column.primary_key
        and column.name != "expires_at"
    ]
    if not columns or len(eras) < 2:
        return
    first = eras[1][0]
    keys = list(table.primary_key.columns)
    query = select(*keys, *columns).where(or_(*(column > first for column in columns)))
    for row in await session.all(query):
        values = {
            column.name: really(row[column.name], eras)
            for column in columns
            if row[column.name] is not None and row[column.name] > first
        }
        this = (_raw(key) == row[key.name] for key in keys)
        await session.execute(update(table).where(*this).values(**values))


def _raw(key: Column[Any]) -> ColumnElement[Any]:
    """A key as it was read: a blind index gives back its print alone."""
    return type_coerce(key, LargeBinary) if isinstance(key.type, Blind) else key
