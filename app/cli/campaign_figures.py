"""`tequio campaigns sheet | figures | compare | missed`: before a campaign leaves, and after."""

import asyncio

import typer

from app.cli.figure_screens import (
    Compares,
    Gathered,
    Kept,
    compared_document,
    figures_document,
    missed_document,
    print_compared,
    print_figures,
    print_missed,
)
from app.cli.frame import JSON, Desk, perform
from app.cli.sheet_screens import Reported, print_sheet, sheet_document
from app.conduct import conduct_of, prices_of
from campaigns import service
from campaigns.audience import audiences
from campaigns.figures import gathering, missing
from campaigns.figures.comparing import compare as compare_figures
from campaigns.figures.gathering import RunFigures
from campaigns.figures.model import together
from campaigns.jobs import PAUSE_SECONDS, gather_next, reckon_next
from campaigns.sheet import reckoning
from delivery import runs
from kit.errors import Invalid, NotFound
from locales.text import _
from staff import service as staff_service
from staff.model import Right

LARGEST_ID = 2**63 - 1
ID = typer.Argument(..., min=1, max=LARGEST_ID, help="The campaign's number.")
OTHER = typer.Argument(..., min=1, max=LARGEST_ID, help="The other one's number.")
AT_ONCE = typer.Option(False, "--at-once", help="What has been counted already, without waiting.")
AS = typer.Option(None, "--as", help="E-mail of who does it; needed to save.")


def sheet(campaign_id: int = ID, at_once: bool = AT_ONCE, as_json: bool = JSON) -> None:
    """The sheet before sending: whom it reaches, what it costs, when it leaves, what to look at."""

    async def work(desk: Desk) -> Reported:
        conduct, prices = conduct_of(desk.settings), prices_of(desk.settings)
        if not at_once:
            await _reckon(campaign_id, desk)
        async with desk.database.read() as session:
            campaign = await service.get(session, campaign_id)
            now = desk.clock.now()
            found = await reckoning.sheet_of(session, campaign_id, conduct, prices, now)
        return Reported(campaign, found, prices)

    perform(work, as_json=as_json, document=sheet_document, show=print_sheet)


def figures(campaign_id: int = ID, at_once: bool = AT_ONCE, as_json: bool = JSON) -> None:
    """What became of a campaign, run by run: reasons, opt-outs, answers, cost, hour by hour."""

    async def work(desk: Desk) -> Gathered:
        parts = await _runs_of(desk, campaign_id, at_once=at_once)
        async with desk.database.read() as session:
            campaign = await service.get(session, campaign_id)
            known = len(await runs.of_campaign(session, campaign_id))
        return Gathered(campaign, parts, known - len(parts), prices_of(desk.settings))

    perform(work, as_json=as_json, document=figures_document, show=print_figures)


def compare(
    one_id: int = ID,
    other_id: int = OTHER,
    by_run: bool = typer.Option(False, "--runs", help="The numbers are those of runs."),
    at_once: bool = AT_ONCE,
    as_json: bool = JSON,
) -> None:
    """Two campaigns, or two runs, side by side."""

    async def work(desk: Desk) -> Compares:
        gather = _one_run if by_run else _runs_of
        one = await gather(desk, one_id, at_once=at_once)
        other = await gather(desk, other_id, at_once=at_once)
        here, there = (together(part.figures for part in parts) for parts in (one, other))
        done = all(part.share >= 1 for part in (*one, *other))
        return Compares(one_id, other_id, compare_figures(here, there), done)

    perform(work, as_json=as_json, document=compared_document, show=print_compared)


def missed(
    campaign_id: int = ID,
    save: str | None = typer.Option(None, "--save", help="Keep them as an audience of this name."),
    email: str | None = AS,
    at_once: bool = AT_ONCE,
    as_json: bool = JSON,
) -> None:
    """Those of its audience who did not get a campaign, as an audience of their own."""

    async def work(desk: Desk) -> Kept:
        if save is not None and email is None:
            raise Invalid(_("cli.figures.save_as"))
        if not at_once:
            await _reckon(campaign_id, desk)
        async with desk.database.read() as session:
            found = await missing.of_campaign(session, campaign_id, desk.clock.now())
        if save is None or email is None:
            return Kept(found)
        async with desk.database.write() as session:
            author = await staff_service.acting(session, email, Right.WRITE_CAMPAIGNS)
            kept = await audiences.save(session, save, found.audience, author, desk.clock.now())
        return Kept(found, kept.name)

    perform(work, as_json=as_json, document=missed_document, show=print_missed)


async def _runs_of(desk: Desk, campaign_id: int, *, at_once: bool) -> tuple[RunFigures, ...]:
    """The figures of a campaign's newest runs."""
    async with desk.database.read() as session:
        await service.get(session, campaign_id)
        found = await runs.of_campaign(session, campaign_id)
    if not at_once:
        await _count([one.id for one in found[-gathering.MOST_RUNS :]], desk)
    async with desk.database.read() as session:
        return await gathering.of_campaign(session, campaign_id, desk.clock.now())


async def _one_run(desk: Desk, run_id: int, *, at_once: bool) -> tuple[RunFigures, ...]:
    """The figures of one run."""
    if not at_once:
        await _count([run_id], desk)
    async with desk.database.read() as session:
        part = await gathering.of_run(session, run_id, desk.clock.now())
    if part is None:
        raise NotFound(_("campaigns.run_unknown"), id=run_id)
    return (part,)


async def _reckon(campaign_id: int, desk: Desk) -> None:
    """Count the people of a campaign, for its sheet and who missed it."""
    conduct = conduct_of(desk.settings)
    more = True
    while more:
        more = await reckon_next(desk.database, desk.clock, campaign_id, conduct)
        await asyncio.sleep(PAUSE_SECONDS)


async def _count(run_ids: list[int], desk: Desk) -> None:
    """Unit after unit, with room for everybody else between; the platform may do the same."""
    since = desk.clock.now()
    for run_id in run_ids:
        more = True
        while more:
            more = await gather_next(desk.database, desk.clock, run_id, since=since)
            await asyncio.sleep(PAUSE_SECONDS)
