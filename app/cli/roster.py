"""`tequio roster`: who is on duty, and who plans it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from alerts.shifts import answering, ical, importing, load, service, store, telling
from alerts.shifts.answering import Passed
from alerts.shifts.importing import Imported
from alerts.shifts.rota import Rota, gaps, next_up, on_duty, shifts
from alerts.shifts.service import Draft
from alerts.shifts.wall import DAY
from app.cli import roster_holidays
from app.cli import roster_screens as screens
from app.cli.frame import JSON, Desk, perform, say, screen
from app.cli.roster_holidays import AS
from app.cli.roster_reading import read_day, read_file, read_hours, read_instant, read_time
from app.cli.roster_screens import Burdens, Gaps, Now
from kit.zones import OAXACA
from locales.text import _
from staff import service as staff_service
from staff import store as staff
from staff.model import Right, Role

cli = typer.Typer(no_args_is_help=True)
cli.add_typer(roster_holidays.cli, name="holiday", help="Days on which some rotas do not work.")

ROTA = typer.Argument(help="Name of the rota.")
FROM = typer.Option(..., "--from", help="When it begins, 2026-11-23T20:00, by the rota's clock.")
UNTIL = typer.Option(..., "--until", help="When it ends, likewise.")
NOBODY = "nobody"
EXPORTED_DAYS = 90


@cli.callback()
def roster() -> None:
    """Who is on duty: rotas, shifts, holidays."""


@cli.command()
def show(
    at: str = typer.Option("", help="Another instant than now, 2026-11-23T20:00."),
    as_json: bool = JSON,
) -> None:
    """Who is on duty, and who comes next."""

    async def work(desk: Desk) -> Now:
        when = read_instant(at, OAXACA) if at else desk.clock.now()
        async with desk.database.read() as session:
            plan = await store.plan(session, when - store.LONGEST_TURN)
            here, coming = on_duty(plan, when), next_up(plan, when)
            people = await telling.people(session, {one.member_id for one in (*here, *coming)})
            always = await staff.with_roles(session, (Role.DUTY,))
        names = {id_: member.pseudonym for id_, member in people.items()}
        everybody = () if plan.in_force(when) else tuple(one.pseudonym for one in always)
        return Now(when, plan.rotas, names, here, coming, everybody)

    perform(work, as_json=as_json, document=Now.document, show=screens.print_now)


@cli.command()
def add(
    name: str = typer.Option(..., help="What the rota is called; policies name it."),
    member: list[str] = typer.Option(..., help="E-mail, once for each, in the order of turns."),
    email: str = AS,
    every: int = typer.Option(7, help="Days that a turn lasts."),
    handover: str = typer.Option("08:00", help="When a turn begins, HH:MM."),
    zone: str = typer.Option(OAXACA, help="By whose clock."),
    since: str = typer.Option("", help="Day of the first turn, 2026-11-23; today if none."),
    covers: str = typer.Option("", help="Only these hours of each day, 20:00-08:00."),
    holidays: bool = typer.Option(True, help="Whether it works on holidays."),
    as_json: bool = JSON,
) -> None:
    """Make a rota."""

    async def work(desk: Desk) -> int:
        draft = Draft(
            name=name,
            emails=member,
            since=read_day(since) if since else None,
            every=every,
            handover=read_time(handover),
            zone=zone,
            covers=read_hours(covers) if covers else None,
            holidays=holidays,
        )
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            return await service.add(session, by, draft, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda rota_id: {"id": rota_id},
        show=lambda rota_id: screen.print(say(_("cli.roster.added"), id=rota_id)),
    )


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """All rotas."""

    async def work(desk: Desk) -> screens.Rotas:
        async with desk.database.read() as session:
            plan = await store.plan(session, desk.clock.now())
            ids = {id_ for rota in plan.rotas for id_ in rota.members}
            people = await telling.people(session, ids)
        names = {id_: member.pseudonym for id_, member in people.items()}
        return screens.Rotas(plan.rotas, names, plan.absent)

    perform(work, as_json=as_json, document=screens.Rotas.document, show=screens.print_rotas)


@cli.command()
def remove(name: str = ROTA, email: str = AS, as_json: bool = JSON) -> None:
    """Take a rota away."""

    async def work(desk: Desk) -> Rota:
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            rota = await service.named(session, name)
            await service.remove(session, by, rota.id, desk.clock.now())
            return rota

    _done(work, as_json, _("cli.roster.removed"))


@cli.command()
def cover(
    name: str = ROTA,
    starts: str = FROM,
    until: str = UNTIL,
    who: str = typer.Option(..., "--by", help="E-mail of who is on duty, or: nobody."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Say who is on duty in a stretch of time, whatever the rota says."""

    async def work(desk: Desk) -> Rota:
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            rota = await service.named(session, name)
            first, last = read_instant(starts, rota.zone), read_instant(until, rota.zone)
            instead = None if who == NOBODY else who
            await service.cover(session, by, rota.id, first, last, instead, desk.clock.now())
            return rota

    _done(work, as_json, _("cli.roster.covered"))


