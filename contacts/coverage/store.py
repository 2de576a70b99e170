"""Tables of targets, of attentions without a name, of counted cells and of days."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    delete,
    func,
    select,
    text,
    update,
)

from contacts.coverage.model import (
    Attention,
    Day,
    Given,
    Means,
    Population,
    Registered,
    Sex,
    Target,
)
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session

LONGEST_PRINT = 64

target = Table(
    "coverage_target",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("population", Integer, nullable=False),
    Column("attended", Integer, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", Id, nullable=False),
)

# No name, and nothing that a name could be found by.
attention = Table(
    "attention",
    metadata,
    Column("id", Id, primary_key=True),
    Column("day", Date, nullable=False),
    Column("given", String(12), nullable=False),
    Column("clave", Integer, nullable=False),
    Column("means", String(8), nullable=False),
    Column("sex", String(8)),
    Column("population", String(12)),
    Column("member_id", Id, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("taken_back_at", Instant),
    # Of the form it came in, so that one that is sent twice counts once.
    Column("print", String(LONGEST_PRINT), nullable=False),
    Index("uq_attention_print", "print", unique=True),
    Index("ix_attention_member_id", "member_id", "registered_at"),
    Index("ix_attention_day", "day"),
)

# What the last whole count found: all of it is replaced at once.
cell = Table(
    "coverage_cell",
    metadata,
    Column("dimension", String(24), primary_key=True),
    Column("cell", String(40), primary_key=True),
    Column("people", Integer, nullable=False),
)

count = Table(
    "coverage_count",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("counted_at", Instant, nullable=False),
)
ONLY = 1

day = Table(
    "coverage_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("subscribed", Integer),
    Column("attended", Integer),
    # Tries of messages, and the last one that has been counted.
    Column("sent", Integer, nullable=False, server_default=text("0")),
    Column("failed", Integer, nullable=False, server_default=text("0")),
    Column("through", Id, nullable=False, server_default=text("0")),
)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries to send something on a day ended well and badly, as far as they are counted.
    `through` is the last one that was looked at."""

    day: date
    sent: int = 0
    failed: int = 0
    through: int = 0


async def targets(session: Session) -> tuple[Target, ...]:
    """Every target that was set, by year."""
    rows = await session.all(select(target).order_by(target.c.year))
    return tuple(Target(row["year"], row["population"], row["attended"]) for row in rows)


async def set_target(session: Session, new: Target, member_id: int, now: datetime) -> None:
    """Put a target in the place of the one of its year."""
    values = {
        "population": new.population,
        "attended": new.attended,
        "set_at": now,
        "set_by": member_id,
    }
    await session.execute(
        session.insert(target)
        .values(year=new.year, **values)
        .on_conflict_do_update(index_elements=[target.c.year], set_=values)
    )


async def drop_target(session: Session, year: int) -> bool:
    """Let a year take the target of the one before it; False when it had none of its own."""
    gone = delete(target).where(target.c.year == year).returning(target.c.year)
    return await session.scalar(gone) is not None


async def add(
    session: Session, new: Attention, member_id: int, form: str, now: datetime
) -> int | None:
    """Write an attention; None when this form was written before."""
    made = await session.scalar(
        session.insert(attention)
        .values(
            day=new.day,
            given=new.given,
            clave=new.clave,
            means=new.means,
            sex=new.sex,
            population=new.population,
            member_id=member_id,
            registered_at=now,
            print=form,
        )
        .on_conflict_do_nothing()
        .returning(attention.c.id)
    )
    return None if made is None else int(made)


async def of_form(session: Session, form: str, member_id: int) -> int | None:
    """The attention that a member's form was written as."""
    which = (attention.c.print == form) & (attention.c.member_id == member_id)
    found = await session.scalar(select(attention.c.id).where(which))
    return None if found is None else int(found)


async def registered(
    session: Session, member_id: int, since: datetime, limit: int
) -> tuple[Registered, ...]:
    """What a member has registered since an instant, the newest first."""
    rows = await session.all(
        select(attention)
        .where(attention.c.member_id == member_id, attention.c.registered_at >= since)
        .order_by(attention.c.registered_at.desc(), attention.c.id.desc())
        .limit(limit)
    )
    return tuple(_registered(row) for row in rows)


