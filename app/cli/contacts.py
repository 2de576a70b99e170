"""`tequio contacts`: bring people in from a file, and count an audience."""

from pathlib import Path

import typer
from rich.table import Table

from app.cli import importing
from app.cli.frame import JSON, Desk, perform, say, screen
from campaigns.service import count as count_audience
from contacts.gazetteer import load_gazetteer
from contacts.import_report import ImportReport
from contacts.importing import Import
from locales.text import _

cli = typer.Typer(no_args_is_help=True)

FILE = typer.Argument(..., metavar="FILE.csv", help="CSV in UTF-8 with the columns of the manual.")
DRY_RUN = typer.Option(False, "--dry-run", help="Judge every row and write nothing.")


@cli.command("import")
def import_(path: Path = FILE, dry_run: bool = DRY_RUN, as_json: bool = JSON) -> None:
    """Bring in people who gave their consent; rows that cannot be used are named one by one."""

    async def work(desk: Desk) -> ImportReport:
        with importing.bar(path, hidden=as_json) as progress:
            return await Import(
                desk.database, load_gazetteer(), desk.clock.now(), dry_run, progress
            ).run(path)

    perform(
        work,
        as_json=as_json,
        document=lambda report: importing.document(report) | {"dry_run": dry_run},
        show=lambda report: importing.show(report, dry_run=dry_run),
    )


@cli.command()
def count(
    audience: str = typer.Option(..., "--audience", help="Whom: topic:fraud and country:US"),
    as_json: bool = JSON,
) -> None:
    """Count the people of an audience."""

    async def work(desk: Desk) -> dict[str, object]:
        async with desk.database.read() as session:
            return await count_audience(session, audience)

    perform(work, as_json=as_json, document=lambda counts: counts, show=_print)


def _print(counts: dict[str, object]) -> None:
    table = Table(show_header=False)
    table.add_row(say(_("cli.count.total")), str(counts["total"]), style="bold")
    for part in (counts["by_channel"], counts["by_language"]):
        if isinstance(part, dict):
            for name, number in part.items():
                table.add_row(str(name), str(number))
    screen.print(table)
