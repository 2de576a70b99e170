"""`tequio people`: who is in a case, what may be told of whom, and which cases are one.

What names somebody is printed only to who works on the case and asks for it; that is audited.
"""

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

import typer

from alerts import ownership
from alerts.model import Case, Minor
from alerts.people import access, duplicates, service
from alerts.people import store as people
from alerts.people.likeness import Likeness
from alerts.people.model import Answer, Details, Disclosure, Person, PersonRole
from app.cli import people_screens as screens
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.people_screens import Shown
from db.session import Session
from kit.errors import Invalid
from kit.ids import read_folio
from kit.zones import OAXACA
from locales.text import _
from staff import service as staff
from staff.model import Member, Right

people_cli = typer.Typer(no_args_is_help=True)


class Found(StrEnum):
    """What a supervisor has found of a relative."""

    PASSED = "passed"
    FAILED = "failed"


AS = typer.Option(..., "--as", help="E-mail of who does it.")


async def working(session: Session, folio: str, email: str) -> tuple[Case, Member]:
    """A case by the folio that was typed, and who works on it. Raises UnknownFolio and NotYours."""
    member = await staff.acting(session, email, Right.HANDLE_CASES)
    case = await case_of(session, folio)
    await access.require(session, case, member)
    return case, member


async def case_of(session: Session, folio: str) -> Case:
    """A case by the folio that was typed. Raises UnknownFolio."""
    read = read_folio(folio)
    if read is None:
        raise ownership.UnknownFolio(_("cases.unknown_folio"))
    return await ownership.find(session, read)


def instant(typed: str) -> datetime:
    """A day, at noon, or a day and an hour, by Oaxaca's clock unless it says another. Raises
    Invalid."""
    try:
        day = date.fromisoformat(typed)
        return datetime.combine(day, time(12), ZoneInfo(OAXACA))
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise Invalid(_("cli.people.when_wrong")) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(OAXACA))


