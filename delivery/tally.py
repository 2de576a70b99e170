"""How many rows of a run stand in each state, without counting them.

Whoever moves rows writes down the difference in the same unit. Differences are only ever added,
so that two processes that settle rows of one run do not wait for each other; now and then they
are folded into one a state.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    delete,
    func,
    select,
)

from db.base import Id, metadata
from db.session import Session
from delivery.model import State

run_tally = Table(
    "run_tally",
    metadata,
    Column("id", Id, primary_key=True),
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("rows", Integer, nullable=False),
    Index("ix_run_tally_run_id", "run_id", "state"),
)

FOLDED_AT = 200
"""So many differences of one run are folded."""


async def add(session: Session, run_id: int, changes: Mapping[State, int]) -> None:
    """Write down that so many rows more (or fewer) of a run stand in each state."""
    rows = [
        {"run_id": run_id, "state": state, "rows": rows} for state, rows in changes.items() if rows
    ]
    if rows:
        await session.execute(run_tally.insert(), rows)


async def counts(session: Session, run_ids: Iterable[int] | Select[tuple[int]]) -> dict[State, int]:
    """How many rows of some runs stand in each state; every state is there, zero included."""
    which = run_ids if isinstance(run_ids, Select) else tuple(run_ids)
    rows = await session.all(
        select(run_tally.c.state, func.sum(run_tally.c.rows).label("rows"))
        .where(run_tally.c.run_id.in_(which))
        .group_by(run_tally.c.state)
    )
    found = {State(row["state"]): int(row["rows"]) for row in rows}
    return {state: found.get(state, 0) for state in State}


async def by_run(session: Session, run_ids: Sequence[int]) -> dict[int, dict[State, int]]:
    """The same for each of some runs."""
    rows = await session.all(
        select(run_tally.c.run_id, run_tally.c.state, func.sum(run_tally.c.rows).label("rows"))
        .where(run_tally.c.run_id.in_(run_ids))
        .group_by(run_tally.c.run_id, run_tally.c.state)
    )
    found = {run_id: dict.fromkeys(State, 0) for run_id in run_ids}
    for row in rows:
        found[row["run_id"]][State(row["state"])] = int(row["rows"])
    return found


async def fold(session: Session) -> None:
    """Fold the differences of runs that have many; called by a tick, in a unit of its own."""
    crowded = await session.all(
        select(run_tally.c.run_id)
        .group_by(run_tally.c.run_id)
        .having(func.count() > FOLDED_AT)
        .limit(10)
    )
    for row in crowded:
        # What is added meanwhile is not in the ids that are deleted, and stays.
        gone = await session.all(
            delete(run_tally)
            .where(run_tally.c.run_id == row["run_id"])
            .returning(run_tally.c.state, run_tally.c.rows)
        )
        sums: dict[State, int] = {}
        for old in gone:
            sums[State(old["state"])] = sums.get(State(old["state"]), 0) + int(old["rows"])
        await add(session, row["run_id"], sums)
