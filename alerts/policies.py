"""The policies in force, and those of cases that began under an earlier one.

A policy is never changed: writing it anew retires the old one, which running cases keep.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Column, Index, RowMapping, String, Table, Text, select, update

from alerts.model import Case, Kind, Urgency
from alerts.policy import BUILT_IN, Policy, choose
from alerts.policy_document import document_of, read_policy
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from kit.errors import Invalid
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

log = structlog.get_logger(__name__)

REPLACED = "policies.replace"

policy = Table(
    "policy",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("retired_at", Instant),
    Index("ix_policy_retired_at", "retired_at"),
)


async def current(session: Session) -> tuple[Policy, ...]:
    """The policies in force."""
    rows = await session.all(
        select(policy).where(policy.c.retired_at.is_(None)).order_by(policy.c.id)
    )
    return tuple(found for row in rows if (found := _policy(row)) is not None)


async def of_case(session: Session, case: Case) -> Policy:
    """The policy that a case began with, in force or not."""
    if case.policy_id is None:
        return BUILT_IN
    row = await session.first(select(policy).where(policy.c.id == case.policy_id))
    return (None if row is None else _policy(row)) or BUILT_IN


async def fitting(session: Session, kind: Kind, urgency: Urgency) -> Policy:
    """The policy in force for such a case."""
    return choose(await current(session), kind, urgency)


async def replace(
    session: Session, wanted: Sequence[Policy], member: Member, now: datetime
) -> tuple[Policy, ...]:
    """Put these policies in the place of all that are in force; cases keep theirs. Refused without
    the right to plan."""
    require(member, Right.PLAN_DUTY)
    await session.execute(
        update(policy).where(policy.c.retired_at.is_(None)).values(retired_at=now)
    )
    for one in wanted:
        body = json.dumps(document_of(one), ensure_ascii=False)
        await session.execute(policy.insert().values(name=one.name, body=body, made_at=now))
    await staff.log(session, member.id, REPLACED, f"policies:{len(wanted)}", now)
    return await current(session)


async def seen(session: Session, viewer: Member) -> tuple[Policy, ...]:
    """The policies in force, for somebody who may see them."""
    require(viewer, Right.SEE_ROSTER)
    return await current(session)


async def kept(session: Session, viewer: Member, ids: Collection[int]) -> tuple[Policy, ...]:
    """Policies by their ids, in force or not; those that are unknown are left out."""
    require(viewer, Right.SEE_ROSTER)
    rows = await session.all(select(policy).where(policy.c.id.in_(ids)).order_by(policy.c.id))
    return tuple(found for row in rows if (found := _policy(row)) is not None)


@dataclass(frozen=True, slots=True)
class Version:
    """Policies that were put in force together, by whom, and until when they held; `retired_at` is
    None of those that hold."""

    made_at: datetime
    retired_at: datetime | None
    by: int | None
    policies: tuple[Policy, ...]


async def versions(session: Session, viewer: Member, most: int = 20) -> tuple[Version, ...]:
    """The last versions, the newest first."""
    require(viewer, Right.SEE_ROSTER)
    made = select(policy.c.made_at).distinct().order_by(policy.c.made_at.desc()).limit(most)
    instants = [row["made_at"] for row in await session.all(made)]
    rows = await session.all(
        select(policy).where(policy.c.made_at.in_(instants)).order_by(policy.c.id)
    )
    authors = await session.all(
        select(staff.audit.c.at, staff.audit.c.member_id).where(
            staff.audit.c.at.in_(instants), staff.audit.c.act == REPLACED
        )
    )
    by = {row["at"]: row["member_id"] for row in authors}
    return tuple(
        Version(
            at,
            next(row["retired_at"] for row in rows if row["made_at"] == at),
            by.get(at),
            tuple(
                found
                for row in rows
                if row["made_at"] == at and (found := _policy(row)) is not None
            ),
        )
        for at in instants
    )


def _policy(row: RowMapping) -> Policy | None:
    """A policy of the table; None for one that cannot be read: it must stop no call for help."""
    try:
        found = read_policy(json.loads(row["body"]))
    except (Invalid, ValueError):
        log.error("policy.unreadable", policy=row["id"])
        return None
    return Policy(
        found.name,
        found.steps,
        found.kinds,
        found.urgencies,
        found.lease,
        found.renewal,
        id=row["id"],
    )
