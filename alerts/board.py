"""The board of cases: what is open, whose it is and what it waits for, without a name or a word of
anybody's. Nothing sealed is opened for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select
from sqlalchemy import case as sql_case

from alerts.model import (
    CaseState,
    EntryKind,
    Kind,
    MayWrite,
    Minor,
    Outcome,
    Timer,
    Urgency,
)
from alerts.store import HASTE
from alerts.store import case as case_file
from alerts.timeline import entry
from alerts.timers import timer
from db.session import Session
from staff.model import Member, Right
from staff.rules import require
from staff.store import member

RECENTLY = timedelta(days=3)
"""So long a case that was closed stays on the board."""

MOST_LIVE = 150
"""No phone on a slow line takes more cards. Whatever is left out, one's own are there, and those
that nobody has come before those that somebody has."""

MOST_CLOSED = 30

SAID = (EntryKind.SAID, EntryKind.CALLED, EntryKind.MEDIA, EntryKind.LOCATION)
"""Lines that the reporter has written."""

WROTE = (EntryKind.REPLIED, EntryKind.ACTED)
"""Lines after which what the reporter said before counts as read."""


class Lane(StrEnum):
    """A column of the board."""

    NOBODY = "nobody"
    OWNED = "owned"
    WAITING = "waiting"
    CLOSED = "closed"


class Flag(StrEnum):
    """What must be seen before anything is done."""

    DO_NOT_WRITE = "do_not_write"
    DANGER = "danger"
    MINOR = "minor"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class Card:
    """A case as the board shows it. `unread` counts what the reporter wrote since somebody of ours
    wrote or did something. One without an owner `waits` while nobody is called for it before the
    office opens; a closed one has an `outcome`."""

    id: int
    folio: str
    lane: Lane
    kind: Kind
    urgency: Urgency
    language: str
    opened_at: datetime
    owner: str | None = None
    mine: bool = False
    closed_at: datetime | None = None
    lease_ends_at: datetime | None = None
    page_at: datetime | None = None
    waits: bool = False
    outcome: Outcome | None = None
    unread: int = 0
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The cases by column, the most urgent first, then the oldest; closed ones by their close, the
    newest first. With `more` there are more of them than are shown."""

    lanes: Mapping[Lane, tuple[Card, ...]]
    more: bool = False

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of them, column after column."""
        return tuple(card for lane in Lane for card in self.lanes[lane])

    @property
    def mine(self) -> tuple[Card, ...]:
        """Those that the member owns who looks, the lease that ends first in front."""
        own = [one for one in self.cards if one.mine and one.lane is not Lane.CLOSED]
        return tuple(sorted(own, key=lambda one: (one.lease_ends_at or one.opened_at, one.id)))

    @property
    def unowned(self) -> tuple[Card, ...]:
        """Those that nobody has: people are called for them, or they wait for the office."""
        return (*self.lanes[Lane.NOBODY], *(one for one in self.lanes[Lane.WAITING] if one.waits))


@dataclass(frozen=True, slots=True)
class AtHand:
    """What of the board a member looks at first: cases of theirs, the lease that ends first in
    front; the first of those that nobody has, the most urgent in front, those that wait for the
    office behind; and how many nobody has."""

    mine: tuple[Card, ...]
    unowned: tuple[Card, ...]
    nobodys: int


_LEASE, _PAGE = timer.alias("lease"), timer.alias("page")
_HASTE = sql_case(
    {urgency.value: place for place, urgency in enumerate(HASTE)},
    value=case_file.c.urgency,
    else_=len(HASTE),
)
_LIVE = (case_file.c.kind != Kind.CANARY) & case_file.c.state.in_(
    (CaseState.OPEN, CaseState.ACKNOWLEDGED)
)


_Pauses = frozenset[tuple[int, EntryKind]]
"""Cases with the kind of line that says why they stand still now."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the timeline adds to a card."""

    unread: int = 0
    danger: bool = False


