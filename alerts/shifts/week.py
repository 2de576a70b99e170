"""A week of the roster as somebody of the staff may see it, and who can be put on duty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from alerts.roster import CALLED
from alerts.shifts import load, questions, store
from alerts.shifts.load import Burden
from alerts.shifts.questions import YES, Asked
from alerts.shifts.rota import (
    Plan,
    Rota,
    Shift,
    Stretch,
    gaps,
    nights_of,
    on_duty,
    shifts,
    substitutes,
)
from alerts.shifts.store import LONGEST_TURN, Holiday
from alerts.shifts.wall import DAY, instant
from db.session import Session
from kit.errors import NotFound
from locales.text import _
from staff import store as staff
from staff.model import Member, Right, Role
from staff.rules import require

DAYS = 7
EXPORTED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person has of a week, and how much they carry around now."""

    member_id: int
    hours: timedelta
    nights: int
    burden: Burden


@dataclass(frozen=True, slots=True)
class Twice:
    """Somebody who is on duty in two rotas at the same time."""

    member_id: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, by the clock of `zone`.

    `gaps` are hours of this week without anybody in any rota. `waiting` are shifts whose people
    were asked and have not answered, `sure` those that were confirmed. `absent` are planned and
    cannot be on duty. Without any rota `in_force` now those of `always` are on duty, if anybody is.
    """

    monday: date
    zone: str
    begins: datetime
    ends: datetime
    rotas: tuple[Rota, ...]
    shifts: tuple[Shift, ...]
    gaps: tuple[Stretch, ...]
    now: tuple[Shift, ...]
    holidays: Mapping[date, str]
    names: Mapping[int, str]
    waiting: frozenset[Shift]
    sure: frozenset[Shift]
    shares: tuple[Share, ...]
    twice: tuple[Twice, ...]
    absent: tuple[str, ...]
    in_force: bool
    always: tuple[str, ...]


async def week(session: Session, viewer: Member, monday: date, now: datetime) -> Week:
    """The week from a Monday, by the viewer's clock. Refused without the right to see it."""
    require(viewer, Right.SEE_ROSTER)
    zone = viewer.zone
    begins, ends = instant(monday, time(), zone), instant(monday + DAYS * DAY, time(), zone)
    plan = await store.plan(session, min(begins, now) - LONGEST_TURN)
    found = shifts(plan, begins, ends)
    called = await names(session, viewer)
    asked = await questions.asked(session, begins)
    in_force = plan.in_force(now)
    always = () if in_force else await staff.with_roles(session, (Role.DUTY,))
    days = {one.day: one.name for one in await store.holidays(session)}
    return Week(
        monday=monday,
        zone=zone,
        begins=begins,
        ends=ends,
        rotas=plan.rotas,
        shifts=found,
        gaps=gaps(plan, begins, ends),
        now=on_duty(plan, now),
        holidays={day: days[day] for day in _days(monday) if day in days},
        names=called,
        waiting=frozenset(_answered(found, asked, None)),
        sure=frozenset(_answered(found, asked, YES)),
        shares=_shares(found, await load.burdens(session, now), begins, ends, zone),
        twice=twice(found, begins, ends),
        absent=tuple(called[id_] for id_ in sorted(plan.absent) if id_ in called),
        in_force=in_force,
        always=tuple(one.pseudonym for one in always if one.methods),
    )


def twice(found: Sequence[Shift], begins: datetime, ends: datetime) -> tuple[Twice, ...]:
    """Where two shifts of one person overlap."""
    of_each: dict[int, list[Shift]] = {}
    for one in found:
        of_each.setdefault(one.member_id, []).append(one)
    return tuple(
        Twice(one.member_id, max(one.starts, other.starts), min(one.ends, other.ends))
        for theirs in of_each.values()
        for one, other in combinations(theirs, 2)
        if max(one.starts, other.starts, begins) < min(one.ends, other.ends, ends)
    )


async def able(session: Session, viewer: Member) -> tuple[Member, ...]:
    """Who can be on duty, by pseudonym."""
    require(viewer, Right.PLAN_DUTY)
    members = await staff.with_roles(session, tuple(Role))
    fit = [one for one in members if one.may(Right.HANDLE_CASES) and one.methods]
    return tuple(sorted(fit, key=lambda one: (one.pseudonym, one.id)))


