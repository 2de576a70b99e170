"""Tables of cases, their timelines and their timers."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    delete,
    select,
    update,
)

from alerts.model import (
    REOPENS_WITHIN,
    Case,
    CaseState,
    Entry,
    EntryKind,
    Kind,
    MayWrite,
    Report,
    Timer,
    Urgency,
)
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint

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
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("uq_case_file_folio", "folio", unique=True),
    Index("ix_case_file_endpoint", "channel", "endpoint_index"),
    Index("ix_case_file_state", "state"),
)

entry = Table(
    "case_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("member_id", Id),
    Column("body", Sealed("words")),
    # Which message of the ledger a line is about.
    Column("message_id", Id),
    Index("ix_case_entry_case_id", "case_id"),
)

timer = Table(
    "case_timer",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Index("ix_case_timer_due_at", "due_at"),
)


async def open_case(
    session: Session, report: Report, folio: str, word: str, urgency: Urgency
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


async def by_folio(session: Session, folio: str) -> Case | None:
    """A case by folio, held likewise."""
    return await _one(session, case.c.folio == folio)


async def live_of(session: Session, reporter: Endpoint, now: datetime) -> Case | None:
    """The newest case of an endpoint that is open, or was closed a short time ago."""
    return await _one(
        session,
        (case.c.channel == reporter.channel)
        & (case.c.endpoint_index == reporter.value)
        & (case.c.closed_at.is_(None) | (case.c.closed_at > now - REOPENS_WITHIN)),
    )


async def in_states(session: Session, *states: CaseState) -> tuple[Case, ...]:
    """Cases in some states, the oldest first."""
    rows = await session.all(select(case).where(case.c.state.in_(states)).order_by(case.c.id))
    return tuple(_case(row) for row in rows)


async def change(session: Session, case_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a case."""
    await session.execute(update(case).where(case.c.id == case_id).values(**values))


async def note(
    session: Session,
    case_id: int,
    kind: EntryKind,
    at: datetime,
    *,
    member_id: int | None = None,
    body: str | None = None,
    message_id: int | None = None,
) -> None:
    """Write one line of the timeline."""
    await session.execute(
        entry.insert().values(
            case_id=case_id,
            at=at,
            kind=kind,
            member_id=member_id,
            body=body,
            message_id=message_id,
        )
    )


async def timeline(session: Session, case_id: int) -> tuple[Entry, ...]:
    """What happened in a case, in order."""
    rows = await session.all(select(entry).where(entry.c.case_id == case_id).order_by(entry.c.id))
    return tuple(_entry(row) for row in rows)


async def last_page(session: Session, case_id: int) -> Entry | None:
    """The newest line about a page: that it was sent, or that it reaches nobody."""
    row = await session.first(
        select(entry)
        .where(
            entry.c.case_id == case_id,
            entry.c.kind.in_((EntryKind.PAGED, EntryKind.PAGE_LOST)),
        )
        .order_by(entry.c.id.desc())
        .limit(1)
    )
    return None if row is None else _entry(row)


async def paged_since(session: Session, case_id: int, since: datetime) -> frozenset[int]:
    """Who was paged after an instant."""
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind == EntryKind.PAGED, entry.c.at > since)
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def has_entry(session: Session, case_id: int, *kinds: EntryKind) -> bool:
    """Whether the timeline holds a line of one of these kinds."""
    found = await session.scalar(
        select(entry.c.id).where(entry.c.case_id == case_id, entry.c.kind.in_(kinds)).limit(1)
    )
    return found is not None


async def last_owner(session: Session, case_id: int) -> int | None:
    """Who accepted the case last, whether or not they still have it."""
    found = await session.scalar(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind == EntryKind.ACKNOWLEDGED)
        .order_by(entry.c.id.desc())
        .limit(1)
    )
    return None if found is None else int(found)


async def set_timer(session: Session, case_id: int, kind: Timer, due_at: datetime) -> None:
    """Set or move a timer of a case."""
    wanted = session.insert(timer).values(case_id=case_id, kind=kind, due_at=due_at)
    await session.execute(
        wanted.on_conflict_do_update(
            index_elements=[timer.c.case_id, timer.c.kind], set_={"due_at": due_at}
        )
    )


async def drop_timers(session: Session, case_id: int, *kinds: Timer) -> None:
    """Take timers of a case away."""
    await session.execute(delete(timer).where(timer.c.case_id == case_id, timer.c.kind.in_(kinds)))


async def timers(session: Session, case_id: int) -> dict[Timer, datetime]:
    """The timers of a case."""
    rows = await session.all(select(timer).where(timer.c.case_id == case_id))
    return {Timer(row["kind"]): row["due_at"] for row in rows}


async def due_cases(session: Session, now: datetime) -> tuple[int, ...]:
    """Cases with a timer that is due, and, as a net below, open cases that lost their timer."""
    due = await session.all(select(timer.c.case_id).where(timer.c.due_at <= now).distinct())
    paged = select(timer.c.case_id).where(timer.c.kind == Timer.PAGE)
    lost = await session.all(
        select(case.c.id.label("case_id")).where(
            case.c.state == CaseState.OPEN, case.c.id.not_in(paged)
        )
    )
    return tuple(sorted({row["case_id"] for row in (*due, *lost)}))


async def next_due(session: Session) -> datetime | None:
    """When the next timer of any case is due."""
    found = await session.scalar(select(timer.c.due_at).order_by(timer.c.due_at).limit(1))
    return found if isinstance(found, datetime) else None


async def _one(session: Session, condition: ColumnElement[bool]) -> Case | None:
    query: Select[tuple[object, ...]] = (
        select(case).where(condition).order_by(case.c.id.desc()).limit(1)
    )
    row = await session.first(query if session.is_sqlite else query.with_for_update())
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
    )


def _entry(row: RowMapping) -> Entry:
    return Entry(row["at"], EntryKind(row["kind"]), row["member_id"], row["body"])