async def board(session: Session, viewer: Member, now: datetime) -> Board:
    """The board as a member may see it, in four queries however many cases there are. The robots
    of the self-watch are not on it. Refused without the right to see cases."""
    require(viewer, Right.SEE_CASES)
    closed = (
        (case_file.c.state == CaseState.CLOSED)
        & (case_file.c.closed_at > now - RECENTLY)
        & (case_file.c.kind != Kind.CANARY)
    )
    others = sql_case((case_file.c.owner_id == viewer.id, 0), else_=1)
    owned = sql_case((case_file.c.state == CaseState.OPEN, 0), else_=1)
    open_rows = await session.all(
        _cards(_LIVE)
        .order_by(others, owned, _HASTE, case_file.c.opened_at, case_file.c.id)
        .limit(MOST_LIVE + 1)
    )
    closed_rows = await session.all(
        _cards(closed)
        .order_by(case_file.c.closed_at.desc(), case_file.c.id.desc())
        .limit(MOST_CLOSED + 1)
    )
    more = len(open_rows) > MOST_LIVE or len(closed_rows) > MOST_CLOSED
    shown = sorted(open_rows[:MOST_LIVE], key=_place)
    ids = [row["id"] for row in shown]
    lines, pauses = await _lines(session, ids), await _pauses(session, ids)
    rows = [*shown, *closed_rows[:MOST_CLOSED]]
    cards = [_card(row, lines.get(row["id"], _Lines()), pauses, viewer, now) for row in rows]
    return Board({lane: tuple(one for one in cards if one.lane is lane) for lane in Lane}, more)


async def at_hand(session: Session, viewer: Member, now: datetime, most: int) -> AtHand:
    """What a member looks at first, with at most so many that nobody has. Refused without the
    right to see cases."""
    require(viewer, Right.SEE_CASES)
    nobodys = _LIVE & case_file.c.owner_id.is_(None)
    # Of those that can wait, those whose hour has come are in front.
    later = sql_case((_PAGE.c.due_at > now, 1), else_=0)
    own_rows = await session.all(
        _cards(_LIVE & (case_file.c.owner_id == viewer.id))
        .order_by(func.coalesce(_LEASE.c.due_at, case_file.c.opened_at), case_file.c.id)
        .limit(MOST_LIVE)
    )
    free_rows = await session.all(
        _cards(nobodys).order_by(_HASTE, later, case_file.c.opened_at, case_file.c.id).limit(most)
    )
    number = await session.scalar(select(func.count()).select_from(case_file).where(nobodys))
    lines = await _lines(session, [row["id"] for row in own_rows])
    pauses = await _pauses(session, [row["id"] for row in (*own_rows, *free_rows)])
    mine = [_card(row, lines.get(row["id"], _Lines()), pauses, viewer, now) for row in own_rows]
    free = [_card(row, _Lines(), pauses, viewer, now) for row in free_rows]
    return AtHand(tuple(mine), tuple(sorted(free, key=lambda one: one.waits)), int(number or 0))


NEWEST = 200


async def fingerprint(session: Session) -> str:
    """What differs from one state of the board to another: one cheap query, for every second.

    Whatever happens to a case is a line of its timeline. Of the newest lines several are taken, not
    the last one alone: of two units the one that began later may be committed first.
    """
    lines = select(entry.c.id).order_by(entry.c.id.desc()).limit(NEWEST).subquery()
    row = await session.first(
        select(func.max(lines.c.id).label("last"), func.sum(lines.c.id).label("sum"))
    )
    return "-" if row is None else f"{row['last'] or 0}-{row['sum'] or 0}"


