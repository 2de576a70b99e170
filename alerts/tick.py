"""What the clock does to cases: page the next person, send the numbers to who waits, and see to
messages that do not arrive."""

from datetime import datetime

from alerts import ledger, lost, speaking, store, texts
from alerts.escalation import numbers_are_due
from alerts.model import CaseState, EntryKind, Timer, Times
from alerts.paging import WAKE, page_next
from db.session import Session
from delivery.content import Option
from delivery.service import UNREACHED
from directory import service as directory


async def look(session: Session, case_id: int, times: Times, now: datetime) -> None:
    """Do what is due in one case. The state is read again, so a late timer does nothing."""
    case = await store.get(session, case_id)
    if case is None or case.state is not CaseState.OPEN:
        return
    due = await store.timers(session, case_id)
    reporter_at = due.get(Timer.REPORTER)
    if reporter_at is not None and reporter_at <= now:
        await store.drop_timers(session, case_id, Timer.REPORTER)
        if numbers_are_due(case):
            hotline = await directory.verified_hotline(session)
            text = texts.NOBODY_YET if hotline else texts.NOBODY_YET_WITHOUT_NUMBER
            params = {"phone": hotline.entry.phone} if hotline else {}
            again = (Option("menu:sos", texts.BUTTON_PAGE_AGAIN),)
            await speaking.tell_reporter(session, case, text, params, now, again)
            await store.note(session, case_id, EntryKind.NUMBERS_SENT, now)
    page_at = due.get(Timer.PAGE)
    if page_at is None or page_at <= now:
        await page_next(session, case, times, now)


async def unreached(session: Session, about: str, times: Times, now: datetime) -> None:
    """A message about a case will not arrive, or nobody knows: `about` says which one.

    The ledger and the timeline are read again, so a wake-up that is late or repeated does nothing.
    """
    kind, _, case_id = about.partition(":")
    case = await store.get(session, int(case_id)) if kind in ("case", "page") else None
    if case is None:
        return
    if kind == "page":
        await lost.page_on(session, case, times, now)
    else:
        await lost.tell_owner(session, case, now)


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: every case with something due, or with a message that was lost and
    of which nobody has heard."""
    for case_id in await store.due_cases(session, now):
        session.wake(WAKE, str(case_id))
    for about in await ledger.unnoted(session):
        session.wake(UNREACHED, about)
