"""Tables of requests about one's own data, of what was done about contacts, and of looks."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    delete,
    func,
    or_,
    select,
    update,
)

from contacts.rights.model import (
    Act,
    Entry,
    Identity,
    Kind,
    Look,
    Request,
    State,
    Way,
)
from contacts.store import opt_out
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session
from kit.channels import Endpoint

SILENCED = "silenced"
"""The source of a no that a case keeps when its reporter must not be written to."""

# The ids of contacts and staff stand alone: what was asked and done outlives who was erased, and
# the number of a contact is never given again.
request = Table(
    "rights_request",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id),
    Column("kind", String(14), nullable=False),
    Column("way", String(10), nullable=False),
    Column("identity", String(14), nullable=False),
    Column("state", String(10), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("counted_from", Date, nullable=False),
    # None is over, so that what is due stands at the front of one index.
    Column("due_on", Date),
    Column("extended", Boolean, nullable=False),
    Column("defects_on", Date),
    Column("decided_on", Date),
    Column("closed_on", Date),
    Column("member_id", Id),
    Column("version", Integer, nullable=False),
    Index("ix_rights_request_due_on", "due_on", "id"),
    Index("ix_rights_request_contact_id", "contact_id", "id"),
)

entry = Table(
    "rights_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id),
    Column("request_id", Id),
    Column("act", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("member_id", Id),
    Column("words", Sealed("words"), nullable=False),
    Index("ix_rights_entry_contact_id", "contact_id", "id"),
    Index("ix_rights_entry_request_id", "request_id", "id"),
)

look = Table(
    "contact_look",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_contact_look_member_id", "member_id", "kind", "at"),
)


async def corrected_at(session: Session, ids: Collection[int]) -> Mapping[int, datetime]:
    """When what is held of some contacts was corrected last; only those of whom it ever was."""
    rows = await session.all(
        select(entry.c.contact_id, func.max(entry.c.at).label("at"))
        .where(entry.c.contact_id.in_(ids), entry.c.act == Act.CORRECTED)
        .group_by(entry.c.contact_id)
    )
    return {row["contact_id"]: row["at"] for row in rows}


async def add(session: Session, new: Request) -> int:
    """Write a new request; its id is given, not taken."""
    made = await session.scalar(request.insert().values(**_columns(new)).returning(request.c.id))
    return int(made)


async def save(session: Session, changed: Request) -> bool:
    """Put a request in the place of the version before it; False when that is not there."""
    done = await session.execute(
        update(request)
        .where(request.c.id == changed.id, request.c.version == changed.version - 1)
        .values(**_columns(changed))
    )
    return done.rowcount == 1


async def get(session: Session, request_id: int) -> Request | None:
    """A request by id."""
    row = await session.first(select(request).where(request.c.id == request_id))
    return None if row is None else _request(row)


async def of_contact(session: Session, contact_id: int, limit: int) -> tuple[Request, ...]:
    """The requests of a contact, the newest first."""
    wanted = select(request).where(request.c.contact_id == contact_id)
    rows = await session.all(wanted.order_by(request.c.id.desc()).limit(limit))
    return tuple(_request(row) for row in rows)


async def waiting(
    session: Session, after: tuple[date, int] | None, limit: int
) -> tuple[Request, ...]:
    """Requests that are not over, what is due first in front; those behind a day and an id."""
    wanted = select(request).where(request.c.due_on.is_not(None))
    if after is not None:
        day, last = after
        behind = or_(request.c.due_on > day, (request.c.due_on == day) & (request.c.id > last))
        wanted = wanted.where(request.c.due_on >= day, behind)
    rows = await session.all(wanted.order_by(request.c.due_on, request.c.id).limit(limit))
    return tuple(_request(row) for row in rows)


async def over(session: Session, before: int | None, limit: int) -> tuple[Request, ...]:
    """Requests that are over, the newest first; those below an id when one is given."""
    wanted = select(request).where(request.c.due_on.is_(None))
    if before is not None:
        wanted = wanted.where(request.c.id < before)
    rows = await session.all(wanted.order_by(request.c.id.desc()).limit(limit))
    return tuple(_request(row) for row in rows)


async def note(session: Session, new: Entry) -> None:
    """Write a line of the history; its id is given, not taken."""
    await session.execute(
        entry.insert().values(
            contact_id=new.contact_id,
            request_id=new.request_id,
            act=new.act,
            at=new.at,
            member_id=new.member_id,
            words=new.words,
        )
    )


async def history(
    session: Session, *, contact_id: int = 0, request_id: int = 0, limit: int
) -> tuple[Entry, ...]:
    """What was done about a contact, or about a request, the newest first."""
    which = entry.c.request_id == request_id if request_id else entry.c.contact_id == contact_id
    rows = await session.all(select(entry).where(which).order_by(entry.c.id.desc()).limit(limit))
    return tuple(_entry(row) for row in rows)


async def said_no(session: Session, endpoint: Endpoint, *, of_cases: bool) -> bool:
    """Whether an endpoint has said no to campaigns; with `of_cases` also by what a case brought."""
    wanted = (opt_out.c.channel == endpoint.channel) & (opt_out.c.endpoint_index == endpoint.value)
    if not of_cases:
        wanted &= opt_out.c.source != SILENCED
    return await session.scalar(select(opt_out.c.channel).where(wanted)) is not None


async def forget_words(session: Session, contact_id: int) -> None:
    """Keep that something was done about a contact, and not a word of it."""
    requests = select(request.c.id).where(request.c.contact_id == contact_id)
    which = or_(entry.c.contact_id == contact_id, entry.c.request_id.in_(requests))
    await session.execute(update(entry).where(which).values(words=""))


async def looked(
    session: Session, member_id: int, kind: Look, since: datetime, now: datetime
) -> int:
    """How often a member has looked since an instant; what is older is forgotten. What lies ahead,
    because the clock was put back, does not count."""
    own = (look.c.member_id == member_id) & (look.c.kind == kind)
    await session.execute(delete(look).where(own, look.c.at < since))
    counted = select(func.count()).select_from(look).where(own, look.c.at <= now)
    return int(await session.scalar(counted))


async def add_look(session: Session, member_id: int, kind: Look, now: datetime) -> None:
    """Somebody looks."""
    await session.execute(look.insert().values(member_id=member_id, kind=kind, at=now))


_FIELDS: Collection[str] = tuple(name for name in request.c.keys() if name != "id")  # noqa: SIM118


def _columns(one: Request) -> Mapping[str, object]:
    return {name: getattr(one, name) for name in _FIELDS}


def _request(row: RowMapping) -> Request:
    values = dict(row)
    return Request(
        kind=Kind(values.pop("kind")),
        way=Way(values.pop("way")),
        identity=Identity(values.pop("identity")),
        state=State(values.pop("state")),
        **values,
    )


def _entry(row: RowMapping) -> Entry:
    return Entry(
        row["id"],
        Act(row["act"]),
        row["at"],
        row["member_id"],
        row["contact_id"],
        row["request_id"],
        row["words"],
    )
