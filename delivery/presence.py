"""Which processes are alive: whoever is not, its claims are taken over.

Only the distributed mode needs it. In the embedded mode one process has the database, and every
claim that is not its own is of one that has ended.
"""

from datetime import timedelta

from sqlalchemy import Column, String, Table, delete, func, select

from db.base import metadata
from db.columns import Instant
from db.session import Database, Session
from kit.clock import Clock

process = Table(
    "process",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("seen_at", Instant, nullable=False),
)

BEAT = timedelta(seconds=2)
LOST_AFTER = timedelta(seconds=15)
"""By the server's clock; a process that cannot say that it lives stops sending before that."""
UNSURE_AFTER = timedelta(seconds=10)


class Presence:
    """Says that this process lives, and knows whether the others believe it."""

    def __init__(self, database: Database, process_id: str, role: str) -> None:
        self._database = database
        # The machine's own time: nothing here follows a clock that was moved.
        self._clock = Clock()
        self._id = process_id
        self._role = role
        self._said_at = self._clock.now()

    @property
    def sure(self) -> bool:
        """Whether nobody can have taken over yet what this process holds."""
        return self._clock.now() - self._said_at < UNSURE_AFTER

    async def beat(self) -> None:
        """Say that this process lives."""
        before = self._clock.now()
        async with self._database.write() as session:
            wanted = session.insert(process).values(
                id=self._id, role=self._role, seen_at=func.clock_timestamp()
            )
            await session.execute(
                wanted.on_conflict_do_update(
                    index_elements=[process.c.id], set_={"seen_at": func.clock_timestamp()}
                )
            )
        self._said_at = before

    async def leave(self) -> None:
        """This process ends, and holds nothing any more."""
        async with self._database.write() as session:
            await session.execute(delete(process).where(process.c.id == self._id))


async def living(session: Session) -> frozenset[str]:
    """The ids of the processes that live; forgets those that have been gone for long."""
    since = func.clock_timestamp() - LOST_AFTER
    await session.execute(
        delete(process).where(process.c.seen_at < func.clock_timestamp() - 100 * LOST_AFTER)
    )
    rows = await session.all(select(process.c.id).where(process.c.seen_at >= since))
    return frozenset(row["id"] for row in rows)
