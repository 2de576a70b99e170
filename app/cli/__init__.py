"""The command line: `tequio …`."""

import typer

from app.cli import (
    audiences,
    audit,
    campaigns,
    cases,
    contacts,
    directory,
    drills,
    inbox,
    jobs,
    policies,
    processes,
    roster,
    staff,
    texts,
    tokens,
)
from app.cli.coverage import coverage as coverage_
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.people import people_cli
from app.cli.referrals import referrals_cli
from app.doctor import doctor
from app.store import make_job_tables
from db.migrate import is_current
from locales.text import _

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(processes.cli)
cli.add_typer(staff.cli, name="staff", help="People who work here.")
cli.add_typer(audit.cli, name="audit", help="Who saw or did what.")
cli.add_typer(contacts.cli, name="contacts", help="People we can write to.")
cli.add_typer(campaigns.cli, name="campaigns", help="Campaigns, from a file to a report.")
cli.add_typer(audiences.cli, name="audiences", help="Audiences that are kept under a name.")
cli.add_typer(texts.cli, name="texts", help="What the bot says, and how staff word it anew.")
cli.add_typer(tokens.cli, name="tokens", help="What other programs may do through the API.")
cli.add_typer(cases.cli, name="cases", help="Calls for help.")
cli.add_typer(roster.cli, name="roster", help="Who is on duty, and when.")
cli.add_typer(policies.cli, name="policies", help="Who is called for which case.")
cli.add_typer(people_cli, name="people", help="The people of a case.")
cli.add_typer(referrals_cli, name="referrals", help="Who else helps in a case.")
cli.add_typer(drills.cli, name="drill", help="Exercises, and how fast each step was.")
cli.add_typer(inbox.cli, name="inbox", help="What waits for a person.")
cli.add_typer(directory.cli, name="directory", help="Emergency contacts.")
cli.add_typer(jobs.cli, name="jobs", help="Work of the separate processes.")
db = typer.Typer(no_args_is_help=True)
cli.add_typer(db, name="db", help="The database.")
cli.command("doctor")(doctor)
cli.command("coverage")(coverage_)


@db.command()
def upgrade(as_json: bool = JSON) -> None:
    """Bring the database to the newest schema."""

    async def work(desk: Desk) -> bool:
        # Opening it for a command has done the rest.
        await make_job_tables(desk.settings)
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
