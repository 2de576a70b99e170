"""What every command does alike: open the database, say errors once, print one document."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from app.settings import Settings, SettingsError, load_settings
from app.store import open_store
from app.texts_watch import take_texts
from db.session import Database
from kit.clock import Clock
from kit.errors import Problem
from locales.catalog import render
from locales.text import _

Result = TypeVar("Result")

screen = Console()
aside = Console(stderr=True)

JSON = typer.Option(False, "--json", help="One JSON document on standard output.")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with. Each use of `database.write()` is one unit."""

    database: Database
    clock: Clock
    settings: Settings


def perform(
    work: Callable[[Desk], Awaitable[Result]],
    *,
    as_json: bool,
    document: Callable[[Result], object],
    show: Callable[[Result], None],
) -> None:
    """Do the work of a command, then print its document or show it to a person.

    A `Problem` becomes one clear sentence, or `{"error": {"code", "message"}}`, and exit status 1.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        for line in error.lines:
            complain(line)
        raise typer.Exit(1) from None

    async def whole() -> Result:
        clock = Clock()
        database = await open_store(settings)
        try:
            await take_texts(database)
            return await work(Desk(database, clock, settings))
        finally:
            await database.close()

    try:
        result = asyncio.run(whole())
    except Problem as problem:
        fail(problem, as_json=as_json)
    except (SQLAlchemyError, OSError):
        fail(DatabaseUnreachable(_("cli.database_unreachable")), as_json=as_json)
    if as_json:
        sys.stdout.write(json.dumps(document(result), ensure_ascii=False, default=str) + "\n")
    else:
        show(result)


def complain(sentence: str) -> None:
    """One line on standard error, never cut in two."""
    aside.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


class DatabaseUnreachable(Problem):
    """The database does not answer, or cannot be opened."""

    code = "database_unreachable"


def fail(problem: Problem, *, as_json: bool) -> NoReturn:
    """Say why a command could not be done, and end with status 1."""
    message = say(problem.key, **problem.params)
    if as_json:
        document = {"error": {"code": problem.code, "message": message}}
        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        complain(message)
    raise typer.Exit(1) from None


def say(key: str, **params: object) -> str:
    """A sentence of the catalogue for staff, who read Spanish."""
    return render(key, "es", params)
