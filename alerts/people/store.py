"""Tables of the people of cases, of what they agreed to, and of cases that are one."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    delete,
    select,
    update,
)

from alerts.people.model import Answer, Check, Details, Disclosure, Person, PersonRole
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.fold import fold

_OF_CASE = "case_file.id"
_OF_PERSON = "case_person.id"

# The language too: it can tell of whose people somebody is, which the law counts as sensitive.
person = Table(
    "case_person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey(_OF_CASE, ondelete="CASCADE"), nullable=False),
    Column("role", String(10), nullable=False),
    Column("kinship", Sealed("person"), nullable=False),
    Column("language", Sealed("person"), nullable=False),
    Column("seen_where", Sealed("person"), nullable=False),
    Column("seen_at", Sealed("person"), nullable=False),
    Column("note", Sealed("words"), nullable=False),
    Column("photo", Sealed("person"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_case_person_case_id", "case_id"),
)

# The one at position 0 is the name unless it is empty, the others are aliases.
person_name = Table(
    "case_person_name",
    metadata,
    Column("person_id", Id, ForeignKey(_OF_PERSON, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Sealed("name"), nullable=False),
    Column("name_index", Blind("name"), nullable=False),
    Index("ix_case_person_name_name_index", "name_index"),
)

# The print is that of an endpoint, so that somebody's phone is found as the reporter of a case.
person_phone = Table(
    "case_person_phone",
    metadata,
    Column("person_id", Id, ForeignKey(_OF_PERSON, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("phone", Sealed("endpoint"), nullable=False),
    Column("phone_index", Blind("endpoint"), nullable=False),
    Index("ix_case_person_phone_phone_index", "phone_index"),
)

# Only added to: a yes that was taken back stays to be read.
disclosure = Table(
    "case_disclosure",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey(_OF_PERSON, ondelete="CASCADE"), nullable=False),
    Column("to_id", Id, ForeignKey(_OF_PERSON, ondelete="CASCADE")),
    Column("to_other", Sealed("person"), nullable=False),
    Column("answer", String(8), nullable=False),
    Column("how", Sealed("words"), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("member_id", Id, nullable=False),
    Index("ix_case_disclosure_person_id", "person_id"),
)

check = Table(
    "case_check",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey(_OF_PERSON, ondelete="CASCADE"), nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("reason", Sealed("words"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("member_id", Id, nullable=False),
    Index("ix_case_check_person_id", "person_id"),
)


async def add(session: Session, case_id: int, details: Details, now: datetime) -> int:
    """Write a new person into a case; gives the id."""
    made = await session.scalar(
        person.insert()
        .values(case_id=case_id, created_at=now, changed_at=now, **_values(details))
        .returning(person.c.id)
    )
    await _write_names(session, int(made), details)
    return int(made)


async def change(session: Session, person_id: int, details: Details, now: datetime) -> None:
    """Put these details in the place of those that were."""
    await session.execute(
        update(person).where(person.c.id == person_id).values(changed_at=now, **_values(details))
    )
    for table in (person_name, person_phone):
        await session.execute(delete(table).where(table.c.person_id == person_id))
    await _write_names(session, person_id, details)


async def add_disclosure(session: Session, person_id: int, given: Disclosure) -> None:
    """Keep an answer about what may be told."""
    await session.execute(
        disclosure.insert().values(
            person_id=person_id,
            to_id=given.to_id,
            to_other=given.to_other,
            answer=given.answer,
            how=given.how,
            given_at=given.given_at,
            member_id=given.member_id,
        )
    )


async def add_check(session: Session, person_id: int, made: Check) -> None:
    """Keep what a supervisor has found about a relative."""
    await session.execute(
        check.insert().values(
            person_id=person_id,
            allowed=made.allowed,
            reason=made.reason,
            at=made.at,
            member_id=made.member_id,
        )
    )


async def of_case(session: Session, case_id: int) -> tuple[Person, ...]:
    """The people of a case, in the order in which they were written down."""
    rows = await session.all(
        select(person).where(person.c.case_id == case_id).order_by(person.c.id)
    )
    ids = [row["id"] for row in rows]
    names = await named(session, ids)
    phones = await _phones(session, ids)
    answers = await _disclosures(session, ids)
    checks = await _checks(session, ids)
    return tuple(
        Person(
            row["id"],
            row["case_id"],
            _details(row, names.get(row["id"], {}), phones.get(row["id"], ())),
            answers.get(row["id"], ()),
            checks.get(row["id"]),
        )
        for row in rows
    )


async def cases_of_name(session: Session, name: str) -> tuple[int, ...]:
    """The cases in which somebody has just this name or alias; case and accents do not matter."""
    return await _cases(session, person_name, person_name.c.name_index == fold(name))


async def cases_of_phone(session: Session, phone: str) -> tuple[int, ...]:
    """The cases in which somebody has this phone, in E.164. The reporters' own endpoints are found
    by `alerts.store`."""
    return await _cases(session, person_phone, person_phone.c.phone_index == phone)


async def named(session: Session, ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The names of people by their position."""
    rows = await session.all(
        select(person_name.c.person_id, person_name.c.position, person_name.c.name)
        .where(person_name.c.person_id.in_(ids))
        .order_by(person_name.c.person_id, person_name.c.position)
    )
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        found.setdefault(row["person_id"], {})[row["position"]] = row["name"]
    return found


