"""The platform below a random walk: a real database, and a clock that is an argument.

What the tables say after an event is a `Sight`. What a walk has to remember is kept in `Play`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto
from random import Random

from sqlalchemy import RowMapping, select

from alerts import bundling, policies, timeline, timers
from alerts import store as cases
from alerts.model import Case, EntryKind, Timer, Times
from alerts.policy import BUILT_IN, Policy
from alerts.shifts import store as shifts
from app.schema import metadata
from db.session import Database
from delivery import senders
from delivery.content import Content
from delivery.model import Claimed, State
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.jobs import Wake
from staff import store as staff
from staff.hours import OFFICE, Opening
from staff.model import Member
from tests.stores.sending_rig import Way

BEGIN = datetime(2026, 11, 24, 16, tzinfo=UTC)
"""A Tuesday, 10 in Oaxaca."""

WAYS = tuple(Way(channel) for channel in (Channel.TELEGRAM, Channel.SMS, Channel.VOICE))
KEPT = ("audit", "audit_head")
"""Tables that only grow: the database refuses to take a line away."""

TABLES = tuple(one for one in reversed(metadata.sorted_tables) if one.name not in KEPT)
PAGES = (EntryKind.PAGED, EntryKind.BUNDLED)
OWNING = (EntryKind.ACKNOWLEDGED, EntryKind.TAKEN_OVER, EntryKind.REOPENED)
"""Lines by which a named person has the case, if they name one."""

ACTS = (*OWNING, EntryKind.ACTED, EntryKind.REPLIED, EntryKind.SNOOZED)
"""Lines that give the owner more time."""


class Broken(AssertionError):
    """A promise was broken; says how, and in which case."""


class By(Enum):
    """Who has done something."""

    REPORTER = auto()
    STAFF = auto()
    OFFICE = auto()
    CLOCK = auto()
    PROVIDER = auto()


@dataclass(frozen=True, slots=True)
class Deed:
    """One event, and what may come of it.

    `lines` must stand in the timeline of the case afterwards. `danger` is an SOS in an open
    case, or words of danger; `sos` the first of them alone. With `waits` the case may have been
    left for the morning, with `cannot_wait` it must not be; with `closes` it may have been
    closed. After `worked` nothing is due any more. With `loses` a timer was taken away, and was
    to be mended.
    """

    name: str
    by: By
    case_id: int | None = None
    lines: tuple[tuple[EntryKind, int | None], ...] = ()
    sos: bool = False
    danger: bool = False
    waits: bool = False
    cannot_wait: bool = False
    closes: bool = False
    worked: bool = False
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a timeline."""

    case_id: int
    at: datetime
    kind: EntryKind
    member_id: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger."""

    about: str | None
    to: Endpoint
    at: datetime
    content: Content


@dataclass(frozen=True, slots=True)
class Sight:
    """What the tables say; `lines` and `rows` came since the sight before, and messages about
    `leaving` are still to leave."""

    cases: Mapping[int, Case] = field(default_factory=dict)
    timers: Mapping[int, Mapping[Timer, datetime]] = field(default_factory=dict)
    policies: Mapping[int, Policy] = field(default_factory=dict)
    members: Mapping[int, Member] = field(default_factory=dict)
    bundles: Mapping[int, datetime] = field(default_factory=dict)
    leaving: frozenset[str] = frozenset()
    opening: Opening = OFFICE
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()
    last_line: int = 0
    last_row: int = 0

    def policy_of(self, case: Case) -> Policy:
        return self.policies.get(case.policy_id or 0, BUILT_IN)

    def timer(self, case_id: int, kind: Timer) -> datetime | None:
        return self.timers.get(case_id, {}).get(kind)


@dataclass(slots=True)
class Play:
    """One walk: the clock and its highest point, and what was said and done so far."""

    database: Database
    times: Times
    wakes: list[Wake]
    now: datetime = BEGIN
    high: datetime = BEGIN
    seen: Sight = field(default_factory=Sight)
    lines: dict[int, list[Line]] = field(default_factory=dict)
    dangerous: set[int] = field(default_factory=set)
    """Cases in which an SOS or words of danger were heard."""

    serious: set[int] = field(default_factory=set)
    """Cases in which a button named what does not wait."""

    opened: dict[int, int] = field(default_factory=dict)
    """How many lines each case had when it was last left without an owner."""

    mute: set[int] = field(default_factory=set)
    """Cases whose timer for the numbers was taken away: nothing brings that one back."""

    holidays: frozenset[date] = frozenset()
    """All that there ever were: a case that waits may have been told of one that is none now."""

    held: list[Claimed] = field(default_factory=list)
    """Rows that are with a provider now."""

    taken: list[tuple[str, Claimed]] = field(default_factory=list)
    """What a provider has taken, by its own ids."""

    past: list[Wake] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    numbers: int = 0

    def to(self, now: datetime) -> None:
        """Set the clock."""
        self.now = now
        self.high = max(self.high, now)

    def keep(self, sight: Sight) -> None:
        """An event is over; this is what the tables say now."""
        for line in sight.lines:
            self.lines.setdefault(line.case_id, []).append(line)
        self.seen = sight

    def opens_latest(self) -> datetime:
        """The latest opening that anybody may wait for now."""
        return replace(self.times.opening, closed=self.holidays).opens_at(self.high)

    def number(self) -> int:
        """One that no phone and no chat of this walk has yet."""
        self.numbers += 1
        return self.numbers


async def begin(database: Database, wakes: list[Wake], random: Random) -> Play:
    """An empty platform with its senders, at some hour of a week."""
    page = random.choice([timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=1)])
    play = Play(database, Times(page=page), wakes)
    play.to(BEGIN + timedelta(hours=random.randrange(24 * 7)))
    wakes.clear()
    async with database.write() as session:
        for table in TABLES:
            await session.execute(table.delete())
        await senders.register(session, WAYS, play.now)
    return play


async def look(play: Play, since: Sight) -> Sight:
    """Read the tables; what is new is new since then."""
    async with play.database.read() as session:
        entries = await session.all(
            select(timeline.entry)
            .where(timeline.entry.c.id > since.last_line)
            .order_by(timeline.entry.c.id)
        )
        messages = await session.all(
            select(message).where(message.c.id > since.last_row).order_by(message.c.id)
        )
        running: dict[int, dict[Timer, datetime]] = {}
        for row in await session.all(select(timers.timer)):
            running.setdefault(row["case_id"], {})[Timer(row["kind"])] = row["due_at"]
        found = await cases.those(session, cases.case.c.id > 0)
        known = dict(since.policies)
        for case in found:
            if case.policy_id is not None and case.policy_id not in known:
                known[case.policy_id] = await policies.of_case(session, case)
        bundles = await session.all(select(bundling.bundle))
        about = select(message.c.about).where(message.c.state == State.PENDING).distinct()
        leaving = frozenset(row["about"] or "" for row in await session.all(about))
        holidays = frozenset(one.day for one in await shifts.holidays(session))
        members = await staff.everybody(session)
    play.holidays |= holidays
    return Sight(
        cases={one.id: one for one in found},
        timers=running,
        policies=known,
        members={one.id: one for one in members},
        bundles={row["member_id"]: row["due_at"] for row in bundles},
        leaving=leaving,
        opening=replace(play.times.opening, closed=holidays),
        lines=tuple(_line(row) for row in entries),
        rows=tuple(_row(row) for row in messages),
        last_line=max((row["id"] for row in entries), default=since.last_line),
        last_row=max((row["id"] for row in messages), default=since.last_row),
    )


def _line(row: RowMapping) -> Line:
    return Line(row["case_id"], row["at"], EntryKind(row["kind"]), row["member_id"])


def _row(row: RowMapping) -> Row:
    channel, value = json.loads(row["endpoints"])[0]
    content = Content.unpack(row["content"])
    return Row(row["about"], Endpoint(Channel(channel), value), row["created_at"], content)


def must(holds: bool, case: Case, words: str) -> None:
    """Raise Broken, with these words about a case, unless it holds."""
    if not holds:
        raise Broken(f"case {case.id} ({case.state}, {case.urgency}): {words}")


def lines_of(lines: tuple[Line, ...], case: Case) -> list[Line]:
    """The lines of one case."""
    return [line for line in lines if line.case_id == case.id]
