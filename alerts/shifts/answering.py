"""What somebody answers about their shift: that they come, that they cannot, that they can no more.

Whoever takes over does so by an override, and is asked in turn. Coordinators are told before a case
comes.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from alerts.shifts import questions, store, telling, texts
from alerts.shifts.questions import NO, YES, Asked
from alerts.shifts.rota import Override, Plan, Shift, on_duty, shifts, substitutes
from alerts.shifts.store import LONGEST_TURN
from db.session import Session
from kit.errors import Refused
from locales.text import Text, _
from staff import store as staff
from staff.model import Member

Which = tuple[int, datetime]
"""The shift that a button names: its rota, and when it begins (whole seconds)."""


class NotOnDuty(Refused):
    """Relief is asked for by somebody who is not on duty."""

    code = "not_on_duty"


@dataclass(frozen=True, slots=True)
class Passed:
    """A shift that somebody gives away, and who takes it; None is nobody.

    `offered`: it was not theirs, they were only asked to stand in.
    """

    shift: Shift
    to: Member | None
    offered: bool = False


async def confirm(
    session: Session, member: Member, now: datetime, which: Which | None = None
) -> Shift | None:
    """OK. The shift that is now sure to be theirs: their own, or one of somebody who did not
    answer. None when they were asked nothing."""
    found = await _asked(session, member, now, which)
    for one, shift in found.open:
        if one.instead_of is None:
            await questions.put(session, replace(one, answer=YES, answered_at=now))
            if one.told_at is not None:
                await _tell_taken(session, shift, member, now, but=(member.id,))
            return shift
        if not found.has_confirmed(one):
            return await _stand_in(session, one, shift, member, now)
    # An OK that is said twice is still an OK.
    return next((shift for _one, shift in found.confirmed if now < shift.starts), None)


async def decline(
    session: Session, member: Member, now: datetime, which: Which | None = None
) -> Passed | None:
    """NO. The next person has the shift, is told and asked, and so are the coordinators told.

    Also after an OK, until the shift begins; from then on it is relief. None when they were asked
    nothing.
    """
    found = await _asked(session, member, now, which)
    own = [pair for pair in found.open if pair[0].instead_of is None]
    own = own or [(one, shift) for one, shift in found.confirmed if now < shift.starts]
    if not own and not found.open:
        return None
    one, shift = own[0] if own else found.open[0]
    await questions.put(session, replace(one, answer=NO, answered_at=now))
    if not own:
        return Passed(shift, None, offered=True)
    await staff.log(session, member.id, "rota.decline", f"rota:{shift.rota_id}", now)
    left = replace(shift, starts=max(shift.starts, now))
    to = await _next(session, found.plan, left, {*found.refused(shift), member.id})
    await _hand_over(session, left, to, now, texts.SHIFT_YOURS, member)
    params = {"colleague": member.pseudonym, "substitute": telling.name_of(to)}
    text = texts.SHIFT_NOBODY if to is None else texts.SHIFT_DECLINED
    knows = () if to is None else (to.id,)
    await telling.tell_coordinators(session, text, left, now, params, but=knows)
    return Passed(left, to)


async def relieve(session: Session, member: Member, now: datetime) -> tuple[Passed, ...]:
    """Somebody on duty can no more: the next person has the rest of the shift, from now on.

    Without anybody to take over they stay on duty, and the coordinators are told. Of several shifts
    those that stay theirs come first: nobody goes who still has one. Raises NotOnDuty.
    """
    plan = await store.plan(session, now - LONGEST_TURN)
    for shift in on_duty(plan, now):
        if shift.member_id == member.id:
            await store.hold(session, shift.rota_id)
    plan = await store.plan(session, now - LONGEST_TURN)
    mine = [shift for shift in on_duty(plan, now) if shift.member_id == member.id]
    if not mine:
        raise NotOnDuty(_("roster.not_on_duty"))
    refused = _refused(await questions.asked(session, now))
    done = [await _relieve(session, plan, member, shift, refused, now) for shift in mine]
    return tuple(sorted(done, key=lambda one: one.to is not None))


async def _relieve(
    session: Session,
    plan: Plan,
    member: Member,
    shift: Shift,
    refused: Collection[Asked],
    now: datetime,
) -> Passed:
    left = replace(shift, starts=now)
    await staff.log(session, member.id, "rota.relief", f"rota:{shift.rota_id}", now)
    to = await _next(session, plan, left, {member.id, *_of(refused, shift)})
    params: dict[str, object] = {"colleague": member.pseudonym}
    if to is None:
        for one in await telling.coordinators(session):
            params["until"] = telling.moment(left.ends, one.zone, now)
            await telling.tell(session, one, texts.RELIEF_NOBODY, left, now, params)
        return Passed(left, None)
    # Who has asked for relief is not given the shift back.
    gone = Asked(left.rota_id, member.id, now, left.ends, now, answer=NO, answered_at=now)
    await questions.put(session, gone)
    await _hand_over(session, left, to, now, texts.RELIEF_YOURS, member)
    params["substitute"] = to.pseudonym
    knows = (to.id, member.id)
    await telling.tell_coordinators(session, texts.RELIEF_TOLD, left, now, params, but=knows)
    return Passed(left, to)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody was asked that still holds, the most pressing first, and by what plan."""

    plan: Plan
    everybody: tuple[Asked, ...]
    open: tuple[tuple[Asked, Shift], ...]
    confirmed: tuple[tuple[Asked, Shift], ...]

    def has_confirmed(self, offer: Asked) -> bool:
        """Whether the one whose shift was offered has answered after all."""
        return any(
            one.answer == YES
            and (one.rota_id, one.starts, one.member_id)
            == (offer.rota_id, offer.starts, offer.instead_of)
            for one in self.everybody
        )

    def refused(self, shift: Shift) -> set[int]:
        """Who has said NO to any part of a shift."""
        return _of(_refused(self.everybody), shift)


