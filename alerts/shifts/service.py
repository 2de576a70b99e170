"""What coordinators plan: rotas, who stands in for whom, holidays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from alerts.shifts import store, telling, texts
from alerts.shifts.rota import Override, Rota, Shift, shifts
from alerts.shifts.store import LONGEST_TURN
from alerts.shifts.wall import DAY
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from kit.zones import OAXACA
from locales.text import _
from staff import store as staff
from staff.model import Member, Right

FARTHEST = timedelta(days=5 * 366)
"""A date that is farther from today is a mistake in the year."""

MOST_MEMBERS = 40
NAME_SIGNS = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """A rota as it is asked for: `emails` in the order of the turns, `every` in days. Without
    `since` the first turn begins today, by the rota's clock."""

    name: str
    emails: Sequence[str]
    since: date | None = None
    every: int = 7
    handover: time = time(8)
    zone: str = OAXACA
    covers: tuple[time, time] | None = None
    holidays: bool = True


async def add(session: Session, by: Member, draft: Draft, now: datetime) -> int:
    """Make a rota; gives the id."""
    made = await _checked(session, by, draft, now, None)
    rota_id = await store.add(session, made)
    await staff.log(session, by.id, "rota.add", f"rota:{rota_id}", now)
    return rota_id


async def change(session: Session, by: Member, rota_id: int, draft: Draft, now: datetime) -> None:
    """Put another rota in the place of one; its overrides stay."""
    await _held(session, by, rota_id)
    await store.change(session, await _checked(session, by, draft, now, rota_id))
    await staff.log(session, by.id, "rota.change", f"rota:{rota_id}", now)


async def remove(session: Session, by: Member, rota_id: int, now: datetime) -> None:
    """Take a rota away. Without any, everybody with the role is on duty again."""
    await _held(session, by, rota_id)
    await store.remove(session, rota_id)
    await staff.log(session, by.id, "rota.remove", f"rota:{rota_id}", now)


async def cover(
    session: Session,
    by: Member,
    rota_id: int,
    starts: datetime,
    ends: datetime,
    email: str | None,
    now: datetime,
) -> int:
    """Say who is on duty from one instant to another, whatever the rota says; None is nobody.

    Who takes over and who is let off are told. Gives the id of the override.
    """
    rota = await _held(session, by, rota_id)
    check_stretch(starts, ends, now)
    member = None if email is None else await _on_duty_by(session, email)
    before = await shifts_of(session, rota.id, starts, ends)
    new = Override(rota.id, None if member is None else member.id, starts, ends)
    made = await store.add_override(session, new)
    await staff.log(session, by.id, "rota.cover", f"override:{made}", now)
    after = await shifts_of(session, rota.id, starts, ends)
    await _tell_covers(session, new, before, after, now)
    return made


async def swap(
    session: Session,
    by: Member,
    rota_id: int,
    first: str,
    second: str,
    starts: datetime,
    ends: datetime,
    now: datetime,
) -> int:
    """Let two people change places in the shifts that begin in a stretch of time, and tell both.

    Gives the number of shifts that have changed hands.
    """
    rota = await _held(session, by, rota_id)
    check_stretch(starts, ends, now)
    one, other = await _on_duty_by(session, first), await _on_duty_by(session, second)
    if one.id == other.id:
        raise Invalid(_("roster.swap_alone"))
    instead = {one.id: other.id, other.id: one.id}
    found = [
        shift
        for shift in await shifts_of(session, rota.id, starts, ends)
        if shift.member_id in instead and shift.starts >= starts and shift.ends > now
    ]
    if not found:
        raise Invalid(_("roster.nothing_to_swap"))
    for shift in found:
        new = Override(rota.id, instead[shift.member_id], max(shift.starts, now), shift.ends)
        await store.add_override(session, new)
    await staff.log(session, by.id, "rota.swap", f"rota:{rota.id}", now)
    whole = Shift(rota.id, one.id, found[0].starts, found[-1].ends)
    for member, colleague in ((one, other), (other, one)):
        params = {"colleague": colleague.pseudonym}
        await telling.tell(session, member, texts.SWAPPED, whole, now, params, can_wait=True)
    return len(found)


async def add_holiday(session: Session, by: Member, day: date, name: str, now: datetime) -> None:
    """Make a day a holiday, for the rotas that do not work on one and for the office."""
    allow(by)
    _check_date(day, now)
    if len(name.strip()) > 60 or not name.strip().isprintable():
        raise Invalid(_("roster.holiday_name"))
    if not await store.add_holiday(session, day, name.strip()):
        raise Refused(_("roster.holiday_there"), day=day.isoformat())
    await staff.log(session, by.id, "holiday.add", f"day:{day.isoformat()}", now)


async def remove_holiday(session: Session, by: Member, day: date, now: datetime) -> None:
    """Make a holiday an ordinary day."""
    allow(by)
    if not await store.remove_holiday(session, day):
        raise NotFound(_("roster.holiday_unknown"), day=day.isoformat())
    await staff.log(session, by.id, "holiday.remove", f"day:{day.isoformat()}", now)


