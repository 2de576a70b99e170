"""`tequio policies`."""

from collections.abc import Sequence
from pathlib import Path

import typer
import yaml

from alerts import policies
from alerts.policy import BUILT_IN, Policy
from alerts.policy_document import document_of, read_policy
from app.cli.frame import JSON, Desk, perform, screen
from kit.errors import Invalid
from locales.text import _
from staff import service as staff
from staff.model import Right

LARGEST_FILE = 200_000
MOST_POLICIES = 50

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
            raw = opened.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise Invalid(_("policies.file_large"), limit=LARGEST_FILE // 1000)
        found = yaml.safe_load(raw.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        raise Invalid(_("policies.file_unreadable")) from None
    if not isinstance(found, list) or len(found) > MOST_POLICIES:
        raise Invalid(_("policies.file_list"), limit=MOST_POLICIES)
    return tuple(read_policy(one) for one in found)


def _documents(found: Sequence[Policy]) -> list[dict[str, object]]:
    return [{"id": one.id, **document_of(one)} for one in found]


def _print(found: Sequence[Policy]) -> None:
    text = yaml.safe_dump(_documents(found), allow_unicode=True, sort_keys=False)
    screen.print(text, markup=False, highlight=False)
