"""`tequio cases`."""

from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.table import Table

from alerts import ownership, store, texts
from alerts.commands import read_outcome
from alerts.model import Case, CaseState, Entry
from app.cli.frame import JSON, Desk, perform, say, screen
from kit.errors import Invalid
from kit.ids import read_folio
from locales.catalog import render
from locales.text import _
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Right

cli = typer.Typer(no_args_is_help=True)
COLUMNS = (
    _("cli.column.folio"),
    _("cli.column.state"),
    _("cli.column.kind"),
    _("cli.column.urgency"),
    _("cli.column.may_write"),
    _("cli.column.owner"),
    _("cli.column.since"),
)
STATES = {
    CaseState.OPEN: _("cli.case.open"),
    CaseState.ACKNOWLEDGED: _("cli.case.acknowledged"),
    CaseState.CLOSED: _("cli.case.closed"),
}
AS = typer.Option(..., "--as", help="E-mail of who does it.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A case with its owner's pseudonym and, for `show`, its timeline."""

    case: Case
    owner: str | None
    timeline: tuple[Entry, ...] = ()

    def document(self) -> dict[str, object]:
        """What `--json` prints of it."""
        case = self.case
        return {
            "folio": case.folio,
            "state": case.state,
            "kind": case.kind,
            "urgency": case.urgency,
            "owner": self.owner,
            "may_write": case.may_write,
            "opened_at": case.opened_at.isoformat(),
        }


@cli.command("list")
def list_(
    everything: bool = typer.Option(False, "--all", help="Closed ones too."),
    as_json: bool = JSON,
) -> None:
    """Cases that are open or owned, the oldest first."""

    async def work(desk: Desk) -> list[Shown]:
        states = list(CaseState) if everything else [CaseState.OPEN, CaseState.ACKNOWLEDGED]
        async with desk.database.read() as session:
            found = await store.in_states(session, *states)
            owners = {}
            for case in found:
                if case.owner_id is not None and case.owner_id not in owners:
                    owners[case.owner_id] = await staff.get(session, case.owner_id)
        return [Shown(case, _pseudonym(owners.get(case.owner_id or 0))) for case in found]

    perform(
        work,
        as_json=as_json,
        document=lambda shown: [one.document() for one in shown],
        show=_print_list,
    )


@cli.command()
def show(folio: str, as_json: bool = JSON) -> None:
    """One case with all that happened in it. It holds what people told: mind who sees it."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.read() as session:
            case = await ownership.find(session, _folio(folio))
            owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
            lines = await store.timeline(session, case.id)
        return Shown(case, _pseudonym(owner), lines)

    def document(shown: Shown) -> dict[str, object]:
        lines = [
            {"at": line.at.isoformat(), "kind": line.kind, "body": line.body}
            for line in shown.timeline
        ]
        return {**shown.document(), "timeline": lines}

    perform(work, as_json=as_json, document=document, show=_print_case)


@cli.command()
def ack(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Accept a case: a named person owns it from now on."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            case = await ownership.accept(session, case, member, desk.clock.now())
            return Shown(case, member.pseudonym)

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command("pass")
def pass_(folio: str, email: str = AS, as_json: bool = JSON) -> None:
    """Give a case to whoever is next."""

    async def work(desk: Desk) -> Shown:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            times = desk.settings.times
            return Shown(
                await ownership.pass_on(session, case, member, times, desk.clock.now()), None
            )

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


@cli.command()
def close(
    folio: str,
    email: str = AS,
    outcome: str = typer.Option(..., help="How it ended, by its code or its Spanish word."),
    as_json: bool = JSON,
) -> None:
    """Close a case that you own."""

    async def work(desk: Desk) -> Shown:
        ended = read_outcome(outcome)
        if ended is None:
            choices = render(texts.OUTCOME_CHOICES.key, "es", texts.OUTCOME_CHOICES.params)
            raise Invalid(_("cases.outcome_unknown"), options=choices)
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.HANDLE_CASES)
            case = await ownership.find(session, _folio(folio))
            case = await ownership.close(session, case, member, ended, desk.clock.now())
            return Shown(case, member.pseudonym)

    perform(work, as_json=as_json, document=Shown.document, show=_print_done)


def _folio(typed: str) -> str:
    folio = read_folio(typed)
    if folio is None:
        raise ownership.UnknownFolio(_("cases.unknown_folio"))
    return folio


def _pseudonym(member: Member | None) -> str | None:
    return None if member is None else member.pseudonym


def _print_list(shown: Sequence[Shown]) -> None:
    table = Table(*(say(column) for column in COLUMNS))
    for one in shown:
        case = one.case
        table.add_row(
            case.folio,
            say(STATES[case.state]),
            render(texts.KIND_WORDS[case.kind].key, "es", {}),
            render(texts.URGENCY_WORDS[case.urgency].key, "es", {}),
            render(texts.SAFETY_WORDS[case.may_write].key, "es", {}),
            one.owner or "-",
            f"{case.opened_at:%Y-%m-%d %H:%M} UTC",
        )
    screen.print(table)


def _print_case(shown: Shown) -> None:
    _print_list([shown])
    for line in shown.timeline:
        screen.print(
            f"{line.at:%Y-%m-%d %H:%M:%S} UTC  {line.kind}  {line.body or ''}",
            markup=False,
            highlight=False,
        )


def _print_done(shown: Shown) -> None:
    screen.print(
        say(_("cli.case_now"), folio=shown.case.folio, state=say(STATES[shown.case.state]))
    )