@people_cli.command("list")
def list_(
    folio: str,
    email: str = AS,
    reveal: bool = typer.Option(False, "--reveal", help="Names and phones too; it is audited."),
    as_json: bool = JSON,
) -> None:
    """The people of a case that you work on, and who may be told of whom."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            held = (
                await service.shown(session, case, member, desk.clock.now())
                if reveal
                else await people.of_case(session, case.id)
            )
            return Shown(case, held, await service.verdicts(session, case), reveal)

    perform(work, as_json=as_json, document=Shown.document, show=screens.people)


@people_cli.command("set")
def set_(
    folio: str,
    email: str = AS,
    person: int = typer.Option(0, "--person", help="Whom to change; a new person without it."),
    role: PersonRole | None = typer.Option(None, help="How they stand to the case."),
    name: str | None = typer.Option(None, help="Name. Empty takes it away, here and below."),
    alias: list[str] | None = typer.Option(None, help="Another name; repeat it for more."),
    kinship: str | None = typer.Option(None, help="To the person concerned."),
    language: str | None = typer.Option(None, help="Code or name."),
    phone: list[str] | None = typer.Option(None, help="Repeat it for more."),
    seen_where: str | None = typer.Option(None, help="Where they were last seen."),
    seen_at: str | None = typer.Option(None, help="2026-11-22 or 2026-11-22T18:30, in Oaxaca."),
    note: str | None = typer.Option(None, help="Anything else."),
    photo: str | None = typer.Option(None, help="Name of the file at the provider."),
    as_json: bool = JSON,
) -> None:
    """Write somebody down, or with --person change what was written."""

    def changed(before: Details | None) -> Details:
        if before is None and role is None:
            raise Invalid(_("people.role_missing"))
        old = before or Details(role or PersonRole.CONCERNED)
        return Details(
            role=role or old.role,
            name=old.name if name is None else name,
            aliases=old.aliases if not alias else tuple(one for one in alias if one.strip()),
            kinship=old.kinship if kinship is None else kinship,
            language=old.language if language is None else language,
            phones=old.phones if not phone else tuple(one for one in phone if one.strip()),
            seen_where=old.seen_where if seen_where is None else seen_where,
            seen_at=old.seen_at if seen_at is None else instant(seen_at) if seen_at else None,
            note=old.note if note is None else note,
            photo=old.photo if photo is None else photo,
        )

    async def work(desk: Desk) -> Person:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            before = (await service.find(session, case, person)).details if person else None
            now = desk.clock.now()
            details = changed(before)
            return await service.save(session, case, member, details, now, person or None)

    perform(work, as_json=as_json, document=screens.saved, show=screens.show_saved)


@people_cli.command()
def consent(
    folio: str,
    email: str = AS,
    person: int = typer.Option(..., "--person", help="Who was asked."),
    answer: Answer = typer.Option(..., help="What they said."),
    to: int = typer.Option(0, help="Number of the person who may, or may not, be told."),
    to_other: str = typer.Option("", help="Somebody who is not in the case: an office."),
    how: str = typer.Option("", help="How it was given, and how you knew who it was."),
    as_json: bool = JSON,
) -> None:
    """What somebody said when they were asked whether another may be told of them."""

    async def work(desk: Desk) -> Person:
        now = desk.clock.now()
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            given = Disclosure(answer, now, to or None, to_other, how)
            return await service.disclose(session, case, member, person, given, now)

    perform(work, as_json=as_json, document=screens.saved, show=screens.show_saved)


@people_cli.command()
def check(
    folio: str,
    email: str = AS,
    person: int = typer.Option(..., "--person", help="The relative, or the reporter."),
    found: Found = typer.Option(..., help="Whether they may be told."),
    reason: str = typer.Option(..., help="What it rests on."),
    as_json: bool = JSON,
) -> None:
    """A supervisor has looked into whether this relative may be told."""

    async def work(desk: Desk) -> Person:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            return await service.look_into(
                session,
                case,
                member,
                person,
                allowed=found is Found.PASSED,
                reason=reason,
                now=desk.clock.now(),
            )

    perform(work, as_json=as_json, document=screens.saved, show=screens.show_saved)


@people_cli.command()
def minor(
    folio: str,
    is_minor: Minor = typer.Argument(..., metavar="{yes|no|unknown}"),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Whether the person concerned is under age. A yes tells the supervisors at once."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            case, member = await working(session, folio, email)
            return await service.set_minor(session, case, member, is_minor, desk.clock.now())

    def show(told: int) -> None:
        nobody = is_minor is Minor.YES and not told
        sentence = _("cli.people.minor_nobody") if nobody else _("cli.people.minor")
        screen.print(say(sentence, told=told), style="red" if nobody else None)

    perform(
        work,
        as_json=as_json,
        document=lambda told: {"minor": is_minor, "told": told},
        show=show,
    )


@people_cli.command("duplicates")
def duplicates_(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Cases that may be about the same person. Nothing follows from it: you decide."""

    async def work(desk: Desk) -> tuple[Likeness, ...]:
        async with desk.database.read() as session:
            case, _member = await working(session, folio, email)
        async with desk.database.read() as session:
            return await duplicates.propose(session, case, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda found: [
            {"folio": one.folio, "score": one.score, "reasons": one.reasons} for one in found
        ],
        show=screens.likely,
    )


@people_cli.command()
def merge(
    keep: str = typer.Argument(..., metavar="KEEP", help="Folio of the case that is kept."),
    other: str = typer.Argument(..., metavar="OTHER", help="Folio of the one that is the same."),
    email: str = AS,
    reason: str = typer.Option(..., help="Why they are the same."),
    as_json: bool = JSON,
) -> None:
    """Put one case below another. Both stay in the books, and no reporter is told."""

    async def work(desk: Desk) -> tuple[str, str]:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.HANDLE_CASES)
            first, second = await case_of(session, keep), await case_of(session, other)
            await duplicates.merge(session, first, second, member, reason, desk.clock.now())
        return first.folio, second.folio

    perform(
        work,
        as_json=as_json,
        document=lambda both: {"keep": both[0], "other": both[1]},
        show=lambda both: screen.print(say(_("cli.people.merged"), keep=both[0], other=both[1])),
    )


@people_cli.command()
def separate(
    other: str = typer.Argument(..., metavar="OTHER", help="Folio of the case to take out."),
    email: str = AS,
    reason: str = typer.Option(..., help="Why they are not the same."),
    as_json: bool = JSON,
) -> None:
    """Take a case from below another again."""

    async def work(desk: Desk) -> str:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.HANDLE_CASES)
            case = await case_of(session, other)
            await duplicates.separate(session, case, member, reason, desk.clock.now())
        return case.folio

    perform(
        work,
        as_json=as_json,
        document=lambda folio: {"separated": folio},
        show=lambda folio: screen.print(say(_("cli.people.separated"), folio=folio)),
    )
