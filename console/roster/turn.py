"""`/guardias/turno`: who is on duty in a stretch of time, whatever the rota says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response

from alerts.shifts import overrides, service, week
from alerts.shifts.overrides import Kept
from alerts.shifts.rota import Rota, Shift
from console.frame.pages import StaffPages
from console.frame.problems import status_of
from console.frame.visit import LARGEST_ID, Visit
from console.roster.asking import HOUR, email_of, from_address, stretch_of, typed_in, week_of
from console.roster.before import Before, Stretch, read_before
from console.roster.bits import HERE, Bits
from console.roster.clocks import read
from db.session import Session
from kit.errors import Invalid, NotFound, Problem
from locales.text import _
from staff.model import Member, Right
from staff.signin.forms import once

TURN = f"{HERE}/turno"
NOBODY = "nadie"
USUAL = 8 * HOUR


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing was done: a sentence, and who had the hours before somebody else changed them."""

    sentence: str
    before: Before | None = None
    status: int = 422


def add_turn(pages: StaffPages) -> None:
    """The form of a stretch, and taking an override back."""

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
        return await shown_form(visit, from_address(visit, USUAL), None)

    @pages.post(TURN, needs=Right.PLAN_DUTY)
    async def cover(visit: Visit) -> Response:
        form = visit.form
        service.allow(visit.member)
        try:
            asked = stretch_of(visit)
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(week_of(asked.starts, visit))
                before = await _changed(session, visit)
                if before is None:
                    email = await _chosen(session, visit)
                    who = (asked.rota_id, asked.starts, asked.ends, email, visit.now)
                    await service.cover(session, visit.member, *who)
        except Problem as problem:
            said = Trouble(visit.text(problem.key, **problem.params))
            return await shown_form(visit, typed_in(form), said)
        if before is not None:
            said = Trouble(visit.text(_("console.roster.changed")), before, 409)
            return await shown_form(visit, typed_in(form), said)
        return visit.go(week_of(asked.starts, visit), _("console.roster.covered"))

    @pages.post(f"{TURN}/quitar", needs=Right.PLAN_DUTY)
    async def uncover(visit: Visit) -> Response:
        override_id = visit.form.number("excepcion", 1, LARGEST_ID)
        try:
            async with visit.database.write() as session:
                left = await overrides.uncover(session, visit.member, override_id or 0, visit.now)
        except (Invalid, NotFound) as problem:
            # Pressed twice, or a colleague was first: the hours are shown as they stand now.
            said = Trouble(visit.text(problem.key, **problem.params), status=status_of(problem))
            return await shown_form(visit, typed_in(visit.form), said)
        return visit.go(week_of(left.starts, visit), _("console.roster.uncovered"))


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
    if not wanted and rotas:
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
    return await email_of(session, visit, visit.form["quien"])
