"""People who were attended through a call for help."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from alerts.model import CaseState, Kind, Outcome
from alerts.store import case
from contacts.coverage.counting import Counted, Step, count_attended
from contacts.coverage.dimensions import CASES
from db.session import Session
from kit.wall import shown
from kit.zones import OAXACA

SERVED = (
    Outcome.LOCATED,
    Outcome.LOCATED_NO_CONTACT,
    Outcome.REPATRIATED,
    Outcome.REFERRED,
    Outcome.ATTENDED,
)
"""Outcomes that say that a person gave a service. Nobody was attended by a false alarm, or a case
that is another one's double; of what ended in another way it is not known."""


async def closed(session: Session, after: int, limit: int) -> Step:
    """Count the next `limit` cases by id: each once, in the month in which it was closed, by the
    clock of Oaxaca. Exercises and canaries are not people."""
    ids = select(case.c.id).where(case.c.id > after).order_by(case.c.id).limit(limit).subquery()
    through = await session.scalar(select(func.max(ids.c.id)))
    counted: Counted = Counter()
    if through is None:
        return Step(None, counted)
    rows = await session.all(
        select(case.c.closed_at).where(
            case.c.id > after,
            case.c.id <= through,
            case.c.state == CaseState.CLOSED,
            case.c.outcome.in_(SERVED),
            case.c.kind != Kind.CANARY,
            case.c.exercise.is_(False),
            case.c.closed_at.is_not(None),
        )
    )
    for row in rows:
        on: datetime = shown(row["closed_at"], OAXACA)
        count_attended(counted, on.year, on.month, CASES, 1)
    return Step(int(through), counted)