async def named(session: Session, name: str) -> Rota:
    """A rota by its name. Raises NotFound."""
    found = await store.by_name(session, name.strip())
    if found is None:
        raise NotFound(_("roster.unknown"))
    return found


def allow(by: Member) -> None:
    """Raises Refused for who may not plan."""
    if not by.may(Right.PLAN_DUTY):
        raise Refused(_("staff.not_allowed"))


def check_stretch(starts: datetime, ends: datetime, now: datetime) -> None:
    """Raises Invalid for a stretch of time that nobody can be on duty in."""
    if ends <= starts:
        raise Invalid(_("roster.ends_before_starts"))
    if ends <= now:
        raise Invalid(_("roster.over"))
    if ends - starts > LONGEST_TURN:
        raise Invalid(_("roster.stretch_long"), days=LONGEST_TURN.days)
    if starts > now + FARTHEST:
        raise Invalid(_("roster.date_far"), day=starts.date().isoformat())


async def _held(session: Session, by: Member, rota_id: int) -> Rota:
    allow(by)
    found = await store.hold(session, rota_id)
    if found is None:
        raise NotFound(_("roster.unknown"))
    return found


async def _checked(
    session: Session, by: Member, draft: Draft, now: datetime, rota_id: int | None
) -> Rota:
    """The rota that a draft asks for. Raises Invalid, Refused or NotFound."""
    allow(by)
    name = draft.name.strip()
    if not name or len(name) > NAME_SIGNS or not name.isprintable():
        raise Invalid(_("roster.name"), signs=NAME_SIGNS)
    taken = await store.by_name(session, name)
    if taken is not None and taken.id != rota_id:
        raise Refused(_("roster.name_taken"))
    if not 1 <= len(draft.emails) <= MOST_MEMBERS:
        raise Invalid(_("roster.members"), most=MOST_MEMBERS)
    if not 1 <= draft.every <= LONGEST_TURN.days:
        raise Invalid(_("roster.every"), most=LONGEST_TURN.days)
    if draft.zone not in _zones():
        raise Invalid(_("roster.zone"))
    if draft.covers is not None and draft.covers[0] == draft.covers[1]:
        raise Invalid(_("roster.covers_empty"))
    since = draft.since or now.astimezone(ZoneInfo(draft.zone)).date()
    _check_date(since, now)
    members = [(await _on_duty_by(session, email)).id for email in draft.emails]
    return Rota(
        id=rota_id or 0,
        name=name,
        members=tuple(members),
        since=since,
        every=draft.every,
        handover=draft.handover,
        zone=draft.zone,
        covers=draft.covers,
        holidays=draft.holidays,
    )


def _check_date(day: date, now: datetime) -> None:
    if abs(day - now.date()) > FARTHEST:
        raise Invalid(_("roster.date_far"), day=day.isoformat())


async def _on_duty_by(session: Session, email: str) -> Member:
    """Who has this e-mail and can be on duty."""
    member = await staff.by_email(session, email.strip().lower())
    if member is None:
        raise NotFound(_("staff.unknown"))
    if not member.may(Right.HANDLE_CASES):
        raise Refused(_("roster.member_not_duty"), pseudonym=member.pseudonym)
    if not member.methods:
        raise Refused(_("roster.member_unreachable"), pseudonym=member.pseudonym)
    return member


async def shifts_of(
    session: Session, rota_id: int, starts: datetime, ends: datetime
) -> tuple[Shift, ...]:
    """The shifts of one rota that touch a stretch of time."""
    plan = await store.plan(session, starts - LONGEST_TURN)
    own = tuple(rota for rota in plan.rotas if rota.id == rota_id)
    return shifts(replace(plan, rotas=own), starts, ends)


async def _tell_covers(
    session: Session,
    new: Override,
    before: Sequence[Shift],
    after: Sequence[Shift],
    now: datetime,
) -> None:
    """Tell who takes over and who is let off, each only of what changes for them."""
    ids = {shift.member_id for shift in before}
    people = await telling.people(session, ids | ({new.member_id} if new.member_id else set()))
    substitute = None if new.member_id is None else people.get(new.member_id)
    for shift in before:
        if shift.member_id == new.member_id:
            continue
        starts, ends = max(shift.starts, new.starts), min(shift.ends, new.ends)
        lost = replace(shift, starts=starts, ends=ends)
        text = texts.COVERED_BY_NOBODY if substitute is None else texts.COVERED
        params = {"substitute": telling.name_of(substitute)} if substitute else {}
        member = people.get(shift.member_id)
        await telling.tell(session, member, text, lost, now, params, can_wait=starts > now + DAY)
    for shift in after:
        if shift.member_id == new.member_id and shift not in before:
            far = shift.starts > now + DAY
            await telling.tell(session, substitute, texts.COVERS, shift, now, can_wait=far)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
