"""What the platform itself has said to the reporter of a case, for who may read their words.

It stands in the ledger alone: the timeline tells of people. Words of a colleague stand in both.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, ColumnElement, select

from alerts.model import Case, EntryKind
from alerts.speaking import about_case
from alerts.timeline import entry
from db.session import Session
from delivery.content import Content
from delivery.model import State
from delivery.store import message
from kit.channels import Channel

MOST = 100
"""The newest of them."""


@dataclass(frozen=True, slots=True)
class Automatic:
    """A message that no person wrote, as its channel has it. `leaves_at` is when one that waits
    for safe hours, or for its turn, is to leave; None once it was tried."""

    id: int
    at: datetime
    leaves_at: datetime | None
    words: str = field(repr=False)


async def of_case(
    session: Session, case: Case, begins: datetime | None = None, ends: datetime | None = None
) -> tuple[Automatic, ...]:
    """What the platform said by itself in a case, in order; from `begins` on and before `ends`,
    where they are told. Whoever asks sees to it that it is shown only to those who read the words
    of the case."""
    rows = await session.all(
        select(
            message.c.id, message.c.created_at, message.c.due_at, message.c.state, message.c.content
        )
        .where(
            message.c.about == about_case(case),
            message.c.content.is_not(None),
            *_within(message.c.created_at, begins, ends),
        )
        .order_by(message.c.id.desc())
        .limit(MOST)
    )
    written = await session.all(
        select(entry.c.at, entry.c.body).where(
            entry.c.case_id == case.id,
            entry.c.kind == EntryKind.REPLIED,
            *_within(entry.c.at, begins, ends),
        )
    )
    # The line of a colleague's words and their message are of one instant.
    by_people = {(row["at"], row["body"]) for row in written}
    by_sms = case.reporter.channel is Channel.SMS
    found = []
    for row in reversed(rows):
        content, at = Content.unpack(row["content"]), row["created_at"]
        words = content.sms if by_sms else content.chat
        person = content.attachment is not None or any(
            at == when and body in words for when, body in by_people
        )
        if person or row["state"] == State.SKIPPED:
            continue
        leaves_at = row["due_at"] if row["state"] == State.PENDING else None
        found.append(Automatic(row["id"], at, leaves_at, words))
    return tuple(found)


def _within(
    at: Column[datetime], begins: datetime | None, ends: datetime | None
) -> list[ColumnElement[bool]]:
    """From `begins` on, before `ends`."""
    return ([at >= begins] if begins else []) + ([at < ends] if ends else [])
