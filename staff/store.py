"""Tables of staff and of the ways to reach them; what they did is in `staff.audit`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

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
    text,
    true,
    update,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint
from kit.zones import OAXACA
from staff.audit.store import audit as audit
from staff.audit.store import log as log
from staff.model import Member, Method, Quiet, Role

member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Sealed("name"), nullable=False),
    Column("email", Sealed("email"), nullable=False),
    Column("email_index", Blind("email"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("pseudonym", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    # Codes with a space between.
    Column("languages", String(80), nullable=False, server_default=text("'es'")),
    Column("zone", String(40), nullable=False, server_default=text(f"'{OAXACA}'")),
    # Quiet hours, in minutes after midnight.
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("created_at", Instant, nullable=False),
    Index("uq_member_email", "email_index", unique=True),
)

member_endpoint = Table(
    "member_endpoint",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("endpoint", Sealed("endpoint"), nullable=False),
    Column("endpoint_index", Blind("endpoint"), nullable=False),
    Column("position", Integer, nullable=False),
    # Seconds after the page.
    Column("after", Integer, nullable=False, server_default=text("0")),
    Column("confirmed_at", Instant),
    Index("uq_member_endpoint_endpoint", "channel", "endpoint_index", unique=True),
    Index("ix_member_endpoint_member_id", "member_id"),
)


async def add(
    session: Session,
    name: str,
    email: str,
    role: Role,
    pseudonym: str,
    methods: Sequence[Method],
    now: datetime,
    languages: Sequence[str] = ("es",),
    zone: str = OAXACA,
    quiet: Quiet | None = None,
) -> int:
    """Write a new member; gives the id."""
    made = await session.scalar(
        member.insert()
        .values(
            name=name,
            email=email,
            email_index=email,
            role=role,
            pseudonym=pseudonym,
            active=True,
            zone=zone,
            created_at=now,
            **languages_column(languages),
            **quiet_columns(quiet),
        )
        .returning(member.c.id)
    )
    await set_methods(session, int(made), methods)
    return int(made)


async def set_methods(session: Session, member_id: int, methods: Sequence[Method]) -> None:
    """Put these ways to reach somebody in the place of what they had."""
    await session.execute(delete(member_endpoint).where(member_endpoint.c.member_id == member_id))
    for position, method in enumerate(methods):
        await session.execute(
            member_endpoint.insert().values(
                member_id=member_id,
                channel=method.endpoint.channel,
                endpoint=method.endpoint.value,
                endpoint_index=method.endpoint.value,
                position=position,
                after=int(method.after.total_seconds()),
                confirmed_at=method.confirmed_at,
            )
        )


async def holder(session: Session, endpoint: Endpoint) -> int | None:
    """The id of who has an endpoint, even of somebody who has left."""
    found: int | None = await session.scalar(
        select(member_endpoint.c.member_id).where(_is(endpoint))
    )
    return found


async def release(session: Session, endpoint: Endpoint) -> None:
    """Take an endpoint from whoever has it."""
    await session.execute(delete(member_endpoint).where(_is(endpoint)))


async def confirm(session: Session, endpoint: Endpoint, now: datetime) -> None:
    """Somebody has answered on a way to reach them, so it leads to them."""
    await session.execute(
        update(member_endpoint)
        .where(_is(endpoint), member_endpoint.c.confirmed_at.is_(None))
        .values(confirmed_at=now)
    )


async def change(session: Session, member_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a member; `languages_column` and `quiet_columns` give those of the two."""
    await session.execute(update(member).where(member.c.id == member_id).values(**values))


def languages_column(languages: Sequence[str]) -> dict[str, str]:
    """How languages are kept."""
    return {"languages": " ".join(languages)}


def quiet_columns(quiet: Quiet | None) -> dict[str, int | None]:
    """How quiet hours are kept; to the minute."""
    if quiet is None:
        return {"quiet_from": None, "quiet_until": None}
    return {"quiet_from": _minutes(quiet.begins), "quiet_until": _minutes(quiet.ends)}


async def get(session: Session, member_id: int) -> Member | None:
    """A member by id."""
    return await _one(session, member.c.id == member_id)


async def hold(session: Session, member_id: int) -> None:
    """Let nobody else count what a member does before this unit is over: of two requests at the
    same instant the second sees the first. On SQLite a unit that writes is alone anyhow."""
    if not session.is_sqlite:
        mine = select(member.c.id).where(member.c.id == member_id)
        # Rows that point at the member may be written meanwhile.
        await session.execute(mine.with_for_update(key_share=True))


async def by_email(session: Session, email: str) -> Member | None:
    """A member by the address they sign with."""
    return await _one(session, member.c.email_index == email)


async def by_endpoint(session: Session, endpoint: Endpoint) -> Member | None:
    """The active member who writes from an endpoint."""
    owner = await holder(session, endpoint)
    found = None if owner is None else await get(session, owner)
    return found if found is not None and found.active else None


async def with_roles(session: Session, roles: Sequence[Role]) -> tuple[Member, ...]:
    """The active members of some roles, those who came first in front."""
    return await _those(session, member.c.role.in_(roles) & member.c.active.is_(True))


async def everybody(session: Session) -> tuple[Member, ...]:
    """All who work here or ever did, those who came first in front."""
    return await _those(session, true())


async def names(session: Session) -> dict[int, str]:
    """The names of all who work here or ever did, by their ids."""
    rows = await session.all(select(member.c.id, member.c.name))
    return {row["id"]: row["name"] for row in rows}


async def _those(session: Session, condition: ColumnElement[bool]) -> tuple[Member, ...]:
    rows = await session.all(select(member).where(condition).order_by(member.c.id))
    methods = await _methods(session, [row["id"] for row in rows])
    return tuple(member_of(row, methods.get(row["id"], ())) for row in rows)


async def _one(session: Session, condition: ColumnElement[bool]) -> Member | None:
    found = await _those(session, condition)
    return found[0] if found else None


async def _methods(session: Session, ids: Sequence[int]) -> dict[int, tuple[Method, ...]]:
    rows = await session.all(
        select(member_endpoint)
        .where(member_endpoint.c.member_id.in_(ids))
        .order_by(member_endpoint.c.member_id, member_endpoint.c.position)
    )
    found: dict[int, tuple[Method, ...]] = {}
    for row in rows:
        method = Method(
            Endpoint(Channel(row["channel"]), row["endpoint"]),
            timedelta(seconds=row["after"]),
            row["confirmed_at"],
        )
        found[row["member_id"]] = (*found.get(row["member_id"], ()), method)
    return found


def member_of(row: RowMapping, methods: tuple[Method, ...]) -> Member:
    """A member from their columns."""
    return Member(
        id=row["id"],
        role=Role(row["role"]),
        active=row["active"],
        pseudonym=row["pseudonym"],
        name=row["name"],
        email=row["email"],
        methods=methods,
        languages=tuple(row["languages"].split()),
        zone=row["zone"],
        quiet=quiet_of(row["quiet_from"], row["quiet_until"]),
    )


def _is(endpoint: Endpoint) -> ColumnElement[bool]:
    return (member_endpoint.c.channel == endpoint.channel) & (
        member_endpoint.c.endpoint_index == endpoint.value
    )


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def quiet_of(begins: int | None, ends: int | None) -> Quiet | None:
    """Hours from their two columns, minutes after midnight."""
    if begins is None or ends is None:
        return None
    return Quiet(time(*divmod(begins, 60)), time(*divmod(ends, 60)))
