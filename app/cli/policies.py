"""`tequio policies`."""

from collections.abc import Sequence
from pathlib import Path

import typer
import yaml

from alerts import policies
from alerts.policy import BUILT_IN, Policy
from alerts.policy_document import document_of
from alerts.policy_file import LARGEST, read_policies
from app.cli.frame import JSON, Desk, perform, screen
from kit.errors import Invalid
from locales.text import _
from staff import service as staff
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)


@cli.command()
def show(as_json: bool = JSON) -> None:
    """The policies in force, and after them the one that is built in."""

    async def work(desk: Desk) -> list[Policy]:
        async with desk.database.read() as session:
            return [*await policies.current(session), BUILT_IN]

    perform(work, as_json=as_json, document=_documents, show=_print)


@cli.command("set")
def set_(
    file: Path = typer.Argument(..., help="A YAML list of policies."),
    email: str = typer.Option(..., "--as", help="E-mail of who does it."),
    as_json: bool = JSON,
) -> None:
    """Put the policies of a file in force, in the place of all others. Cases keep theirs."""

    async def work(desk: Desk) -> list[Policy]:
        wanted = _read(file)
        async with desk.database.write() as session:
            member = await staff.acting(session, email, Right.PLAN_DUTY)
            kept = await policies.replace(session, wanted, member, desk.clock.now())
            return [*kept, BUILT_IN]

    perform(work, as_json=as_json, document=_documents, show=_print)


def _read(file: Path) -> tuple[Policy, ...]:
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError:
        raise Invalid(_("policies.file_unreadable")) from None
    return read_policies(raw)


def _documents(found: Sequence[Policy]) -> list[dict[str, object]]:
    return [{"id": one.id, **document_of(one)} for one in found]


def _print(found: Sequence[Policy]) -> None:
    text = yaml.safe_dump(_documents(found), allow_unicode=True, sort_keys=False)
    screen.print(text, markup=False, highlight=False)
