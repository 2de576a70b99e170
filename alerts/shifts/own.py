"""Somebody's own shifts: which come, what they were asked, and saying that they cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.shifts import answering, questions, store, telling
from alerts.shifts.answering import Passed, Which
from alerts.shifts.questions import Asked
from alerts.shifts.rota import Shift, shifts
from alerts.shifts.store import LONGEST_TURN
from db.session import Session
from kit.errors import NotFound
from locales.text import _
from staff.model import Member, Right
from staff.rules import require

AHEAD = timedelta(days=62)
MOST = 12


@dataclass(frozen=True, slots=True)
class Mine:
    """A shift of mine in the rota of a name. `asked` is what I was asked about it, if I was."""

    shift: Shift
    rota: str
    on: bool
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A shift of a colleague who has not answered, which I could take."""

    shift: Shift
    rota: str
    colleague: str


@dataclass(frozen=True, slots=True)
class Own:
    """What is mine to know: at most `MOST` shifts of the next two months, and offers. Without any
    rota everybody whose role it is and whom a page can reach is on duty, `always`."""

    shifts: tuple[Mine, ...]
    offers: tuple[Offer, ...]
    always: bool


async def own(session: Session, member: Member, now: datetime) -> Own:
    """The shifts of a member. Refused without the right to see the roster."""
    require(member, Right.SEE_ROSTER)
    plan = await store.plan(session, now - LONGEST_TURN)
    names = {one.id: one.name for one in plan.rotas}
    found = shifts(plan, now, now + AHEAD)
    mine = [one for one in found if one.member_id == member.id][:MOST]
    asked = await questions.asked(session, now, member.id)
    offers = [
        (shift, one)
        for one in asked
        if one.instead_of is not None and one.answer is None
        for shift in found
        if one.is_about(shift)
    ]
    people = await telling.people(session, {shift.member_id for shift, _one in offers})
    return Own(
        tuple(
            Mine(
                one,
                names[one.rota_id],
                one.starts <= now,
                next((it for it in asked if it.instead_of is None and it.is_about(one)), None),
            )
            for one in mine
        ),
        tuple(
            Offer(shift, names[shift.rota_id], telling.name_of(people.get(shift.member_id)))
            for shift, _one in offers
        ),
        not plan.in_force(now) and bool(member.methods),
    )


async def comes(session: Session, member: Member, which: Which, now: datetime) -> Shift:
    """OK: I come, or I take the shift that I was offered. Raises NotFound when I was asked nothing
    about it."""
    require(member, Right.HANDLE_CASES)
    found = await answering.confirm(session, member, now, which)
    if found is None:
        raise NotFound(_("roster.not_yours"))
    return found


async def cannot(session: Session, member: Member, which: Which, now: datetime) -> Passed:
    """NO: I cannot come, also before I was asked; of a shift that is on it is relief. Raises
    NotFound when it is not mine and I was not offered it."""
    require(member, Right.HANDLE_CASES)
    plan = await store.plan(session, now - LONGEST_TURN)
    for shift in shifts(plan, now, now + AHEAD):
        if shift.member_id == member.id and _is(shift, which):
            if shift.starts <= now:
                return await can_no_more(session, member, now)
            # Asked already, it changes nothing.
            await questions.ask(session, shift, now)
            break
    passed = await answering.decline(session, member, now, which)
    if passed is None:
        raise NotFound(_("roster.not_yours"))
    return passed


async def can_no_more(session: Session, member: Member, now: datetime) -> Passed:
    """RELEVO: who comes next has the rest of my shifts. Of several one that nobody can take is
    told: I stay on duty for it. Raises NotOnDuty."""
    require(member, Right.HANDLE_CASES)
    return (await answering.relieve(session, member, now))[0]


def _is(shift: Shift, which: Which) -> bool:
    return shift.rota_id == which[0] and shift.starts.replace(microsecond=0) == which[1]
