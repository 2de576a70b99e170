"""Tables of long work: how it stands, its file in sealed pieces, and the faults of its rows.

Nothing of a row is kept but its line, the column and what is wrong; the pieces of the file are
taken away when the work is over.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    func,
    or_,
    select,
    update,
)

from campaigns.works.model import (
    OVER,
    SHOWN_FOR,
    UNDECIDED_FOR,
    UNDER_WAY,
    Counts,
    Kind,
    Place,
    State,
    Step,
    Work,
)
from contacts.csv_file import RowError
from contacts.csv_pieces import Piece
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

LASTS = timedelta(seconds=15)
"""How long who works at it may be silent before somebody else takes it up."""

NOT_BEGUN = -1
"""In the place of the highest id of a contact while no row was written."""

ARRIVES_WITHIN = timedelta(hours=1)
"""A file that is not whole by then never will be: whoever stored it has ended."""

FORGOTTEN_AT_ONCE = 4
"""Pieces that one unit takes away: a megabyte."""

work = Table(
    "long_work",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("member_id", Id, nullable=False),
    Column("state", String(10), nullable=False),
    Column("step", String(8), nullable=False),
    # As its owner calls the file; people write names into those.
    Column("name", Sealed("work"), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    # Names of columns with a comma between, as the file has them.
    Column("header", String(200), nullable=False),
    Column("newest", BigInteger, nullable=False),
    Column("read", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    Column("more_faults", Integer, nullable=False),
    Column("piece", Integer, nullable=False),
    Column("line", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    # Whether pieces of the file may be there.
    Column("has_file", Boolean, nullable=False),
    # The key of the sentence that says why it failed.
    Column("why", String(60)),
    # Who works at it, until when nobody else may, and how often somebody began without getting on.
    Column("holder", String(40)),
    Column("held_until", Instant),
    Column("tries", Integer, nullable=False),
    Index("ix_long_work_member_id", "member_id", "id"),
    Index("ix_long_work_state", "state"),
)

piece = Table(
    "long_work_piece",
    metadata,
    Column("work_id", Id, ForeignKey("long_work.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    # How many lines of the file stand before it.
    Column("before", Integer, nullable=False),
    Column("data", Sealed("work"), nullable=False),
)

fault = Table(
    "long_work_fault",
    metadata,
    Column("work_id", Id, ForeignKey("long_work.id", ondelete="CASCADE"), primary_key=True),
    # The last line of the rows that it is about: they are written a batch at a time.
    Column("line", Integer, primary_key=True),
    Column("found", Text, nullable=False),
)


async def add(
    session: Session, kind: Kind, member_id: int, name: str, header: Sequence[str], now: datetime
) -> int:
    """Work whose file is about to be stored; gives the id."""
    zeros = dict.fromkeys(
        (
            "size", "lines", "pieces", "read", "created", "updated", "rejected",
            "faults", "more_faults", "piece", "line", "tries",
        ),
        0,
    )  # fmt: skip
    values = {
        **zeros,
        "kind": kind,
        "member_id": member_id,
        "state": State.ARRIVING,
        "step": Step.CHECK,
        "name": name,
        "header": ",".join(header),
        "created_at": now,
        "has_file": True,
        "newest": NOT_BEGUN,
    }
    made = await session.scalar(work.insert().values(values).returning(work.c.id))
    return int(made)


async def add_piece(session: Session, work_id: int, number: int, one: Piece) -> None:
    """Keep the piece with a number, from 0, of a file."""
    # UTF-8, save where a line that is too long for a row was cut.
    data = one.data.decode(errors="replace")
    values = {"work_id": work_id, "number": number, "before": one.before, "data": data}
    await session.execute(piece.insert().values(values))


async def get_piece(session: Session, work_id: int, number: int) -> Piece | None:
    """A piece of a file, None when it was taken away."""
    row = await session.first(
        select(piece).where(piece.c.work_id == work_id, piece.c.number == number)
    )
    return None if row is None else Piece(row["before"], row["data"].encode())


async def get(session: Session, work_id: int, *, lock: bool = False) -> Work | None:
    """Work by its id; with `lock` nobody else changes it in the same instant."""
    query = select(work).where(work.c.id == work_id)
    row = await session.first(query.with_for_update() if lock else query)
    return None if row is None else work_of(row)


async def of_member(session: Session, member_id: int, most: int) -> tuple[Work, ...]:
    """Somebody's works, the newest first."""
    query = select(work).where(work.c.member_id == member_id).order_by(work.c.id.desc())
    return tuple(work_of(row) for row in await session.all(query.limit(most)))


async def unfinished(session: Session, member_id: int) -> int:
    """How many works of somebody are not over."""
    query = select(func.count()).select_from(work)
    mine = query.where(work.c.member_id == member_id, work.c.state.not_in(OVER))
    return int(await session.scalar(mine) or 0)


async def change(session: Session, work_id: int, values: Mapping[str, object]) -> None:
    """Set columns of work; `columns_of` gives those of counts and a place."""
    await session.execute(update(work).where(work.c.id == work_id).values(**values))


