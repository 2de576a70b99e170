"""`tequio contacts`: bring people in from a file, and count an audience."""

from collections.abc import Mapping
from pathlib import Path

import typer
from rich.table import Table

from app.cli import importing
from app.cli.campaign_screens import EXCLUSIONS
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.names import channel_name
from campaigns.audience.counting import UNKNOWN, Count
from campaigns.audience.counting import count as count_audience
from contacts.gazetteer import load_gazetteer
from contacts.import_report import ImportReport
from contacts.importing import Import
from delivery.model import Skip
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

    async def work(desk: Desk) -> Count:
        async with desk.database.read() as session:
            return await count_audience(session, audience)

    perform(work, as_json=as_json, document=lambda counts: counts, show=_print)


def _print(counts: Count) -> None:
    table = Table(show_header=False)
    table.add_row(say(_("cli.count.total")), str(counts["total"]), style="bold", end_section=True)
    channels = {channel_name(code): people for code, people in counts["by_channel"].items()}
    parts = (
        (_("cli.count.by_channel"), channels),
        (_("cli.count.by_language"), counts["by_language"]),
        (_("cli.count.by_region"), counts["by_region"]),
        (_("cli.count.by_country"), counts["by_country"]),
    )
    for heading, people in parts:
        _add_part(table, heading, people)
    reasons = {say(EXCLUSIONS[Skip(why)]): people for why, people in counts["excluded"].items()}
    if reasons:
        _add_part(table, _("cli.count.excluded"), reasons)
    screen.print(table)


def _add_part(table: Table, heading: str, people: Mapping[str, int]) -> None:
    table.add_row(say(heading), style="bold")
    for name, number in people.items():
        table.add_row(say(_("cli.count.unknown")) if name == UNKNOWN else name, str(number))
    table.add_section()