@cli.command()
def swap(
    name: str = ROTA,
    one: str = typer.Option(..., help="E-mail of the one."),
    other: str = typer.Option(..., help="E-mail of the other."),
    starts: str = FROM,
    until: str = UNTIL,
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Let two people change places in the shifts that begin in a stretch of time."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            rota = await service.named(session, name)
            first, last = read_instant(starts, rota.zone), read_instant(until, rota.zone)
            return await service.swap(
                session, by, rota.id, one, other, first, last, desk.clock.now()
            )

    perform(
        work,
        as_json=as_json,
        document=lambda count: {"shifts": count},
        show=lambda count: screen.print(say(_("cli.roster.swapped"), count=count)),
    )


@cli.command()
def relieve(email: str = AS, as_json: bool = JSON) -> None:
    """Ask for relief: who comes next has the rest of the shift, from now on."""

    async def work(desk: Desk) -> tuple[Passed, ...]:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            return await answering.relieve(session, member, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda passed: [screens.passed_document(one) for one in passed],
        show=screens.print_passed,
    )


@cli.command("gaps")
def gaps_(
    days: int = typer.Option(7, min=1, max=92, help="How many days ahead."),
    as_json: bool = JSON,
) -> None:
    """When nobody is on duty."""

    async def work(desk: Desk) -> Gaps:
        now = desk.clock.now()
        async with desk.database.read() as session:
            plan = await store.plan(session, now - store.LONGEST_TURN)
        return Gaps(bool(plan.rotas), days, gaps(plan, now, now + days * DAY))

    perform(work, as_json=as_json, document=Gaps.document, show=screens.print_gaps)


@cli.command("load")
def load_(as_json: bool = JSON) -> None:
    """Pages per person and week, and the most nights in a row."""

    async def work(desk: Desk) -> Burdens:
        now = desk.clock.now()
        async with desk.database.read() as session:
            burdens = await load.burdens(session, now)
            weeks = await load.weeks(session, now)
            ids = {one.member_id for one in burdens} | {id_ for one in weeks for id_ in one.pages}
            people = await telling.people(session, ids)
        names = {id_: member.pseudonym for id_, member in people.items()}
        return Burdens(burdens, weeks, names)

    perform(work, as_json=as_json, document=Burdens.document, show=screens.print_burdens)


@cli.command()
def export(
    email: str = typer.Option("", "--as", help="Only the shifts of who has this e-mail."),
    rota: str = typer.Option("", help="Only this rota."),
    days: int = typer.Option(EXPORTED_DAYS, min=1, max=366, help="How many days ahead."),
    as_json: bool = JSON,
) -> None:
    """The shifts as a calendar file (iCalendar), on standard output."""

    async def work(desk: Desk) -> str:
        now = desk.clock.now()
        async with desk.database.read() as session:
            plan = await store.plan(session, now - store.LONGEST_TURN)
            found = shifts(plan, now, now + days * DAY)
            if email:
                member = await staff_service.acting(session, email, Right.HANDLE_CASES)
                found = tuple(one for one in found if one.member_id == member.id)
            if rota:
                only = await service.named(session, rota)
                found = tuple(one for one in found if one.rota_id == only.id)
            people = await telling.people(session, {one.member_id for one in found})
        names = {id_: member.pseudonym for id_, member in people.items()}
        return ical.write(found, plan.rotas, names, now)

    perform(
        work,
        as_json=as_json,
        document=lambda calendar: {"calendar": calendar},
        show=lambda calendar: typer.echo(calendar, nl=False),
    )


@cli.command("import")
def import_(
    file: Path,
    rota: str = typer.Option(..., help="Name of the rota whose shifts they are."),
    email: str = AS,
    as_json: bool = JSON,
) -> None:
    """Take shifts over from a calendar file (iCalendar)."""

    async def work(desk: Desk) -> Imported:
        data = read_file(file)
        async with desk.database.write() as session:
            by = await staff_service.acting(session, email, Right.PLAN_DUTY)
            into = await service.named(session, rota)
            return await importing.take(session, by, into, data, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda done: {"added": done.added, "left_out": done.left_out},
        show=lambda done: screen.print(
            say(_("cli.roster.imported"), added=done.added, left_out=done.left_out)
        ),
    )


def _done(work: Callable[[Desk], Awaitable[Rota]], as_json: bool, key: str) -> None:
    perform(
        work,
        as_json=as_json,
        document=lambda rota: {"id": rota.id, "name": rota.name},
        show=lambda rota: screen.print(say(key, rota=rota.name), markup=False),
    )
