"""The only way in which a row of the ledger changes its state: by a legal move, and counted."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, RowMapping, update

from db.session import Session
from delivery import tally
from delivery.model import MOVES, State
from delivery.store import message


class IllegalMove(Exception):
    """The code asked for a move that is not one: a fault of ours."""


async def move(
    session: Session, which: ColumnElement[bool], old: State, new: State, **values: object
) -> Sequence[RowMapping]:
    """Move the rows that `which` selects and that stand in `old`; sets `values` too.

    Gives `id`, `run_id` and `about` of those that have moved. One that stands elsewhere stays.
    """
    if new not in MOVES[old]:
        raise IllegalMove(f"{old} to {new}")
    moved = await session.all(
        update(message)
        .where(which, message.c.state == old)
        .values(state=new, **values)
        .returning(message.c.id, message.c.run_id, message.c.about)
    )
    for run_id, rows in Counter(row["run_id"] for row in moved).items():
        if run_id is not None:
            await tally.add(session, run_id, {old: -rows, new: rows})
    return moved
