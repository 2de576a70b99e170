"""What staff word anew is said by every process within seconds, and after a restart."""

from datetime import timedelta

import structlog

from campaigns.texts.service import Spoken, spoken
from db.session import Database
from engine.clock import Ticker
from locales.catalog import overlay

EVERY = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class TextsWatch:
    """Lays the approved wordings over the files' texts of this process.

    While the database does not answer, what was said last is said on; at a start, the files' words.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: Spoken | None = None

    def wind(self, ticker: Ticker) -> None:
        """Have the ticker of this process look every few seconds."""
        ticker.here(EVERY, "texts", self.look)

    async def look(self) -> None:
        """Take what is approved now."""
        async with self._database.read() as session:
            found = await spoken(session, self._said)
        if found is self._said:
            return
        left_out = (*found.left_out, *overlay(found.wordings))
        if found.approved or self._said is not None:
            log.info("texts.taken", count=sum(map(len, found.wordings.values())))
        for language, key in left_out:
            log.warning("texts.left_out", language=language, key=key)
        self._said = found


async def take_texts(database: Database) -> None:
    """What a command does before it says anything to the public. Silent: its output is its own."""
    async with database.read() as session:
        overlay((await spoken(session)).wordings)
