"""What a contact was sent: by campaigns, and in answer to them; never a message of a case."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, or_, select

from contacts.model import Address
from db.session import Session
from delivery.model import Lane, Skip, State
from delivery.runs import run
from delivery.store import message
from kit.channels import Channel

SLICE = 500
"""Runs that are looked up at a time: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message and what became of it. `run_id` and `campaign_id` are None for an answer to the
    person's own words; its text is not here."""

    id: int
    state: State
    reason: str | None
    channel: Channel
    language: str
    at: datetime
    run_id: int | None = None
    campaign_id: int | None = None


async def of_campaigns(
    session: Session, contact_id: int, before: int | None, limit: int, most_runs: int
) -> tuple[tuple[Sent, ...], int | None]:
    """What runs brought, or were to bring, the newest first; those of runs below an id. With it
    the run below which there may be more.

    No index has the contact in front, so that run after run is looked up in that of the ledger:
    `most_runs` are looked at, and at least `limit` rows are given when there are so many in them.
    """
    found: list[Sent] = []
    last, seen = before, 0
    while len(found) < limit and seen < most_runs:
        runs = await _runs(session, last)
        if not runs:
            return tuple(found), None
        found += await _of_runs(session, contact_id, runs)
        last, seen = min(runs), seen + len(runs)
    kept = found[:limit]
    more = kept[-1].run_id if len(found) > limit else last
    return tuple(kept), more if await _runs(session, more) else None


async def _runs(session: Session, before: int | None) -> dict[int, int]:
    """Some runs with their campaigns, the newest first."""
    wanted = select(run.c.id, run.c.campaign_id).order_by(run.c.id.desc()).limit(SLICE)
    if before is not None:
        wanted = wanted.where(run.c.id < before)
    return {row["id"]: row["campaign_id"] for row in await session.all(wanted)}


async def _of_runs(session: Session, contact_id: int, runs: dict[int, int]) -> list[Sent]:
    rows = await session.all(
        select(*_COLUMNS, message.c.run_id).where(
            message.c.run_id.in_(list(runs)), message.c.contact_id == contact_id
        )
    )
    sent = [_sent(row, row["run_id"], runs[row["run_id"]]) for row in rows]
    return sorted(sent, key=lambda one: one.run_id or 0, reverse=True)


async def as_replies(
    session: Session, addresses: tuple[Address, ...], limit: int
) -> tuple[Sent, ...]:
    """The newest answers of the conversation. Whatever is marked as of a case, or of staff, is
    left out: only what is known to be neither is taken."""
    found: list[Sent] = []
    for one in addresses:
        rows = await session.all(
            select(*_COLUMNS)
            .where(
                message.c.endpoint_index == one.endpoint.value,
                message.c.channel == one.endpoint.channel,
                message.c.run_id.is_(None),
                message.c.lane == Lane.REPLY,
                or_(message.c.about.is_(None), message.c.about.startswith("poll:")),
            )
            .order_by(message.c.id.desc())
            .limit(limit)
        )
        found += [_sent(row) for row in rows]
    return tuple(sorted(found, key=lambda sent: sent.id, reverse=True)[:limit])


_COLUMNS = (
    message.c.id,
    message.c.state,
    message.c.reason,
    message.c.channel,
    message.c.language,
    message.c.due_at,
    message.c.settled_at,
)


def _sent(row: RowMapping, run_id: int | None = None, campaign_id: int | None = None) -> Sent:
    return Sent(
        row["id"],
        State(row["state"]),
        # That somebody left a case silently is known where cases are.
        Skip.OPTED_OUT if row["reason"] == Skip.SILENCED else row["reason"],
        Channel(row["channel"]),
        row["language"],
        row["settled_at"] or row["due_at"],
        run_id,
        campaign_id,
    )
