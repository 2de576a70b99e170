"""`tequio campaigns`: from a file to a report."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer

from app.cli import campaign_figures
from app.cli.campaign_file import FILE, read_draft, read_fingerprint
from app.cli.campaign_screens import (
    acted_document,
    listed_document,
    print_acted,
    print_campaign,
    print_created,
    print_listed,
    print_preview,
    print_status,
)
from app.cli.frame import JSON, Desk, perform, say, screen
from app.conduct import conduct_of
from campaigns import deciding, service, standing, store, trying
from campaigns.figures import report as reports
from campaigns.jobs import PAUSE_SECONDS
from campaigns.model import Campaign, CampaignState
from campaigns.sheet import previewing
from campaigns.sheet.previewing import Preview
from campaigns.standing import Status
from campaigns.warnings import service as warnings
from console.api.documents import preview_document, status_document
from console.api.written import written
from contacts.gazetteer import load_gazetteer
from db.session import Session
from delivery.deciding import Decision
from kit.errors import Refused
from locales.text import _
from staff import service as staff_service
from staff.model import Right

cli = typer.Typer(no_args_is_help=True)

LARGEST_ID = 2**63 - 1
ID = typer.Argument(..., min=1, max=LARGEST_ID, help="The campaign's number.")
AS = typer.Option(..., "--as", help="E-mail of who does it.")

for _command in (
    campaign_figures.sheet,
    campaign_figures.figures,
    campaign_figures.compare,
    campaign_figures.missed,
):
    cli.command()(_command)

Act = Callable[[Session, Desk], Awaitable[CampaignState]]


@cli.callback()
def campaigns() -> None:
    """Campaigns, from a file to a report."""


@cli.command()
def create(
    path: Path = FILE,
    email: str = AS,
    as_draft: bool = typer.Option(False, "--draft", help="Keep it for now; `submit` comes later."),
    as_json: bool = JSON,
) -> None:
    """Take a campaign from its file and put it before somebody else's eyes."""
    draft, beside = read_draft(path, as_json=as_json)

    async def work(desk: Desk) -> Campaign:
        await beside.keep(desk.database, desk.clock, draft.contents)
        async with desk.database.write() as session:
            author = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
            now = desk.clock.now()
            made = await service.create(session, draft, author, now, as_draft=as_draft)
            return await service.get(session, made)

    perform(work, as_json=as_json, document=acted_document, show=print_created)


@cli.command()
def edit(campaign_id: int = ID, path: Path = FILE, email: str = AS, as_json: bool = JSON) -> None:
    """Put a file in the place of a campaign that is not under way; somebody reads it again."""
    draft, beside = read_draft(path, as_json=as_json)

    async def act(session: Session, desk: Desk) -> CampaignState:
        editor = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
        return await service.edit(session, campaign_id, draft, editor, desk.clock.now())

    async def keep(desk: Desk) -> None:
        await beside.keep(desk.database, desk.clock, draft.contents)

    _perform_act(campaign_id, act, as_json=as_json, first=keep)


@cli.command()
def submit(
    campaign_id: int = ID,
    email: str | None = typer.Option(None, "--as", help="E-mail of who does it."),
    as_json: bool = JSON,
) -> None:
    """Put a draft before somebody else's eyes."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        member = None
        if email is not None:
            member = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
        return await service.submit(session, campaign_id, member, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


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
def approve(
    campaign_id: int = ID,
    email: str = AS,
    fingerprint: str = typer.Option(
        "", metavar="PREFIX", help="As `show` prints it: another draft is then refused."
    ),
    as_json: bool = JSON,
) -> None:
    """Say yes to somebody else's campaign; arms its schedule."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        seen = read_fingerprint(fingerprint)
        approver = await staff_service.acting(session, email, Right.APPROVE_CAMPAIGNS)
        now, conduct = desk.clock.now(), conduct_of(desk.settings)
        return await service.approve(session, campaign_id, approver, now, conduct, seen)

    _perform_act(campaign_id, act, as_json=as_json)


@cli.command()
def start(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let an approved campaign go."""
    # Half a second, which must not fall into the unit.
    load_gazetteer()

    async def act(session: Session, desk: Desk) -> CampaignState:
        conduct = conduct_of(desk.settings)
        return await service.start(session, campaign_id, None, desk.clock.now(), conduct)

    _perform_act(campaign_id, act, as_json=as_json)


@cli.command()
def pause(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let nothing more of it leave for now."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.pause(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


@cli.command()
def resume(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let a paused campaign go on where it stood."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.resume(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


@cli.command()
def cancel(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """End a campaign: what has not left does not leave."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.cancel(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


@cli.command()
def withdraw(campaign_id: int = ID, email: str = AS, as_json: bool = JSON) -> None:
    """Take the public warning of a campaign back; what was sent stays sent."""

    async def work(desk: Desk) -> str:
        async with desk.database.write() as session:
            member = await staff_service.acting(session, email, Right.APPROVE_CAMPAIGNS)
            made = await warnings.withdraw(session, campaign_id, member, desk.clock.now())
            return made.name

    perform(
        work,
        as_json=as_json,
        document=lambda name: {"id": campaign_id, "warning": name},
        show=lambda name: screen.print(say(_("cli.campaigns.withdrawn"), id=campaign_id)),
    )


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


async def _nothing(desk: Desk) -> None:
    del desk


def _perform_act(
    campaign_id: int,
    act: Act,
    *,
    as_json: bool,
    first: Callable[[Desk], Awaitable[None]] = _nothing,
) -> None:
    """One unit that leads a campaign to another state; `first` comes before, in its own."""

    async def work(desk: Desk) -> Campaign:
        await first(desk)
        async with desk.database.write() as session:
            await act(session, desk)
            return await service.get(session, campaign_id)

    perform(work, as_json=as_json, document=acted_document, show=print_acted)


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
