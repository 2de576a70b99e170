"""`tequio campaigns`: from a file to a report."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

from app.cli import campaign_figures
from app.cli import campaign_life as life
from app.cli.campaign_file import FILE, read_draft
from app.cli.campaign_screens import (
    listed_document,
    print_campaign,
    print_listed,
    print_preview,
    print_status,
)
from app.cli.frame import JSON, Desk, perform, say, screen
from campaigns import deciding, service, standing, store, trying
from campaigns.figures import report as reports
from campaigns.jobs import PAUSE_SECONDS
from campaigns.model import Campaign
from campaigns.sheet import previewing
from campaigns.sheet.previewing import Preview
from campaigns.standing import Status
from console.api.documents import preview_document, status_document
from console.api.written import written
from db.session import Session
from delivery.deciding import Decision
from kit.errors import Refused
from locales.text import _
from staff import service as staff_service

cli = typer.Typer(no_args_is_help=True)

LARGEST_ID = 2**63 - 1
ID = typer.Argument(..., min=1, max=LARGEST_ID, help="The campaign's number.")

STEPS: Mapping[str, Callable[..., None]] = {
    "create": life.create,
    "edit": life.edit,
    "submit": life.submit,
    "approve": life.approve,
    "return": life.send_back,
    "start": life.start,
    "pause": life.pause,
    "resume": life.resume,
    "cancel": life.cancel,
    "withdraw": life.withdraw,
}

for _name, _step in STEPS.items():
    cli.command(_name)(_step)

for _command in (
    campaign_figures.sheet,
    campaign_figures.figures,
    campaign_figures.compare,
    campaign_figures.missed,
):
    cli.command()(_command)


@cli.callback()
def campaigns() -> None:
    """Campaigns, from a file to a report."""


@cli.command("test")
def send_test(
    campaign_id: int = ID,
    to: list[str] = typer.Option(..., "--to", help="E-mail of who gets it; may be repeated."),
    as_json: bool = JSON,
) -> None:
    """Send every wording of a campaign to some staff, as people would get it."""

    async def work(desk: Desk) -> int:
        async with desk.database.write() as session:
            members = [await staff_service.find(session, email) for email in to]
            return await trying.try_out(session, campaign_id, members, None, desk.clock.now())

    perform(
        work,
        as_json=as_json,
        document=lambda sent: {"id": campaign_id, "sent": sent},
        show=lambda sent: screen.print(say(_("cli.campaigns.tested"), sent=sent)),
    )


@cli.command("list")
def list_newest(
    most: int = typer.Option(20, "--most", min=1, max=1000, help="How many, the newest first."),
    as_json: bool = JSON,
) -> None:
    """The newest campaigns: number, title, where each stands."""

    async def work(desk: Desk) -> tuple[Campaign, ...]:
        async with desk.database.read() as session:
            return await store.newest(session, most)

    perform(work, as_json=as_json, document=listed_document, show=print_listed)


@cli.command()
def show(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """A campaign as its file says it, to be read before it is approved."""

    async def work(desk: Desk) -> Campaign:
        async with desk.database.read() as session:
            return await service.get(session, campaign_id)

    perform(
        work,
        as_json=as_json,
        document=lambda found: {
            "id": campaign_id,
            "state": found.state,
            "content_hash": found.draft.content_hash,
            "document": written(found.draft),
        },
        show=print_campaign,
    )


@cli.command()
def preview(path: Path = FILE, as_json: bool = JSON) -> None:
    """What a file would cost by SMS and whom it would reach, without keeping it."""
    draft, _beside = read_draft(path, as_json=as_json)

    async def work(desk: Desk) -> Preview:
        async with desk.database.read() as session:
            return await previewing.preview(session, draft)

    perform(work, as_json=as_json, document=preview_document, show=print_preview)


@cli.command()
def retry(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Try failed messages again, those that another try may mend."""

    async def take(session: Session, now: datetime) -> int:
        return await deciding.retry(session, campaign_id, None, now)

    _perform_decision(campaign_id, take, as_json=as_json)


@cli.command()
def resolve(
    campaign_id: int = ID,
    uncertain: Decision = typer.Option(
        ..., "--uncertain", help="Send them once more, or leave them: they may have arrived."
    ),
    as_json: bool = JSON,
) -> None:
    """Decide about messages of which nobody knows whether they left."""

    async def take(session: Session, now: datetime) -> int:
        return await deciding.resolve(session, campaign_id, uncertain, None, now)

    _perform_decision(campaign_id, take, as_json=as_json)


@cli.command()
def status(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Where a campaign stands, and its messages by state."""

    async def work(desk: Desk) -> Status:
        async with desk.database.read() as session:
            return await standing.status(session, campaign_id, desk.clock.now())

    perform(work, as_json=as_json, document=status_document, show=print_status)


@cli.command()
def report(
    campaign_id: int = ID,
    out: Path = typer.Option(
        ..., dir_okay=False, writable=True, metavar="FILE.{csv,xlsx}", help="Where to write it."
    ),
    as_json: bool = JSON,
) -> None:
    """Write what became of each message, contacts by their id."""
    sheet_kind = reports.SHEETS.get(out.suffix.lower())
    if sheet_kind is None or not out.parent.is_dir():
        raise typer.BadParameter(say(_("cli.campaigns.out_wrong")), param_hint="--out")

    async def work(desk: Desk) -> int:
        async with desk.database.read() as session:
            await service.get(session, campaign_id)
        rows, place = 0, reports.START
        with _in_place_of(out) as unfinished, sheet_kind(unfinished) as sheet:
            while True:
                async with desk.database.read() as session:
                    found, place = await reports.page(session, campaign_id, place)
                if not found:
                    return rows
                sheet.add(found)
                rows += len(found)

    perform(
        work,
        as_json=as_json,
        document=lambda rows: {"rows": rows, "file": str(out)},
        show=lambda rows: screen.print(
            say(_("cli.campaigns.reported"), rows=rows, file=out), markup=False
        ),
    )


@contextmanager
def _in_place_of(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place once it is whole: nobody reads half a report."""
    unfinished = out.with_name(f"{out.name}.part")
    try:
        yield unfinished
        unfinished.replace(out)
    except OSError:
        raise Refused(_("cli.campaigns.not_written"), file=out) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _perform_decision(
    campaign_id: int, take: Callable[[Session, datetime], Awaitable[int]], *, as_json: bool
) -> None:
    """Unit after unit until nothing is left to decide, with room for everybody else between. The
    instant is of the decision: what has failed again since waits for another."""

    async def work(desk: Desk) -> int:
        rows, now = 0, desk.clock.now()
        while True:
            async with desk.database.write() as session:
                taken = await take(session, now)
            if not taken:
                return rows
            rows += taken
            await asyncio.sleep(PAUSE_SECONDS)

    perform(
        work,
        as_json=as_json,
        document=lambda rows: {"id": campaign_id, "rows": rows},
        show=lambda rows: screen.print(say(_("cli.campaigns.decided"), id=campaign_id, rows=rows)),
    )
