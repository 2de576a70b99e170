"""`/guardias/turno`: who is on duty in a stretch of time, whatever the rota says; and letting two
people change places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Response

from alerts.shifts import overrides, service, week
from alerts.shifts.overrides import Kept
from alerts.shifts.rota import Rota, Shift
from alerts.shifts.wall import DAY
from console.frame.forms import Form
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from console.roster.before import Before, Stretch, read_before
from console.roster.bits import HERE, Bits
from console.roster.clocks import exact, read, shown
from console.roster.grid import week_name
from db.session import Session
from kit.errors import Invalid, NotFound, Problem
from locales.text import _
from staff.model import Member, Right
from staff.signin.forms import once

TURN = f"{HERE}/turno"
SWAP = f"{HERE}/cambio"
NOBODY = "nadie"
HOUR = timedelta(hours=1)
USUAL = 8 * HOUR


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing was done: a sentence, and who had the hours before somebody else changed them."""

    sentence: str
    before: Before | None = None
    status: int = 422


def add_turn(pages: StaffPages) -> None:
    """The form of a stretch, taking an override back, and the form of a swap."""

    async def shown_form(
        visit: Visit, typed: Mapping[str, str], trouble: Trouble | None
    ) -> Response:
        async with visit.database.read() as session:
            rotas, _absent = await week.rotas(session, visit.member)
            people = await week.able(session, visit.member)
            about = _stretch(typed, rotas, visit)
            held: tuple[Shift, ...] = ()
            kept: tuple[Kept, ...] = ()
            if about is not None:
                where = (about.rota_id, about.starts, about.ends)
                held = await week.held_by(session, visit.member, *where)
                kept = await overrides.touching(session, visit.member, *where)
            next_up = await _next_up(session, visit, about, held)
        seen = "" if about is None else str(Before(about, held))
        if trouble is not None and trouble.before is None and read_before(visit.form["seen"]):
            # A fault shows nothing of what somebody else has changed meanwhile.
            seen = visit.form["seen"]
        return visit.page(
            "roster/turn.html",
            status=200 if trouble is None else trouble.status,
            rotas=rotas,
            people=_ordered(people, next_up),
            first_in_line=next_up[:1],
            about=about,
            held=held,
            kept=[one for one in kept if one.override.ends > visit.now],
            names={one.id: one.pseudonym for one in people},
            seen=seen,
            typed=typed,
            trouble=trouble,
            NOBODY=NOBODY,
            bits=Bits(visit),
        )

    @pages.get(TURN, needs=Right.PLAN_DUTY)
    async def show(visit: Visit) -> Response:
        return await shown_form(visit, _from_address(visit), None)

    @pages.post(TURN, needs=Right.PLAN_DUTY)
    async def cover(visit: Visit) -> Response:
        form, zone = visit.form, visit.member.zone
        service.allow(visit.member)
        try:
            starts = read(form["desde"], zone, form["desde_exacto"])
            ends = read(form["hasta"], zone, form["hasta_exacto"])
            rota_id = form.number("rotacion", 1, LARGEST_ID)
            if rota_id is None:
                raise Invalid(_("console.roster.choose_rota"))
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(_week_of(starts, zone))
                before = await _changed(session, visit)
                if before is None:
                    email = await _chosen(session, visit)
                    who = (rota_id, starts, ends, email, visit.now)
                    await service.cover(session, visit.member, *who)
        except Problem as problem:
            said = Trouble(visit.text(problem.key, **problem.params))
            return await shown_form(visit, _typed(form), said)
        if before is not None:
            said = Trouble(visit.text(_("console.roster.changed")), before, 409)
            return await shown_form(visit, _typed(form), said)
        return visit.go(_week_of(starts, zone), _("console.roster.covered"))

    @pages.post(f"{TURN}/quitar", needs=Right.PLAN_DUTY)
    async def uncover(visit: Visit) -> Response:
        override_id = visit.form.number("excepcion", 1, LARGEST_ID)
        async with visit.database.write() as session:
            left = await overrides.uncover(session, visit.member, override_id or 0, visit.now)
        return visit.go(_week_of(left.starts, visit.member.zone), _("console.roster.uncovered"))

    async def shown_swap(visit: Visit, typed: Mapping[str, str], trouble: str) -> Response:
        async with visit.database.read() as session:
            rotas, _absent = await week.rotas(session, visit.member)
            people = await week.able(session, visit.member)
        return visit.page(
            "roster/swap.html",
            status=422 if trouble else 200,
            rotas=rotas,
            people=people,
            typed=typed,
            trouble=trouble,
            bits=Bits(visit),
        )

    @pages.get(SWAP, needs=Right.PLAN_DUTY)
    async def show_swap(visit: Visit) -> Response:
        return await shown_swap(visit, _from_address(visit, 7 * DAY), "")

    @pages.post(SWAP, needs=Right.PLAN_DUTY)
    async def swap(visit: Visit) -> Response:
        form, zone = visit.form, visit.member.zone
        service.allow(visit.member)
        try:
            starts = read(form["desde"], zone, form["desde_exacto"])
            ends = read(form["hasta"], zone, form["hasta_exacto"])
            rota_id = form.number("rotacion", 1, LARGEST_ID)
            if rota_id is None:
                raise Invalid(_("console.roster.choose_rota"))
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(_week_of(starts, zone))
                one = await _email(session, visit, form["una"])
                other = await _email(session, visit, form["otra"])
                among = (rota_id, one, other, starts, ends, visit.now)
                count = await service.swap(session, visit.member, *among)
        except Problem as problem:
            key = problem.key
            if key == "roster.swap_alone":
                key = _("console.roster.swap_alone")
            return await shown_swap(visit, _typed(form), visit.text(key, **problem.params))
        return visit.go(_week_of(starts, zone), _("console.roster.swapped"), count=count)


