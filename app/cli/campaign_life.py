"""`tequio campaigns create | edit | submit | approve | return | start | pause | resume | cancel |
withdraw`: the steps of a campaign's life."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import typer

from app.cli.campaign_file import FILE, read_draft, read_fingerprint
from app.cli.campaign_screens import acted_document, print_acted, print_created
from app.cli.frame import JSON, Desk, perform, say, screen
from app.conduct import conduct_of
from campaigns import service
from campaigns.model import Campaign, CampaignState
from campaigns.returns import service as returns
from campaigns.warnings import service as warnings
from contacts.gazetteer import load_gazetteer
from db.session import Session
from locales.text import _
from staff import service as staff_service
from staff.model import Right

LARGEST_ID = 2**63 - 1
ID = typer.Argument(..., min=1, max=LARGEST_ID, help="The campaign's number.")
AS = typer.Option(..., "--as", help="E-mail of who does it.")
FINGERPRINT = typer.Option(
    "", metavar="PREFIX", help="As `show` prints it: another draft is then refused."
)

Act = Callable[[Session, Desk], Awaitable[CampaignState]]


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


def edit(campaign_id: int = ID, path: Path = FILE, email: str = AS, as_json: bool = JSON) -> None:
    """Put a file in the place of a campaign that is not under way; somebody reads it again."""
    draft, beside = read_draft(path, as_json=as_json)

    async def act(session: Session, desk: Desk) -> CampaignState:
        editor = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
        return await service.edit(session, campaign_id, draft, editor, desk.clock.now())

    async def keep(desk: Desk) -> None:
        await beside.keep(desk.database, desk.clock, draft.contents)

    _perform_act(campaign_id, act, as_json=as_json, first=keep)


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


def approve(
    campaign_id: int = ID,
    email: str = AS,
    fingerprint: str = FINGERPRINT,
    as_json: bool = JSON,
) -> None:
    """Say yes to somebody else's campaign; arms its schedule."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        seen = read_fingerprint(fingerprint)
        approver = await staff_service.acting(session, email, Right.APPROVE_CAMPAIGNS)
        now, conduct = desk.clock.now(), conduct_of(desk.settings)
        return await service.approve(session, campaign_id, approver, now, conduct, seen)

    _perform_act(campaign_id, act, as_json=as_json)


def send_back(
    campaign_id: int = ID,
    email: str = AS,
    words: str = typer.Option(..., "--words", help="What has to change first."),
    fingerprint: str = FINGERPRINT,
    as_json: bool = JSON,
) -> None:
    """Give somebody else's campaign back, with what has to change before a yes."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        seen = read_fingerprint(fingerprint)
        reader = await staff_service.acting(session, email, Right.APPROVE_CAMPAIGNS)
        now = desk.clock.now()
        return await returns.send_back(session, campaign_id, reader, words, now, seen)

    _perform_act(campaign_id, act, as_json=as_json)


def start(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let an approved campaign go."""
    # Half a second, which must not fall into the unit.
    load_gazetteer()

    async def act(session: Session, desk: Desk) -> CampaignState:
        conduct = conduct_of(desk.settings)
        return await service.start(session, campaign_id, None, desk.clock.now(), conduct)

    _perform_act(campaign_id, act, as_json=as_json)


def pause(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let nothing more of it leave for now."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.pause(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


def resume(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """Let a paused campaign go on where it stood."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.resume(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


def cancel(campaign_id: int = ID, as_json: bool = JSON) -> None:
    """End a campaign: what has not left does not leave."""

    async def act(session: Session, desk: Desk) -> CampaignState:
        return await service.cancel(session, campaign_id, None, desk.clock.now())

    _perform_act(campaign_id, act, as_json=as_json)


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
