"""Carrying out the escalation: page who is next, and set the timer for those after."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from alerts import bundling, policies, speaking, store, timeline, timers
from alerts.escalation import BEHIND_THE_LADDER, Step, next_step, step_after_loss, waits
from alerts.model import Case, CaseState, EntryKind, Timer, Times, Urgency
from alerts.policy import choose
from alerts.roster import CALLED, Roster, duty_at, roster_of
from alerts.shifts import rota
from alerts.shifts import store as shifts
from db.session import Session
from staff import store as staff
from staff.model import Member

WAKE = "alerts.case"
"""The job that looks at the timers of one case; its key is the case's id."""

TRIED_WITHIN = timedelta(minutes=5)
"""Who was paged so short a time ago is not paged again because another page was lost."""

DECLINED_WITHIN = timedelta(minutes=30)
"""Who passed a case on so short a time ago, or let it go, is not the next to be called for it."""


async def roster(session: Session, now: datetime) -> Roster:
    """Who can be paged now."""
    people, _plan = await _people(session, now)
    return people


async def page_next(
    session: Session, case: Case, times: Times, now: datetime, skip: int | None = None
) -> Case:
    """Page those who are next of a case without an owner, and see to it that it goes on."""
    policy = await policies.of_case(session, case)
    people, times = await _surroundings(session, times, now)
    declined = await timeline.declined_since(session, case.id, now - DECLINED_WITHIN)
    called = await timeline.called(session, case.id)
    step = next_step(case, policy, people, times, now, skip=skip, declined=declined, called=called)
    if step is None:
        await timers.drop(session, case.id, Timer.PAGE)
        return case
    out = declined if skip is None else declined | {skip}
    return await _take(session, case, step, people, times, now, out)


async def page_after_loss(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """Page those who are next at once: the last page reaches nobody. With all of them tried just
    now, they are called again soon, whatever the policy says: no page of theirs can be answered.
    """
    tried = await timeline.paged_since(session, case.id, now - max(times.page, TRIED_WITHIN))
    declined = await timeline.declined_since(session, case.id, now - DECLINED_WITHIN)
    policy = await policies.of_case(session, case)
    people, times = await _surroundings(session, times, now)
    called = await timeline.called(session, case.id)
    step = step_after_loss(case, policy, people, times, now, tried | declined, called)
    if step is not None:
        return await _take(session, case, step, people, times, now, declined)
    if not waits(case, times, now):
        await look_soon(session, case, times, now)
    return case


async def look_soon(session: Session, case: Case, times: Times, now: datetime) -> None:
    """Let the next step of a case without an owner be no further away than the usual wait."""
    due = (await timers.of_case(session, case.id)).get(Timer.PAGE)
    soon = now + times.page
    if case.state is CaseState.OPEN and (due is None or due > soon):
        await _look_again(session, case, soon, now)


async def without_owner(
    session: Session, case: Case, times: Times, now: datetime, skip: int | None = None
) -> Case:
    """Take a case from its owner: the ladder begins again, and the reporter who waits is told so in
    time."""
    case = replace(case, state=CaseState.OPEN, owner_id=None, paged=0)
    await store.change(session, case.id, {"state": case.state, "owner_id": None, "paged": 0})
    await timers.drop(session, case.id, Timer.LEASE, Timer.WARNING)
    await await_answer(session, case, now + times.reporter, now)
    return await page_next(session, case, times, now, skip)


async def await_answer(session: Session, case: Case, until: datetime, now: datetime) -> None:
    """Set when a reporter whom nobody has answered is sent the numbers."""
    if not case.silenced:
        await timers.put(session, case.id, Timer.REPORTER, until, now)
        session.wake(WAKE, str(case.id), until)


async def choose_policy(session: Session, case: Case, now: datetime) -> Case:
    """Give a case the policy in force that fits it now. A new one begins with its first step; one
    that was chosen before goes on, or buttons pressed in turns would never reach its last step. Nor
    does any go back from everybody to its first step."""
    chosen = choose(await policies.current(session), case.kind, case.urgency)
    if chosen.id == case.policy_id:
        return case
    goes_on = case.paged >= BEHIND_THE_LADDER
    goes_on = goes_on or chosen.name in await timeline.policies_of(session, case.id)
    paged = case.paged if goes_on else 0
    case = replace(case, policy_id=chosen.id, paged=paged)
    await store.change(session, case.id, {"policy_id": chosen.id, "paged": paged})
    await timeline.note(session, case.id, EntryKind.POLICY, now, body=chosen.name)
    return case


async def _take(
    session: Session,
    case: Case,
    step: Step,
    roster: Roster,
    times: Times,
    now: datetime,
    out: Collection[int],
) -> Case:
    may_wait = case.urgency is Urgency.UNSORTED and not times.opening.is_open(now)
    if not step.people:
        kind = EntryKind.WAITS if waits(case, times, now) else EntryKind.NOBODY_TO_PAGE
        await timeline.note(session, case.id, kind, now)
    crowded = frozenset[int]()
    if step.people:
        crowded = await bundling.crowded(session, case.id, times.alone, now)
    for member in _with_somebody_free(step, roster, crowded, out):
        if member.id in crowded:
            await bundling.put_in(session, member.id, now)
            kind = EntryKind.BUNDLED
        else:
            await speaking.page(session, case, member, now, insists=step.insists, may_wait=may_wait)
            kind = EntryKind.PAGED
        await timeline.note(session, case.id, kind, now, member_id=member.id)
    if step.paged != case.paged:
        case = replace(case, paged=step.paged)
        await store.change(session, case.id, {"paged": case.paged})
    await _look_again(session, case, step.next_at, now)
    return case


async def _look_again(session: Session, case: Case, at: datetime, now: datetime) -> None:
    await timers.put(session, case.id, Timer.PAGE, at, now)
    session.wake(WAKE, str(case.id), at)


def _with_somebody_free(
    step: Step, roster: Roster, crowded: Collection[int], out: Collection[int]
) -> tuple[Member, ...]:
    """The people of a step; when all of them are crowded, also the first other who is not, and who
    has not just passed the case on."""
    if not step.people or any(one.id not in crowded for one in step.people):
        return step.people
    others = (one for one in roster.everybody if one.id not in crowded and one.id not in out)
    return (*step.people, *islice(others, 1))


async def _surroundings(session: Session, times: Times, now: datetime) -> tuple[Roster, Times]:
    """The roster, and the opening hours with the holidays that were entered."""
    people, plan = await _people(session, now)
    opening = replace(times.opening, closed=times.opening.closed | plan.holidays)
    return people, replace(times, opening=opening)


async def _people(session: Session, now: datetime) -> tuple[Roster, rota.Plan]:
    members = await staff.with_roles(session, CALLED)
    plan = await shifts.plan(session, now)
    return roster_of(members, duty_at(plan, now)), plan
