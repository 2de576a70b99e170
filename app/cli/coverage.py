"""`tequio coverage`: who is subscribed and attended, of those whom the programme is for."""

from collections.abc import Mapping, Sequence

import typer
from rich.table import Table

from alerts.coverage import service
from alerts.coverage.tick import Counting
from app.cli.frame import JSON, Desk, perform, say, screen
from console.frame.words import language_name
from console.home import words
from console.home.words import Name
from contacts.coverage.cells import Cell
from contacts.coverage.figures import Coverage
from contacts.coverage.model import FIRST_YEAR, LAST_YEAR
from kit.wall import shown
from kit.zones import OAXACA
from locales.text import _

TABLES: Sequence[tuple[str, str, Name]] = (
    ("populations", _("console.coverage.by_population"), words.named(words.POPULATIONS)),
    ("regions", _("console.coverage.by_region"), words.region_name),
    ("countries", _("console.coverage.by_country"), words.country_name),
    ("states", _("console.coverage.by_state"), words.state_name),
    ("relations", _("console.coverage.by_relation"), words.named(words.RELATIONS)),
    ("languages", _("console.coverage.by_language"), language_name),
    ("channels", _("console.coverage.by_channel"), words.named(words.CHANNELS)),
)


def coverage(
    year: int | None = typer.Option(
        None, min=FIRST_YEAR, max=LAST_YEAR, help="Another year than this one."
    ),
    count: bool = typer.Option(False, help="Count now, and not show what was counted last."),
    as_json: bool = JSON,
) -> None:
    """Who is subscribed and attended, against the targets of a year."""

    async def work(desk: Desk) -> Coverage:
        async with desk.database.read() as session:
            found = await service.coverage(session, None, desk.clock.now(), year)
        if not count and found.counted_at is not None:
            return found
        await Counting(desk.database, desk.clock).whole()
        async with desk.database.read() as session:
            return await service.coverage(session, None, desk.clock.now(), year)

    perform(work, as_json=as_json, document=document, show=_print)


def document(found: Coverage) -> Mapping[str, object]:
    """What `--json` prints. A number that is hidden is null."""
    subscribed, attended = found.subscribed, found.attended
    return {
        "year": found.year,
        "counted_at": None if found.counted_at is None else found.counted_at.isoformat(),
        "target": {
            "year": found.target.year,
            "population": found.target.population,
            "attended": found.target.attended,
        },
        "subscribed": {
            "people": subscribed.people,
            "reached_30_days": subscribed.reached,
            "by_region": _plain(subscribed.regions),
            "by_population": _plain(subscribed.populations),
            "by_country": _plain(subscribed.countries),
            "by_state": _plain(subscribed.states),
            "by_relation": _plain(subscribed.relations),
            "by_language": _plain(subscribed.languages),
            "by_channel": _plain(subscribed.channels),
        },
        "attended": {
            "people": attended.people,
            "window": attended.window,
            "phone": attended.phone,
            "cases": attended.cases,
            "by_month": list(attended.months),
            "by_service": _plain(attended.given),
            "by_region": _plain(attended.regions),
            "by_population": _plain(attended.populations),
            "by_sex": _plain(attended.sexes),
        },
        "days": [
            {"day": one.day.isoformat(), "subscribed": one.subscribed, "attended": one.attended}
            for one in found.days
        ],
    }


def _plain(cells: Sequence[Cell]) -> dict[str, int | None]:
    return {cell.key: cell.people for cell in cells}


def _print(found: Coverage) -> None:
    at = "-" if found.counted_at is None else f"{shown(found.counted_at, OAXACA):%Y-%m-%d %H:%M}"
    screen.print(
        say(
            _("cli.coverage.subscribed"),
            people=f"{found.subscribed.people:,}",
            population=f"{found.target.population:,}",
            share=f"{found.of_population:.2%}",
            at=at,
        ),
        highlight=False,
    )
    screen.print(
        say(
            _("cli.coverage.attended"),
            people=f"{found.attended.people:,}",
            target=f"{found.target.attended:,}",
            share=f"{found.of_attended:.2%}",
            year=found.year,
        ),
        highlight=False,
    )
    screen.print(say(_("console.coverage.two_readings")), highlight=False)
    for name, title, named in TABLES:
        cells: Sequence[Cell] = getattr(found.subscribed, name)
        table = Table(title=say(title), title_justify="left")
        table.add_column(say(_("console.coverage.what")))
        table.add_column(say(_("console.coverage.people")), justify="right")
        for cell in cells:
            hidden = say(_("console.coverage.hidden"))
            table.add_row(
                named(cell.key, "es"), hidden if cell.people is None else f"{cell.people:,}"
            )
        if cells:
            screen.print(table)
    screen.print(say(_("console.coverage.why_hidden")), highlight=False)
