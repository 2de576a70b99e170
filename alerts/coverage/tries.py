"""Messages in coverage: whom one has reached of late, and how many leave on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from contacts.coverage import store
from contacts.coverage.counting import Reaches
from contacts.coverage.store import Tries
from db.session import Database, Session
from delivery.model import State
from delivery.runs import RunState, run
from delivery.store import attempt, message
from kit.channels import Channel
from kit.turns import Turns
from kit.wall import instant_of, shown
from kit.zones import OAXACA

REACHED_WITHIN = timedelta(days=30)

MOST_RUNS = 30
"""Campaigns that count for who was reached, the newest: each is one more look for each person."""

BATCH = 2_000
STEPS = 10
"""Tries that one look counts, in units of a few milliseconds."""

SETTLED = timedelta(seconds=30)
"""Ids of tries are given before they are committed: one that is counted now must not hide another
with a smaller id that comes a moment later."""

WELL = (State.SENT, State.DELIVERED)


async def reaches(session: Session, now: datetime) -> Reaches | None:
    """Whether a message of a campaign has reached somebody in the last thirty days: an SMS of which
    the provider says so, a chat that took it, for no chat tells more. None: nothing was sent."""
    rows = await session.all(
        select(run.c.id)
        .where(run.c.started_at > now - REACHED_WITHIN, run.c.state != RunState.MISSED)
        .order_by(run.c.id.desc())
        .limit(MOST_RUNS)
    )
    ids = tuple(row["id"] for row in rows)
    if not ids:
        return None
    arrived = or_(
        message.c.state == State.DELIVERED,
        and_(message.c.state == State.SENT, message.c.channel != Channel.SMS),
    )

    def of(contact_id: ColumnElement[int]) -> ColumnElement[bool]:
        return (
            select(literal(1))
            .where(message.c.run_id.in_(ids), message.c.contact_id == contact_id, arrived)
            .exists()
        )

    return of


async def note(database: Database, now: datetime, turns: Turns) -> None:
    """Count the tries that there have been since the last look, by the days of Oaxaca."""
    for _step in range(STEPS):
        async with turns.one():
            more = await _note_next(database, now)
        if not more:
            return


async def _note_next(database: Database, now: datetime) -> bool:
    """Count the next of them; says whether there may be more."""
    async with database.read() as session:
        through = await store.last_try(session)
        first = through is None
        if through is None:
            through = await _before_today(session, now)
        rows = await session.all(
            select(attempt.c.id, attempt.c.at, attempt.c.outcome)
            .where(attempt.c.id > through)
            .order_by(attempt.c.id)
            .limit(BATCH)
        )
    days: dict[date, Tries] = {}
    if first and through:
        # Not to be looked for again.
        on = day_of(now)
        days[on] = Tries(on, through=through)
    for row in rows:
        if abs(now - row["at"]) < SETTLED:
            break
        on, well = day_of(row["at"]), row["outcome"] in WELL
        before = days.get(on, Tries(on))
        days[on] = Tries(on, before.sent + well, before.failed + (not well), row["id"])
    if days:
        async with database.write() as session:
            known = await store.tries(session, days)
            await store.note_tries(session, _added(known, days))
    return bool(rows) and rows[-1]["id"] == max((one.through for one in days.values()), default=0)


def _added(known: Mapping[date, Tries], new: Mapping[date, Tries]) -> Iterator[Tries]:
    for on, one in new.items():
        before = known.get(on, Tries(on))
        yield replace(one, sent=before.sent + one.sent, failed=before.failed + one.failed)


def day_of(at: datetime) -> date:
    """The day that an instant falls on in Oaxaca."""
    return shown(at, OAXACA).date()


def midnight(now: datetime) -> datetime:
    """When the day began in Oaxaca."""
    return instant_of(datetime.combine(day_of(now), time()), OAXACA)


async def _before_today(session: Session, now: datetime) -> int:
    """The last try before today, found by halves: ids rise with time."""
    begins = midnight(now)
    low = 0
    high = int(await session.scalar(select(func.max(attempt.c.id))) or 0)
    while low < high:
        middle = (low + high + 1) // 2
        at = await session.scalar(
            select(attempt.c.at).where(attempt.c.id >= middle).order_by(attempt.c.id).limit(1)
        )
        if at is None or at >= begins:
            high = middle - 1
        else:
            low = middle
    return low
