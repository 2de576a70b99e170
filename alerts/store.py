"""The table of cases. Their timelines and timers: `alerts.timeline`, `alerts.timers`."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    select,
    text,
    update,
)

from alerts.model import (
    REOPENS_WITHIN,
    Case,
    CaseState,
    Kind,
    MayWrite,
    Minor,
    Report,
    Urgency,
)
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint
from kit.zones import OAXACA
from staff.model import RIGHTS, Right, Role
from staff.store import quiet_of

HANDLING = tuple(role for role in Role if Right.HANDLE_CASES in RIGHTS[role])

HASTE = (Urgency.LIFE, Urgency.POSSIBLE, Urgency.UNSORTED, Urgency.CAN_WAIT)
"""The most urgent first."""

case = Table(
    "case_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("folio", String(6), nullable=False),
    Column("state", String(12), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("endpoint", Sealed("endpoint"), nullable=False),
    Column("endpoint_index", Blind("endpoint"), nullable=False),
    Column("language", String(12), nullable=False),
    Column("may_write", String(8), nullable=False),
    Column("word", Sealed("word"), nullable=False),
    Column("owner_id", Id),
    Column("paged", Integer, nullable=False),
    Column("outcome", String(16)),
    # The policy that held when it was opened; none is the one that is built in.
    Column("policy_id", Id),
    Column("minor", String(8), nullable=False, server_default=text("'unknown'")),
    # Minutes after midnight between which nothing may come to the reporter.
    Column("unsafe_from", Integer),
    Column("unsafe_until", Integer),
    Column("safe_zone", String(40), nullable=False, server_default=text(f"'{OAXACA}'")),
    Column("exercise", Boolean, nullable=False, server_default=text("false")),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("uq_case_file_folio", "folio", unique=True),
    Index("ix_case_file_endpoint", "channel", "endpoint_index"),
    Index("ix_case_file_state", "state"),
    Index("ix_case_file_closed_at", "closed_at"),
)


async def open_case(
    session: Session,
    report: Report,
    folio: str,
    word: str,
    urgency: Urgency,
    policy_id: int | None = None,
    exercise: bool = False,
) -> int | None:
    """Write a new case; None when the folio is taken."""
    new = await session.scalar(
        session.insert(case)
        .values(
            folio=folio,
            state=CaseState.OPEN,
            kind=Kind.UNKNOWN,
            urgency=urgency,
            channel=report.reporter.channel,
            endpoint=report.reporter.value,
            endpoint_index=report.reporter.value,
            language=report.language,
            may_write=MayWrite.UNKNOWN,
            word=word,
            paged=0,
            policy_id=policy_id,
            exercise=exercise,
            opened_at=report.at,
        )
        .on_conflict_do_nothing()
        .returning(case.c.id)
    )
    return None if new is None else int(new)


async def get(session: Session, case_id: int) -> Case | None:
    """A case by id, held against other writers until the unit ends."""
    return await _one(session, case.c.id == case_id)


async def made(session: Session, case_id: int) -> Case:
    """A case that this unit has just written."""
    found = await get(session, case_id)
    if found is None:
        raise LookupError("a case that was just written is not there")
    return found


async def by_folio(session: Session, folio: str, *, hold: bool = True) -> Case | None:
    """A case by folio, held likewise unless it is only looked at."""
    return await _one(session, case.c.folio == folio, hold=hold)


async def live_of(session: Session, reporter: Endpoint, now: datetime) -> Case | None:
    """The newest case of an endpoint that is open, or was closed a short time ago."""
    return await _one(
        session,
        (case.c.channel == reporter.channel)
        & (case.c.endpoint_index == reporter.value)
        & (case.c.closed_at.is_(None) | (case.c.closed_at > now - REOPENS_WITHIN)),
    )


async def those(session: Session, condition: ColumnElement[bool]) -> tuple[Case, ...]:
    """The cases that a condition selects, the most urgent first, then the oldest."""
    people = case.c.kind != Kind.CANARY
    rows = await session.all(select(case).where(condition, people).order_by(case.c.id))
    found = [_case(row) for row in rows]
    return tuple(sorted(found, key=lambda one: (HASTE.index(one.urgency), one.id)))


async def owned_by(session: Session, member_id: int) -> tuple[Case, ...]:
    """The cases that a member owns."""
    return await those(
        session, (case.c.state == CaseState.ACKNOWLEDGED) & (case.c.owner_id == member_id)
    )


async def in_states(session: Session, *states: CaseState) -> tuple[Case, ...]:
    """Cases in some states, the oldest first."""
    rows = await session.all(
        select(case).where(case.c.state.in_(states), case.c.kind != Kind.CANARY).order_by(case.c.id)
    )
    return tuple(_case(row) for row in rows)


async def change(session: Session, case_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a case."""
    await session.execute(update(case).where(case.c.id == case_id).values(**values))


async def _one(
    session: Session, condition: ColumnElement[bool], *, hold: bool = True
) -> Case | None:
    query: Select[tuple[object, ...]] = (
        select(case).where(condition).order_by(case.c.id.desc()).limit(1)
    )
    held = hold and not session.is_sqlite
    row = await session.first(query.with_for_update() if held else query)
    return None if row is None else _case(row)


def _case(row: RowMapping) -> Case:
    return Case(
        id=row["id"],
        folio=row["folio"],
        state=CaseState(row["state"]),
        kind=Kind(row["kind"]),
        urgency=Urgency(row["urgency"]),
        reporter=Endpoint(Channel(row["channel"]), row["endpoint"]),
        language=row["language"],
        may_write=MayWrite(row["may_write"]),
        word=row["word"],
        opened_at=row["opened_at"],
        paged=row["paged"],
        owner_id=row["owner_id"],
        closed_at=row["closed_at"],
        policy_id=row["policy_id"],
        minor=Minor(row["minor"]),
        exercise=row["exercise"],
        unsafe=quiet_of(row["unsafe_from"], row["unsafe_until"]),
        safe_zone=row["safe_zone"],
    )
