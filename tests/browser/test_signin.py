"""Coming in and going out, in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import update

from staff.model import Role
from staff.signin.invitations import first_link
from staff.signin.store import member_session
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import PHONE, faults_of_access, is_wider_than_the_window, signed_in
from tests.console_stage import Console, console_stage

pytestmark = needs_browser

PASSWORD = "caballo grapa correcta"


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def test_the_first_administrator_comes_in_by_the_link_that_the_start_prints(
    chromium: Chromium, console: Console
) -> None:
    async with console.database.write() as session:
        path = await first_link(session, console.clock.now())
    async with signed_in(chromium, console, None, size=PHONE) as page:
        await page.goto(f"{console.url}{path}")
        assert await faults_of_access(page) == []
        await page.get_by_label("Nombre").fill("Ana Inventada")
        await page.get_by_label("Correo").fill("ana@example.org")
        await page.get_by_label("Contraseña nueva").fill(PASSWORD)
        await page.get_by_label("Otra vez").fill("otra cosa distinta")
        await page.get_by_role("button", name="Guardar y entrar").click()
        await expect(page.get_by_role("alert")).to_contain_text("no son iguales")
        await expect(page.get_by_label("Nombre")).to_have_value("Ana Inventada")
        await page.get_by_label("Contraseña nueva").fill(PASSWORD)
        await page.get_by_label("Otra vez").fill(PASSWORD)
        await page.get_by_role("button", name="Guardar y entrar").click()
        await page.wait_for_url(f"{console.url}/inicio")

        await page.goto(f"{console.url}/cuenta")
        assert await faults_of_access(page) == []
        assert not await is_wider_than_the_window(page)
        await page.get_by_role("button", name="Salir").click()
        await expect(page).to_have_title("Entrar · Tequio")
        # Nothing of it stays in the browser for whoever sits here next.
        await page.go_back()
        await expect(page).to_have_title("Entrar · Tequio")

        await page.goto(f"{console.url}/entrar?lang=en&a=/cuenta")
        assert await faults_of_access(page) == []
        # By the keyboard alone.
        await page.get_by_label("E-mail").press_sequentially("ana@example.org")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{console.url}/cuenta")
        await expect(page.get_by_role("heading", level=1)).to_have_text("My account")


async def test_what_was_being_written_outlives_a_session_that_ended(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.COMMUNICATOR) as page:
        await page.goto(f"{console.url}/atenciones")
        note = page.locator("form[data-keep] textarea, form[data-keep] input[type=text]").first
        await note.fill("Santiago Invent")
        await page.locator("form[data-keep] select").first.select_option(index=1)
        async with console.database.write() as session:
            await session.execute(update(member_session).values(ended_at=console.clock.now()))
        await page.locator("form[data-keep] button[type=submit]").first.click()
        await expect(page.get_by_role("status")).to_contain_text("Su sesión terminó")
        cookie = await console.cookie(Role.COMMUNICATOR)
        await page.context.add_cookies([{"name": "tequio", "value": cookie, "url": console.url}])
        await page.goto(f"{console.url}/atenciones")
        await expect(note).to_have_value("Santiago Invent")


async def test_one_session_ends_another_and_its_pages_are_closed(
    chromium: Chromium, console: Console
) -> None:
    async with (
        signed_in(chromium, console, Role.DUTY) as here,
        signed_in(chromium, console, Role.DUTY) as there,
    ):
        await there.goto(f"{console.url}/cuenta")
        await here.goto(f"{console.url}/cuenta")
        await here.get_by_role("button", name="Cerrar todos los demás").click()
        await expect(here.get_by_role("status")).to_contain_text("Quedó cerrado")
        await there.reload()
        await expect(there).to_have_title("Entrar · Tequio")
