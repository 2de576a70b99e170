"""`/inicio`: what needs me now, who is on duty, the day's numbers, and coverage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Response

from alerts.coverage import service
from alerts.coverage.tries import day_of
from alerts.shifts import here
from alerts.shifts.here import Duty
from console.cases.words import KINDS
from console.frame.pages import StaffPages
from console.frame.streams import Streams
from console.frame.visit import Visit
from console.home import words
from console.home.needs import Elsewhere, Needs, fingerprint, needs, sees
from console.home.words import Name
from contacts.coverage.cells import Cell
from contacts.coverage.model import Day
from db.session import Session
from locales.text import _
from staff.model import Right

TOP = 6
"""Rows of a ranking before one asks for all of them."""

POINTS = 10
"""Days that a trend is drawn from."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a ranking. `people` is None where the number is hidden."""

    name: str
    people: int | None


def add_start(pages: StaffPages, streams: Streams, elsewhere: Elsewhere) -> None:
    """`/inicio` and the part of it that changes by itself."""

    @pages.get("/inicio", needs=None)
    async def start(visit: Visit) -> Response:
        sees_figures = visit.may(Right.SEE_FIGURES)
        async with visit.database.read() as session:
            waiting = await needs(session, visit.member, elsewhere, visit.now)
            duty = await _duty(session, visit)
            today = await service.today(session, visit.member, visit.now) if sees_figures else None
            coverage = (
                await service.coverage(session, visit.member, visit.now) if sees_figures else None
            )
        subscribed = None if coverage is None else coverage.subscribed
        return visit.page(
            "home/home.html",
            needs=await _with_alarms(waiting, visit, elsewhere),
            kinds=KINDS,
            duty=duty,
            today=today,
            most_counted=service.MOST,
            on=day_of(visit.now),
            coverage=coverage,
            rankings=()
            if subscribed is None
            else (
                (
                    _("console.coverage.by_population"),
                    bars(subscribed.populations, _POPULATION, visit),
                ),
                (
                    _("console.coverage.by_region"),
                    bars(subscribed.regions, words.region_name, visit),
                ),
                (
                    _("console.coverage.by_country"),
                    bars(subscribed.countries, words.country_name, visit),
                ),
                (_("console.coverage.by_state"), bars(subscribed.states, words.state_name, visit)),
            ),
            top=TOP,
            short_day=lambda on: words.short_day(on, visit.language),
            trend=() if coverage is None else thinned(coverage.days, POINTS),
        )

    @pages.get("/inicio/ahora", needs=None)
    async def now(visit: Visit) -> Response:
        async with visit.database.read() as session:
            waiting = await needs(session, visit.member, elsewhere, visit.now)
        shown = await _with_alarms(waiting, visit, elsewhere)
        return visit.page("home/needs.html", needs=shown, kinds=KINDS)

    @pages.get("/inicio/eventos", needs=None)
    async def events(visit: Visit) -> Response:
        member = visit.member

        async def look(session: Session) -> str:
            return await fingerprint(session, member, elsewhere)

        # Shared by those who may see the same.
        return streams.answer(visit, f"home:{sees(member)}", look)


_POPULATION = words.named(words.POPULATIONS)


def bars(cells: Sequence[Cell], name: Name, visit: Visit) -> tuple[Bar, ...]:
    """Cells as rows of a ranking, in the visitor's language."""
    return tuple(Bar(name(cell.key, visit.language), cell.people) for cell in cells)


def thinned(days: Sequence[Day], most: int) -> tuple[Day, ...]:
    """At most so many days, about evenly apart, the last one among them."""
    if len(days) <= most:
        return tuple(days)
    last = len(days) - 1
    return tuple(days[round(place * last / (most - 1))] for place in range(most))


async def _duty(session: Session, visit: Visit) -> Duty | None:
    if not visit.may(Right.SEE_CASES):
        return None
    return await here.duty(session, visit.member, visit.now)


async def _with_alarms(waiting: Needs, visit: Visit, elsewhere: Elsewhere) -> Needs:
    """With what is wrong with the platform, for those who can do something about it."""
    if not visit.may(Right.SUPERVISE_CASES):
        return waiting
    return replace(waiting, alarms=await elsewhere.alarms.now())
