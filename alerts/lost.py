"""Messages that do not arrive: a page moves on to the next method and the next person, an owner is
told to find another way."""

from datetime import datetime

from alerts import bundling, ledger, speaking, store, timeline
from alerts.model import Case, CaseState, EntryKind, Times
from alerts.paging import page_after_loss
from db.session import Session
from delivery.model import State
from staff import store as staff
from staff.model import Right


async def page_on(session: Session, case: Case, times: Times, now: datetime) -> None:
    """A page did not arrive: try the next method of that person at once; when every method has
    failed of all who were paged last, page the next people.

    That it was seen to is a line of the timeline: it happens once for each page.
    """
    if case.state is not CaseState.OPEN:
        return
    await _lost(session, case, speaking.about_page(case), times, now)


async def bundle_on(session: Session, member_id: int, times: Times, now: datetime) -> None:
    """The same for a message about several cases."""
    about = speaking.about_bundle(member_id)
    waiting = await bundling.waiting_for(session, member_id)
    for case_id in sorted(one.id for one in waiting):
        # Held now, and read again: somebody may have accepted it.
        case = await store.get(session, case_id)
        if case is not None and case.state is CaseState.OPEN:
            await _lost(session, case, about, times, now)


async def _lost(session: Session, case: Case, about: str, times: Times, now: datetime) -> None:
    standing = await timeline.standing_pages(session, case.id)
    lost = gone = 0
    for page in standing:
        member = None if page.member_id is None else await staff.get(session, page.member_id)
        if member is None or not member.endpoints or not member.may(Right.HANDLE_CASES):
            gone += 1
        elif await ledger.reaches_nobody(session, about, member.endpoints, page.at):
            await timeline.note(session, case.id, EntryKind.PAGE_LOST, now, member_id=member.id)
            lost += 1
        else:
            await ledger.bring_forward(session, about, member.endpoints, page.at, now)
    if lost and lost + gone == len(standing):
        await page_after_loss(session, case, times, now)


async def bring_pages_forward(session: Session, now: datetime) -> None:
    """A sender is out of order: pages that wait for their turn by another one leave now."""
    await ledger.bring_all_forward(session, now)


async def tell_owner(session: Session, case: Case, now: datetime) -> None:
    """Note what was lost on its way to the reporter, each message once, and tell the owner.

    Without an owner it is noted; who accepts the case is told then.
    """
    lost = await ledger.newly_lost(session, case.id, speaking.about_case(case))
    for message_id in lost:
        await timeline.note(session, case.id, EntryKind.NOT_REACHED, now, message_id=message_id)
    if not lost or case.state is CaseState.OPEN:
        return
    unknown = all(state is State.UNCERTAIN for state in lost.values())
    known = State.UNCERTAIN if unknown else State.FAILED
    await speaking.warn_owner(session, case, known, now)
