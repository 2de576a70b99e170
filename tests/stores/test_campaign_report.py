"""The report of a campaign: every row, contacts by id, and nothing that a spreadsheet would run."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from campaigns import running
from campaigns.figures import report
from campaigns.figures.report import COLUMNS, SHEETS, Row, XlsxSheet, cells, page
from db.session import Database
from delivery import runs
from delivery.content import Content
from delivery.model import State
from delivery.runs import NewRun
from delivery.store import message
from kit.channels import Channel
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    endpoint_of,
    frozen,
    people_in,
    started,
)

SMS = Channel.SMS
HELLO = Content("Hola", "Hola")


def a_row(reason: str | None = None) -> Row:
    return Row(
        contact=7,
        channel="sms",
        language="es",
        state="failed",
        reason=reason,
        why="",
        attempts=2,
        created=datetime(2026, 11, 23, 12, tzinfo=UTC),
        settled=None,
    )


async def written(database: Database, campaign_id: int, path: Path, limit: int) -> int:
    rows, place = 0, report.START
    with SHEETS[path.suffix](path) as sheet:
        while True:
            async with database.read() as session:
                found, place = await page(session, campaign_id, place, limit)
            if not found:
                return rows
            sheet.add(found)
            rows += len(found)


def read_back(path: Path) -> list[tuple[str, ...]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [tuple(line) for line in csv.reader(file)]
    book = load_workbook(path, read_only=True)
    found = [
        tuple("" if value is None else str(value) for value in line)
        for line in book.worksheets[0].iter_rows(values_only=True)
    ]
    book.close()
    return found


@pytest.mark.parametrize("kind", SHEETS)
async def test_every_row_of_the_ledger_stands_in_the_report_by_contact(
    database: Database, tmp_path: Path, kind: str
) -> None:
    ids = await people_in(database, *[Person()] * 4, Person(stopped=[SMS]))
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    async with database.write() as session:
        await session.execute(
            update(message)
            .where(message.c.contact_id == ids[0])
            .values(state=State.FAILED, reason="30006", attempts=3, settled_at=NOON)
        )
    path = tmp_path / f"report{kind}"
    assert await written(database, campaign_id, path, limit=2) == 5
    noon = "2026-11-23T12:00:00+00:00"
    assert read_back(path) == [
        COLUMNS,
        (str(ids[0]), "sms", "es", "failed", "30006", "", "3", noon, noon),
        *((str(who), "sms", "es", "pending", "", "", "0", noon, "") for who in ids[1:4]),
        (str(ids[4]), "sms", "es", "skipped", "opted_out", "se dio de baja", "0", noon, noon),
    ]


async def test_a_report_goes_on_from_one_run_to_the_next(database: Database) -> None:
    ids = await people_in(database, *[Person()] * 3)
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    async with database.write() as session:
        # An empty run between two others, and a run of another campaign.
        for campaign, days in ((campaign_id, 1), (campaign_id + 1, 1), (campaign_id, 2)):
            due_at = NOON + timedelta(days=days)
            firing = NewRun(
                campaign, due_at, {"es": HELLO}, "fraud", (SMS,), audience="topic:fraud"
            )
            made = await runs.open_run(session, firing, NOON)
        await running.freeze_step(session, made or 0, NOON)
    seen: list[int] = []
    place = report.START
    async with database.read() as session:
        while True:
            rows, place = await page(session, campaign_id, place, limit=2)
            if not rows:
                break
            seen += [row.contact for row in rows]
    assert seen == [*ids, *ids]


@pytest.mark.parametrize("kind", SHEETS)
async def test_no_number_and_no_chat_stands_in_a_report(
    database: Database, tmp_path: Path, kind: str
) -> None:
    ways = (SMS, Channel.TELEGRAM)
    await people_in(database, Person(ways=ways), Person(ways=ways))
    campaign_id = await started(database, a_draft())
    await frozen(database, campaign_id)
    path = tmp_path / f"report{kind}"
    await written(database, campaign_id, path, limit=100)
    text = "\n".join(",".join(map(str, line)) for line in read_back(path))
    for number in range(2):
        for channel in ways:
            assert endpoint_of(number, channel).value.strip("+") not in text


async def test_a_campaign_that_has_not_started_has_a_report_without_rows(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    assert await written(database, 404, path, limit=10) == 0
    assert read_back(path) == [COLUMNS]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(start: str) -> None:
    assert cells(a_row(f"{start}HYPERLINK(1)"))[4] == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("kind", SHEETS)
def test_a_reason_with_invisible_signs_breaks_no_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"report{kind}"
    with SHEETS[kind](path) as sheet:
        sheet.add([a_row("a\x00\x07b"), a_row("=1+1")])
    assert [line[4] for line in read_back(path)] == ["reason", "ab", "'=1+1"]


def test_a_full_sheet_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SHEET_ROWS", 3)
    path = tmp_path / "report.xlsx"
    with XlsxSheet(path) as sheet:
        sheet.add([a_row()] * 5)
    book = load_workbook(path, read_only=True)
    assert [len(list(page.iter_rows())) for page in book.worksheets] == [3, 3, 2]
    book.close()
