"""Tables of rotas, overrides and holidays, and of what was told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    delete,
    or_,
    select,
    update,
)

from alerts.shifts.questions import shift_answer
from alerts.shifts.rota import Override, Plan, Rota
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from staff.model import RIGHTS, Right, Role
from staff.store import member, member_endpoint

LONGEST_TURN = timedelta(days=92)
"""No turn and no override is longer: older overrides change nothing about a present shift."""

_CAN_BE_ON_DUTY = tuple(role for role in Role if Right.HANDLE_CASES in RIGHTS[role])

rota = Table(
    "rota",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(40), nullable=False),
    # Ids of members with a space between, in the order of their turns.
    Column("members", String(400), nullable=False),
    Column("since", Date, nullable=False),
    # Days that a turn lasts.
    Column("every", Integer, nullable=False),
    # Times of day are minutes after midnight, by the clock of the zone.
    Column("handover", Integer, nullable=False),
    Column("zone", String(40), nullable=False),
    Column("covers_from", Integer),
    Column("covers_until", Integer),
    Column("holidays", Boolean, nullable=False),
    Index("uq_rota_name", "name", unique=True),
)

override = Table(
    "rota_override",
    metadata,
    Column("id", Id, primary_key=True),
    Column("rota_id", Id, ForeignKey("rota.id", ondelete="CASCADE"), nullable=False),
    # None is nobody.
    Column("member_id", Id),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    # The print of the calendar entry it was imported from, so that a second import replaces it.
    Column("source", String(64)),
    Index("ix_rota_override_rota_id", "rota_id"),
    Index("ix_rota_override_ends_at", "ends_at"),
)

holiday = Table(
    "holiday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String(60), nullable=False),
)

alarm = Table(
    "alarm",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which some rotas do not work, and the office is closed."""

    day: date
    name: str


async def plan(session: Session, since: datetime | None = None) -> Plan:
    """All that says who is on duty: four small statements.

    With `since`, overrides that ended before it are left out. Who is on duty from then on is the
    same, but a shift may seem to have begun earlier: give `LONGEST_TURN` more where that matters.
    """
    overrides = select(override).order_by(override.c.id)
    if since is not None:
        overrides = overrides.where(override.c.ends_at > since)
    rotas = tuple(_rota(row) for row in await session.all(select(rota).order_by(rota.c.id)))
    changes = tuple(_override(row) for row in await session.all(overrides)) if rotas else ()
    days = await session.all(select(holiday.c.day))
    planned = {id_ for one in rotas for id_ in one.members}
    planned |= {one.member_id for one in changes if one.member_id is not None}
    absent = planned - await fit(session, planned) if planned else frozenset[int]()
    return Plan(rotas, changes, frozenset(row["day"] for row in days), frozenset(absent))