async def _phones(session: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    rows = await session.all(
        select(person_phone.c.person_id, person_phone.c.phone)
        .where(person_phone.c.person_id.in_(ids))
        .order_by(person_phone.c.person_id, person_phone.c.position)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row["person_id"]] = (*found.get(row["person_id"], ()), row["phone"])
    return found


async def _disclosures(session: Session, ids: Collection[int]) -> dict[int, tuple[Disclosure, ...]]:
    rows = await session.all(
        select(disclosure).where(disclosure.c.person_id.in_(ids)).order_by(disclosure.c.id)
    )
    found: dict[int, tuple[Disclosure, ...]] = {}
    for row in rows:
        given = Disclosure(
            Answer(row["answer"]),
            row["given_at"],
            row["to_id"],
            row["to_other"],
            row["how"],
            row["member_id"],
        )
        found[row["person_id"]] = (*found.get(row["person_id"], ()), given)
    return found


async def _checks(session: Session, ids: Collection[int]) -> dict[int, Check]:
    rows = await session.all(select(check).where(check.c.person_id.in_(ids)).order_by(check.c.id))
    return {
        row["person_id"]: Check(row["allowed"], row["at"], row["member_id"], row["reason"])
        for row in rows
    }


async def _cases(session: Session, table: Table, condition: ColumnElement[bool]) -> tuple[int, ...]:
    rows = await session.all(
        select(person.c.case_id)
        .join_from(table, person, table.c.person_id == person.c.id)
        .where(condition)
        .distinct()
        .order_by(person.c.case_id)
    )
    return tuple(row["case_id"] for row in rows)


async def _write_names(session: Session, person_id: int, details: Details) -> None:
    first = 0 if details.name else 1
    names = [
        {"person_id": person_id, "position": place, "name": name, "name_index": fold(name)}
        for place, name in enumerate(details.names, first)
    ]
    if names:
        await session.execute(person_name.insert(), names)
    phones = [
        {"person_id": person_id, "position": place, "phone": phone, "phone_index": phone}
        for place, phone in enumerate(details.phones)
    ]
    if phones:
        await session.execute(person_phone.insert(), phones)


def _values(details: Details) -> dict[str, str]:
    return {
        "role": details.role,
        "kinship": details.kinship,
        "language": details.language,
        "seen_where": details.seen_where,
        "seen_at": "" if details.seen_at is None else details.seen_at.isoformat(),
        "note": details.note,
        "photo": details.photo,
    }


def _details(row: RowMapping, names: dict[int, str], phones: tuple[str, ...]) -> Details:
    return Details(
        role=PersonRole(row["role"]),
        name=names.get(0, ""),
        aliases=tuple(name for place, name in names.items() if place),
        kinship=row["kinship"],
        language=row["language"],
        phones=phones,
        seen_where=row["seen_where"],
        seen_at=seen(row["seen_at"]),
        note=row["note"],
        photo=row["photo"],
    )


def seen(written: str) -> datetime | None:
    """The instant as it is kept, sealed, beside the place."""
    return datetime.fromisoformat(written) if written else None
