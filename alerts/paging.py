"""Carrying out the escalation: page who is next, and set the timer for the one after."""

from dataclasses import replace
from datetime import datetime

from alerts import speaking, store
from alerts.escalation import Step, next_step, step_after_loss
from alerts.model import Case, CaseState, EntryKind, Timer, Times
from alerts.roster import CALLED, Roster, roster_of
from db.session import Session
from staff import store as staff

WAKE = "alerts.case"
"""The job that looks at the timers of one case; its key is the case's id."""


async def roster(session: Session) -> Roster:
    """Who can be paged now."""
    return roster_of(await staff.with_roles(session, CALLED))


async def page_next(
    session: Session, case: Case, times: Times, now: datetime, skip: int | None = None
) -> Case:
    """Page the next person of a case without an owner, and see to it that it goes on."""
    step = next_step(case, await roster(session), times, now, skip)
    if step is None:
        await store.drop_timers(session, case.id, Timer.PAGE)
        return case
    return await _take(session, case, step, now)


async def page_after_loss(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """Page the next person at once: the last page reaches nobody. With all of them tried just now
    the timer stays as it is."""
    tried = await store.paged_since(session, case.id, now - times.page)
    step = step_after_loss(case, await roster(session), times, now, tried)
    return case if step is None else await _take(session, case, step, now)


async def _take(session: Session, case: Case, step: Step, now: datetime) -> Case:
    if step.page is None:
        await store.note(session, case.id, EntryKind.NOBODY_TO_PAGE, now)
    else:
        await speaking.page(session, case, step.page, now)
        await store.note(session, case.id, EntryKind.PAGED, now, member_id=step.page.id)
        case = replace(case, paged=step.paged)
        await store.change(session, case.id, {"paged": case.paged})
    await store.set_timer(session, case.id, Timer.PAGE, step.next_at)
    session.wake(WAKE, str(case.id), step.next_at)
    return case


async def without_owner(
    session: Session, case: Case, times: Times, now: datetime, skip: int | None = None
) -> Case:
    """Take a case from its owner: pages go on, and the reporter who waits is told so in time."""
    case = replace(case, state=CaseState.OPEN, owner_id=None)
    await store.change(session, case.id, {"state": case.state, "owner_id": None})
    if not case.silenced:
        await store.set_timer(session, case.id, Timer.REPORTER, now + times.reporter)
        session.wake(WAKE, str(case.id), now + times.reporter)
    return await page_next(session, case, times, now, skip)