async def fit(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Those of some members who can be on duty: at work, with a role that handles cases, and with
    a way to reach them."""
    rows = await session.all(
        select(member.c.id).where(
            member.c.id.in_(ids),
            member.c.active.is_(True),
            member.c.role.in_(_CAN_BE_ON_DUTY),
            member.c.id.in_(select(member_endpoint.c.member_id)),
        )
    )
    return frozenset(row["id"] for row in rows)


async def hold(session: Session, rota_id: int) -> Rota | None:
    """A rota, held against others who change who is on duty, until the unit ends."""
    query = select(rota).where(rota.c.id == rota_id)
    row = await session.first(query if session.is_sqlite else query.with_for_update())
    return None if row is None else _rota(row)


async def by_name(session: Session, name: str) -> Rota | None:
    """A rota by its name."""
    row = await session.first(select(rota).where(rota.c.name == name))
    return None if row is None else _rota(row)


async def add(session: Session, new: Rota) -> int:
    """Write a new rota, whatever its id; gives the id."""
    made = await session.scalar(rota.insert().values(**_values(new)).returning(rota.c.id))
    return int(made)


async def change(session: Session, changed: Rota) -> None:
    """Write a rota in the place of the one with its id."""
    await session.execute(update(rota).where(rota.c.id == changed.id).values(**_values(changed)))


async def remove(session: Session, rota_id: int) -> None:
    """Take a rota away with all that hangs on it."""
    for table in (override, shift_answer):
        await session.execute(delete(table).where(table.c.rota_id == rota_id))
    await session.execute(delete(rota).where(rota.c.id == rota_id))


async def add_override(session: Session, new: Override) -> int:
    """Write an override; gives the id."""
    made = await session.scalar(
        override.insert()
        .values(
            rota_id=new.rota_id,
            member_id=new.member_id,
            starts_at=new.starts,
            ends_at=new.ends,
        )
        .returning(override.c.id)
    )
    return int(made)


async def add_overrides(session: Session, new: Sequence[tuple[Override, str]]) -> None:
    """Write overrides with the print of the entry that each comes from, in their order."""
    rows = [
        {
            "rota_id": one.rota_id,
            "member_id": one.member_id,
            "starts_at": one.starts,
            "ends_at": one.ends,
            "source": source,
        }
        for one, source in new
    ]
    if rows:
        await session.execute(override.insert(), rows)


async def remove_sources(session: Session, rota_id: int, sources: Collection[str]) -> None:
    """Take away overrides that came from these entries of a calendar."""
    await session.execute(
        delete(override).where(override.c.rota_id == rota_id, override.c.source.in_(sources))
    )


async def add_holiday(session: Session, day: date, name: str) -> bool:
    """Write a holiday; False when the day is one already."""
    wanted = session.insert(holiday).values(day=day, name=name).on_conflict_do_nothing()
    return await session.scalar(wanted.returning(holiday.c.day)) is not None


async def remove_holiday(session: Session, day: date) -> bool:
    """Take a holiday away; False when the day is none."""
    gone = delete(holiday).where(holiday.c.day == day).returning(holiday.c.day)
    return await session.scalar(gone) is not None


async def holidays(session: Session) -> tuple[Holiday, ...]:
    """All holidays in order."""
    rows = await session.all(select(holiday).order_by(holiday.c.day))
    return tuple(Holiday(row["day"], row["name"]) for row in rows)


async def once(session: Session, name: str, now: datetime, every: timedelta | None = None) -> bool:
    """Whether an alarm is to be told now: never before, or not since `every`.

    Of several processes one hears True. A clock that was set back makes nobody wait.
    """
    wanted = session.insert(alarm).values(name=name, at=now)
    if every is None:
        wanted = wanted.on_conflict_do_nothing()
    else:
        old = or_(alarm.c.at <= now - every, alarm.c.at > now)
        wanted = wanted.on_conflict_do_update(
            index_elements=[alarm.c.name], set_={"at": now}, where=old
        )
    return await session.scalar(wanted.returning(alarm.c.name)) is not None


async def forget(session: Session, before: datetime) -> None:
    """Take away alarms and answers that are older than anything they could prevent."""
    await session.execute(delete(alarm).where(alarm.c.at < before))
    await session.execute(delete(shift_answer).where(shift_answer.c.ends_at < before))


def _rota(row: RowMapping) -> Rota:
    covers = row["covers_from"], row["covers_until"]
    return Rota(
        id=row["id"],
        name=row["name"],
        members=tuple(int(id_) for id_ in row["members"].split()),
        since=row["since"],
        every=row["every"],
        handover=_time(row["handover"]),
        zone=row["zone"],
        covers=None if None in covers else (_time(covers[0]), _time(covers[1])),
        holidays=row["holidays"],
    )


def _values(new: Rota) -> dict[str, object]:
    opens, closes = new.covers or (None, None)
    return {
        "name": new.name,
        "members": " ".join(str(id_) for id_ in new.members),
        "since": new.since,
        "every": new.every,
        "handover": _minutes(new.handover),
        "zone": new.zone,
        "covers_from": None if opens is None else _minutes(opens),
        "covers_until": None if closes is None else _minutes(closes),
        "holidays": new.holidays,
    }


def _override(row: RowMapping) -> Override:
    return Override(row["rota_id"], row["member_id"], row["starts_at"], row["ends_at"])


def _time(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
