"""Tables of cases, their timelines and their timers."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
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
    func,
    select,
    text,
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
    Minor,
    Report,
    Timer,
    Urgency,
)
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint
from kit.zones import OAXACA
from staff.model import RIGHTS, Right, Role
from staff.store import member, quiet_of

PAGES = (EntryKind.PAGED, EntryKind.BUNDLED)
"""Lines that tell of somebody's being paged, alone or for several cases at once."""

HANDLING = tuple(role for role in Role if Right.HANDLE_CASES in RIGHTS[role])

OWNING = (EntryKind.ACKNOWLEDGED, EntryKind.TAKEN_OVER, EntryKind.REOPENED)
"""Lines with the name of somebody who has the case from then on."""

PUT_BACK = timedelta(minutes=1)
"""A timer that was set so much later than now was set before the clock was put back. Less is what
the clocks of two machines differ by."""

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
_BY_MEMBER = entry.c.member_id.is_not(None)
Index(
    "ix_case_entry_at",
    entry.c.at,
    entry.c.member_id,
    sqlite_where=_BY_MEMBER,
    postgresql_where=_BY_MEMBER,
)

timer = Table(
    "case_timer",
    metadata,
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("due_at", Instant, nullable=False),
    # None of one that was set by an earlier version.
    Column("set_at", Instant),
    Index("ix_case_timer_due_at", "due_at"),
    Index("ix_case_timer_set_at", "set_at"),
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


async def standing_pages(session: Session, case_id: int) -> tuple[Entry, ...]:
    """The pages of the newest step, without those of which it is known that they reach nobody."""
    rows = await session.all(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind.in_((*PAGES, EntryKind.PAGE_LOST)))
        .order_by(entry.c.id.desc())
        .limit(200)
    )
    pages = [row for row in rows if row["kind"] != EntryKind.PAGE_LOST]
    if not pages:
        return ()
    newest = pages[0]["at"]
    step = [row for row in pages if row["at"] == newest]
    first = step[-1]["id"]
    lost = {
        row["member_id"] for row in rows if row["kind"] == EntryKind.PAGE_LOST and row["id"] > first
    }
    return tuple(_entry(row) for row in reversed(step) if row["member_id"] not in lost)


async def paged_since(session: Session, case_id: int, since: datetime) -> frozenset[int]:
    """Who was paged after an instant."""
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(PAGES), entry.c.at > since)
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def called(session: Session, case_id: int) -> frozenset[int]:
    """Who was paged since the case last had an owner, or since it was opened."""
    owned = (
        select(func.max(entry.c.id))
        .where(entry.c.case_id == case_id, entry.c.kind.in_(OWNING))
        .scalar_subquery()
    )
    rows = await session.all(
        select(entry.c.member_id)
        .where(
            entry.c.case_id == case_id,
            entry.c.kind.in_(PAGES),
            entry.c.id > func.coalesce(owned, 0),
        )
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def declined_since(session: Session, case_id: int, since: datetime) -> frozenset[int]:
    """Who passed a case on after an instant, or let it go."""
    declining = (EntryKind.PASSED_ON, EntryKind.LEASE_LOST)
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(declining), entry.c.at > since)
        .distinct()
    )
    return frozenset(row["member_id"] for row in rows)


async def policies_of(session: Session, case_id: int) -> frozenset[str]:
    """The names of the policies that were chosen in the course of a case."""
    rows = await session.all(
        select(entry.c.body).where(entry.c.case_id == case_id, entry.c.kind == EntryKind.POLICY)
    )
    return frozenset(row["body"] or "" for row in rows)


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
        .where(entry.c.case_id == case_id, entry.c.kind.in_(OWNING), entry.c.member_id.is_not(None))
        .order_by(entry.c.id.desc())
        .limit(1)
    )
    return None if found is None else int(found)


async def helpers(session: Session, case_id: int) -> tuple[int, ...]:
    """Who helps the owner of a case."""
    rows = await session.all(
        select(entry.c.member_id)
        .where(entry.c.case_id == case_id, entry.c.kind == EntryKind.HELPER)
        .distinct()
    )
    return tuple(row["member_id"] for row in rows)


async def last_said(session: Session, case_id: int, limit: int) -> tuple[Entry, ...]:
    """The newest things that the reporter said or sent, in order."""
    said = (EntryKind.SAID, EntryKind.CALLED, EntryKind.MEDIA, EntryKind.LOCATION)
    rows = await session.all(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(said))
        .order_by(entry.c.id.desc())
        .limit(limit)
    )
    return tuple(_entry(row) for row in reversed(rows))


async def set_timer(
    session: Session, case_id: int, kind: Timer, due_at: datetime, now: datetime
) -> None:
    """Set or move a timer of a case."""
    values = {"due_at": due_at, "set_at": now}
    wanted = session.insert(timer).values(case_id=case_id, kind=kind, **values)
    await session.execute(
        wanted.on_conflict_do_update(index_elements=[timer.c.case_id, timer.c.kind], set_=values)
    )


async def drop_timers(session: Session, case_id: int, *kinds: Timer) -> None:
    """Take timers of a case away."""
    await session.execute(delete(timer).where(timer.c.case_id == case_id, timer.c.kind.in_(kinds)))


async def timers(session: Session, case_id: int) -> dict[Timer, datetime]:
    """The timers of a case."""
    rows = await session.all(select(timer).where(timer.c.case_id == case_id))
    return {Timer(row["kind"]): row["due_at"] for row in rows}


async def timers_at(session: Session, case_id: int, now: datetime) -> dict[Timer, datetime]:
    """The timers of a case. One that was set later than now, because the clock was put back since,
    runs from now on: nobody waits for the hours to come a second time."""
    ahead = await session.all(
        select(timer).where(timer.c.case_id == case_id, timer.c.set_at > now + PUT_BACK)
    )
    for row in ahead:
        due_at = now + (row["due_at"] - row["set_at"])
        await set_timer(session, case_id, Timer(row["kind"]), due_at, now)
    return await timers(session, case_id)


async def due_cases(session: Session, now: datetime) -> tuple[int, ...]:
    """Cases with a timer that is due, or that was set by a clock that was put back since; and, as
    a net below, those that lost theirs: open ones without a page due, owned ones without a lease,
    or whose owner works here no more."""
    people = case.c.kind != Kind.CANARY
    due = (
        select(timer.c.case_id.label("id"))
        .join(case, case.c.id == timer.c.case_id)
        .where((timer.c.due_at <= now) | (timer.c.set_at > now + PUT_BACK), people)
    )
    paged = select(timer.c.case_id).where(timer.c.kind == Timer.PAGE)
    leased = select(timer.c.case_id).where(timer.c.kind == Timer.LEASE)
    here = select(member.c.id).where(member.c.active, member.c.role.in_(HANDLING))
    lost = (
        select(case.c.id)
        .where(people)
        .where(
            (case.c.state == CaseState.OPEN) & case.c.id.not_in(paged)
            | (case.c.state == CaseState.ACKNOWLEDGED)
            & (case.c.id.not_in(leased) | case.c.owner_id.not_in(here))
        )
    )
    rows = await session.all(due.union(lost))
    return tuple(sorted(row["id"] for row in rows))


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
        policy_id=row["policy_id"],
        minor=Minor(row["minor"]),
        exercise=row["exercise"],
        unsafe=quiet_of(row["unsafe_from"], row["unsafe_until"]),
        safe_zone=row["safe_zone"],
    )


def _entry(row: RowMapping) -> Entry:
    return Entry(row["at"], EntryKind(row["kind"]), row["member_id"], row["body"])
