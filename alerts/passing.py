"""Passing a case on to somebody by name, or to everybody at once.

Whoever would be paged anyway is paged all the same: a case that is passed on never waits for one
person who may be asleep.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from alerts import handling, ownership, speaking, store, timeline
from alerts.escalation import BEHIND_THE_LADDER, waits
from alerts.model import Case, EntryKind, Times
from alerts.paging import page_next
from alerts.timeline import entry
from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff.model import Member, Right

JUST_NOW = timedelta(seconds=1)


class Passed(StrEnum):
    """What became of a case that was passed on."""

    PAGED = "paged"
    WAITS = "waits"
    NOBODY = "nobody"


class CannotTake(Invalid):
    """The colleague who was named cannot be paged, or may not handle cases."""

    code = "cannot_take"


async def pass_to(
    session: Session,
    case: Case,
    member: Member,
    colleague: Member,
    times: Times,
    now: datetime,
) -> Case:
    """Give the case on: the colleague is paged now, and so is whoever is next. For one that may
    wait nobody is woken.

    Raises what `ownership.pass_on` does, and CannotTake.
    """
    able = colleague.may(Right.HANDLE_CASES) and bool(colleague.endpoints)
    if not able or colleague.id == member.id:
        raise CannotTake(_("cases.cannot_take"))
    case = await ownership.pass_on(session, case, member, times, now)
    opening = await handling.opening_hours(session, times, now)
    if waits(case, replace(times, opening=opening), now):
        return case
    if colleague.id not in await timeline.paged_since(session, case.id, now - JUST_NOW):
        await speaking.page(session, case, colleague, now)
        await timeline.note(session, case.id, EntryKind.PAGED, now, member_id=colleague.id)
    return case


async def pass_to_everybody(
    session: Session, case: Case, member: Member, times: Times, now: datetime
) -> Case:
    """Give the case on and page everybody at once, by every way. Raises what `ownership.pass_on`
    does. One that may wait wakes nobody all the same."""
    case = await ownership.pass_on(session, case, member, times, now)
    case = replace(case, paged=BEHIND_THE_LADDER + 1)
    await store.change(session, case.id, {"paged": case.paged})
    return await page_next(session, case, times, now, skip=member.id)


async def became(session: Session, case: Case, now: datetime) -> Passed:
    """What became of a case that was passed on in this unit, at this instant: people are being
    paged, it waits until the office opens, or there is nobody to page but who passed it on."""
    rows = await session.all(
        select(entry.c.kind, entry.c.member_id)
        .where(entry.c.case_id == case.id, entry.c.at == now)
        .distinct()
    )
    by = {row["member_id"] for row in rows if row["kind"] == EntryKind.PASSED_ON}
    if any(row["kind"] in timeline.PAGES and row["member_id"] not in by for row in rows):
        return Passed.PAGED
    waits = any(row["kind"] == EntryKind.WAITS for row in rows)
    return Passed.WAITS if waits else Passed.NOBODY
