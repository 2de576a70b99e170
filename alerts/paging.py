"""Carrying out the escalation: page who is next, and set the timer for the one after."""

from dataclasses import replace
from datetime import datetime

from alerts import speaking, store
from alerts.escalation import next_step
from alerts.model import Case, EntryKind, Timer, Times
from alerts.roster import CALLED, Roster, roster_of
from db.session import Session
from staff import store as staff

WAKE = "alerts.case"
"""The job that looks at the timers of one case; its key is the case's id."""


async def roster(session: Session) -> Roster:
    """Who can be paged now."""
    return roster_of(await staff.with_roles(session, CALLED))


async def page_next(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """Page the next person of a case without an owner, and see to it that it goes on."""
    step = next_step(case, await roster(session), times, now)
    if step is None:
        await store.drop_timers(session, case.id, Timer.PAGE)
        return case
    if step.page is None:
        await store.note(session, case.id, EntryKind.NOBODY_TO_PAGE, now)
    else:
        await speaking.page(session, case, step.page, now)
        await store.note(session, case.id, EntryKind.PAGED, now, member_id=step.page.id)
        case = replace(case, paged=case.paged + 1)
        await store.change(session, case.id, {"paged": case.paged})
    await store.set_timer(session, case.id, Timer.PAGE, step.next_at)
    session.wake(WAKE, str(case.id), step.next_at)
    return case
