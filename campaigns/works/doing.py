"""The body of the job that does long work: rows are judged first, and brought in when somebody
has said so. One process at a time does it, and any can go on where another was ended.

A row counts once however often its process is killed: what a batch writes and how far the file is
read are one unit, which is undone when the work was stopped or taken over meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from time import monotonic
from uuid import uuid4

import structlog
from sqlalchemy.exc import IntegrityError

from campaigns.works import service, store
from campaigns.works.model import TRIES, Counts, Place, State, Step, Work
from contacts import import_store
from contacts.csv_file import RowError
from contacts.gazetteer import load_gazetteer
from contacts.import_place import PlaceReader
from contacts.importing import PAUSE, Batch, Seen, batches, look, save, updated_of
from contacts.importing import TRIES as TRIES_OF_A_UNIT
from contacts.merging import Sorted
from contacts.places import Gazetteer
from db.session import Database, Session
from kit.checkpoints import passed
from kit.clock import Clock
from locales.text import _
from staff import store as members

AT_ONCE = 2.0
"""Seconds that one call of the handler writes, so that SIGTERM soon finds it over."""

BREATH = 0.005
"""Seconds between two batches that are only judged."""

NOTED_EVERY = 0.5
"""Seconds between two notes of how far rows are judged."""

log = structlog.get_logger(__name__)


class Gone(Exception):
    """The work was stopped, or another process has taken it up."""


async def handle_work(database: Database, clock: Clock, key: str) -> None:
    """The handler of `works.go_on`: take a work up where it is, and take away what it leaves."""
    gazetteer = await asyncio.to_thread(load_gazetteer)
    holder = uuid4().hex
    work = await _claimed(database, clock, int(key), holder)
    if work is not None:
        doing = Doing(database, clock, gazetteer, work, holder)
        try:
            await (doing.check() if work.step is Step.CHECK else doing.bring())
        except Gone:
            log.info("works.gone", work=work.id)
    await clear(database)


async def clear(database: Database) -> None:
    """Take away the files of works that are over."""
    more = True
    while more:
        async with database.write() as session:
            more = await store.forget(session)
        if more:
            await asyncio.sleep(PAUSE)


async def _claimed(database: Database, clock: Clock, work_id: int, holder: str) -> Work | None:
    """The work, if it is free and may go on."""
    async with database.write() as session:
        now = clock.now()
        taken = await store.claim(session, work_id, holder, now)
        if taken is None:
            return None
        work, tries = taken
        member = await members.get(session, work.member_id)
        why = None
        if member is None or not member.may(service.NEEDS[work.kind]):
            why = _("works.why.not_allowed")
        elif tries > TRIES:
            why = _("works.why.broken")
        if why is not None:
            ended = {"state": State.FAILED, "ended_at": now, "why": why, "holder": None}
            await store.change(session, work_id, ended)
            return None
        if work.step is Step.CHECK:
            # Whoever was at it before has judged a part, and remembers it no more.
            await store.drop_faults(session, work_id)
        elif work.newest == store.NOT_BEGUN:
            work = replace(work, newest=await import_store.newest_id(session))
            await store.change(session, work_id, {"newest": work.newest})
    return work


class Doing:
    """One process's turn at one work, which it holds under the name `holder`."""

    def __init__(
        self, database: Database, clock: Clock, gazetteer: Gazetteer, work: Work, holder: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._places = PlaceReader(gazetteer)
        self._work = work
        self._holder = holder

    async def check(self) -> None:
        """Judge every row, from the first to the last in one turn. Whoever takes over begins anew:
        nothing was written but how far it was."""
        counts = Counts()
        noted, found = monotonic(), list[RowError]()
        with closing(Seen()) as seen:
            for number in range(self._work.pieces):
                async for batch in self._batches(Place(number)):
                    done = await look(self._database, batch.rows, seen)
                    counts, kept = _counted(counts, batch, done)
                    found += kept
                    if monotonic() - noted > NOTED_EVERY:
                        # Its tries go on being counted: whoever takes over begins at the first row.
                        async with self._unit() as session:
                            await self._note(session, counts, Place(number, batch.line), found)
                        noted, found = monotonic(), []
                    await asyncio.sleep(BREATH)
        async with self._unit() as session:
            await self._note(session, counts, self._end, found)
            await self._let_go(session, State.CHECKED)
            await store.change(session, self._work.id, {"tries": 0})

    async def bring(self) -> None:
        """Write rows for a while; another turn follows if there are more."""
        began, counts, place = monotonic(), self._work.counts, self._work.place
        while place.piece < self._work.pieces:
            async for batch in self._batches(place):
                counts = await self._write(batch, counts, Place(place.piece, batch.line))
                place = Place(place.piece, batch.line)
                passed("works.batch")
                await asyncio.sleep(PAUSE)
                if monotonic() - began > AT_ONCE:
                    async with self._unit() as session:
                        await self._let_go(session, State.WAITING)
                        session.wake(service.WORK, str(self._work.id))
                    return
            place = Place(place.piece + 1, place.line)
        async with self._unit() as session:
            await self._note(session, counts, self._end, ())
            await self._let_go(session, State.DONE)

    @property
    def _end(self) -> Place:
        return Place(self._work.pieces, self._work.lines)

    async def _batches(self, place: Place) -> AsyncIterator[Batch]:
        """The rows of a piece behind the last line that was worked."""
        async with self._database.read() as session:
            piece = await store.get_piece(session, self._work.id, place.piece)
        if piece is None:
            # Its file is taken away when it is stopped.
            raise Gone
        rows = piece.rows(self._work.header, place.line)
        judged = batches(rows, self._places, self._clock.now())
        # The first names of places and languages take longer than anybody may wait.
        while (batch := await asyncio.to_thread(_next, judged)) is not None:
            yield batch

    async def _write(self, batch: Batch, counts: Counts, place: Place) -> Counts:
        """One unit. On PostgreSQL somebody may subscribe at the same instant: then once more."""
        for left in reversed(range(TRIES_OF_A_UNIT)):
            try:
                async with self._unit() as session:
                    now = self._clock.now()
                    done = await save(session, batch.rows, self._work.newest, now)
                    after, found = _counted(counts, batch, done)
                    await self._note(session, after, place, found)
                    await store.change(session, self._work.id, {"tries": 0})
                return after
            except IntegrityError:
                if not left:
                    raise
                await asyncio.sleep(PAUSE)
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def _unit(self) -> AsyncIterator[Session]:
        """A unit that is undone unless the work is still ours."""
        async with self._database.write() as session:
            if not await store.held(session, self._work.id, self._holder, self._clock.now()):
                raise Gone
            yield session

    async def _note(
        self, session: Session, counts: Counts, place: Place, found: Sequence[RowError]
    ) -> None:
        await store.add_faults(session, self._work.id, place.line, found)
        await store.change(session, self._work.id, store.columns_of(counts, place))

    async def _let_go(self, session: Session, state: State) -> None:
        ended = {"ended_at": self._clock.now()} if state is State.DONE else {}
        free = {"state": state, "holder": None, "held_until": None}
        await store.change(session, self._work.id, {**free, **ended})


def _next(judged: Iterator[Batch]) -> Batch | None:
    """StopIteration cannot pass through a task."""
    return next(judged, None)


def _counted(counts: Counts, batch: Batch, done: Sorted) -> tuple[Counts, Sequence[RowError]]:
    """The counts after a batch, and which of its faults are kept, in the order of the file."""
    after = replace(
        counts,
        read=counts.read + batch.read,
        created=counts.created + done.created,
        updated=counts.updated + updated_of(done),
        rejected=counts.rejected + len(batch.rejected) + len(done.errors),
    )
    found = [error for errors in batch.rejected for error in errors] + list(done.errors)
    return after.with_faults(sorted(found, key=lambda error: error.line))
