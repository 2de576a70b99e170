"""`tequio staff`."""

import re
import secrets
from collections.abc import Sequence

import typer

from alerts import trying
from app.cli import staff_screens as screens
from app.cli.frame import JSON, Desk, perform, say, screen
from contacts.phones import normalise
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from kit.zones import OAXACA
from locales.text import _
from staff import methods as arranging
from staff import service, store
from staff.model import Member, Method, Role
from staff.reading import read_delays, read_quiet
from staff.service import Keep
from staff.signin import invitations, sessions
from staff.signin.model import Invitation, Open

cli = typer.Typer(no_args_is_help=True)

# Telegram's ids are whole numbers of at most 52 bits, those of groups below nothing.
_CHAT = re.compile(r"\s*(-?[1-9][0-9]{0,15})\s*")

WHO = typer.Argument(..., metavar="EMAIL", help="E-mail, or the id that `staff list` shows.")
PHONE = typer.Option("", help="Phone for pages, in E.164 or as dialled in Mexico.")
TELEGRAM = typer.Option("", help="Telegram chat id for pages.")
CALL = typer.Option(False, "--call", help="Page by calling the phone, too.")


@cli.callback()
def staff() -> None:
    """People who work here."""


@cli.command()
def add(
    name: str = typer.Option(..., help="Name; the public never sees it."),
    email: str = typer.Option(..., help="E-mail to sign with."),
    role: Role = typer.Option(..., help="What they are here for."),
    phone: str = PHONE,
    telegram: str = TELEGRAM,
    call: bool = CALL,
    language: list[str] = typer.Option(["es"], help="Code of a language they speak; repeatable."),
    zone: str = typer.Option(OAXACA, help="Their time zone, by its IANA name."),
    quiet: str = typer.Option("no", help="Hours without notices that can wait: 22:00-07:00."),
    as_json: bool = JSON,
) -> None:
    """Take somebody on."""

    async def work(desk: Desk) -> int:
        endpoints, hours = endpoints_of(phone, telegram, call=call), read_quiet(quiet)
        async with desk.database.write() as session:
            return await service.add(
                session,
                name=name,
                email=email,
                role=role,
                endpoints=endpoints,
                now=desk.clock.now(),
                pick=secrets.randbelow,
                languages=language,
                zone=zone,
                quiet=hours,
            )

    perform(
        work,
        as_json=as_json,
        document=lambda member_id: {"id": member_id},
        show=lambda member_id: screen.print(say(_("cli.staff_added"), id=member_id)),
    )


@cli.command("list")
def list_(
    everybody: bool = typer.Option(False, "--all", help="Those who have left, too."),
    as_json: bool = JSON,
) -> None:
    """Who works here, under their pseudonyms, and whether each way to reach them was confirmed."""

    async def work(desk: Desk) -> Sequence[Member]:
        async with desk.database.read() as session:
            return [one for one in await store.everybody(session) if one.active or everybody]

    perform(
        work,
        as_json=as_json,
        document=lambda members: [screens.document(one) for one in members],
        show=screens.print_members,
    )


@cli.command("set")
def set_(
    who: str = WHO,
    role: Role | None = typer.Option(None, help="What they are here for."),
    language: list[str] | None = typer.Option(None, help="Code of a language; repeatable."),
    zone: str | None = typer.Option(None, help="Their time zone, by its IANA name."),
    quiet: str | None = typer.Option(
        None, help="Hours without notices that can wait: 22:00-07:00, or no."
    ),
    as_json: bool = JSON,
) -> None:
    """Change role, languages, time zone or quiet hours. Pages come in quiet hours, too."""

    async def work(desk: Desk) -> Member:
        if role is None and not language and zone is None and quiet is None:
            raise Invalid(_("staff.nothing_to_change"))
        hours = Keep.AS_IT_IS if quiet is None else read_quiet(quiet)
        async with desk.database.write() as session:
            member = await service.find(session, who)
            return await service.change(
                session,
                member,
                desk.clock.now(),
                role=role,
                languages=language or None,
                zone=zone,
                quiet=hours,
            )

    perform(work, as_json=as_json, document=screens.document, show=screens.print_member)


@cli.command()
def methods(
    who: str = WHO,
    phone: str = PHONE,
    telegram: str = TELEGRAM,
    call: bool = CALL,
    remove: list[Channel] | None = typer.Option(None, help="A kind to take away; repeatable."),
    after: str = typer.Option("", help="Seconds after the page: telegram=0,sms=60,voice=180."),
    as_json: bool = JSON,
) -> None:
    """Change the ways to page somebody; what is not named stays."""

    async def work(desk: Desk) -> Member:
        if not (phone or telegram or call or remove or after.strip()):
            raise Invalid(_("staff.nothing_to_change"))
        async with desk.database.write() as session:
            member = await service.find(session, who)
            wanted = _rearranged(member, phone, telegram, call, remove or (), after)
            return await service.set_methods(session, member, wanted, desk.clock.now())

    perform(work, as_json=as_json, document=screens.document, show=screens.print_member)


