"""The office in a browser: a colleague is taken on and comes in by their link, a number is verified
in two presses on a phone, and who audits reads what was done."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

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


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it at either width, and nothing hangs over its edge."""
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        assert await faults_of_access(page) == []
        assert not await is_wider_than_the_window(page)


async def test_an_administrator_takes_somebody_on_who_comes_in_by_their_link(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.ADMIN) as page:
        await page.goto(f"{console.url}/equipo")
        await is_sound(page)
        await page.get_by_role("link", name="Dar de alta").click()
        await is_sound(page)
        await page.set_viewport_size(DESK)
        await page.get_by_label("Nombre").fill("Nora Inventada")
        await page.get_by_label("Correo").fill("nora@example.org")
        await page.get_by_label("Guardia").check()
        await page.get_by_label("mixe", exact=True).check()
        take_on = page.get_by_role("button", name="Dar de alta y hacer el enlace")
        await take_on.click()
        # Whoever is on duty has to be woken somehow; what was typed is still there.
        await expect(page.locator(".alert-danger")).to_be_visible()
        await expect(page.get_by_label("Correo")).to_have_value("nora@example.org")
        await page.get_by_label("Chat de Telegram").fill("900055")
        await take_on.click()
        await expect(page.locator("h1")).to_have_text("Enlace para Nora Inventada")
        link = await page.get_by_label("Enlace", exact=True).input_value()
        await is_sound(page)
        await page.goto(f"{console.url}/equipo")
        row = page.locator(".person", has_text="Nora Inventada")
        await expect(row).to_contain_text("Con enlace pendiente")
        await row.get_by_role("link").click()
        await is_sound(page)
    async with signed_in(chromium, console, None) as page:
        await page.goto(console.url + link[link.index("/entrar/") :])
        for label in ("Contraseña nueva", "Otra vez"):
            await page.get_by_label(label).fill("una frase larga y rara 7")
        await page.get_by_role("button").click()
        await expect(page.locator("h1")).to_have_text("Inicio")
        # In a role of theirs: the team is not for them.
        await expect(page.locator(".side")).to_contain_text("Directorio")
        assert await page.get_by_role("link", name="Equipo").count() == 0


async def test_a_number_is_verified_in_two_presses_and_the_auditor_reads_it(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.DUTY, size=PHONE) as page:
        await page.goto(f"{console.url}/directorio?q=chicago")
        await is_sound(page)
        entry = page.locator(".entry")
        await expect(entry).to_contain_text("Sin verificar: se da con advertencia")
        await entry.get_by_role("link", name="Ya llamé").click()
        await is_sound(page)
        await page.get_by_role("button", name="Contestan y son ellos").click()
        await expect(page.locator(".said")).to_contain_text("Verificado")
        await expect(page.locator(".standing")).to_contain_text("Verificado")
        for path in ("nuevo", "importar"):
            await page.goto(f"{console.url}/directorio/{path}")
            await is_sound(page)
    await console.platform.watch.seal()
    async with signed_in(chromium, console, Role.AUDITOR) as page:
        await page.goto(f"{console.url}/auditoria?acto=directory.verify")
        await expect(page.locator(".line")).to_contain_text("Llamó a un número y contestan")
        await is_sound(page)
        await page.get_by_role("button", name="Comprobar ahora").click()
        await expect(page.locator("#chain")).to_contain_text("La cadena está completa")
        await page.goto(f"{console.url}/sistema")
        await expect(page.locator("#now")).to_contain_text("Todo lo que llegó se procesó")
        await is_sound(page)
