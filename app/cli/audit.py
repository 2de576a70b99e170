"""`tequio audit`: who saw or did what, and the proof that nothing of it was changed."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import typer
from rich.table import Table
from rich.text import Text

from app.cli.frame import JSON, Desk, complain, perform, say, screen
from kit import wall
from kit.errors import Invalid
from kit.zones import OAXACA
from locales.text import _
from staff import service
from staff.audit import chain, reading
from staff.audit.model import Fault, Line, Seal, Verdict, read_seal
from staff.audit.reading import MOST

cli = typer.Typer(no_args_is_help=True)

COLUMNS = (
    _("cli.audit.id"),
    _("cli.audit.at"),
    _("cli.audit.member"),
    _("cli.audit.act"),
    _("cli.audit.about"),
)
FAULTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.NO_HEAD: _("cli.audit.fault.no_head"),
        Fault.FORGED: _("cli.audit.fault.forged"),
        Fault.CHANGED: _("cli.audit.fault.changed"),
        Fault.UNLINKED: _("cli.audit.fault.unlinked"),
        Fault.GAP: _("cli.audit.fault.gap"),
        Fault.CUT: _("cli.audit.fault.cut"),
        Fault.HEAD: _("cli.audit.fault.head"),
        Fault.EXPECTED: _("cli.audit.fault.expected"),
    }
)
NOTHING = "-"


@cli.callback()
def audit() -> None:
    """Who saw or did what."""


@cli.command()
def verify(
    expect: str = typer.Option(
        "", metavar="POSITION:LINK", help="The end of the chain as it was noted elsewhere."
    ),
    as_json: bool = JSON,
) -> None:
    """Prove that no line was changed, added or taken away; ends with 1 when one was."""

    async def work(desk: Desk) -> Verdict:
        noted = _seal(expect)
        async with desk.database.read() as session:
            return await chain.verify(session, noted)

    broken = []

    def document(verdict: Verdict) -> object:
        broken.append(not verdict.holds)
        first = verdict.first
        return {
            "holds": verdict.holds,
            "rows": verdict.rows,
            "sealed": verdict.sealed,
            "unsealed": verdict.unsealed,
            "head": None if verdict.head is None else str(verdict.head),
            "faults": verdict.faults,
            "first": None
            if first is None
            else {"fault": first.fault, "position": first.position, "id": first.id},
        }

    def show(verdict: Verdict) -> None:
        broken.append(not verdict.holds)
        _print_verdict(verdict)

    perform(work, as_json=as_json, document=document, show=show)
    if any(broken):
        raise typer.Exit(1)


@cli.command("list")
def list_(
    act: str = typer.Option("", help="One kind of act, as it stands in the list."),
    about: str = typer.Option("", help="A thing, as it stands in the list; a folio."),
    member: str = typer.Option("", help="Who did it: e-mail or id."),
    limit: int = typer.Option(50, min=1, max=MOST, help="How many lines, the newest first."),
    as_json: bool = JSON,
) -> None:
    """The newest lines, for who holds this machine."""

    async def work(desk: Desk) -> Sequence[Line]:
        async with desk.database.read() as session:
            who = (await service.find(session, member)).id if member else None
            return await reading.lines(
                session, None, act=act, about=about, member_id=who, limit=limit
            )

    perform(
        work,
        as_json=as_json,
        document=lambda lines: [_document(one) for one in lines],
        show=_print_lines,
    )


def _seal(written: str) -> Seal | None:
    """A seal that was given, None when there is none. Invalid when it cannot be one."""
    found = read_seal(written) if written else None
    if written and found is None:
        raise Invalid(_("cli.audit.expect_wrong"))
    return found


def _document(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "at": None if line.at is None else line.at.isoformat(),
        "member": line.member_id,
        "act": line.act,
        "about": line.about,
        "position": line.position,
    }


def _print_verdict(verdict: Verdict) -> None:
    counts = {"rows": verdict.rows, "sealed": verdict.sealed, "unsealed": verdict.unsealed}
    screen.print(say(_("cli.audit.counted"), **counts), soft_wrap=True)
    if verdict.head is not None:
        head = say(_("cli.audit.head"), head=str(verdict.head))
        screen.print(head, markup=False, highlight=False, soft_wrap=True)
    first = verdict.first
    if first is None:
        screen.print(say(_("cli.audit.holds")))
        return
    complain(
        say(
            _("cli.audit.broken"),
            faults=verdict.faults,
            fault=say(FAULTS[first.fault]),
            position=NOTHING if first.position is None else first.position,
            id=NOTHING if first.id is None else first.id,
        )
    )


def _print_lines(lines: Sequence[Line]) -> None:
    table = Table(*(say(column) for column in COLUMNS))
    for line in lines:
        at = NOTHING if line.at is None else f"{wall.shown(line.at, OAXACA):%Y-%m-%d %H:%M:%S}"
        who = NOTHING if line.member_id is None else str(line.member_id)
        table.add_row(str(line.id), at, who, Text(line.act), Text(line.about))
    screen.print(table)
