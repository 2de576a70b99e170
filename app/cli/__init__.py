"""The command line: `tequio …`."""

import asyncio

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.cli import campaigns, cases, contacts, directory, inbox, staff
from app.cli.frame import JSON, DatabaseUnreachable, Desk, complain, fail, perform, say, screen
from app.doctor import doctor
from app.logs import set_up_logs
from app.settings import SettingsError, load_settings
from db.migrate import is_current
from kit.errors import Problem
from locales.text import _

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(staff.cli, name="staff", help="People who work here.")
cli.add_typer(contacts.cli, name="contacts", help="People we can write to.")
cli.add_typer(campaigns.cli, name="campaigns", help="Campaigns, from a file to a report.")
cli.add_typer(cases.cli, name="cases", help="Calls for help.")
cli.add_typer(inbox.cli, name="inbox", help="What waits for a person.")
cli.add_typer(directory.cli, name="directory", help="Emergency contacts.")
db = typer.Typer(no_args_is_help=True)
cli.add_typer(db, name="db", help="The database.")
cli.command("doctor")(doctor)


@cli.command()
def run() -> None:
    """Run every role in one process."""
    # Here, because the bots' libraries take seconds to load and no other command needs them.
    from app.run import run as run_platform

    set_up_logs()
    try:
        settings = load_settings()
    except SettingsError as error:
        for line in error.lines:
            complain(line)
        raise typer.Exit(1) from None
    try:
        asyncio.run(run_platform(settings))
    except Problem as problem:
        fail(problem, as_json=False)
    except (SQLAlchemyError, OSError):
        fail(DatabaseUnreachable(_("cli.database_unreachable")), as_json=False)


@db.command()
def upgrade(as_json: bool = JSON) -> None:
    """Bring the database to the newest schema."""

    async def work(desk: Desk) -> bool:
        # Opening it for a command has done it.
        return await is_current(desk.database)

    perform(
        work,
        as_json=as_json,
        document=lambda current: {"current": current},
        show=lambda current: screen.print(say(_("cli.upgraded"))),
    )


def main() -> None:
    """The console script."""
    cli(prog_name="tequio")
