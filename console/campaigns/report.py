"""What became of a campaign: figures, charts, who did not get it, and every row as a file."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import closing

from fastapi import Response
from fastapi.responses import StreamingResponse

from campaigns import service, standing, store
from campaigns.figures import gathering
from campaigns.figures import report as reports
from campaigns.figures.comparing import ASPECTS, Aspect
from campaigns.figures.model import LEFT, missed_expression, together
from campaigns.figures.xlsx import XlsxStream
from campaigns.model import Campaign
from campaigns.sheet.prices import sum_of
from console.api.reports import CSV_TYPE, csv_lines
from console.campaigns import words
from console.campaigns.one import ONE, Desk, address
from console.frame.pages import StaffPages
from console.frame.visit import HEADERS, Visit
from db.session import Database
from delivery import runs, tally
from delivery.model import State
from kit.errors import Refused
from kit.wall import shown
from kit.zones import OAXACA
from locales.text import _
from staff.model import Right
from staff.store import log

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_XLSX = 100_000
"""Excel is slow with more, and so is writing for it; a larger report leaves as CSV."""

ROWS = 1_000
"""Rows of an Excel file that are written at once."""

MOST_HOURS = 24 * 7


def add_report(pages: StaffPages, desk: Desk) -> None:
    """Add the report and its files."""
    _add_page(pages, desk)
    _add_files(pages)


def _add_page(pages: StaffPages, desk: Desk) -> None:
    @pages.get(f"{ONE}/informe", needs=Right.SEE_CAMPAIGNS)
    async def report(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
            known = await runs.how_many(session, campaign_id)
            parts = await gathering.of_campaign(session, campaign_id, visit.now)
        total = together(one.figures for one in parts)
        states = {
            state: sum(one.states.get(state, 0) for one in parts) for state in standing.ROW_STATES
        }
        series = total.series()[-MOST_HOURS:]
        return visit.page(
            "campaigns/report.html",
            campaign=campaign,
            back=address(campaign_id),
            parts_of=parts,
            older=sum(known.values()) - len(parts),
            total=total,
            states={state: rows for state, rows in states.items() if rows},
            people=sum(states.values()),
            left=sum(rows for state, rows in states.items() if state in LEFT),
            share=min((one.share for one in parts), default=1),
            counted_at=min((one.counted_at for one in parts if one.counted_at), default=None),
            failed=total.reasons(State.FAILED, State.UNDELIVERED),
            skipped=total.reasons(State.SKIPPED),
            answers=total.by_answer(),
            polls=_polls(campaign),
            hours=[(shown(hour, OAXACA), sent, got) for hour, sent, got in series],
            cost=sum_of([one.figures.cost(one.segments, desk.prices()) for one in parts]),
            missed=missed_expression(campaign),
            in_xlsx=sum(states.values()) <= MOST_IN_XLSX,
            most_in_xlsx=MOST_IN_XLSX,
            aspects={str(aspect): key for aspect, key in ASPECTS.items()},
            Aspect=Aspect,
            words=words,
        )


def _polls(campaign: Campaign) -> dict[str, str]:
    """The answers of its poll by their number, in the first language that has one."""
    for wording in campaign.draft.contents.values():
        if wording.poll is not None:
            return {str(place): said for place, said in enumerate(wording.poll.answers, 1)}
    return {}


def _add_files(pages: StaffPages) -> None:
    @pages.get(f"{ONE}/informe.csv", needs=Right.SEE_CAMPAIGNS)
    async def as_csv(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        await _noted(visit, campaign_id)
        lines = csv_lines(visit.database, campaign_id)
        return StreamingResponse(lines, headers=_named(campaign_id, "csv"), media_type=CSV_TYPE)

    @pages.get(f"{ONE}/informe.xlsx", needs=Right.SEE_CAMPAIGNS)
    async def as_xlsx(visit: Visit) -> Response:
        campaign_id = visit.number("id")
        async with visit.database.read() as session:
            await service.seen_by(session, campaign_id, visit.member)
            rows = sum((await tally.counts(session, store.runs_of(campaign_id))).values())
        if rows > MOST_IN_XLSX:
            raise Refused(_("console.campaigns.report.too_large"), most=MOST_IN_XLSX)
        await _noted(visit, campaign_id)
        return StreamingResponse(
            _xlsx(visit.database, campaign_id),
            headers=_named(campaign_id, "xlsx"),
            media_type=XLSX_TYPE,
        )


async def _noted(visit: Visit, campaign_id: int) -> None:
    """Who took the rows away, for the audit."""
    async with visit.database.write() as session:
        await service.seen_by(session, campaign_id, visit.member)
        about = service.about(campaign_id)
        await log(session, visit.member.id, "campaigns.report", about, visit.now)


async def _xlsx(database: Database, campaign_id: int) -> AsyncIterator[bytes]:
    """The rows as they are read, a page of them a unit, written beside the loop that answers
    everybody."""
    place = reports.START
    with closing(XlsxStream()) as sheet:
        yield sheet.begin()
        rows: Sequence[Sequence[str | int]] = [reports.COLUMNS]
        while rows:
            yield await asyncio.to_thread(sheet.more, rows)
            async with database.read() as session:
                found, place = await reports.page(session, campaign_id, place, ROWS)
            rows = [reports.cells(row) for row in found]
        yield sheet.end()


def _named(campaign_id: int, ending: str) -> dict[str, str]:
    name = f'attachment; filename="campana-{campaign_id}.{ending}"'
    return {**HEADERS, "Content-Disposition": name}
