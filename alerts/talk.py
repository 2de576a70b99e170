"""The talk with the reporter of a case, as its page shows it: what went both ways, in order.

Whoever asks for it sees to it that only those get it who may read the words of the case.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, select

from alerts import automatic, chronicle, timeline, viewing
from alerts.board import SAID
from alerts.chronicle import Names
from alerts.model import Case, EntryKind
from alerts.part import part_of
from alerts.relay import FILES
from alerts.timeline import entry
from db.session import Session
from staff.model import Member

MOST_SAID = 80
"""Lines at a time: a page that draws them anew with each word takes a tenth of a second for 300."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of the conversation: words, a file or a place of the reporter's, words of ours, or
    what the platform said by itself, which has a row of the ledger and no line.

    `id` is the line's; `by` the pseudonym of who wrote it of ours. `file` is the key for the kind
    of a file, `held` whether its provider can be asked for it; `place` is latitude and longitude.
    """

    id: int
    at: datetime
    ours: bool
    by: str = ""
    words: str = field(default="", repr=False)
    file: str = ""
    held: bool = False
    place: tuple[float, float] | None = field(default=None, repr=False)
    automatic: bool = False
    leaves_at: datetime | None = None
    """When something automatic leaves that waits for safe hours, or for its turn."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The newest of what was said. `before` is its oldest line when there is more before it."""

    said: tuple[Said, ...] = ()
    before: int | None = None


async def of_case(session: Session, case: Case, names: Names, before: int | None = None) -> Talk:
    """What went both ways, between its lines what the platform said by itself: the newest of it,
    or the newest of what came before the line `before`."""
    ends = None if before is None else await timeline.at_line(session, case.id, before)
    rows = await _lines(session, case.id, None if ends is None else before)
    more, rows = len(rows) > MOST_SAID, rows[-MOST_SAID:]
    # What answers a line stands below it: of what is by itself, nothing comes before the oldest.
    begins = min(row["at"] for row in rows) if more else None
    by_itself = await automatic.of_case(session, case, begins, ends)
    return Talk(_in_order(rows, by_itself, names), rows[0]["id"] if more else None)


async def file_of(
    session: Session, viewer: Member, folio: str, line_id: int
) -> tuple[Case, str, str] | None:
    """A file that the reporter sent: the case, the kind and the provider's name of it, for whoever
    may read the words; None when there is no such file. Raises UnknownFolio."""
    case = await viewing.seen(session, viewer, folio)
    part = part_of(case, viewer, await timeline.helpers(session, case.id))
    row = await session.first(
        select(entry.c.kind, entry.c.body).where(
            entry.c.id == line_id, entry.c.case_id == case.id, entry.c.kind == EntryKind.MEDIA
        )
    )
    kind, _colon, name = ((row["body"] or "") if row is not None else "").partition(":")
    return (case, kind, name) if part.reads and _is_held(kind, name) else None


async def _lines(session: Session, case_id: int, before: int | None) -> Sequence[RowMapping]:
    """What went both ways, in order; one more than is shown when there is more."""
    query = select(entry).where(
        entry.c.case_id == case_id,
        entry.c.kind.in_((*SAID, EntryKind.REPLIED)),
        entry.c.body.is_not(None),
    )
    if before is not None:
        query = query.where(entry.c.id < before)
    rows = await session.all(query.order_by(entry.c.id.desc()).limit(MOST_SAID + 1))
    return rows[::-1]


def _in_order(
    rows: Sequence[RowMapping], by_itself: Sequence[automatic.Automatic], names: Names
) -> tuple[Said, ...]:
    """The conversation, and between its lines what the platform said by itself: what answers a
    line stands below it."""
    lines = [_said(row, names) for row in rows]
    told = [
        Said(one.id, one.at, ours=True, words=one.words, automatic=True, leaves_at=one.leaves_at)
        for one in by_itself
    ]
    return tuple(sorted([*lines, *told], key=lambda one: one.at))


def _said(row: RowMapping, names: Names) -> Said:
    kind, body = EntryKind(row["kind"]), row["body"] or ""
    if kind is EntryKind.REPLIED:
        by = names.get(row["member_id"], "")
        return Said(row["id"], row["at"], ours=True, by=by, words=body)
    if kind is EntryKind.LOCATION:
        latitude, longitude = json.loads(body)
        return Said(row["id"], row["at"], ours=False, place=(latitude, longitude))
    if kind is EntryKind.MEDIA:
        what, _colon, name = body.partition(":")
        if what == "contact":
            return Said(row["id"], row["at"], ours=False, words=name)
        key, can = chronicle.file_kind(body), _is_held(what, name)
        return Said(row["id"], row["at"], ours=False, file=key, held=can)
    return Said(row["id"], row["at"], ours=False, words=body)


def _is_held(kind: str, name: str) -> bool:
    """Whether a file has a name at Telegram. What came with an SMS has the address of the other
    provider, which is not asked."""
    return bool(name) and "/" not in kind and kind in FILES
