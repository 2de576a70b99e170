"""What became of campaigns: figures, comparisons, who did not get it, and every row."""

import csv
import io
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from campaigns import service
from campaigns.figures import gathering, missing
from campaigns.figures import report as reports
from campaigns.figures.comparing import compare
from campaigns.figures.model import Figures, together
from console.api import shapes
from console.api.desk import Desk
from console.api.documents import (
    compared_document,
    figures_document,
    missed_document,
    row_document,
)
from console.api.openapi import problems
from console.api.pages import USUAL, CampaignId, Cursor, Limit, Other, RunId, mark, numbers_of
from console.api.problems import HEADERS
from db.session import Database, Session
from delivery import runs
from kit.errors import Invalid, NotFound
from locales.text import _
from staff.tokens import Scope

LIST = "report"
CSV_TYPE = "text/csv; charset=utf-8"


def add_reports(api: APIRouter, desk: Desk) -> None:
    """Add the operations that tell what became of campaigns."""
    _add_figures(api, desk)
    _add_comparing(api, desk)
    _add_rows(api, desk)


def _add_figures(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/campaigns/{campaign_id}/figures",
        name="reports.figures",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_model=shapes.CampaignFigures,
        responses=problems(404),
    )
    async def figures(request: Request, campaign_id: CampaignId) -> Response:
        """What became of a campaign, run by run: reasons, opt-outs, answers, cost, hour by hour."""
        now, prices = desk.call(request).now, desk.prices()

        async def work(session: Session) -> object:
            campaign = await service.get(session, campaign_id)
            known = sum((await runs.how_many(session, campaign_id)).values())
            parts = await gathering.of_campaign(session, campaign_id, now)
            return figures_document(campaign, parts, known - len(parts), prices)

        return await desk.look(work)

    @api.get(
        "/campaigns/{campaign_id}/missed",
        name="reports.missed",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_model=shapes.Missed,
        responses=problems(404),
    )
    async def missed(request: Request, campaign_id: CampaignId) -> Response:
        """Those of its audience who did not get a campaign, as an audience of their own."""
        now = desk.call(request).now

        async def work(session: Session) -> object:
            return missed_document(await missing.of_campaign(session, campaign_id, now))

        return await desk.look(work)


def _add_comparing(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/campaigns/{campaign_id}/compare",
        name="reports.compare",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_model=shapes.Comparison,
        responses=problems(404),
    )
    async def campaigns(request: Request, campaign_id: CampaignId, other: Other) -> Response:
        """Two campaigns side by side."""
        now = desk.call(request).now

        async def figures_of(session: Session, one: int) -> tuple[Figures, bool]:
            await service.get(session, one)
            parts = await gathering.of_campaign(session, one, now)
            return together(part.figures for part in parts), all(p.share >= 1 for p in parts)

        async def work(session: Session) -> object:
            here, done = await figures_of(session, campaign_id)
            there, other_done = await figures_of(session, other)
            aspects = compare(here, there)
            return compared_document(campaign_id, other, aspects, done=done and other_done)

        return await desk.look(work)

    @api.get(
        "/runs/{run_id}/compare",
        name="reports.compare_runs",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_model=shapes.Comparison,
        responses=problems(404),
    )
    async def of_runs(request: Request, run_id: RunId, other: Other) -> Response:
        """Two runs, of one campaign or of two, side by side."""
        now = desk.call(request).now

        async def figures_of(session: Session, one: int) -> tuple[Figures, bool]:
            found = await gathering.of_run(session, one, now)
            if found is None:
                raise NotFound(_("campaigns.run_unknown"), id=one)
            return found.figures, found.share >= 1

        async def work(session: Session) -> object:
            here, done = await figures_of(session, run_id)
            there, other_done = await figures_of(session, other)
            aspects = compare(here, there)
            return compared_document(run_id, other, aspects, done=done and other_done)

        return await desk.look(work)


async def _is_of(session: Session, campaign_id: int, run_id: int) -> bool:
    """Whether a page may begin in a run: one of the campaign's, or before all of them."""
    found = await runs.get(session, run_id) if run_id else None
    return run_id == 0 or (found is not None and found.campaign_id == campaign_id)


def _add_rows(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/campaigns/{campaign_id}/report",
        name="reports.rows",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_model=shapes.Rows,
        responses=problems(404),
    )
    async def rows(
        request: Request, campaign_id: CampaignId, limit: Limit = USUAL, cursor: Cursor = None
    ) -> Response:
        """What became of each message, contacts by their id."""
        language = desk.call(request).language
        place = numbers_of(cursor, LIST, 3) or (campaign_id, *reports.START)

        async def work(session: Session) -> object:
            await service.get(session, campaign_id)
            if place[0] != campaign_id or not await _is_of(session, campaign_id, place[1]):
                raise Invalid(_("api.cursor"))
            found: list[reports.Row] = []
            after = (place[1], place[2])
            while len(found) < limit:
                page, after = await reports.page(session, campaign_id, after, limit - len(found))
                if not page:
                    break
                found += page
            following = mark(LIST, campaign_id, *after) if len(found) == limit else None
            return {"items": [row_document(row, language) for row in found], "next": following}

        return await desk.look(work)

    @api.get(
        "/campaigns/{campaign_id}/report.csv",
        name="reports.csv",
        dependencies=desk.needs(Scope.REPORTS_READ),
        response_class=StreamingResponse,
        responses=problems(404) | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    async def as_csv(campaign_id: CampaignId) -> Response:
        """The same as a CSV file, in UTF-8 with a mark, by stream."""
        async with desk.database.read() as session:
            await service.get(session, campaign_id)
        named = {"Content-Disposition": f'attachment; filename="campaign-{campaign_id}.csv"'}
        lines = csv_lines(desk.database, campaign_id)
        return StreamingResponse(lines, headers=HEADERS | named, media_type=CSV_TYPE)


async def csv_lines(database: Database, campaign_id: int) -> AsyncIterator[bytes]:
    """A report as CSV, a unit at a time; broken off, the connection ends and nobody takes it for
    whole."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(reports.COLUMNS)
    yield text.getvalue().encode("utf-8-sig")
    place = reports.START
    while True:
        async with database.read() as session:
            found, place = await reports.page(session, campaign_id, place)
        if not found:
            return
        text.seek(0)
        text.truncate()
        writer.writerows(reports.cells(row) for row in found)
        yield text.getvalue().encode()
