"""`tequio staff`."""

import secrets

import typer

from app.cli.frame import JSON, Desk, perform, say, screen
from contacts.phones import normalise
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from locales.text import _
from staff import service
from staff.model import Role

cli = typer.Typer(no_args_is_help=True)


@cli.callback()
def staff() -> None:
    """People who work here."""


@cli.command()
def add(
    name: str = typer.Option(..., help="Name; the public never sees it."),
    email: str = typer.Option(..., help="E-mail to sign with."),
    role: Role = typer.Option(..., help="What they are here for."),
    phone: str = typer.Option("", help="Phone for pages, in E.164 or as dialled in Mexico."),
    telegram: str = typer.Option("", help="Telegram chat id for pages."),
    as_json: bool = JSON,
) -> None:
    """Take somebody on."""

    async def work(desk: Desk) -> int:
        endpoints = endpoints_of(phone, telegram)
        async with desk.database.write() as session:
            return await service.add(
                session,
                name=name,
                email=email,
                role=role,
                endpoints=endpoints,
                now=desk.clock.now(),
                pick=secrets.randbelow,
            )

    perform(
        work,
        as_json=as_json,
        document=lambda member_id: {"id": member_id},
        show=lambda member_id: screen.print(say(_("cli.staff_added"), id=member_id)),
    )


def endpoints_of(phone: str, telegram: str) -> list[Endpoint]:
    """The ways to page somebody, Telegram first because it costs nothing and rings at once."""
    found: list[Endpoint] = []
    if telegram:
        if not telegram.lstrip("-").isdigit() or not telegram.isascii():
            raise Invalid(_("staff.telegram_wrong"))
        found.append(Endpoint(Channel.TELEGRAM, str(int(telegram))))
    if phone:
        number = normalise(phone, "MX")
        if number is None:
            raise Invalid(_("staff.phone_wrong"))
        found.append(Endpoint(Channel.SMS, number))
    return found
