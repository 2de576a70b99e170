"""A campaign in two browsers: written by one person, approved by another, sent, looked back at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from campaigns import service
from kit.channels import Channel
from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import (
    PHONE,
    faults_of_access,
    is_wider_than_the_window,
    signed_in,
)
from tests.console_stage import Console, console_stage
from tests.stores.campaign_people import Person, a_draft, add_people

pytestmark = needs_browser


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        async with opened.database.write() as session:
            people = [Person((Channel.SMS,)) for _ in range(8)]
            await add_people(session, [*people, Person((Channel.SMS,), stopped=(Channel.SMS,))])
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


async def press(page: Page, name: str) -> None:
    """Press a button by the keyboard."""
    await page.get_by_role("button", name=name).focus()
    await page.keyboard.press("Enter")


async def test_one_writes_another_approves_and_both_see_it_leave(
    chromium: Chromium, console: Console
) -> None:
    writer = await console.member(Role.COMMUNICATOR)
    async with console.database.write() as session:
        now = console.clock.now()
        made = await service.create(session, a_draft(), writer, now, as_draft=True)
    here = f"{console.url}/campanas/{made}"
    async with (
        signed_in(chromium, console, Role.COMMUNICATOR) as ana,
        signed_in(chromium, console, Role.COORDINATOR, size=PHONE) as cora,
    ):
        await ana.goto(here)
        await expect(ana.locator("#sheet .big")).to_have_text("8 de 9")
        await is_sound(ana)
        await press(ana, "Presentar para aprobación")
        await expect(ana.locator(".said")).to_contain_text("en revisión")
        await expect(ana.get_by_text("la aprueba otra persona")).to_be_visible()
        await ana.goto(f"{console.url}/inicio")
        await expect(ana.locator("main")).to_contain_text("Sus campañas en revisión: 1")
        await ana.goto(here)

        await cora.goto(f"{console.url}/campanas")
        await is_sound(cora)
        await cora.locator(".card.yours a").click()
        await expect(cora.locator(".said-text")).to_have_text(
            "Nadie del programa le pedirá dinero."
        )
        # Changed while it is read: it says so, and the yes to the old words is none to the new.
        async with console.database.write() as session:
            other = a_draft(audience="topic:fraud and language:es")
            await service.edit(session, made, other, writer, console.clock.now())
        await expect(cora.locator("#changed")).to_contain_text("cambió")
        await press(cora, "Aprobar")
        await expect(cora.locator("h1")).to_have_text("La campaña cambió")
        await expect(cora.locator(".difference .is")).to_contain_text("language:es")
        await is_sound(cora)
        await cora.get_by_role("link", name="Leer cómo está ahora").click()
        await press(cora, "Aprobar")
        await expect(cora.locator(".said")).to_contain_text("aprobada")
        await expect(ana.locator("#changed")).to_contain_text("aprobada")

        await ana.goto(here)
        # It cannot be taken back: the first press shows to how many, by which way and when.
        start = ana.locator("details.start")
        await start.locator("summary", has_text="Empezar a enviar a 8 personas").focus()
        await ana.keyboard.press("Enter")
        await expect(start.locator("dl")).to_contain_text("8 · SMS: 8")
        await expect(start.locator("dl")).to_contain_text("Empieza a salir ahora")
        await expect(ana.locator(".heading .state")).to_have_text("aprobada")
        await is_sound(ana)
        await press(ana, "Sí, empezar a enviar")
        await expect(ana.locator("#progress")).to_contain_text("Avance")
        await console.move(seconds=30)
        # The page finds out by itself that it is over, and what may be done now.
        await expect(ana.locator(".heading .state")).to_have_text("terminada")
        await expect(ana.locator("#progress")).to_contain_text("de 9")
        # What is over looks so: nothing of it is to come any more.
        await expect(ana.locator("#content-title")).to_have_text("Lo que dijo")
        await expect(ana.locator("dl.facts")).to_contain_text("Cuándo salió")
        for gone in ("#sheet", "#test-title"):
            await expect(ana.locator(gone)).to_have_count(0)
        await is_sound(ana)
        await ana.goto(f"{console.url}/campanas")
        await expect(ana.locator("td", has_text="Salió")).to_have_count(1)

        await cora.goto(f"{here}/informe")
        await expect(cora.locator("#missed")).to_contain_text("de 9")
        await is_sound(cora)
        async with cora.expect_download() as saved:
            await cora.get_by_role("link", name="CSV").click()
        assert (await (await saved.value).path()).read_text("utf-8-sig").count("\n") == 10
        await cora.goto(f"{console.url}/campanas/calendario")
        await expect(cora.locator(".entry-left")).to_contain_text("salió")
        await is_sound(cora)