def _from_address(visit: Visit, usual: timedelta = USUAL) -> Mapping[str, str]:
    """What a form begins with: hours that a link names, else those from the next whole one on."""
    zone = visit.member.zone
    next_hour = visit.now.replace(minute=0, second=0, microsecond=0) + HOUR
    asked = visit.query("desde"), visit.query("hasta")
    try:
        starts, ends = read(asked[0], zone), read(asked[1], zone)
    except Invalid:
        starts, ends = next_hour, next_hour + usual
    return {
        "rotacion": visit.query("rotacion"),
        "quien": visit.query("persona"),
        "una": visit.query("una"),
        "otra": visit.query("otra"),
        "desde": shown(starts, zone),
        "hasta": shown(ends, zone),
        "desde_exacto": exact(starts),
        "hasta_exacto": exact(ends),
    }


_FIELDS = ("rotacion", "quien", "una", "otra", "desde", "hasta", "desde_exacto", "hasta_exacto")


def _typed(form: Form) -> Mapping[str, str]:
    """What was typed, "" for what was left out."""
    return {name: form[name] for name in _FIELDS}


def _stretch(typed: Mapping[str, str], rotas: Sequence[Rota], visit: Visit) -> Stretch | None:
    """The hours that a form is about, if they can be read; without a rota it is of the first."""
    zone = visit.member.zone
    try:
        starts = read(typed.get("desde", ""), zone, typed.get("desde_exacto", ""))
        ends = read(typed.get("hasta", ""), zone, typed.get("hasta_exacto", ""))
    except Invalid:
        return None
    wanted = typed.get("rotacion", "")
    chosen = next((one for one in rotas if str(one.id) == wanted), None)
    if chosen is None and rotas:
        chosen = rotas[0]
    if chosen is None or not starts < ends <= starts + week.EXPORTED:
        return None
    return Stretch(chosen.id, starts, ends)


async def _next_up(
    session: Session, visit: Visit, about: Stretch | None, held: Sequence[Shift]
) -> tuple[int, ...]:
    """Who would take these hours over, the best first."""
    if about is None:
        return ()
    member_id = held[0].member_id if held else 0
    shift = Shift(about.rota_id, member_id, about.starts, about.ends)
    return await week.next_in_line(session, visit.member, shift)


def _ordered(people: Sequence[Member], first: Sequence[int]) -> list[Member]:
    place = {id_: number for number, id_ in enumerate(first)}
    return sorted(people, key=lambda one: (place.get(one.id, len(place)), one.pseudonym))


async def _changed(session: Session, visit: Visit) -> Before | None:
    """Who had the hours that the form showed, when somebody else has changed them since."""
    before = read_before(visit.form["seen"])
    if before is None:
        return None
    about = before.stretch
    now = await week.held_by(session, visit.member, about.rota_id, about.starts, about.ends)
    return None if str(Before(about, now)) == str(before) else before


async def _chosen(session: Session, visit: Visit) -> str | None:
    """The e-mail of who was chosen; None is nobody. Invalid when nothing was."""
    if visit.form["quien"] == NOBODY:
        return None
    return await _email(session, visit, visit.form["quien"])


async def _email(session: Session, visit: Visit, typed: str) -> str:
    if not typed:
        raise Invalid(_("console.roster.choose_person"))
    for one in await week.able(session, visit.member):
        if str(one.id) == typed:
            return one.email
    raise NotFound(_("staff.unknown"))


def _week_of(at: datetime, zone: str) -> str:
    day = at.astimezone(ZoneInfo(zone)).date()
    return f"{HERE}?semana={week_name(day - day.weekday() * DAY)}"
