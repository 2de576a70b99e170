"""What every import shows: a bar while it runs, then the counts and the rows not taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn
from rich.table import Table

from app.cli.frame import aside, say, screen
from contacts.import_report import ImportReport
from locales.text import _

MOST_SHOWN = 50
"""Errors on a screen; `--json` gives them all."""


@contextmanager
def bar(path: Path, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; gives what to tell the bytes read so far."""
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=aside, disable=hidden, transient=True) as progress:
        size = path.stat().st_size if path.is_file() else None
        task = progress.add_task("", total=size)
        yield lambda read: progress.update(task, completed=read)


def document(report: ImportReport) -> dict[str, object]:
    """The JSON of an import: messages are sentences, and nothing of the cells is repeated."""
    return {
        "read": report.read,
        "created": report.created,
        "updated": report.updated,
        "rejected": report.rejected,
        "errors": [
            {"line": error.line, "column": error.column, "message": say(error.key)}
            for error in report.errors
        ],
        "more_errors": report.more_errors,
    }


def show(report: ImportReport, *, dry_run: bool = False) -> None:
    """The same for a person."""
    if report.errors:
        table = Table(
            say(_("cli.import.line")), say(_("cli.import.column")), say(_("cli.import.why"))
        )
        for error in report.errors[:MOST_SHOWN]:
            table.add_row(str(error.line), error.column or "-", say(error.key))
        screen.print(table)
        hidden = report.more_errors + len(report.errors[MOST_SHOWN:])
        if hidden:
            screen.print(say(_("cli.import.more"), count=hidden))
    key = _("cli.import.would") if dry_run else _("cli.import.done")
    counts = {"read": report.read, "created": report.created, "updated": report.updated}
    screen.print(say(key, **counts, rejected=report.rejected), highlight=False)
