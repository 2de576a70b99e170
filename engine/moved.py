"""The moved clock of a trial that runs in several processes: each follows the others."""

from datetime import timedelta

from db.session import Database
from engine import pg_tables
from kit.clock import Clock


class SharedClock:
    """Keeps the offset of this process's clock the same as everybody's.

    Call `look` often; a person who moved the clock watches for what happens.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._known = clock.offset

    async def look(self) -> None:
        """Tell the others when this clock was moved, else follow them."""
        if self._clock.offset != self._known:
            self._known = self._clock.offset
            async with self._database.write() as session:
                await pg_tables.tell_moved(session, self._known.total_seconds())
            return
        async with self._database.read() as session:
            told = await pg_tables.moved_by(session)
        if told is not None and timedelta(seconds=told) != self._known:
            self._known = timedelta(seconds=told)
            self._clock.move(self._known - self._clock.offset)
