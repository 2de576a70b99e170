"""`tequio roster holiday`."""

from datetime import date

import typer

from alerts.shifts import service, store
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.roster_reading import read_day
from app.cli.roster_screens import print_holidays
from locales.text import _
from staff import service as staff_service
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)
AS = typer.Option(..., "--as", help="E-mail of who does it.")


@cli.command("add")
def holiday_add(
    day: str,
    name: str = typer.Option("", help="What is kept on it."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Make a day a holiday."""
    _change_holiday(day, name, email, as_json)


@cli.command("remove")
def holiday_remove(day: str, email: str = AS, as_json: bool = JSON) -> None:
    """Make a holiday an ordinary day."""
    _change_holiday(day, None, email, as_json)


@cli.command("list")
def holiday_list(as_json: bool = JSON) -> None:
    """All holidays."""

    async def work(desk: Desk) -> tuple[store.Holiday, ...]:
        async with desk.database.read() as session:
            return await store.holidays(session)

    perform(
        work,
        as_json=as_json,
        document=lambda days: [{"day": one.day.isoformat(), "name": one.name} for one in days],
        show=print_holidays,
    )


def _change_holiday(day: str, name: str | None, email: str, as_json: bool) -> None:
    """Make a day a holiday; no holiday without a name."""

    async def work(desk: Desk) -> date:
        found, now = read_day(day), desk.clock.now()
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            if name is None:
                await service.remove_holiday(session, by, found, now)
            else:
                await service.add_holiday(session, by, found, name, now)
            return found

    key = _("cli.roster.holiday_removed") if name is None else _("cli.roster.holiday_added")
    perform(
        work,
        as_json=as_json,
        document=lambda found: {"day": found.isoformat()},
        show=lambda found: screen.print(say(key, day=found.isoformat())),
    )
