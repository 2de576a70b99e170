"""What the clock does: a follow-up that is due comes back to its owner, each day until it is done.

Nothing of it ever goes to who reported: whom they live with may read it, and who asked for silence
is to have it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts import speaking, timeline
from alerts import store as cases
from alerts import texts as words
from alerts.model import Case, EntryKind
from alerts.referral import follow_ups, texts
from alerts.referral.model import AGAIN_AFTER, DAYTIME, FollowUp
from db.session import Session
from staff import store as staff
from staff.model import Member, Right, Role

AT_ONCE = 50
"""Follow-ups of one unit; what is left is taken in the next."""

RETRY = timedelta(hours=1)
"""When nobody at all can be told, it is tried again so soon."""


async def look(session: Session, now: datetime) -> int:
    """Tell of what is due; gives how many were taken: call again, in a new unit, while it is not 0.

    All that is due in a case is one notice. It is told to the owner outside their quiet hours, or
    to the coordinators when the owner is gone, or to the admins when there is no coordinator.
    """
    taken = await follow_ups.take_due(session, now, DAYTIME.opens_at(now + AGAIN_AFTER), AT_ONCE)
    of_case: dict[int, list[FollowUp]] = {}
    for one in taken:
        of_case.setdefault(one.case_id, []).append(one)
    # In one order, so that two clocks that hold cases never wait for each other in a ring.
    for case_id in sorted(of_case):
        case = await cases.get(session, case_id)
        if case is not None:
            await _tell(session, case, of_case[case_id], now)
    return len(taken)


async def _tell(session: Session, case: Case, due: Sequence[FollowUp], now: datetime) -> None:
    owner = await _owner(session, case)
    told = (owner,) if owner is not None else await _coordinators(session)
    awake = [one for one in told if one.told_at(now) <= now]
    ids = [one.id for one in due]
    if not awake:
        later = min((one.told_at(now) for one in told), default=now + RETRY)
        await follow_ups.tell_at(session, ids, later)
        return
    text = texts.FOLLOW_UP if owner is not None else texts.FOLLOW_UP_OF_NOBODY
    day = max(one.day for one in due)
    safety = words.SAFETY_WORDS[case.may_write]
    params = {"folio": case.folio, "days": day, "safety": safety}
    for member in awake:
        await speaking.tell_member(session, member, text, params, now)
        await timeline.note(
            session, case.id, EntryKind.FOLLOW_UP, now, member_id=member.id, body=f"{day}"
        )


async def _owner(session: Session, case: Case) -> Member | None:
    """Who has the case, or had it last, as long as they work here and can be written to."""
    found = None if case.owner_id is None else await staff.get(session, case.owner_id)
    gone = found is None or not found.may(Right.HANDLE_CASES) or not found.written
    return None if gone else found


async def _coordinators(session: Session) -> tuple[Member, ...]:
    for role in (Role.COORDINATOR, Role.ADMIN):
        members = await staff.with_roles(session, (role,))
        reached = tuple(one for one in members if one.written)
        if reached:
            return reached
    return ()