@cli.command("test")
def try_(who: str = WHO, as_json: bool = JSON) -> None:
    """Send a test to each way to page somebody; an OK on it confirms it."""

    async def work(desk: Desk) -> tuple[int, int]:
        async with desk.database.write() as session:
            member = await service.find(session, who)
            now = desk.clock.now()
            queued = await trying.try_methods(session, member, now)
            await store.log(session, None, "staff.test", f"member:{member.id}", now)
            return member.id, queued

    perform(
        work,
        as_json=as_json,
        document=lambda done: {"id": done[0], "queued": done[1]},
        show=lambda done: screen.print(say(_("cli.staff_tested"), count=done[1])),
    )


@cli.command()
def deactivate(who: str = WHO, as_json: bool = JSON) -> None:
    """Somebody leaves: they are not called any more, and may do nothing."""

    async def work(desk: Desk) -> Member:
        async with desk.database.write() as session:
            member = await service.find(session, who)
            return await service.deactivate(session, member, desk.clock.now())

    perform(work, as_json=as_json, document=screens.document, show=screens.print_member)


@cli.command()
def activate(who: str = WHO, as_json: bool = JSON) -> None:
    """Somebody who left is back."""

    async def work(desk: Desk) -> Member:
        async with desk.database.write() as session:
            member = await service.find(session, who)
            return await service.activate(session, member, desk.clock.now())

    perform(work, as_json=as_json, document=screens.document, show=screens.print_member)


@cli.command()
def invite(
    who: str = WHO,
    reset_second: bool = typer.Option(
        False, "--reset-second", help="Their phone is lost: they set up a second factor anew."
    ),
    as_json: bool = JSON,
) -> None:
    """Make a link with which somebody chooses a password; it is shown this once."""

    async def work(desk: Desk) -> tuple[Invitation, str]:
        async with desk.database.write() as session:
            member = await service.find(session, who)
            now = desk.clock.now()
            made = await invitations.invite(
                session, member, now, by=None, reset_second=reset_second
            )
        return made, f"{desk.settings.base_url}{made.path}"

    perform(
        work,
        as_json=as_json,
        document=lambda made: {
            "id": made[0].id,
            "link": made[1],
            "expires_at": made[0].expires_at.isoformat(),
        },
        show=screens.print_invitation,
    )


@cli.command("sessions")
def sessions_(
    who: str = WHO,
    end: bool = typer.Option(False, "--end", help="End every one of them."),
    as_json: bool = JSON,
) -> None:
    """Where somebody is signed in; with --end they are nowhere any more."""

    async def work(desk: Desk) -> Sequence[Open]:
        now = desk.clock.now()
        async with desk.database.write() as session:
            member = await service.find(session, who)
            if end:
                await sessions.end_all(session, member.id, now)
            return await sessions.of_member(session, member, None, now)

    perform(
        work,
        as_json=as_json,
        document=lambda found: [screens.session_document(one) for one in found],
        show=screens.print_sessions,
    )


def endpoints_of(phone: str, telegram: str, *, call: bool = False) -> list[Endpoint]:
    """The ways to page somebody, Telegram first because it costs nothing and rings at once."""
    found: list[Endpoint] = []
    if telegram:
        found.append(Endpoint(Channel.TELEGRAM, _chat(telegram)))
    if phone:
        found.append(Endpoint(Channel.SMS, _number(phone)))
    if call:
        if not phone:
            raise Invalid(_("staff.call_needs_phone"))
        found.append(Endpoint(Channel.VOICE, _number(phone)))
    return found


def _rearranged(
    member: Member, phone: str, telegram: str, call: bool, remove: Sequence[Channel], after: str
) -> tuple[Method, ...]:
    """Their methods as they are to be. A new phone takes the place of the old one on calls, too."""
    delays = read_delays(after)
    wanted = arranging.removed(
        member.methods, [one for one in member.endpoints if one.channel in remove]
    )
    if telegram:
        wanted = arranging.replaced(wanted, Endpoint(Channel.TELEGRAM, _chat(telegram)))
    called = any(one.endpoint.channel is Channel.VOICE for one in wanted)
    if phone:
        wanted = arranging.replaced(wanted, Endpoint(Channel.SMS, _number(phone)))
    if call or (phone and called):
        numbers = [one.endpoint.value for one in wanted if one.endpoint.channel is Channel.SMS]
        if not numbers:
            raise Invalid(_("staff.call_needs_phone"))
        wanted = arranging.replaced(wanted, Endpoint(Channel.VOICE, numbers[0]))
    return arranging.delayed(wanted, delays)


def _chat(typed: str) -> str:
    found = _CHAT.fullmatch(typed)
    if found is None:
        raise Invalid(_("staff.telegram_wrong"))
    return found[1]


def _number(typed: str) -> str:
    number = normalise(typed, "MX")
    if number is None:
        raise Invalid(_("staff.phone_wrong"))
    return number
