"""The policies in force, and those of cases that began under an earlier one.

A policy is never changed: writing it anew retires the old one, which running cases keep.
"""

import json
from collections.abc import Sequence
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
from staff.model import Member

log = structlog.get_logger(__name__)

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
    """Put these policies in the place of all that are in force; cases keep theirs."""
    await session.execute(
        update(policy).where(policy.c.retired_at.is_(None)).values(retired_at=now)
    )
    for one in wanted:
        body = json.dumps(document_of(one), ensure_ascii=False)
        await session.execute(policy.insert().values(name=one.name, body=body, made_at=now))
    await staff.log(session, member.id, "policies.replace", f"policies:{len(wanted)}", now)
    return await current(session)


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
