"""Bringing a file in, in a browser: checked, corrected by its list of errors, imported."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from openpyxl import Workbook
from playwright.async_api import Page, expect

from contacts import importing
from contacts.csv_import import COLUMNS
from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import (
    PHONE,
    faults_of_access,
    is_wider_than_the_window,
    signed_in,
)
from tests.console_stage import Console, console_stage

pytestmark = needs_browser

CONSENT = ["2026-03-01", "Hoja 12"]
HERE = "/personas/importar"


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


def people(first: int, count: int) -> list[list[str]]:
    return [
        ["", str(number), "es", "20397", "US", "CA", "migrant", "fraud", *CONSENT]
        for number in range(first, first + count)
    ]


def as_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(COLUMNS), *rows])
    return path


def as_xlsx(path: Path, rows: list[list[str]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [list(COLUMNS), *rows]:
        sheet.append(row)
    book.save(path)
    return path


async def figures(page: Page) -> list[str]:
    await expect(page.locator(".figures")).to_be_visible()
    return await page.locator(".figures dd").all_inner_texts()


async def test_a_file_is_checked_corrected_and_brought_in(
    chromium: Chromium, console: Console, tmp_path: Path
) -> None:
    wrong = ["+1 213", "", "klingon", *[""] * 5, *CONSENT]
    file = as_csv(tmp_path / "feria.csv", [*people(1, 300), wrong])
    async with signed_in(chromium, console, Role.COMMUNICATOR) as page:
        await page.goto(f"{console.url}{HERE}")
        await is_sound(page)
        await page.set_input_files("#file", file)
        await page.keyboard.press("Tab")
        await page.get_by_role("button", name="Revisar el archivo").press("Enter")
        await page.wait_for_url("**/trabajos/*")
        # The page itself says when it is checked.
        assert await figures(page) == ["301", "300", "0", "1"]
        await expect(page.locator(".faults li")).to_have_count(2)
        await is_sound(page)
        async with page.expect_download() as waiting:
            await page.get_by_role("link", name="Descargar los errores").click()
        told = (await (await waiting.value).path()).read_text("utf-8-sig")
        assert [line.split(",")[:2] for line in told.splitlines()[1:]] == [
            ["302", "phone"],
            ["302", "language"],
        ]
        assert "klingon" not in told
        await page.get_by_role("button", name="Importar 300 renglones").press("Enter")
        await expect(page.locator("h2").first).to_have_text("Importación terminada")
        assert await figures(page) == ["301", "300", "0", "1"]
        await is_sound(page)
        await page.goto(f"{console.url}/trabajos")
        await expect(page.locator(".works")).to_contain_text("nuevas: 300, ya conocidas: 0")
        await is_sound(page)


async def test_on_a_phone_with_excel_one_may_leave_stop_and_come_back(
    chromium: Chromium, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 20)
    large = tmp_path / "grande.csv"
    with large.open("wb") as made:
        made.truncate(200 * 2**20)
    book = as_xlsx(tmp_path / "gente.xlsx", people(1, 3_000))
    async with signed_in(chromium, console, Role.COORDINATOR, size=PHONE) as page:
        await page.goto(f"{console.url}{HERE}")
        await page.set_input_files("#file", large)
        await expect(page.locator("#file-large")).to_be_visible()
        # The server says so, too, to a browser without scripts.
        await page.evaluate("document.querySelector('form[data-upload]').noValidate = true")
        await page.get_by_role("button", name="Revisar el archivo").click()
        await expect(page.locator("main")).to_contain_text("hasta 128 MB")
        await is_sound(page)
        await page.goto(f"{console.url}{HERE}")
        await page.set_input_files("#file", as_csv(tmp_path / "vacio.csv", []))
        await page.get_by_role("button", name="Revisar el archivo").click()
        await page.wait_for_url("**/trabajos/*")
        await expect(page.locator("main")).to_contain_text("Ningún renglón se puede importar")
        await page.goto(f"{console.url}{HERE}")
        await page.set_input_files("#file", book)
        await page.get_by_role("button", name="Revisar el archivo").click()
        await page.wait_for_url("**/trabajos/*")
        await page.get_by_role("button", name="Importar 3,000 renglones").click()
        await expect(page.locator("progress")).to_be_visible()
        await is_sound(page)
        here = page.url
        await page.goto(f"{console.url}/trabajos")
        await page.goto(here)
        await expect(page.locator(".numbers")).to_contain_text("de 3,000")
        seen = await page.locator("progress").get_attribute("value")
        await expect(page.locator("progress")).not_to_have_attribute("value", seen or "")
        await page.get_by_role("button", name="Detener la importación").click()
        await expect(page.locator(".said")).to_be_visible()
        await expect(page.locator("h2").first).to_contain_text("lo que ya se importó se queda")
        await is_sound(page)
