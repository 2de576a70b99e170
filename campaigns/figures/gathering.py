"""Counting what became of a run in the background, so that its figures are there at once.

A ledger may hold a million rows, so they are counted in batches into a table and read from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, RowMapping, func, select

from campaigns.counts import counts, held, keep, whole
from campaigns.figures.model import CAUSED_WITHIN, Figures, together, unpack
from campaigns.figures.outcomes import of_batch
from campaigns.ledger import Batch
from campaigns.sheet.model import sms_segments
from db.base import Id
from db.session import Session
from delivery import runs, tally
from delivery.content import Content
from delivery.model import State
from delivery.runs import Run, run_content
from delivery.store import message

GATHER = "campaigns.gather"
"""The job that counts what became of a run; its key is the run's id."""

BATCH = 500
"""Rows of the ledger that one unit counts."""

FRESH = timedelta(minutes=10)
"""How long a count is good for while messages leave."""

FRESH_LATER = timedelta(hours=1)
"""The same once all have left: replies and opt-outs still come."""

MOST_RUNS = 100
"""Runs of a campaign, the newest, that are shown and added up."""

run_figures = counts(
    "run_figures",
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run has been counted: `through` is the last contact whose row was looked at."""

    run: Run
    counted_at: datetime
    through: int
    figures: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the next rows add to the counts."""

    through: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class RunFigures:
    """A run and what became of it: `states` as its rows stand now, `figures` as they were counted
    last. `share` of the ledger, from 0 to 1, has been counted; less than 1 means that the figures
    still grow. `segments` is what an SMS takes in each language.
    """

    run: Run
    states: dict[State, int]
    figures: Figures
    share: float
    counted_at: datetime | None
    segments: dict[str, int]


async def place(
    session: Session, run_id: int, now: datetime, since: datetime | None = None
) -> Place | None:
    """Where the counting of a run goes on; None when there is nothing to count. What was counted
    before `since` is counted anew."""
    found = await runs.get(session, run_id)
    if found is None:
        return None

    def is_old(row: RowMapping) -> bool:
        return row["done"] and _is_old(found, row["counted_at"], now, since)

    row = await held(session, run_figures, run_id, now, Figures().pack(), is_old)
    if row["done"]:
        return None
    return Place(found, row["counted_at"], row["through"], row["figures"])


async def look(session: Session, at: Place, limit: int = BATCH) -> Found | None:
    """Count the next rows, in a unit that only reads; None when there are no more."""
    batch = await _next_batch(session, at.run.id, at.through, limit)
    if batch is None:
        return None
    return Found(batch.through, await of_batch(session, at.run, batch))


async def add(session: Session, at: Place, found: Found | None) -> bool:
    """Add what was found to the counts, unless another process has been there meanwhile; says
    whether there may be more."""
    row = await session.first(
        select(run_figures).where(run_figures.c.run_id == at.run.id).with_for_update()
    )
    of = (at.counted_at, at.through, False)
    if row is None or of != (row["counted_at"], row["through"], row["done"]):
        return True
    if found is None:
        await keep(session, run_figures, at.run.id, done=True)
        return False
    figures = together((unpack(at.figures), found.figures))
    await keep(session, run_figures, at.run.id, through=found.through, figures=figures.pack())
    return True


async def step(session: Session, run_id: int, now: datetime, limit: int = BATCH) -> bool:
    """All of it in one unit; says whether there may be more."""
    at = await place(session, run_id, now)
    return at is not None and await add(session, at, await look(session, at, limit))


async def of_run(session: Session, run_id: int, now: datetime) -> RunFigures | None:
    """The figures of a run as far as they are counted; wakes the counting when they are old."""
    found = await runs.get(session, run_id)
    if found is None:
        return None
    (figures,) = await _of(session, [found], now)
    return figures


async def of_campaign(session: Session, campaign_id: int, now: datetime) -> tuple[RunFigures, ...]:
    """The figures of the newest `MOST_RUNS` runs of a campaign, the oldest first."""
    return await _of(session, await runs.newest(session, campaign_id, MOST_RUNS), now)


async def _of(session: Session, found: Sequence[Run], now: datetime) -> tuple[RunFigures, ...]:
    """Some runs with their figures, however many in as many statements."""
    ids = [one.id for one in found]
    rows = await session.all(select(run_figures).where(run_figures.c.run_id.in_(ids)))
    counted = {row["run_id"]: row for row in rows}
    states = await tally.by_run(session, ids)
    segments = await _segments(session, ids)
    parts = []
    for one in found:
        row = counted.get(one.id)
        if row is None or _is_old(one, row["counted_at"], now) or not row["done"]:
            session.wake(GATHER, str(one.id))
        parts.append(_figures(one, row, states[one.id], segments.get(one.id, {})))
    return tuple(parts)


def _figures(
    found: Run, row: RowMapping | None, states: dict[State, int], segments: dict[str, int]
) -> RunFigures:
    if row is None:
        return RunFigures(found, states, Figures(), 0, None, segments)
    known = whole(row)
    if known is None:
        figures, rows = unpack(row["figures"]), sum(states.values())
        share = min(figures.people / rows, 0.99) if rows else 0
        return RunFigures(found, states, figures, share, row["counted_at"], segments)
    counted, at = known
    return RunFigures(found, states, unpack(counted), 1, at, segments)


def _is_old(found: Run, counted_at: datetime, now: datetime, since: datetime | None = None) -> bool:
    """Whether what was counted then may be different now, or was counted before `since`."""
    if since is not None and counted_at < since:
        again = True
    else:
        again = counted_at <= now - (FRESH if found.ended_at is None else FRESH_LATER)
    if found.ended_at is None:
        return again
    settled = found.ended_at + CAUSED_WITHIN
    # Straight after the end once more, and then now and then until nothing counts any more.
    return counted_at < found.ended_at or (again and counted_at < settled)


async def _next_batch(session: Session, run_id: int, after: int, limit: int) -> Batch | None:
    ids = (
        select(message.c.contact_id)
        .where(message.c.run_id == run_id, message.c.contact_id > after)
        .order_by(message.c.contact_id)
        .limit(limit)
        .subquery()
    )
    through = await session.scalar(select(func.max(ids.c.contact_id)))
    return None if through is None else Batch(after, int(through))


async def _segments(session: Session, run_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What an SMS of each run takes in each language."""
    rows = await session.all(
        select(run_content.c.run_id, run_content.c.language, run_content.c.content).where(
            run_content.c.run_id.in_(run_ids)
        )
    )
    # A campaign that repeats says the same again and again.
    costs = {text: sms_segments(Content.unpack(text)) for text in {row["content"] for row in rows}}
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["run_id"], {})[row["language"]] = costs[row["content"]]
    return found
