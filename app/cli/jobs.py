"""`tequio jobs`: what the separate processes have to do, and what they gave up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from app.cli.frame import JSON, Desk, perform, say, screen
from kit.errors import Refused
from locales.text import _

if TYPE_CHECKING:
    from db.session import Session
    from engine.pg_tables import Failed

cli = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Jobs:
    """How many jobs there are, and those that failed."""

    counts: dict[str, int]
    failed: Sequence["Failed"]

    def document(self) -> dict[str, object]:
        """What `--json` prints."""
        return {
            "queued": self.counts["queued"],
            "running": self.counts["picked"],
            "failed": [
                {
                    "id": one.id,
                    "job": one.job,
                    "key": one.key,
                    "attempts": one.attempts,
                    "failed_at": one.failed_at.isoformat(),
                    "error": one.error,
                }
                for one in self.failed
            ],
        }


@cli.command("list")
def list_(as_json: bool = JSON) -> None:
    """How many jobs wait and run, and those that failed and were given up."""

    async def work(desk: Desk) -> Jobs:
        from engine import pg_tables

        async with desk.database.read() as session:
            _refuse_sqlite(session)
            return Jobs(await pg_tables.counts(session), await pg_tables.failed(session))

    perform(work, as_json=as_json, document=Jobs.document, show=_print)


@cli.command()
def retry(
    ids: list[int] = typer.Argument(None, help="Which; without any, all that failed."),
    as_json: bool = JSON,
) -> None:
    """Queue failed jobs again."""

    async def work(desk: Desk) -> int:
        from engine import pg_tables

        async with desk.database.write() as session:
            _refuse_sqlite(session)
            return await pg_tables.retry(session, ids or None)

    perform(
        work,
        as_json=as_json,
        document=lambda count: {"retried": count},
        show=lambda count: screen.print(say(_("cli.jobs_retried"), count=count)),
    )


def _refuse_sqlite(session: "Session") -> None:
    if session.is_sqlite:
        raise Refused(_("cli.jobs_need_postgresql"))


def _print(jobs: Jobs) -> None:
    counts = jobs.counts
    line = say(_("cli.jobs_counts"), queued=counts["queued"], running=counts["picked"])
    screen.print(line, markup=False, highlight=False)
    for one in jobs.failed:
        line = say(
            _("cli.jobs_failed"),
            id=one.id,
            job=one.job,
            about=one.key,
            at=f"{one.failed_at:%Y-%m-%d %H:%M}",
            error=one.error,
            attempts=one.attempts,
        )
        screen.print(line, markup=False, highlight=False)
    if not jobs.failed:
        screen.print(say(_("cli.jobs_none_failed")))
