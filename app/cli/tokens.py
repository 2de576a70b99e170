"""`tequio tokens`: what other programs may do through the API."""

from collections.abc import Sequence
from datetime import datetime

import typer
from rich.table import Table
from rich.text import Text

from app.cli.frame import JSON, Desk, perform, say, screen
from kit import wall
from kit.clock import Clock
from kit.errors import Refused
from kit.zones import OAXACA
from locales.text import _
from staff import service as staff_service
from staff import tokens
from staff.tokens import LONGEST_LIFE, USUAL_LIFE, Scope, Token

cli = typer.Typer(no_args_is_help=True)

LARGEST_ID = 2**63 - 1
AS = typer.Option(..., "--as", help="E-mail of who does it; the token acts in this name.")

COLUMNS = (
    _("cli.tokens.id"),
    _("cli.tokens.name"),
    _("cli.tokens.scopes"),
    _("cli.tokens.member"),
    _("cli.tokens.expires"),
)


@cli.callback()
def tokens_() -> None:
    """What other programs may do through the API."""


@cli.command()
def create(
    name: str = typer.Option(..., help="What it is for."),
    scopes: str = typer.Option(..., help=f"Some of {', '.join(Scope)}, with commas between."),
    email: str = AS,
    days: int = typer.Option(USUAL_LIFE, min=1, max=LONGEST_LIFE, help="How long it is good for."),
    as_json: bool = JSON,
) -> None:
    """Make a token; it is shown this once."""

    async def work(desk: Desk) -> tuple[Token, str]:
        wanted = tokens.read_scopes(scopes)
        async with desk.database.write() as session:
            member = await staff_service.find(session, email)
            if not member.active:
                raise Refused(_("staff.not_allowed"))
            return await tokens.create(session, name, wanted, member, desk.clock.now(), days)

    perform(
        work,
        as_json=as_json,
        document=lambda made: _document(made[0], Clock().now()) | {"token": made[1]},
        show=_print_made,
    )


@cli.command("list")
def list_(
    everything: bool = typer.Option(False, "--all", help="Those that open nothing, too."),
    as_json: bool = JSON,
) -> None:
    """Every token, without its secret."""

    async def work(desk: Desk) -> Sequence[Token]:
        now = desk.clock.now()
        async with desk.database.read() as session:
            found = await tokens.all_of(session)
        return [one for one in found if everything or one.is_live(now)]

    perform(
        work,
        as_json=as_json,
        document=lambda found: [_document(one, Clock().now()) for one in found],
        show=_print_all,
    )


@cli.command()
def revoke(
    token_id: int = typer.Argument(..., min=1, max=LARGEST_ID, help="The number of the token."),
    email: str = typer.Option(..., "--as", help="E-mail of who does it."),
    as_json: bool = JSON,
) -> None:
    """Let a token open nothing any more, from now on."""

    async def work(desk: Desk) -> Token:
        async with desk.database.write() as session:
            member = await staff_service.find(session, email)
            return await tokens.revoke(session, token_id, member, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda ended: _document(ended, Clock().now()),
        show=lambda ended: screen.print(say(_("cli.tokens.revoked"), id=ended.id)),
    )


def _document(token: Token, now: datetime) -> dict[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "member": token.member_id,
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "revoked_at": None if token.revoked_at is None else token.revoked_at.isoformat(),
        "live": token.is_live(now),
    }


def _print_made(made: tuple[Token, str]) -> None:
    token, written = made
    screen.print(written, markup=False, highlight=False, soft_wrap=True)
    screen.print(say(_("cli.tokens.created"), id=token.id, day=_day(token.expires_at)))


def _print_all(found: Sequence[Token]) -> None:
    table = Table(*(say(column) for column in COLUMNS))
    for one in found:
        day = say(_("cli.tokens.over")) if one.revoked_at else _day(one.expires_at)
        scopes = "\n".join(sorted(one.scopes))
        table.add_row(str(one.id), Text(one.name), scopes, str(one.member_id), day)
    screen.print(table)


def _day(at: datetime) -> str:
    return wall.shown(at, OAXACA).strftime("%Y-%m-%d")
