"""`tequio run`, and the separate processes `web`, `worker`, `clock` and `bot`."""

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from typing import TYPE_CHECKING

import typer
from sqlalchemy.exc import SQLAlchemyError

from app.cli.frame import DatabaseUnreachable, complain, fail
from app.logs import set_up_logs
from app.settings import Settings, SettingsError, load_settings
from kit.errors import Problem
from locales.text import _

if TYPE_CHECKING:
    from app.roles import Opener

cli = typer.Typer()


class Lane(StrEnum):
    """The lanes of workers."""

    URGENT = "urgent"
    BULK = "bulk"


@cli.command()
def run() -> None:
    """Run every role in one process."""
    settings = _settings()
    # Here, because the bots' libraries take seconds to load and no other command needs them.
    from app.run import run as run_platform

    _live(run_platform(settings))


@cli.command()
def web() -> None:
    """Take in webhooks and show pages (needs PostgreSQL)."""
    settings = _settings()
    from app.roles import open_web

    _separate(settings, "web", open_web)


@cli.command()
def worker(
    lane: Lane | None = typer.Option(None, help="Serve this lane alone; without it, both."),
) -> None:
    """Send, and work off what is due (needs PostgreSQL)."""
    settings = _settings()
    from app.roles import open_worker

    lanes = tuple(Lane) if lane is None else (lane,)
    _separate(settings, f"worker {' '.join(lanes)}", open_worker(lanes))


@cli.command()
def clock() -> None:
    """Find what is due, every two seconds (needs PostgreSQL)."""
    settings = _settings()
    from app.roles import open_clock

    _separate(settings, "clock", open_clock)


@cli.command()
def bot() -> None:
    """Fetch Telegram's updates by polling (needs PostgreSQL)."""
    settings = _settings()
    from app.roles import open_bot

    _separate(settings, "bot", open_bot)


def _settings() -> Settings:
    set_up_logs()
    try:
        return load_settings()
    except SettingsError as error:
        for line in error.lines:
            complain(line)
        raise typer.Exit(1) from None


def _separate(settings: Settings, name: str, opener: "Opener") -> None:
    from app.run import run_role

    _live(run_role(settings, name, opener))


def _live(life: Coroutine[None, None, None]) -> None:
    try:
        asyncio.run(life)
    except Problem as problem:
        fail(problem, as_json=False)
    except (SQLAlchemyError, OSError):
        fail(DatabaseUnreachable(_("cli.database_unreachable")), as_json=False)
