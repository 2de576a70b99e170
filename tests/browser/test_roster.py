"""The roster in a browser: a shift is planned by keys and by dragging, and who has it sees it on a
phone and says that they cannot."""

from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest_asyncio
from playwright.async_api import Page, expect

from alerts.shifts import service
from alerts.shifts.service import Draft
from kit.zones import OAXACA
from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import (
    DESK,
    PHONE,
    faults_of_access,
    is_wider_than_the_window,
    signed_in,
)
from tests.console_stage import Console, console_stage

pytestmark = needs_browser

PLACES = (
    "/guardias/rotaciones",
    "/guardias/rotaciones/nueva",
    "/guardias/rotaciones/1",
    "/guardias/cambio",
    "/guardias/politicas",
    "/guardias/politicas/editar",
    "/guardias/simulador",
    "/guardias/mias",
)


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == [], page.url
    assert not await is_wider_than_the_window(page), page.url


def today(console: Console) -> date:
    return console.clock.now().astimezone(ZoneInfo(OAXACA)).date()


async def staffed(console: Console) -> tuple[str, str]:
    """A rota by day that Ana has alone; Bea stands by. Gives their pseudonyms."""
    ana = await console.member(Role.DUTY)
    bea = await console.member(Role.DUTY, "Beatriz Inventada")
    boss = await console.member(Role.COORDINATOR)
    since = today(console) - timedelta(days=7)
    covers = (time(8), time(20))
    async with console.database.write() as session:
        drafted = Draft("Oficina", [ana.email], since, 1, time(8), covers=covers)
        await service.add(session, boss, drafted, console.clock.now())
    return ana.pseudonym, bea.pseudonym


async def test_a_coordinator_plans_by_keys_and_by_dragging_and_a_guard_answers_on_a_phone(
    chromium: Chromium, console: Console
) -> None:
    ana, bea = await staffed(console)
    # A whole week that has not begun, whatever day it is.
    monday = today(console) + timedelta(days=7 - today(console).weekday())
    week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
    row = f'tr[data-day="{monday + timedelta(days=1)}"][data-rota="1"]'
    async with signed_in(chromium, console, Role.COORDINATOR, size=DESK) as page:
        await page.goto(f"{console.url}/guardias?semana={week}")
        await expect(page.locator(".gap-notice")).to_contain_text("8 ratos sin nadie de guardia")
        await is_sound(page)
        # By keys: Tab leads into the grid once, arrows go on in it, Enter opens the form.
        assert await page.locator('table.roster a.block[tabindex="0"]').count() == 1
        await page.locator('table.roster a.block[tabindex="0"]').focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Home")
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("table.roster a.block:focus")).to_contain_text(ana)
        for _day in range(2):
            await page.keyboard.press("ArrowDown")
        focused = page.locator(f"{row} a.block:focus")
        await expect(focused).to_contain_text(ana)
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("Poner a alguien de guardia")
        await expect(page.locator("#quien")).to_be_focused()
        await is_sound(page)
        await page.keyboard.type(bea)
        await page.keyboard.press("Enter")
        await page.locator("button.btn-primary").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".said")).to_contain_text("El turno quedó guardado.")
        assert week in page.url
        blocks = page.locator(f"{row} .shift")
        await expect(blocks).to_have_text([bea_at(bea, "08:00", "20:00")])
        # By dragging: from 10 to 12 in the row of that day.
        cells = page.locator(f"{row} td")
        first, last = await cells.first.bounding_box(), await cells.last.bounding_box()
        assert first is not None
        assert last is not None
        left, wide = first["x"], last["x"] + last["width"] - first["x"]
        middle = first["y"] + first["height"] / 2
        await page.mouse.move(left + wide * 10 / 24, middle)
        await page.mouse.down()
        await page.mouse.move(left + wide * 11 / 24, middle, steps=4)
        await page.mouse.move(left + wide * 12 / 24, middle, steps=4)
        await expect(page.locator(".marked")).to_have_text("10:00 – 12:00")
        await page.mouse.up()
        await expect(page.locator("#desde")).to_have_value(f"{monday + timedelta(days=1)}T10:00")
        await expect(page.locator("#hasta")).to_have_value(f"{monday + timedelta(days=1)}T12:00")
        await expect(page.locator(".plain").first).to_contain_text(bea)
        await page.locator("#quien").select_option(label=await label_of(page, ana))
        await page.locator("button.btn-primary").click()
        await expect(blocks).to_have_count(3)
        await expect(blocks.nth(1)).to_contain_text(ana)
        # A person is dragged onto a block: the form has both.
        await page.locator(f'.chips li:has-text("{ana}")').first.hover()
        await page.mouse.down()
        box = await blocks.first.bounding_box()
        assert box is not None
        await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        await page.mouse.up()
        await expect(page.locator("#desde")).to_have_value(f"{monday + timedelta(days=1)}T08:00")
        assert ana in await page.locator("#quien option:checked").inner_text()
        for place in PLACES:
            await page.goto(f"{console.url}{place}")
            await is_sound(page)
        await page.set_viewport_size(PHONE)
        for place in ("/guardias", "/guardias/turno?rotacion=1", *PLACES):
            await page.goto(f"{console.url}{place}")
            await is_sound(page)
    async with signed_in(chromium, console, Role.DUTY, "Beatriz Inventada", size=PHONE) as page:
        await page.goto(f"{console.url}/guardias?semana={week}")
        tuesday = page.locator(".roster-days > li").nth(1)
        await expect(tuesday).to_contain_text("12:00 – 20:00")
        await expect(tuesday.locator("a")).to_have_count(0)
        await is_sound(page)
        await page.get_by_role("link", name="Mis turnos").click()
        await expect(page.locator(".mine > li")).to_have_count(2)
        await is_sound(page)
        await page.locator(".mine .cannot summary").first.click()
        await page.get_by_role("button", name="Pasar mi turno").first.click()
        await expect(page.locator(".said")).to_contain_text("Pasamos su turno a quien sigue")
        await expect(page.locator(".mine > li")).to_have_count(1)


def bea_at(bea: str, begins: str, ends: str) -> str:
    return f"{bea} {begins} – {ends}"


async def label_of(page: Page, name: str) -> str:
    """The words of the choice for somebody."""
    found = page.locator("#quien option", has_text=f"{name} (Guardia Inventada)")
    return (await found.inner_text()).strip()
