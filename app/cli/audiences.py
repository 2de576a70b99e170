"""`tequio audiences`: audiences that are kept under a name."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.table import Table
from rich.text import Text

from app.cli.frame import JSON, Desk, perform, say, screen
from campaigns.audience import audiences
from campaigns.audience.audiences import SavedAudience
from campaigns.audience.language import parse, written
from locales.text import _
from staff import service as staff_service
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)

NAME = typer.Argument(..., help="Lower-case letters, digits and hyphens: mixteca-us")
EXPR = typer.Argument(..., metavar="EXPR", help="Whom: region:mixteca and country:US")
AS = typer.Option(..., "--as", help="E-mail of who does it.")

COLUMNS = (
    _("cli.audiences.name"),
    _("cli.audiences.expression"),
    _("cli.audiences.changed"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved audience, and what it says with all that it names looked up."""

    saved: SavedAudience
    whole: str


@cli.callback()
def audiences_() -> None:
    """Audiences that are kept under a name."""


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """Every saved audience."""

    async def work(desk: Desk) -> Sequence[SavedAudience]:
        async with desk.database.read() as session:
            return await audiences.all_of(session)

    perform(
        work,
        as_json=as_json,
        document=lambda found: [_document(one) for one in found],
        show=_print_all,
    )


@cli.command()
def save(name: str = NAME, expression: str = EXPR, email: str = AS, as_json: bool = JSON) -> None:
    """Keep an audience under a name, in the place of what the name stood for."""

    async def work(desk: Desk) -> SavedAudience:
        async with desk.database.write() as session:
            author = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
            return await audiences.save(session, name, expression, author, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=_document,
        show=lambda saved: screen.print(say(_("cli.audiences.saved"), name=saved.name)),
    )


@cli.command()
def show(name: str = NAME, as_json: bool = JSON) -> None:
    """What a saved audience says, also with the others that it names in their places."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.read() as session:
            saved = await audiences.get(session, name)
            inside = (saved.name,)
            whole = await audiences.expanded(session, parse(saved.expression), inside=inside)
            return Shown(saved, written(whole))

    perform(
        work,
        as_json=as_json,
        document=lambda shown: _document(shown.saved) | {"expanded": shown.whole},
        show=_print,
    )


@cli.command()
def remove(name: str = NAME, email: str = AS, as_json: bool = JSON) -> None:
    """Forget a saved audience that nothing names any more."""

    async def work(desk: Desk) -> SavedAudience:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
            saved = await audiences.get(session, name)
            await audiences.remove(session, saved.name, member, desk.clock.now())
            return saved

    perform(
        work,
        as_json=as_json,
        document=lambda saved: {"removed": saved.name},
        show=lambda saved: screen.print(say(_("cli.audiences.removed"), name=saved.name)),
    )


def _document(saved: SavedAudience) -> dict[str, object]:
    """What `--json` prints of one."""
    return {
        "name": saved.name,
        "expression": saved.expression,
        "created_at": saved.created_at.isoformat(),
        "changed_at": saved.changed_at.isoformat(),
    }


def _print_all(found: Sequence[SavedAudience]) -> None:
    if not found:
        screen.print(say(_("cli.audiences.none")))
        return
    table = Table(*(say(column) for column in COLUMNS))
    for one in found:
        table.add_row(one.name, Text(one.expression), f"{one.changed_at:%Y-%m-%d}")
    screen.print(table)


def _print(shown: Shown) -> None:
    _print_all([shown.saved])
    if shown.whole != shown.saved.expression:
        screen.print(shown.whole, markup=False, highlight=False)
