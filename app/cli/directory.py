"""`tequio directory`: emergency contacts, their sources, and who has called them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from app.cli import importing
from app.cli.frame import JSON, Desk, perform, say, screen
from contacts.import_report import ImportReport
from directory import rules, service
from directory.importing import import_before_or_after_first, load_first
from directory.model import EmergencyContact
from locales.text import _
from staff.model import Right
from staff.service import acting

cli = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, and whether the public may see it today."""

    contact: EmergencyContact
    shown: bool

    def document(self) -> dict[str, object]:
        """What `--json` prints of it."""
        contact, entry = self.contact, self.contact.entry
        return {
            "id": contact.id,
            "kind": entry.kind,
            "name": entry.name,
            "country": entry.country,
            "state": entry.state,
            "city": entry.city,
            "phone": entry.phone,
            "source": entry.source,
            "source_date": entry.source_date,
            "official": contact.official,
            "verified": contact.verified,
            "checked_by": contact.checked_by,
            "checked_at": None if contact.checked_at is None else contact.checked_at.isoformat(),
            "shown": self.shown,
        }


FILE = typer.Argument(..., metavar="FILE.csv", help="CSV in UTF-8, as the one in data/.")


@cli.command("import")
def import_(path: Path = FILE, as_json: bool = JSON) -> None:
    """Bring in numbers with their sources. Those that were verified stay verified."""

    async def work(desk: Desk) -> ImportReport:
        with importing.bar(path, hidden=as_json) as progress:
            return await import_before_or_after_first(desk.database, path, progress)

    perform(work, as_json=as_json, document=importing.document, show=importing.show)


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """Every number, and whether the public may see it."""

    async def work(desk: Desk) -> Sequence[Line]:
        await load_first(desk.database)
        today = desk.clock.now().date()
        async with desk.database.read() as session:
            contacts = await service.listed(session)
        return [Line(contact, rules.shown(contact, today)) for contact in contacts]

    perform(
        work,
        as_json=as_json,
        document=lambda lines: [line.document() for line in lines],
        show=_print,
    )


@cli.command()
def verify(
    contact_id: int = typer.Argument(..., metavar="ID", help="As in `directory list`."),
    email: str = typer.Option(..., "--as", help="E-mail of who has called the number."),
    as_json: bool = JSON,
) -> None:
    """Vouch for a number that you have called."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            member = await acting(session, email, Right.VERIFY_DIRECTORY)
            await service.verify(session, contact_id, member, desk.clock.now())
        return contact_id

    perform(
        work,
        as_json=as_json,
        document=lambda verified: {"id": verified, "verified": True},
        show=lambda verified: screen.print(say(_("cli.directory.verified"), id=verified)),
    )


def _print(lines: Sequence[Line]) -> None:
    keys = (_("cli.directory.id"), _("cli.directory.place"), _("cli.directory.name"))
    more = (_("cli.directory.phone"), _("cli.directory.source_date"), _("cli.directory.state"))
    table = Table(*(say(key) for key in (*keys, *more)))
    for line in lines:
        entry = line.contact.entry
        place = ", ".join(part for part in (entry.city, entry.state, entry.country) if part)
        state = say(_state(line))
        row = (str(line.contact.id), place, entry.name, entry.phone, entry.source_date, state)
        table.add_row(*(Text(cell) for cell in row))
    screen.print(table)


def _state(line: Line) -> str:
    if line.contact.verified:
        return _("cli.directory.is_verified")
    return _("cli.directory.is_shown") if line.shown else _("cli.directory.is_not_shown")
