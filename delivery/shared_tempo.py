"""The paces that processes share on PostgreSQL: one row a sender, by the server's clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from db.session import Database
from delivery import pacing
from delivery.model import Lane
from delivery.pacing import BULK_AHEAD, BULK_SHARE, JUMPS, Grant, Pace
from kit.clock import Clock

# The same as `pacing.reserve`, in one statement, so that a lock is held for no round trip. `moved`
# is how far the clock of the platform has been moved from the machine's.
RESERVE = text(
    """
    WITH asked AS (
        SELECT name, at, free_at,
               greatest(at, free_at, blocked_until,
                        CASE WHEN :bulk THEN greatest(bulk_at, held_until) END) AS turn,
               greatest(jump_at, at)
                   + make_interval(secs => :units / (rate * :rest)) AS jumped,
               make_interval(secs => :units / rate) AS cost,
               make_interval(secs => :units / (rate * :share)) AS share,
               coalesce(blocked_until <= at, true) AS passes
        FROM sender, LATERAL (SELECT clock_timestamp() + :moved AS at) AS clock
        WHERE name = :name
        FOR UPDATE OF sender
    ), jumping AS (
        SELECT *, :urgent AND turn > at AND passes AND jumped <= at + :jumps AS jumps FROM asked
    ), answered AS (
        SELECT *, CASE WHEN jumps THEN at ELSE turn END AS start,
               NOT :bulk OR turn <= at + :ahead AS given
        FROM jumping
    )
    UPDATE sender SET
        free_at = CASE WHEN NOT given THEN sender.free_at
                       WHEN jumps THEN sender.free_at + cost
                       ELSE turn + cost END,
        bulk_at = CASE WHEN given AND :bulk THEN turn + share ELSE bulk_at END,
        jump_at = CASE WHEN jumps THEN jumped ELSE jump_at END
    FROM answered
    WHERE sender.name = answered.name
    RETURNING start, given, at, sender.free_at, bulk_at, jump_at, blocked_until, held_until,
              broken_at
    """
)


class SharedPaces:
    """Implements `delivery.tempo.Paces`. What it is told lies in the row of the sender, which the
    settling writes; here is a copy, as old as the last reservation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._paces: dict[str, Pace] = {}

    async def begin(self, paces: Mapping[str, Pace]) -> None:
        self._paces = dict(paces)

    def look(self, sender: str) -> Pace:
        pace = pacing.follow(self._paces[sender], self._clock.now())
        self._paces[sender] = pace
        return pace

    async def reserve(self, sender: str, units: float, lane: Lane) -> Grant:
        async with self._database.write() as session:
            row = (
                await session.execute(
                    RESERVE,
                    {
                        "name": sender,
                        "bulk": lane is Lane.BULK,
                        "urgent": lane is Lane.URGENT,
                        "jumps": JUMPS,
                        "units": float(units),
                        "share": BULK_SHARE,
                        "rest": 1 - BULK_SHARE,
                        "ahead": BULK_AHEAD,
                        "moved": self._clock.offset,
                    },
                )
            ).one()
        # How far this machine's clock is from the server's.
        off: timedelta = self._clock.now() - row.at

        def here(at: datetime | None) -> datetime | None:
            return None if at is None else at + off

        pace = replace(
            self._paces[sender],
            free_at=row.free_at + off,
            bulk_at=row.bulk_at + off,
            jump_at=here(row.jump_at),
            held_until=here(row.held_until),
            broken_at=row.broken_at,
        )
        blocked_until = here(row.blocked_until)
        if blocked_until is not None:
            # Never back: what was told to this process may not be written down yet.
            pace = pacing.block(pace, blocked_until)
        self._paces[sender] = pace
        return Grant(row.start + off, row.given)

    def learn(self, sender: str, pace: Pace) -> None:
        self._paces[sender] = pace