def _cards(condition: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """What a card needs of each case, and no sealed column."""
    plain = (
        "id", "folio", "state", "kind", "urgency", "language", "may_write", "owner_id", "minor",
        "exercise", "opened_at", "closed_at", "outcome",
    )  # fmt: skip
    joined = (
        case_file.outerjoin(member, member.c.id == case_file.c.owner_id)
        .outerjoin(_LEASE, and_(_LEASE.c.case_id == case_file.c.id, _LEASE.c.kind == Timer.LEASE))
        .outerjoin(_PAGE, and_(_PAGE.c.case_id == case_file.c.id, _PAGE.c.kind == Timer.PAGE))
    )
    return (
        select(
            *(case_file.c[name] for name in plain),
            member.c.pseudonym,
            _LEASE.c.due_at.label("lease_at"),
            _PAGE.c.due_at.label("page_at"),
        )
        .select_from(joined)
        .where(condition)
    )


async def _lines(session: Session, ids: Sequence[int]) -> dict[int, _Lines]:
    """What the timelines of some cases add, from one look at their lines. By their ids: a database
    that is asked for live cases instead may walk through the lines of all that ever were."""
    wrote = (
        select(entry.c.case_id, func.max(entry.c.id).label("last"))
        .where(entry.c.case_id.in_(ids), entry.c.kind.in_(WROTE))
        .group_by(entry.c.case_id)
        .subquery()
    )
    unread = entry.c.kind.in_(SAID) & (entry.c.id > func.coalesce(wrote.c.last, 0))
    rows = await session.all(
        select(
            entry.c.case_id,
            func.sum(sql_case((unread, 1), else_=0)).label("unread"),
            func.max(sql_case((entry.c.kind == EntryKind.DANGER, 1), else_=0)).label("danger"),
        )
        .outerjoin(wrote, wrote.c.case_id == entry.c.case_id)
        .where(entry.c.case_id.in_(ids), entry.c.kind.in_((*SAID, EntryKind.DANGER)))
        .group_by(entry.c.case_id)
    )
    return {row["case_id"]: _Lines(int(row["unread"]), bool(row["danger"])) for row in rows}


async def _pauses(session: Session, ids: Sequence[int]) -> _Pauses:
    """Which of some cases stand still, and why. By their ids, as their lines."""
    # A pause sets the lease and writes its line at one instant; any other act sets it anew.
    snoozed = (entry.c.kind == EntryKind.SNOOZED) & (timer.c.kind == Timer.LEASE)
    # Likewise when a look at a case finds that nobody is to be woken before the office opens.
    waits = (entry.c.kind == EntryKind.WAITS) & (timer.c.kind == Timer.PAGE)
    rows = await session.all(
        select(entry.c.case_id, entry.c.kind)
        .join(timer, (timer.c.case_id == entry.c.case_id) & (timer.c.set_at == entry.c.at))
        .where(entry.c.case_id.in_(ids), snoozed | waits)
    )
    return frozenset((row["case_id"], EntryKind(row["kind"])) for row in rows)


def _card(row: RowMapping, lines: _Lines, pauses: _Pauses, viewer: Member, now: datetime) -> Card:
    lane = _lane(row, pauses, now)
    return Card(
        id=row["id"],
        folio=row["folio"],
        lane=lane,
        kind=Kind(row["kind"]),
        urgency=Urgency(row["urgency"]),
        language=row["language"],
        opened_at=row["opened_at"],
        owner=row["pseudonym"],
        mine=row["owner_id"] == viewer.id,
        closed_at=row["closed_at"],
        lease_ends_at=row["lease_at"],
        page_at=row["page_at"],
        waits=lane is Lane.WAITING and row["owner_id"] is None,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        unread=lines.unread,
        flags=tuple(_flags(row, lines)),
    )


def _place(row: RowMapping) -> tuple[int, datetime, int]:
    """Where a live case stands in its column."""
    return HASTE.index(Urgency(row["urgency"])), row["opened_at"], row["id"]


def _lane(row: RowMapping, pauses: _Pauses, now: datetime) -> Lane:
    match CaseState(row["state"]):
        case CaseState.CLOSED:
            return Lane.CLOSED
        case CaseState.OPEN:
            # Once its hour has come it is a call for help that nobody has taken.
            can = row["urgency"] == Urgency.CAN_WAIT and (row["id"], EntryKind.WAITS) in pauses
            # Without an hour when it was set between the two looks at the tables.
            is_later = row["page_at"] is not None and row["page_at"] > now
            return Lane.WAITING if can and is_later else Lane.NOBODY
        case CaseState.ACKNOWLEDGED:
            is_snoozed = (row["id"], EntryKind.SNOOZED) in pauses
            return Lane.WAITING if is_snoozed else Lane.OWNED


def _flags(row: RowMapping, lines: _Lines) -> Iterable[Flag]:
    if row["may_write"] == MayWrite.NO:
        yield Flag.DO_NOT_WRITE
    if lines.danger or row["urgency"] in (Urgency.LIFE, Urgency.POSSIBLE):
        yield Flag.DANGER
    if row["minor"] == Minor.YES:
        yield Flag.MINOR
    if row["exercise"]:
        yield Flag.DRILL