async def _asked(session: Session, member: Member, now: datetime, which: Which | None) -> _Asked:
    mine = [one for one in await questions.asked(session, now, member.id) if _is(one, which)]
    for rota_id in sorted({one.rota_id for one in mine}):
        await store.hold(session, rota_id)
    plan = await store.plan(session, now - LONGEST_TURN) if mine else Plan()
    everybody = await questions.asked(session, now) if mine else ()
    found = [
        (one, shift)
        for one in everybody
        if one.member_id == member.id and _is(one, which)
        for shift in shifts(plan, one.starts, one.ends)
        if one.is_about(shift)
    ]
    found.sort(key=lambda pair: (pair[0].instead_of is not None, pair[1].starts))
    return _Asked(
        plan,
        everybody,
        tuple(pair for pair in found if pair[0].answer is None),
        tuple(pair for pair in found if pair[0].answer == YES and pair[0].instead_of is None),
    )


def _is(one: Asked, which: Which | None) -> bool:
    if which is None:
        return True
    return one.rota_id == which[0] and one.starts.replace(microsecond=0) == which[1]


def _refused(everybody: Collection[Asked]) -> tuple[Asked, ...]:
    return tuple(one for one in everybody if one.answer == NO)


def _of(refused: Collection[Asked], shift: Shift) -> set[int]:
    return {
        one.member_id
        for one in refused
        if one.rota_id == shift.rota_id and one.starts < shift.ends and shift.starts < one.ends
    }


async def _next(session: Session, plan: Plan, shift: Shift, but: Collection[int]) -> Member | None:
    """Who takes a shift over."""
    for id_ in substitutes(plan, shift):
        if id_ not in but and (found := await staff.get(session, id_)) is not None:
            return found
    return None


async def _hand_over(
    session: Session, left: Shift, to: Member | None, now: datetime, text: Text, by: Member
) -> None:
    """Write who has what is left of a shift from now on, and ask them. Nobody is a true gap: then
    the circle widens at once, and the reporter is told so."""
    to_id = None if to is None else to.id
    await store.add_override(session, Override(left.rota_id, to_id, left.starts, left.ends))
    if to is None:
        return
    await questions.put(session, Asked(left.rota_id, to.id, left.starts, left.ends, now))
    theirs = replace(left, member_id=to.id)
    params = {"colleague": by.pseudonym}
    await telling.tell(session, to, text, theirs, now, params, asks=theirs)


async def _stand_in(
    session: Session, offer: Asked, shift: Shift, member: Member, now: datetime
) -> Shift:
    """Take the shift of somebody who has not answered."""
    theirs = replace(shift, member_id=member.id, starts=max(shift.starts, now))
    await store.add_override(
        session, Override(theirs.rota_id, member.id, theirs.starts, theirs.ends)
    )
    await questions.put(session, replace(offer, answer=YES, answered_at=now))
    sure = Asked(
        theirs.rota_id, member.id, theirs.starts, theirs.ends, now, answer=YES, answered_at=now
    )
    await questions.put(session, sure)
    await staff.log(session, member.id, "rota.stand_in", f"rota:{shift.rota_id}", now)
    first = await staff.get(session, shift.member_id)
    params = {"substitute": member.pseudonym}
    await telling.tell(session, first, texts.COVERED, theirs, now, params)
    await _tell_taken(session, theirs, member, now, but=(member.id, shift.member_id))
    return theirs


async def _tell_taken(
    session: Session, shift: Shift, member: Member, now: datetime, but: Collection[int]
) -> None:
    params = {"colleague": member.pseudonym}
    await telling.tell_coordinators(session, texts.SHIFT_TAKEN, shift, now, params, but=but)
