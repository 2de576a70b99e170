"""What is compared of cases, read in slices so that thousands of them hold nobody up."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, LargeBinary, RowMapping, or_, select, type_coerce

from alerts.model import REOPENS_WITHIN, EntryKind
from alerts.people import store
from alerts.people.likeness import Facts
from alerts.people.model import PersonRole
from alerts.store import case
from alerts.timeline import entry
from db.session import Session
from kit.channels import Channel

SLICE = 75
"""Cases at a time: some ten milliseconds, so that an SOS in the same process hardly waits."""

TOLD = (EntryKind.SAID, EntryKind.CALLED)


async def of_one(session: Session, case_id: int) -> Facts | None:
    """The facts of one case."""
    found = await _slice(session, case.c.id == case_id, words=True)
    return found[0] if found else None


async def of_others(
    session: Session, mine: Facts, now: datetime, before: int | None = None, *, words: bool
) -> AsyncIterator[list[Facts]]:
    """The facts of every other case that is open or was closed a short time ago, in slices, the
    newest first; of those that were opened before the case `before`. Drills are compared with
    drills.

    Of phones only those come along that are phones of `mine` too; what reporters told is opened
    only if it is asked for.
    """
    drill = select(case.c.exercise).where(case.c.id == mine.case_id).scalar_subquery()
    live = or_(case.c.closed_at.is_(None), case.c.closed_at > now - REOPENS_WITHIN)
    others = live & (case.c.id != mine.case_id) & (case.c.exercise == drill)
    more = True
    while more:
        here = others if before is None else others & (case.c.id < before)
        found = await _slice(session, here, words=words, phones=mine.phones)
        more = len(found) == SLICE
        if found:
            before = found[-1].case_id
            yield found


async def _slice(
    session: Session,
    condition: ColumnElement[bool],
    *,
    words: bool,
    phones: Collection[bytes] | None = None,
) -> list[Facts]:
    # Bare prints: nothing of the reporter is opened.
    rows = await session.all(
        select(case.c.id, case.c.folio, case.c.opened_at, case.c.channel, case.c.endpoint_index)
        .where(condition)
        .order_by(case.c.id.desc())
        .limit(SLICE)
    )
    ids = [row["id"] for row in rows]
    people = await session.all(
        select(
            store.person.c.id,
            store.person.c.case_id,
            store.person.c.role,
            store.person.c.seen_where,
            store.person.c.seen_at,
        )
        .where(store.person.c.case_id.in_(ids))
        .order_by(store.person.c.id)
    )
    names = await store.named(session, [one["id"] for one in people])
    prints = await _prints(session, [one["id"] for one in people], phones)
    told = await _words(session, ids) if words else {}
    of_case: dict[int, list[RowMapping]] = {}
    for one in people:
        of_case.setdefault(one["case_id"], []).append(one)
    return [
        _facts(row, of_case.get(row["id"], []), names, prints, told.get(row["id"], ""))
        for row in rows
    ]


async def _prints(
    session: Session, ids: Collection[int], phones: Collection[bytes] | None
) -> dict[int, set[bytes]]:
    table = store.person_phone.c
    # Few have a phone of ours, and those are found by it.
    wanted = (
        table.person_id.in_(ids)
        if phones is None
        else type_coerce(table.phone_index, LargeBinary).in_(phones)
    )
    query = select(table.person_id, table.phone_index).where(wanted)
    found: dict[int, set[bytes]] = {}
    for row in await session.all(query):
        found.setdefault(row["person_id"], set()).add(bytes(row["phone_index"]))
    return found


async def _words(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = await session.all(
        select(entry.c.case_id, entry.c.body)
        .where(entry.c.case_id.in_(ids), entry.c.kind.in_(TOLD))
        .order_by(entry.c.id)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(row["body"] or "")
    return {case_id: " ".join(told) for case_id, told in found.items()}


def _facts(
    row: RowMapping,
    people: Collection[RowMapping],
    names: Mapping[int, Mapping[int, str]],
    prints: Mapping[int, Collection[bytes]],
    words: str,
) -> Facts:
    concerned = [one for one in people if one["role"] == PersonRole.CONCERNED]
    others = [one for one in people if one["role"] != PersonRole.CONCERNED]
    reporter = bytes(row["endpoint_index"])
    phones = {found for one in people for found in prints.get(one["id"], ())}
    if row["channel"] != Channel.TELEGRAM:
        phones.add(reporter)
    seen = [at for one in concerned if (at := store.seen(one["seen_at"])) is not None]
    return Facts(
        case_id=row["id"],
        folio=row["folio"],
        opened_at=row["opened_at"],
        reporter=reporter,
        phones=frozenset(phones),
        names=tuple(name for one in concerned for name in names.get(one["id"], {}).values()),
        others=tuple(name for one in others for name in names.get(one["id"], {}).values()),
        places=tuple(one["seen_where"] for one in concerned if one["seen_where"]),
        seen_at=max(seen, default=None),
        words=words,
    )