async def rotas(session: Session, viewer: Member) -> tuple[tuple[Rota, ...], frozenset[int]]:
    """All rotas, and who of them cannot be on duty."""
    require(viewer, Right.SEE_ROSTER)
    plan = await store.plan(session)
    return plan.rotas, plan.absent


async def rota(session: Session, viewer: Member, rota_id: int) -> Rota:
    """A rota. Raises NotFound."""
    found, _absent = await rotas(session, viewer)
    one = next((one for one in found if one.id == rota_id), None)
    if one is None:
        raise NotFound(_("roster.unknown"))
    return one


async def holidays(session: Session, viewer: Member) -> tuple[Holiday, ...]:
    """All holidays in order."""
    require(viewer, Right.SEE_ROSTER)
    return await store.holidays(session)


async def held_by(
    session: Session, viewer: Member, rota_id: int, starts: datetime, ends: datetime
) -> tuple[Shift, ...]:
    """Who has a stretch of time in a rota, each shift cut to it."""
    require(viewer, Right.SEE_ROSTER)
    plan = await store.plan(session, starts - LONGEST_TURN)
    return tuple(
        replace(one, starts=max(one.starts, starts), ends=min(one.ends, ends))
        for one in shifts(_only(plan, rota_id), starts, ends)
    )


async def next_in_line(session: Session, viewer: Member, shift: Shift) -> tuple[int, ...]:
    """Who can take a shift over, the best first."""
    require(viewer, Right.SEE_ROSTER)
    plan = await store.plan(session, shift.starts - LONGEST_TURN)
    return substitutes(plan, shift)


async def exported(
    session: Session, viewer: Member, now: datetime, rota_id: int | None, *, mine: bool
) -> tuple[tuple[Shift, ...], tuple[Rota, ...], Mapping[int, str]]:
    """Shifts of the next 90 days for a calendar, their rotas and pseudonyms: of one rota or of all,
    the viewer's or everybody's."""
    require(viewer, Right.SEE_ROSTER)
    plan = await store.plan(session, now - LONGEST_TURN)
    found = shifts(plan if rota_id is None else _only(plan, rota_id), now, now + EXPORTED)
    if mine:
        found = tuple(one for one in found if one.member_id == viewer.id)
    return found, plan.rotas, await names(session, viewer)


def _only(plan: Plan, rota_id: int) -> Plan:
    return replace(plan, rotas=tuple(one for one in plan.rotas if one.id == rota_id))


def _days(monday: date) -> tuple[date, ...]:
    return tuple(monday + number * DAY for number in range(DAYS))


def _answered(found: Sequence[Shift], asked: Sequence[Asked], answer: str | None) -> list[Shift]:
    """The shifts about which their own people gave an answer, None being none yet. A NO has made
    the shift somebody else's."""
    about = [one for one in asked if one.instead_of is None and one.answer == answer]
    return [shift for shift in found if any(one.is_about(shift) for one in about)]


def _shares(
    found: Sequence[Shift],
    burdens: Sequence[Burden],
    begins: datetime,
    ends: datetime,
    zone: str,
) -> tuple[Share, ...]:
    carried = {one.member_id: one for one in burdens}
    hours: dict[int, timedelta] = {}
    cut = [replace(one, starts=max(one.starts, begins), ends=min(one.ends, ends)) for one in found]
    for one in cut:
        hours[one.member_id] = hours.get(one.member_id, timedelta()) + (one.ends - one.starts)
    ids = hours.keys() | {one.member_id for one in burdens if one.pages}
    shares = [
        Share(
            id_,
            hours.get(id_, timedelta()),
            len(nights_of(cut, id_, zone)),
            carried.get(id_, Burden(id_)),
        )
        for id_ in ids
    ]
    return tuple(sorted(shares, key=lambda one: (-one.hours, one.member_id)))


async def names(session: Session, viewer: Member) -> Mapping[int, str]:
    """The pseudonyms of all who work here or ever did."""
    require(viewer, Right.SEE_ROSTER)
    return {one.id: one.pseudonym for one in await staff.everybody(session)}


async def callable_names(session: Session, viewer: Member) -> Mapping[int, str]:
    """The pseudonyms of those whom a page can reach."""
    require(viewer, Right.SEE_ROSTER)
    members = await staff.with_roles(session, CALLED)
    return {one.id: one.pseudonym for one in members if one.methods}
