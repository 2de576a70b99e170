"""`/guardias`: a week of who is on duty, by the visitor's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import Response

from alerts.shifts import ical
from alerts.shifts import week as service
from alerts.shifts.load import MOST_NIGHTS, MOST_PAGES
from alerts.shifts.rota import Shift
from alerts.shifts.wall import DAY
from alerts.shifts.week import Week
from console.frame import words as frame
from console.frame.pages import StaffPages
from console.frame.visit import HEADERS, Visit
from console.roster import words
from console.roster.bits import HERE, Bits
from console.roster.clocks import exact
from console.roster.grid import Block, Is, grid, monday_of, week_name
from kit.errors import NotFound
from locales.text import _
from staff.model import Member, Right

MOST_GAPS = 3
"""Of more gaps in a week the first is told and the others are counted: the grid shows them all."""

MOST_ROWS = 12
"""Of more rotas the grid would be no picture any more: the list of each day is shown instead."""


def add_week(pages: StaffPages) -> None:
    """The week, and the calendar file."""

    @pages.get(HERE, needs=Right.SEE_ROSTER)
    async def show(visit: Visit) -> Response:
        today = visit.now.astimezone(ZoneInfo(visit.member.zone)).date()
        monday = monday_of(visit.query("semana"), today)
        if monday is None or abs(monday - today) > timedelta(days=5 * 366):
            raise NotFound(_("console.roster.no_week"))
        people: tuple[Member, ...] = ()
        async with visit.database.read() as session:
            found = await service.week(session, visit.member, monday, visit.now)
            if visit.may(Right.PLAN_DUTY):
                people = await service.able(session, visit.member)
        return visit.page(
            "roster/week.html",
            week=found,
            ahead=[one for one in found.gaps if one[1] > visit.now],
            most_gaps=MOST_GAPS,
            days=grid(found),
            today=today,
            span=words.span(monday, monday + 6 * DAY, visit.language),
            before=week_name(monday - 7 * DAY),
            after=week_name(monday + 7 * DAY),
            this_week=week_name(today - today.weekday() * DAY) == week_name(monday),
            people=people,
            most_nights=MOST_NIGHTS,
            most_pages=MOST_PAGES,
            bits=Bits(visit),
            about=About(found, visit),
            Is=Is,
            most_rows=MOST_ROWS,
        )

    @pages.get(f"{HERE}/calendario.ics", needs=Right.SEE_ROSTER)
    async def export(visit: Visit) -> Response:
        async with visit.database.read() as session:
            rota_id = None
            if typed := visit.query("rotacion"):
                rotas, _absent = await service.rotas(session, visit.member)
                rota_id = next((one.id for one in rotas if str(one.id) == typed), None)
                if rota_id is None:
                    raise NotFound(_("roster.unknown"))
            shifts, rotas, names = await service.exported(
                session, visit.member, visit.now, rota_id, mine=visit.query("de") == "mi"
            )
        disposition = {"Content-Disposition": 'attachment; filename="guardias.ics"'}
        return Response(
            ical.write(shifts, rotas, names, visit.now),
            media_type="text/calendar; charset=utf-8",
            headers={**HEADERS, **disposition},
        )


@dataclass(frozen=True, slots=True)
class About:
    """What the template asks about a block."""

    week: Week
    visit: Visit

    def rota(self, shift: Shift) -> str:
        """The name of a shift's rota."""
        return next(one.name for one in self.week.rotas if one.id == shift.rota_id)

    def name(self, shift: Shift) -> str:
        """The pseudonym of whose shift it is."""
        return self.week.names.get(shift.member_id, "–")

    def hours(self, block: Block) -> str:
        """The hours of a block on its day: "08:00 – 20:00", "hasta 08:00", "desde 20:00"."""
        zone = self.visit.member.zone
        begins = frame.clock(block.starts, zone)
        ends = frame.clock(block.ends, zone)
        if block.before and block.after:
            return self.visit.text(_("console.roster.all_day"))
        if block.before:
            return self.visit.text(_("console.roster.till"), ends=ends)
        if block.after:
            return self.visit.text(_("console.roster.since"), begins=begins)
        return self.visit.text(_("console.roster.from_to"), begins=begins, ends=ends)

    def state(self, shift: Shift) -> str:
        """Whether the answer of whose shift it is came, or is waited for; "" if nobody asked."""
        if shift in self.week.waiting:
            return "waiting"
        return "sure" if shift in self.week.sure else ""

    def link(self, starts: datetime, ends: datetime, shift: Shift | None, rota_id: int) -> str:
        """Where hours lead: to the form with them, "" for what is over, or not for this visitor.
        Of a shift it is the whole, unless that is longer than a day; 0 is any rota."""
        if shift is not None and shift.ends - shift.starts <= DAY:
            starts, ends = shift.starts, shift.ends
        if ends <= self.visit.now or not self.visit.may(Right.PLAN_DUTY):
            return ""
        chosen = f"rotacion={rota_id}&" if rota_id else ""
        since = exact(max(starts, self.visit.now))
        return f"{HERE}/turno?{chosen}desde={since}&hasta={exact(ends)}"