def columns_of(counts: Counts, place: Place) -> dict[str, object]:
    """How counts and a place are kept."""
    return {
        "read": counts.read,
        "created": counts.created,
        "updated": counts.updated,
        "rejected": counts.rejected,
        "faults": counts.faults,
        "more_faults": counts.more_faults,
        "piece": place.piece,
        "line": place.line,
    }


async def claim(
    session: Session, work_id: int, holder: str, now: datetime
) -> tuple[Work, int] | None:
    """Take up work that nobody is at, and how often that was tried; None when there is none.

    A claim that lasts longer than one that begins now was made before the clock was put back.
    """
    taken = await session.scalar(
        update(work)
        .where(work.c.id == work_id, work.c.state.in_(UNDER_WAY), _is_free(now))
        .values(
            state=State.RUNNING,
            holder=holder,
            held_until=now + LASTS,
            tries=work.c.tries + 1,
            started_at=func.coalesce(work.c.started_at, now),
        )
        .returning(work.c.tries)
    )
    found = None if taken is None else await get(session, work_id)
    return None if found is None else (found, int(taken))


async def held(session: Session, work_id: int, holder: str, now: datetime) -> bool:
    """Whether work is still under way and still `holder`'s, who holds it on. Nobody else can take
    or stop it before the unit is over."""
    mine = await session.execute(
        update(work)
        .where(work.c.id == work_id, work.c.holder == holder, work.c.state == State.RUNNING)
        .values(held_until=now + LASTS)
    )
    return bool(mine.rowcount)


async def add_faults(session: Session, work_id: int, line: int, found: Sequence[RowError]) -> None:
    """Keep what is wrong with the rows of a batch that ends with a line."""
    if found:
        body = json.dumps([[one.line, one.column, one.key] for one in found])
        values = {"work_id": work_id, "line": line, "found": body}
        await session.execute(fault.insert().values(values))


async def drop_faults(session: Session, work_id: int) -> None:
    """Forget what was found, for the rows are read anew."""
    await session.execute(delete(fault).where(fault.c.work_id == work_id))


async def faults(
    session: Session, work_id: int, after: int, batches: int
) -> tuple[list[RowError], int | None]:
    """Faults of the next few batches behind a line, in the order of the file, and the line after
    which there may be more."""
    rows = await session.all(
        select(fault.c.line, fault.c.found)
        .where(fault.c.work_id == work_id, fault.c.line > after)
        .order_by(fault.c.line)
        .limit(batches)
    )
    found = [RowError(*one) for row in rows for one in json.loads(row["found"])]
    return found, rows[-1]["line"] if len(rows) == batches else None


async def due(session: Session, now: datetime) -> list[int]:
    """Works that are under way and that nobody is at."""
    query = select(work.c.id).where(work.c.state.in_(UNDER_WAY), _is_free(now))
    return [row["id"] for row in await session.all(query.order_by(work.c.id))]


async def give_up(session: Session, now: datetime) -> None:
    """Stop what nobody has decided within a day, and what never arrived whole."""
    overdue = or_(
        (work.c.state == State.CHECKED) & (work.c.created_at < now - UNDECIDED_FOR),
        (work.c.state == State.ARRIVING) & (work.c.created_at < now - ARRIVES_WITHIN),
    )
    await session.execute(update(work).where(overdue).values(state=State.STOPPED, ended_at=now))


async def forget(session: Session) -> bool:
    """Take a few pieces of a file away whose work is over; whether there may be more to do."""
    found = await session.first(
        select(work.c.id)
        .where(work.c.state.in_(OVER), work.c.has_file)
        .order_by(work.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return False
    some = await session.all(
        select(piece.c.number)
        .where(piece.c.work_id == found["id"])
        .order_by(piece.c.number.desc())
        .limit(FORGOTTEN_AT_ONCE)
    )
    if some:
        numbers = [row["number"] for row in some]
        await session.execute(
            delete(piece).where(piece.c.work_id == found["id"], piece.c.number.in_(numbers))
        )
    else:
        await change(session, found["id"], {"has_file": False})
    return True


async def forget_old(session: Session, now: datetime) -> None:
    """Forget work that has been over for long."""
    old = (work.c.state.in_(OVER)) & (work.c.ended_at < now - SHOWN_FOR) & ~work.c.has_file
    await session.execute(delete(work).where(old))


def _is_free(now: datetime) -> ColumnElement[bool]:
    until = work.c.held_until
    return until.is_(None) | (until <= now) | (until > now + LASTS)


def work_of(row: RowMapping) -> Work:
    """Work from its columns."""
    return Work(
        id=row["id"],
        kind=Kind(row["kind"]),
        member_id=row["member_id"],
        state=State(row["state"]),
        step=Step(row["step"]),
        name=row["name"],
        size=row["size"],
        lines=row["lines"],
        pieces=row["pieces"],
        header=tuple(row["header"].split(",")),
        newest=row["newest"],
        counts=Counts(
            row["read"],
            row["created"],
            row["updated"],
            row["rejected"],
            row["faults"],
            row["more_faults"],
        ),
        place=Place(row["piece"], row["line"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        has_file=row["has_file"],
        why=row["why"],
    )
