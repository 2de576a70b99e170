"""Tables of staff, of the ways to reach them, and of the audit."""

from collections.abc import Sequence
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
    select,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint
from staff.model import Member, Role

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
    Index("uq_member_endpoint_endpoint", "channel", "endpoint_index", unique=True),
    Index("ix_member_endpoint_member_id", "member_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("member_id", Id),
    Column("act", String(40), nullable=False),
    Column("about", String(60), nullable=False),
    Index("ix_audit_at", "at"),
)


async def add(
    session: Session,
    name: str,
    email: str,
    role: Role,
    pseudonym: str,
    endpoints: Sequence[Endpoint],
    now: datetime,
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
            created_at=now,
        )
        .returning(member.c.id)
    )
    for position, endpoint in enumerate(endpoints):
        await session.execute(
            member_endpoint.insert().values(
                member_id=made,
                channel=endpoint.channel,
                endpoint=endpoint.value,
                endpoint_index=endpoint.value,
                position=position,
            )
        )
    return int(made)


async def get(session: Session, member_id: int) -> Member | None:
    """A member by id."""
    return await _one(session, member.c.id == member_id)


async def by_email(session: Session, email: str) -> Member | None:
    """A member by the address they sign with."""
    return await _one(session, member.c.email_index == email)


async def by_endpoint(session: Session, endpoint: Endpoint) -> Member | None:
    """The active member who writes from an endpoint."""
    owner = await session.scalar(
        select(member_endpoint.c.member_id).where(
            member_endpoint.c.channel == endpoint.channel,
            member_endpoint.c.endpoint_index == endpoint.value,
        )
    )
    found = None if owner is None else await get(session, owner)
    return found if found is not None and found.active else None


async def with_roles(session: Session, roles: Sequence[Role]) -> tuple[Member, ...]:
    """The active members of some roles, those who came first in front."""
    rows = await session.all(
        select(member)
        .where(member.c.role.in_(roles), member.c.active.is_(True))
        .order_by(member.c.id)
    )
    return tuple([_member(row, await _endpoints(session, row["id"])) for row in rows])


async def log(session: Session, member_id: int | None, act: str, about: str, now: datetime) -> None:
    """Write who did what. `about` names a thing by its id or folio, never a person."""
    await session.execute(audit.insert().values(at=now, member_id=member_id, act=act, about=about))


async def _one(session: Session, condition: ColumnElement[bool]) -> Member | None:
    row = await session.first(select(member).where(condition))
    return None if row is None else _member(row, await _endpoints(session, row["id"]))


async def _endpoints(session: Session, member_id: int) -> tuple[Endpoint, ...]:
    rows = await session.all(
        select(member_endpoint.c.channel, member_endpoint.c.endpoint)
        .where(member_endpoint.c.member_id == member_id)
        .order_by(member_endpoint.c.position)
    )
    return tuple(Endpoint(Channel(row["channel"]), row["endpoint"]) for row in rows)


def _member(row: RowMapping, endpoints: tuple[Endpoint, ...]) -> Member:
    return Member(
        id=row["id"],
        role=Role(row["role"]),
        active=row["active"],
        pseudonym=row["pseudonym"],
        name=row["name"],
        email=row["email"],
        endpoints=endpoints,
    )
