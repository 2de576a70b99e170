"""`tequio contacts`: bring people in from a file, count an audience, and do right by one person.

Nobody is looked up by a number here: it would stay in the history of the shell.
"""

from collections.abc import Mapping
from pathlib import Path

import typer
from rich.table import Table

from alerts.rights import export as taken_out
from alerts.rights import fulfil, register
from alerts.rights.fulfil import Asked
from alerts.rights.person import Person, opened
from alerts.rights.register import Standing
from app.cli import contact_screens as screens
from app.cli import importing
from app.cli.campaign_screens import EXCLUSIONS
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.names import channel_name
from campaigns.audience.counting import UNKNOWN, Count
from campaigns.audience.counting import count as count_audience
from console.contacts.campaigns import campaigns_of
from contacts.gazetteer import load_gazetteer
from contacts.import_report import ImportReport
from contacts.importing import Import
from contacts.rights.model import Identity, Way
from delivery.model import Skip
from kit.channels import WRITTEN, Channel
from kit.errors import Invalid
from locales.text import _
from staff import service as staff
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)

MOST_ID = 2**53

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


AS = typer.Option(..., "--as", help="E-mail of who does it.")
WHO = typer.Argument(..., metavar="ID", min=1, max=MOST_ID, help="Number of the person.")
IDENTITY = typer.Option(..., help="How it was checked who they are.")
WAY = typer.Option(Way.WINDOW, help="How they asked for it.")


@cli.command()
def show(contact_id: int = WHO, email: str = AS, as_json: bool = JSON) -> None:
    """What is held of one person, numbers covered. It is audited."""

    async def work(desk: Desk) -> Person:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.SEE_CONTACTS)
            return await opened(session, member, contact_id, desk.clock.now())

    perform(work, as_json=as_json, document=screens.person, show=screens.show_person)


@cli.command()
def export(
    contact_id: int = WHO,
    email: str = AS,
    identity: Identity = IDENTITY,
    way: Way = WAY,
    out: Path = typer.Option(..., "--out", help="Where the copy is written: FILE.json."),
    as_json: bool = JSON,
) -> None:
    """Write the copy of all that is held of a person, for them: their whole numbers are in it."""

    async def work(desk: Desk) -> Path:
        now = desk.clock.now()
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.CHANGE_CONTACTS)
            asked = Asked(identity, way)
            found = await taken_out.export(session, member, contact_id, asked, now)
        async with desk.database.read() as session:
            of_campaigns = await campaigns_of(session, member, contact_id)
        screens.write_copy(out, found, of_campaigns, desk.settings.institute_name, now)
        return out

    perform(
        work,
        as_json=as_json,
        document=lambda path: {"file": str(path)},
        show=lambda path: screen.print(say(_("cli.contacts.copied"), file=path)),
    )


@cli.command()
def stop(
    contact_id: int = WHO,
    email: str = AS,
    words: str = typer.Option(..., help="In which words they said no."),
    channel: list[Channel] | None = typer.Option(None, help="On which; on all without it."),
    way: Way = WAY,
    as_json: bool = JSON,
) -> None:
    """Send a person no campaign any more, because they said no."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.CHANGE_CONTACTS)
            now, on = desk.clock.now(), channel or list(WRITTEN)
            return await fulfil.oppose(session, member, contact_id, on, words, way, now)

    perform(
        work,
        as_json=as_json,
        document=lambda stopped: {"stopped": stopped},
        show=lambda stopped: screen.print(say(_("cli.contacts.stopped"), count=stopped)),
    )


@cli.command()
def erase(
    contact_id: int = WHO,
    email: str = AS,
    identity: Identity = IDENTITY,
    way: Way = WAY,
    sure: bool = typer.Option(False, "--yes", help="It cannot be undone."),
    as_json: bool = JSON,
) -> None:
    """Forget a person at their wish. Cases are not erased, and their no outlives them."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.CHANGE_CONTACTS)
            if not sure:
                raise Invalid(_("cli.contacts.say_yes"))
            asked = Asked(identity, way)
            await fulfil.erase(session, member, contact_id, asked, desk.clock.now())
        return contact_id

    perform(
        work,
        as_json=as_json,
        document=lambda gone: {"erased": gone},
        show=lambda gone: screen.print(say(_("cli.contacts.erased"), id=gone)),
    )


@cli.command()
def requests(email: str = AS, as_json: bool = JSON) -> None:
    """What people asked of us about their own data and is not done, what is due first in front."""

    async def work(desk: Desk) -> tuple[Standing, ...]:
        async with desk.database.read() as session:
            member = await staff.acting(session, email, Right.SEE_CONTACTS)
            return await register.waiting(session, member, desk.clock.now())

    perform(work, as_json=as_json, document=screens.requests, show=screens.show_requests)


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
