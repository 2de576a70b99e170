"""Messages that do not arrive: a page moves on to the next person, an owner is told to call."""

from datetime import datetime

from alerts import ledger, speaking, store
from alerts.model import Case, CaseState, EntryKind, Times
from alerts.paging import page_after_loss
from db.session import Session
from delivery.model import State
from staff import store as staff


async def page_on(session: Session, case: Case, times: Times, now: datetime) -> None:
    """Page the next person at once when every way of who was paged last has failed.

    A person is paged on all ways at once, so one that is open still or has arrived is enough. That
    it was seen to is a line of the timeline: it happens once for each page.
    """
    if case.state is not CaseState.OPEN:
        return
    page = await store.last_page(session, case.id)
    if page is None or page.kind is not EntryKind.PAGED or page.member_id is None:
        return
    member = await staff.get(session, page.member_id)
    if member is None:
        return
    about = speaking.about_page(case)
    if not await ledger.reaches_nobody(session, about, member.endpoints, page.at):
        return
    await store.note(session, case.id, EntryKind.PAGE_LOST, now, member_id=member.id)
    await page_after_loss(session, case, times, now)


async def tell_owner(session: Session, case: Case, now: datetime) -> None:
    """Note what was lost on its way to the reporter, each message once, and tell the owner to call.

    Without an owner it is noted; who accepts the case is told then.
    """
    lost = await ledger.newly_lost(session, case.id, speaking.about_case(case))
    for message_id in lost:
        await store.note(session, case.id, EntryKind.NOT_REACHED, now, message_id=message_id)
    if not lost or case.state is CaseState.OPEN:
        return
    unknown = all(state is State.UNCERTAIN for state in lost.values())
    known = State.UNCERTAIN if unknown else State.FAILED
    await speaking.warn_owner(session, case, known, now)
