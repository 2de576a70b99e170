"""The institute's own words: an administrator writes them, and the public reads them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, Request, expect

from campaigns.warnings import store
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
from tests.unit.campaigns.bulletins import ALERT

pytestmark = needs_browser


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == [], page.url
    assert not await is_wider_than_the_window(page), page.url


def noting(asked: list[str]) -> Callable[[Request], None]:
    """Keeps the address of everything that a page asks for."""
    return lambda request: asked.append(request.url)


async def test_an_administrator_writes_the_transparency_unit_and_the_notice_names_it(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.ADMIN, size=PHONE) as page:
        for path in ("/ajustes/cambios", "/ajustes/plataforma", "/ajustes"):
            await page.goto(f"{console.url}{path}")
            await is_sound(page)
        await expect(page.locator(".missing a")).to_have_count(6)
        # By keys alone.
        await page.get_by_label("Cómo comunicarse con la Unidad de Transparencia").focus()
        await page.keyboard.type("ut@instituto.example.org")
        await page.get_by_label("Correo").focus()
        await page.keyboard.type("ninguno@")
        await page.get_by_role("button", name="Guardar").focus()
        # The browser would refuse it, too; it is the platform that has to.
        await page.evaluate("document.querySelector('form[data-keep]').noValidate = true")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("No es una dirección de correo")).to_be_visible()
        await is_sound(page)
        await page.get_by_label("Correo").fill("")
        # A colleague is faster, with something else.
        async with signed_in(chromium, console, Role.ADMIN, "Otra Inventada") as other:
            await other.goto(f"{console.url}/ajustes")
            await other.get_by_label("Horario de atención").fill("de 9 a 17")
            await other.get_by_role("button", name="Guardar").click()
            await expect(other.locator(".said")).to_contain_text("Quedó guardado")
            await is_sound(other)
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".meeting")).to_contain_text("Otra Inventada")
        await expect(page.locator(".meeting")).to_contain_text("de 9 a 17")
        await expect(page.get_by_label("Horario de atención")).to_have_value("de 9 a 17")
        await is_sound(page)
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".said")).to_contain_text("Quedó guardado")
        await expect(page.locator(".missing a")).to_have_count(5)
        await page.get_by_role("link", name="Aviso de privacidad simplificado").click()
        await expect(page.locator(".contact")).to_contain_text("ut@instituto.example.org")
        await page.goto(f"{console.url}/ajustes/cambios")
        await expect(page.locator(".change")).to_have_count(2)
        await is_sound(page)


async def test_the_public_pages_can_be_read_by_anybody_at_any_width_in_both_languages(
    chromium: Chromium, console: Console
) -> None:
    now = console.clock.now().replace(microsecond=0)
    async with console.database.write() as session:
        standing = replace(ALERT, sent=now, expires=now + timedelta(hours=40))
        await store.add(session, standing, None)
    widths = ((PHONE, "es", "Ir al contenido"), (DESK, "en", "Skip to the content"))
    for size, lang, skip in widths:
        async with signed_in(chromium, console, None, size=size) as page:
            asked: list[str] = []
            page.on("request", noting(asked))
            for path in ("/", "/privacidad", "/privacidad/completo", "/avisos", "/avisos/12"):
                answer = await page.goto(f"{console.url}{path}?lang={lang}")
                assert answer is not None
                assert answer.status == 200
                assert len(await answer.body()) < 60_000
                await expect(page.locator("html")).to_have_attribute("lang", lang)
                await expect(page.locator(".skip")).to_have_text(skip)
                await is_sound(page)
            assert not await page.context.cookies()
            assert not [one for one in asked if ".js" in one]
    async with signed_in(chromium, console, None, size=PHONE) as page:
        # Somebody who was sent the address finds what to do, and the other warnings.
        await page.goto(f"{console.url}/avisos")
        await page.get_by_role("link", name="Cuidado con las visas falsas").click()
        await expect(page.get_by_text("Guarde los recibos.")).to_be_visible()
        await page.get_by_text("mixe").click()
        await expect(page.locator("details[open]")).to_have_count(1)
        await page.get_by_role("link", name="English").click()
        await expect(page.locator("h1")).to_have_text("Beware of false visas")
