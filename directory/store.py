"""The table of emergency contacts and its queries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    case,
    func,
    select,
    update,
)

from db.base import Id, metadata
from db.columns import Instant
from db.session import Insert, Session
from directory.model import EmergencyContact, Entry
from directory.rules import is_official
from staff.store import member

# Public numbers of public offices: nothing here is sealed.
emergency_contact = Table(
    "emergency_contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    Column("country", String(2), nullable=False),
    Column("state", String(8)),
    # Empty and not NULL: NULLs are never equal, and a city is a part of the key.
    Column("city", String(80), nullable=False),
    Column("phone", String(20), nullable=False),
    Column("source", String(500), nullable=False),
    Column("source_date", String(120), nullable=False),
    Column("official", Boolean, nullable=False),
    Column("checked_by", Id, ForeignKey(member.c.id)),
    Column("checked_at", Instant),
    Column("hidden", Boolean, nullable=False),
    # 911 is dialled in two countries.
    Index("uq_emergency_contact_key", "kind", "phone", "country", "city", unique=True),
    Index("ix_emergency_contact_country", "country", "state"),
)

_SOURCE = ("source", "source_date", "official")
_SUBJECT = ("name", "state")
_KEY = ("kind", "phone", "country", "city")


async def save(session: Session, entries: Sequence[Entry], *, only_new: bool = False) -> int:
    """Write entries, or bring those up to date that have the same kind, phone, country and city;
    gives how many are new.

    Who checked a number, and whether it is hidden, stays as it is. So does, once it was checked,
    whose number it is: else a file could put somebody's word on another consulate. With `only_new`
    nothing is brought up to date.
    """
    by_key = {_key(entry): entry for entry in entries}
    if not by_key:
        return 0
    table = emergency_contact.c
    rows = await session.all(
        select(*(table[name] for name in _KEY)).where(
            table.phone.in_({entry.phone for entry in entries})
        )
    )
    known = {tuple(row[name] for name in _KEY) for row in rows}
    await session.execute(
        _statement(session, only_new=only_new),
        [_row(entry) for _, entry in sorted(by_key.items())],
    )
    return len(by_key.keys() - known)


def _statement(session: Session, *, only_new: bool) -> Insert:
    table = emergency_contact.c
    statement = session.insert(emergency_contact)
    if only_new:
        return statement.on_conflict_do_nothing(index_elements=_KEY)
    given = statement.excluded
    newer: dict[str, ColumnElement[object]] = {name: given[name] for name in _SOURCE}
    for name in _SUBJECT:
        newer[name] = case((table.checked_at.is_(None), given[name]), else_=table[name])
    return statement.on_conflict_do_update(index_elements=_KEY, set_=newer)


def _row(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "country": entry.country,
        "state": entry.state,
        "city": entry.city or "",
        "phone": entry.phone,
        "source": entry.source,
        "source_date": entry.source_date,
        "official": is_official(entry.source),
        "hidden": False,
    }


async def count(session: Session) -> int:
    """How many entries there are."""
    return int(await session.scalar(select(func.count()).select_from(emergency_contact)))


async def find(session: Session, countries: Sequence[str] = ()) -> tuple[EmergencyContact, ...]:
    """The entries of some countries, or the whole directory; hidden ones are among them."""
    query = select(emergency_contact)
    if countries:
        query = query.where(emergency_contact.c.country.in_(countries))
    table = emergency_contact.c
    rows = await session.all(
        query.order_by(table.country, table.state, table.city, table.kind, table.id)
    )
    return tuple(_contact(row) for row in rows)


async def get(session: Session, contact_id: int, *, hold: bool = False) -> EmergencyContact | None:
    """An entry by id; with `hold` nobody else changes it until the unit ends."""
    query = select(emergency_contact).where(emergency_contact.c.id == contact_id)
    if hold and not session.is_sqlite:
        query = query.with_for_update()
    row = await session.first(query)
    return None if row is None else _contact(row)


async def same_key(session: Session, entry: Entry) -> int | None:
    """The id of the entry that has the same kind, phone, country and city."""
    table = emergency_contact.c
    which = [table[name] == value for name, value in zip(_KEY, _key(entry), strict=True)]
    found: int | None = await session.scalar(select(table.id).where(*which))
    return found


async def add(session: Session, entry: Entry) -> int | None:
    """Write a new entry; gives its id, None when one has the same kind, phone, country and city."""
    wanted = session.insert(emergency_contact).values(**_row(entry))
    made = await session.scalar(
        wanted.on_conflict_do_nothing(index_elements=_KEY).returning(emergency_contact.c.id)
    )
    return None if made is None else int(made)


async def change(session: Session, contact_id: int, entry: Entry, *, keeps_check: bool) -> None:
    """Write an entry anew; without `keeps_check` nobody has called it any more."""
    values = _row(entry)
    del values["hidden"]
    if not keeps_check:
        values |= {"checked_by": None, "checked_at": None}
    await session.execute(
        update(emergency_contact).where(emergency_contact.c.id == contact_id).values(**values)
    )


async def set_hidden(session: Session, contact_id: int, *, hidden: bool) -> None:
    """Take a number out of use, or back into it; either way nobody vouches for it then."""
    await session.execute(
        update(emergency_contact)
        .where(emergency_contact.c.id == contact_id)
        .values(hidden=hidden, checked_by=None, checked_at=None)
    )


async def set_checked(session: Session, contact_id: int, member_id: int, now: datetime) -> None:
    """Keep who called the number, and when."""
    await session.execute(
        update(emergency_contact)
        .where(emergency_contact.c.id == contact_id)
        .values(checked_by=member_id, checked_at=now)
    )


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.kind, entry.phone, entry.country, entry.city or ""


def _contact(row: RowMapping) -> EmergencyContact:
    return EmergencyContact(
        id=row["id"],
        entry=Entry(
            kind=row["kind"],
            name=row["name"],
            country=row["country"],
            phone=row["phone"],
            source=row["source"],
            source_date=row["source_date"],
            state=row["state"],
            city=row["city"] or None,
        ),
        official=row["official"],
        checked_by=row["checked_by"],
        checked_at=row["checked_at"],
        hidden=row["hidden"],
    )
