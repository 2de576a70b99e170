"""`tequio drill`."""

from collections.abc import Sequence
from datetime import timedelta

import typer
from rich.table import Table

from alerts.drills import service, store
from alerts.drills.report import Course
from alerts.drills.store import Drill
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.staff import endpoints_of
from kit.channels import Endpoint
from kit.errors import Invalid
from locales.text import _
from staff import service as staff
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)
AS = typer.Option(..., "--as", help="E-mail of who does it.")
STEPS = (
    ("first_page", _("cli.drill.first_page")),
    ("page_taken", _("cli.drill.page_taken")),
    ("accepted", _("cli.drill.accepted")),
    ("first_act", _("cli.drill.first_act")),
    ("closed", _("cli.drill.closed")),
)


@cli.command()
def start(
    name: str = typer.Option(..., help="What is exercised."),
    phone: list[str] = typer.Option([], help="A phone that plays somebody who calls for help."),
    telegram: list[str] = typer.Option([], help="A chat that does."),
    minutes: float = typer.Option(60, help="How long it lasts."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Begin a drill: what these phones and chats call for is marked as an exercise."""

    async def work(desk: Desk) -> Drill:
        players: list[Endpoint] = []
        for typed in phone:
            players += endpoints_of(typed, "")
        for typed in telegram:
            players += endpoints_of("", typed)
        if not -1e6 < minutes < 1e6:
            raise Invalid(_("drills.length"), hours=int(service.LONGEST / timedelta(hours=1)))
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.SUPERVISE_CASES)
            lasts, now = timedelta(minutes=minutes), desk.clock.now()
            return await service.start(session, member, name, players, lasts, now)

    perform(work, as_json=as_json, document=_document, show=_print)


@cli.command()
def stop(drill: int, email: str = AS, as_json: bool = JSON) -> None:
    """End a drill before its time."""

    async def work(desk: Desk) -> Drill:
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.SUPERVISE_CASES)
            return await service.stop(session, member, drill, desk.clock.now())

    perform(work, as_json=as_json, document=_document, show=_print)


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """All drills, the newest first."""

    async def work(desk: Desk) -> Sequence[Drill]:
        async with desk.database.read() as session:
            return await store.everyone(session)

    perform(
        work,
        as_json=as_json,
        document=lambda found: [_document(one) for one in found],
        show=_print_all,
    )


@cli.command()
def report(drill: int, as_json: bool = JSON) -> None:
    """How fast each step of a drill was."""

    async def work(desk: Desk) -> Sequence[Course]:
        async with desk.database.read() as session:
            return await service.report(session, await service.find(session, drill))

    perform(
        work,
        as_json=as_json,
        document=lambda found: [_course(one) for one in found],
        show=_print_report,
    )


def _document(drill: Drill) -> dict[str, object]:
    return {
        "id": drill.id,
        "name": drill.name,
        "started_at": drill.started_at.isoformat(),
        "ends_at": drill.ends_at.isoformat(),
    }


def _course(found: Course) -> dict[str, object]:
    return {
        "folio": found.folio,
        **{f"{name}_seconds": _seconds(getattr(found, name)) for name, _key in STEPS},
        "pages": found.pages,
        "people": found.people,
        "lost_pages": found.lost_pages,
        "leases_lost": found.leases_lost,
        "numbers_sent": found.numbers_sent,
    }


def _seconds(wait: timedelta | None) -> float | None:
    return None if wait is None else round(wait.total_seconds(), 3)


def _print_all(found: Sequence[Drill]) -> None:
    for one in found:
        _print(one)


def _print(drill: Drill) -> None:
    until = f"{drill.ends_at:%H:%M} UTC"
    line = say(_("cli.drill.line"), id=drill.id, name=drill.name, until=until)
    screen.print(line, markup=False, highlight=False)


def _print_report(found: Sequence[Course]) -> None:
    columns = (say(_("cli.column.folio")), *(say(key) for _name, key in STEPS))
    table = Table(*columns, say(_("cli.drill.pages")), say(_("cli.drill.people")))
    for one in found:
        waits = [getattr(one, name) for name, _key in STEPS]
        shown = ["-" if wait is None else f"{wait.total_seconds():.1f} s" for wait in waits]
        table.add_row(one.folio, *shown, str(one.pages), str(one.people))
    screen.print(table)