async def held(session: Session, attention_id: int, member_id: int) -> Registered | None:
    """An attention of a member, held against other writers."""
    row = await session.first(
        select(attention)
        .where(attention.c.id == attention_id, attention.c.member_id == member_id)
        .with_for_update()
    )
    return None if row is None else _registered(row)


async def take_back(session: Session, attention_id: int, now: datetime) -> None:
    """It counts no more."""
    await session.execute(
        update(attention).where(attention.c.id == attention_id).values(taken_back_at=now)
    )


async def attended_on(session: Session, when: date) -> int:
    """How many attentions a day has."""
    which = (attention.c.day == when) & attention.c.taken_back_at.is_(None)
    return int(await session.scalar(select(func.count()).select_from(attention).where(which)))


async def counted_at(session: Session) -> datetime | None:
    """When the last whole count began; None while there is none."""
    found = await session.scalar(select(count.c.counted_at).where(count.c.id == ONLY))
    return found if isinstance(found, datetime) else None


async def cells(session: Session) -> dict[str, dict[str, int]]:
    """What was counted, by dimension and cell."""
    found: dict[str, dict[str, int]] = {}
    for row in await session.all(select(cell)):
        found.setdefault(row["dimension"], {})[row["cell"]] = row["people"]
    return found


async def replace(
    session: Session, counted: Mapping[tuple[str, str], int], began: datetime
) -> None:
    """Put a whole count in the place of the one before."""
    await session.execute(delete(cell))
    rows = [
        {"dimension": dimension, "cell": key, "people": people}
        for (dimension, key), people in counted.items()
    ]
    if rows:
        await session.execute(cell.insert(), rows)
    values = {"counted_at": began}
    await session.execute(
        session.insert(count)
        .values(id=ONLY, **values)
        .on_conflict_do_update(index_elements=[count.c.id], set_=values)
    )


async def note_day(session: Session, new: Day) -> None:
    """How things stand on a day, in the place of what was noted of it before."""
    values = {"subscribed": new.subscribed, "attended": new.attended}
    await session.execute(
        session.insert(day)
        .values(day=new.day, **values)
        .on_conflict_do_update(index_elements=[day.c.day], set_=values)
    )


async def days(session: Session, since: date) -> tuple[Day, ...]:
    """The days since one, in order."""
    rows = await session.all(
        select(day.c.day, day.c.subscribed, day.c.attended)
        .where(day.c.day >= since, day.c.subscribed.is_not(None))
        .order_by(day.c.day)
    )
    return tuple(Day(row["day"], row["subscribed"], row["attended"]) for row in rows)


async def last_try(session: Session) -> int | None:
    """The last try to send something that has been counted; None while none has."""
    found = await session.scalar(select(func.max(day.c.through)).where(day.c.through > 0))
    return None if found is None else int(found)


async def tries(session: Session, which: Collection[date]) -> dict[date, Tries]:
    """What was counted of some days; a day of which nothing was is left out."""
    rows = await session.all(
        select(day.c.day, day.c.sent, day.c.failed, day.c.through).where(day.c.day.in_(which))
    )
    return {row["day"]: Tries(**row) for row in rows}


async def note_tries(session: Session, new: Iterable[Tries]) -> None:
    """Note how many tries there have been on some days."""
    for one in new:
        values = {"sent": one.sent, "failed": one.failed, "through": one.through}
        await session.execute(
            session.insert(day)
            .values(day=one.day, **values)
            .on_conflict_do_update(index_elements=[day.c.day], set_=values)
        )


def _registered(row: RowMapping) -> Registered:
    population, sex = row["population"], row["sex"]
    return Registered(
        row["id"],
        Attention(
            row["day"],
            Given(row["given"]),
            row["clave"],
            Means(row["means"]),
            None if sex is None else Sex(sex),
            None if population is None else Population(population),
        ),
        row["registered_at"],
        row["taken_back_at"],
    )
