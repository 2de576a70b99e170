"""What the clock does to cases: page those who are next, send the numbers to who waits, end leases
without an act, and see to messages that do not arrive."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from alerts import (
    bundling,
    lease,
    ledger,
    lost,
    ownership,
    policies,
    speaking,
    store,
    texts,
    timeline,
    timers,
)
from alerts.escalation import numbers_are_due
from alerts.model import Case, CaseState, EntryKind, Kind, Timer, Times
from alerts.paging import WAKE, page_next, without_owner
from db.session import Session
from delivery.content import Option
from delivery.service import UNREACHED
from directory import service as directory
from staff import store as staff
from staff.model import Right

Due = Mapping[Timer, datetime]


async def look(session: Session, case_id: int, times: Times, now: datetime) -> None:
    """Do what is due in one case. The state is read again, so a late timer does nothing."""
    case = await store.get(session, case_id)
    if case is None or case.state is CaseState.CLOSED or case.kind is Kind.CANARY:
        return
    due = await timers.running(session, case_id, now)
    if case.state is CaseState.OPEN:
        await _without_owner(session, case, due, times, now)
    else:
        await _owned(session, case, due, times, now)


async def _without_owner(
    session: Session, case: Case, due: Due, times: Times, now: datetime
) -> None:
    reporter_at = due.get(Timer.REPORTER)
    if reporter_at is not None and reporter_at <= now:
        await timers.drop(session, case.id, Timer.REPORTER)
        if numbers_are_due(case):
            await _send_numbers(session, case, now)
    page_at = due.get(Timer.PAGE)
    if page_at is None or page_at <= now:
        await page_next(session, case, times, now)


async def _send_numbers(session: Session, case: Case, now: datetime) -> None:
    hotline = await directory.verified_hotline(session)
    text = texts.NOBODY_YET if hotline else texts.NOBODY_YET_WITHOUT_NUMBER
    params = {"phone": hotline.entry.phone} if hotline else {}
    again = (Option("menu:sos", texts.BUTTON_PAGE_AGAIN),)
    await speaking.tell_reporter(session, case, text, params, now, again)
    await timeline.note(session, case.id, EntryKind.NUMBERS_SENT, now)


async def _owned(session: Session, case: Case, due: Due, times: Times, now: datetime) -> None:
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if owner is None or not owner.may(Right.HANDLE_CASES):
        await without_owner(session, case, times, now)
        return
    ends_at = due.get(Timer.LEASE)
    if ends_at is None:
        policy = await policies.of_case(session, case)
        await ownership.hold(session, case, lease.renewed(policy, now), now)
        return
    if ends_at <= now:
        await timeline.note(session, case.id, EntryKind.LEASE_LOST, now, member_id=owner.id)
        await speaking.tell_member(
            session, owner, texts.LEASE_LOST, {"folio": case.folio}, now, case=case
        )
        await without_owner(session, case, times, now, skip=owner.id)
        return
    warns_at = due.get(Timer.WARNING)
    if warns_at is not None and warns_at <= now:
        await timers.drop(session, case.id, Timer.WARNING)
        await timeline.note(session, case.id, EntryKind.LEASE_SOON, now, member_id=owner.id)
        left = max(1, round((ends_at - now) / timedelta(minutes=1)))
        params = {"folio": case.folio, "minutes": left}
        await speaking.tell_member(session, owner, texts.LEASE_ENDS_SOON, params, now, case=case)


async def unreached(session: Session, about: str, times: Times, now: datetime) -> None:
    """A message about a case will not arrive, or nobody knows: `about` says which one.

    The ledger and the timeline are read again, so a wake-up that is late or repeated does nothing.
    """
    kind, _, number = about.partition(":")
    if kind == "bundle":
        await lost.bundle_on(session, int(number), times, now)
        return
    case = await store.get(session, int(number)) if kind in ("case", "page") else None
    if case is None:
        return
    if kind == "page":
        await lost.page_on(session, case, times, now)
    else:
        await lost.tell_owner(session, case, now)


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: every case with something due, or with a message that was lost and
    of which nobody has heard; bundles that are due."""
    for case_id in await timers.due_cases(session, now):
        session.wake(WAKE, str(case_id))
    for about in await ledger.unnoted(session):
        session.wake(UNREACHED, about)
    await bundling.wake_due(session, now)
