"""`tequio texts`: the bot's own words, and how staff word them anew."""

from collections.abc import Awaitable, Callable, Sequence

import typer

from app.cli.frame import JSON, Desk, perform, say
from app.cli.text_screens import document, print_change, print_each, print_wordings
from campaigns.texts import service
from campaigns.texts.model import Override, Wording
from db.session import Session
from locales.text import _
from staff.model import Member, Right
from staff.service import acting

cli = typer.Typer(no_args_is_help=True)

KEY = typer.Argument(..., metavar="KEY", help="The text, as `texts list` names it.")
LANGUAGE = typer.Option(..., "--language", help="es, en, a family or an ISO 639-3 code.")
AS = typer.Option(..., "--as", help="E-mail of who does it.")

Act = Callable[[Session, Member, Desk], Awaitable[Override]]


@cli.callback()
def texts() -> None:
    """What the bot says, and how staff word it anew."""


@cli.command("list")
def list_(
    changed: bool = typer.Option(False, "--changed", help="Only those that staff have worded."),
    as_json: bool = JSON,
) -> None:
    """Every text that the public reads, in each language."""

    async def work(desk: Desk) -> Sequence[Wording]:
        async with desk.database.read() as session:
            found = await service.wordings(session)
        return [one for one in found if not changed or one.approved or one.proposed]

    perform(
        work,
        as_json=as_json,
        document=lambda found: [document(one) for one in found],
        show=print_wordings,
    )


@cli.command()
def show(key: str = KEY, as_json: bool = JSON) -> None:
    """One text: the platform's own words, those of staff, and what a wording must keep."""

    async def work(desk: Desk) -> Sequence[Wording]:
        async with desk.database.read() as session:
            return await service.wordings(session, key)

    perform(
        work,
        as_json=as_json,
        document=lambda found: [document(one) for one in found],
        show=print_each,
    )


@cli.command()
def propose(
    key: str = KEY,
    language: str = LANGUAGE,
    text: str = typer.Option(..., "--text", help="The new wording; placeholders as {folio}."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Put a new wording before somebody else's eyes."""

    async def act(session: Session, member: Member, desk: Desk) -> Override:
        return await service.propose(session, key, language, text, member, desk.clock.now())

    _perform(email, Right.WRITE_TEXTS, act, _("cli.texts.proposed"), as_json=as_json)


@cli.command()
def approve(
    key: str = KEY,
    language: str = LANGUAGE,
    email: str = AS,
    proposal: int | None = typer.Option(
        None, "--proposal", help="Its number, so that no later one is approved unread."
    ),
    as_json: bool = JSON,
) -> None:
    """Say yes to somebody else's wording: the bot says it within ten seconds."""

    async def act(session: Session, member: Member, desk: Desk) -> Override:
        return await service.approve(session, key, language, member, desk.clock.now(), proposal)

    _perform(email, Right.APPROVE_TEXTS, act, _("cli.texts.approved"), as_json=as_json)


@cli.command()
def withdraw(
    key: str = KEY, language: str = LANGUAGE, email: str = AS, as_json: bool = JSON
) -> None:
    """Take a proposal back or, when there is none, what was approved."""

    async def act(session: Session, member: Member, desk: Desk) -> Override:
        return await service.withdraw(session, key, language, member, desk.clock.now())

    _perform(email, Right.WRITE_TEXTS, act, _("cli.texts.withdrawn"), as_json=as_json)


def _perform(email: str, right: Right, act: Act, done: str, *, as_json: bool) -> None:
    """One unit that changes how a text stands; tells which, and how the text stands then."""

    async def work(desk: Desk) -> tuple[Override, Wording]:
        async with desk.database.write() as session:
            member = await acting(session, email, right)
            changed = await act(session, member, desk)
            return changed, await service.wording(session, changed.key, changed.language)

    perform(
        work,
        as_json=as_json,
        document=lambda found: {"id": found[0].id, **document(found[1])},
        show=lambda found: print_change(say(done, id=found[0].id), found[1]),
    )
