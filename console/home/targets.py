"""`/cobertura`: coverage in full for a year, and the targets of each year."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Response

from alerts.coverage import service
from alerts.coverage.tries import day_of
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.frame.words import language_name
from console.home import words
from console.home.start import bars
from contacts.coverage.model import DIAGNOSIS, FIRST_YEAR, LAST_YEAR, MOST_PEOPLE, Target
from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff.model import Right

HERE = "/cobertura"
BACK = 3
"""Years before this one that the page offers."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a target was not set: a sentence, and the field that it is about."""

    sentence: str
    field: str = ""


def add_targets(pages: StaffPages) -> None:
    """The page, and setting and taking away targets."""

    async def shown(visit: Visit, trouble: Trouble | None = None, status: int = 200) -> Response:
        this_year = day_of(visit.now).year
        year = _year(visit, this_year)
        async with visit.database.read() as session:
            coverage = await service.coverage(session, visit.member, visit.now, year)
            targets = await service.targets(session, visit.member)
        subscribed, attended = coverage.subscribed, coverage.attended
        population = words.named(words.POPULATIONS)
        return visit.page(
            "home/coverage.html",
            status=status,
            coverage=coverage,
            year=year,
            years=range(this_year, this_year - BACK - 1, -1),
            this_year=this_year,
            targets=targets,
            diagnosis=DIAGNOSIS,
            seen=seen(targets),
            typed=visit.form,
            trouble=trouble,
            first=FIRST_YEAR,
            last=LAST_YEAR,
            most_people=MOST_PEOPLE,
            months=[words.month_name(number, visit.language) for number in range(1, 13)],
            of_subscribed=(
                (
                    _("console.coverage.by_population"),
                    bars(subscribed.populations, population, visit),
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
                (
                    _("console.coverage.by_relation"),
                    bars(subscribed.relations, words.named(words.RELATIONS), visit),
                ),
                (
                    _("console.coverage.by_language"),
                    bars(subscribed.languages, language_name, visit),
                ),
                (
                    _("console.coverage.by_channel"),
                    bars(subscribed.channels, words.named(words.CHANNELS), visit),
                ),
            ),
            of_attended=(
                (
                    _("console.coverage.by_service"),
                    bars(attended.given, words.named(words.GIVEN), visit),
                ),
                (_("console.coverage.by_region"), bars(attended.regions, words.region_name, visit)),
                (
                    _("console.coverage.by_population"),
                    bars(attended.populations, words.named(_SAID), visit),
                ),
                (
                    _("console.coverage.by_sex"),
                    bars(attended.sexes, words.named(words.SEXES), visit),
                ),
            ),
        )

    @pages.get(HERE, needs=Right.SEE_FIGURES)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(f"{HERE}/metas", needs=Right.SET_TARGETS)
    async def set_target(visit: Visit) -> Response:
        form, name = visit.form, "year"
        try:
            year = form.number("year", FIRST_YEAR, LAST_YEAR)
            name = "population"
            population = form.number("population", 1, MOST_PEOPLE)
            name = "attended"
            attended = form.number("attended", 1, MOST_PEOPLE)
        except Invalid as problem:
            said = visit.text(problem.key, **problem.params)
            return await shown(visit, Trouble(said, name), 422)
        if year is None or population is None or attended is None:
            said = visit.text(_("console.coverage.all_three"))
            return await shown(visit, Trouble(said), 422)
        async with visit.database.write() as session:
            stale = await _changed(session, visit, year)
            if not stale:
                await service.set_target(
                    session, visit.member, year, population, attended, visit.now
                )
        if stale:
            return await shown(visit, Trouble(stale), 409)
        return visit.go(HERE, _("console.coverage.target_set"), year=year)

    @pages.post(f"{HERE}/metas/quitar", needs=Right.SET_TARGETS)
    async def drop_target(visit: Visit) -> Response:
        year = visit.form.number("year", FIRST_YEAR, LAST_YEAR)
        async with visit.database.write() as session:
            await service.drop_target(session, visit.member, year or 0, visit.now)
        return visit.go(HERE, _("console.coverage.target_dropped"), year=year)


_SAID = {**words.POPULATIONS, "": _("console.coverage.not_said")}


def seen(targets: Sequence[Target]) -> str:
    """What the page showed of the targets, for the form to bring back."""
    return ";".join(f"{one.year}:{one.population}:{one.attended}" for one in targets)


async def _changed(session: Session, visit: Visit, year: int) -> str:
    """A sentence when somebody else has set this year meanwhile, with what they set."""
    now = {one.year: one for one in await service.targets(session, visit.member)}.get(year)
    then = {one.partition(":")[0]: one for one in visit.form["seen"].split(";")}.get(str(year))
    if now is None or seen((now,)) == then:
        return ""
    return visit.text(
        _("console.coverage.set_meanwhile"),
        year=year,
        population=f"{now.population:,}",
        attended=f"{now.attended:,}",
    )


def _year(visit: Visit, this_year: int) -> int:
    typed = visit.query("ano")
    years = [str(year) for year in range(this_year - BACK, this_year + 1)]
    return int(typed) if typed in years else this_year
