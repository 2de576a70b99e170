"""One person's page in a browser: found, put right, told, stopped and erased, by keys and on a
phone."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from contacts import service as contacts
from contacts import store
from contacts.service import Words
from kit.channels import Channel, Endpoint
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

NUMBER = "+12135550123"


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, nothing hangs over its edge, no number is in the address."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)
    assert NUMBER[-4:] not in page.url


async def subscribed(console: Console) -> int:
    now = console.clock.now() - timedelta(days=30)
    async with console.database.write() as session:
        ends = Endpoint(Channel.SMS, NUMBER)
        made = await contacts.subscribe(session, Words(ends, "ALTA TLAXIACO", now), "es")
        await store.add_address(session, made.id, Endpoint(Channel.TELEGRAM, "5551234567"))
    return made.id


async def proven(page: Page) -> None:
    await page.get_by_label("¿Cómo se comprobó quién es?").select_option("document")


async def test_a_person_is_found_corrected_given_their_data_and_erased_on_a_phone(
    chromium: Chromium, console: Console
) -> None:
    ida = await subscribed(console)
    here = f"{console.url}/personas/{ida}"
    async with signed_in(chromium, console, Role.COMMUNICATOR, size=PHONE) as page:
        await page.goto(f"{console.url}/personas")
        await is_sound(page)
        # The field has the focus: what is typed is looked for.
        await page.keyboard.type("52 1 951 555 0199")
        await page.keyboard.press("Enter")
        await expect(page.locator(".results")).to_contain_text("No hay nadie")
        await page.locator("#who").fill("213 555 0123")
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text(f"Persona {ida}")
        await is_sound(page)
        line = page.locator(".line", has_text="SMS")
        await expect(line).not_to_contain_text(NUMBER)
        await line.locator("summary").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.type("Pidió que le llamemos")
        await page.keyboard.press("Enter")
        await expect(line.locator("output")).to_have_text(NUMBER)
        await is_sound(page)
        await page.goto(here)
        await expect(line).not_to_contain_text(NUMBER)
        await expect(page.locator(".history")).to_contain_text("Pidió que le llamemos")

        await page.get_by_role("link", name="Corregir").click()
        await page.get_by_label("De dónde es su familia").fill("san juan mixtepec")
        await page.get_by_label("Dónde está ahora").fill("Fresno, California")
        await page.get_by_label("Emergencias").check()
        await proven(page)
        await page.get_by_role("button", name="Guardar").click()
        # There are two of that name, and a topic more needs the person's own words.
        await page.get_by_label("San Juan Mixtepec (Sierra Sur)").check()
        await is_sound(page)
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".alert-danger")).to_contain_text("con qué palabras")
        await page.get_by_label("¿con qué palabras").fill("Sí, avíseme de emergencias")
        # What was chosen before is still there.
        await expect(page.get_by_label("San Juan Mixtepec (Sierra Sur)")).to_be_checked()
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".said")).to_have_text("Quedaron corregidos los datos.")
        await expect(page.locator(".facts-list")).to_contain_text("San Juan Mixtepec")
        await expect(page.locator(".facts-list")).to_contain_text("Fresno, California")

        await page.goto(f"{here}/oponer")
        await page.get_by_label("Telegram").uncheck()
        await page.get_by_label("¿Con qué palabras lo dijo?").fill("Ya no me manden")
        await is_sound(page)
        await page.get_by_role("button", name="Dejar de enviarle").click()
        await expect(page.locator(".line", has_text="SMS")).to_contain_text("Pidió no recibir")

        await page.goto(f"{here}/datos")
        await is_sound(page)
        await proven(page)
        await page.get_by_label("Archivo JSON").check()
        async with page.expect_download() as coming:
            await page.get_by_role("button", name="Entregar").click()
        file = await (await coming.value).path()
        copy = json.loads(await asyncio.to_thread(file.read_text, "utf-8"))
        assert [one["endpoint"] for one in copy["addresses"]] == [NUMBER, "5551234567"]
        assert copy["person"]["place"]["city"] == "Fresno"
        assert len(copy["not_included"]) == 3

        await page.goto(f"{here}/borrar")
        await proven(page)
        await page.get_by_label("Para confirmar").fill("borra")
        await page.get_by_role("button", name="Borrar para siempre").click()
        await expect(page.locator(".alert-danger")).to_contain_text("la palabra completa")
        await is_sound(page)
        await page.get_by_label("Para confirmar").fill("borrar")
        await page.keyboard.press("Enter")
        await expect(page.locator(".said")).to_have_text("Los datos quedaron borrados.")
        gone = await page.goto(here)
        assert gone is not None
        assert gone.status == 404


async def test_requests_and_a_change_by_another_meanwhile(
    chromium: Chromium, console: Console
) -> None:
    ida = await subscribed(console)
    here = f"{console.url}/personas/{ida}"
    async with signed_in(chromium, console, Role.COORDINATOR, size=DESK) as page:
        await page.goto(here)
        await page.get_by_text("Registrar una solicitud").click()
        await page.get_by_label("¿Qué pide?").select_option("access")
        await page.get_by_role("button", name="Registrar").click()
        await expect(page.locator(".said")).to_have_text("Quedó registrada la solicitud.")
        await is_sound(page)
        await proven(page)
        await page.get_by_role("button", name="Anotar cómo se comprobó la identidad").click()
        await expect(page.locator(".history")).to_contain_text("Mostró una identificación")
        await page.goto(f"{console.url}/personas/solicitudes")
        await expect(page.locator(".requests")).to_contain_text("Quedan 20 días hábiles")
        await is_sound(page)

        await page.goto(f"{here}/corregir")
        async with console.database.write() as session:
            await contacts.set_language(session, ida, "mixteco")
        await page.get_by_label("Su relación con la migración").select_option("family")
        await proven(page)
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".changes")).to_contain_text("mixteco")
        await is_sound(page)
        await page.get_by_label("Lengua").select_option("mixteco")
        await page.get_by_role("button", name="Guardar").click()
        await expect(page.locator(".facts-list")).to_contain_text("Familiar")

        await page.goto(f"{here}/datos")
        await proven(page)
        await page.get_by_role("button", name="Entregar").click()
        await expect(page.locator(".copy")).to_contain_text(NUMBER)
        await is_sound(page)
        await page.goto(f"{console.url}/personas/solicitudes?ver=cerradas")
        await expect(page.locator(".requests li")).to_have_count(2)
