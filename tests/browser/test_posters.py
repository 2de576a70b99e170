"""Posters in a browser: made by the keyboard alone, and printed so that a camera reads them."""

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
import segno
from playwright.async_api import Locator, Page, expect

from console.posters.drawing import LEVEL
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

QUIET = 4
"""Modules of white that a camera needs around a code (ISO/IEC 18004)."""

SIZES = ("hoja", "tiras", "media", "cuarto")

_DARK = """async ([picture, side]) => {
  const drawn = new Image();
  drawn.src = "data:image/png;base64," + picture;
  await drawn.decode();
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width;
  canvas.height = drawn.height;
  const context = canvas.getContext("2d");
  context.drawImage(drawn, 0, 0);
  const at = (of, whole) => Math.floor((of + 0.5) * whole / side);
  return Array.from({length: side}, (_, row) => Array.from({length: side}, (_, column) =>
    context.getImageData(at(column, canvas.width), at(row, canvas.height), 1, 1).data[0] < 128));
}"""


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


async def reads_as(page: Page, code: Locator, address: str) -> None:
    """A printed picture is the QR code of an address, module by module, with its white border."""
    meant = segno.make(address, error=LEVEL, micro=False, boost_error=False)
    modules = [[bool(dark) for dark in row] for row in meant.matrix_iter(border=QUIET)]
    shot = base64.b64encode(await code.screenshot()).decode()
    assert await page.evaluate(_DARK, [shot, len(modules)]) == modules


async def test_a_poster_is_made_by_keys_and_printed_so_that_a_camera_reads_it(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.COMMUNICATOR, size=PHONE) as page:
        await page.goto(f"{console.url}/carteles")
        await is_sound(page)
        await page.get_by_role("link", name="Nuevo cartel").focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("Municipio o región").focus()
        await page.keyboard.type("san juan mixtepec")
        await page.get_by_label("Dónde se va a colgar").focus()
        await page.keyboard.type("Terminal de autobuses")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Hay varios con ese nombre. Elija cuál es.")).to_be_visible()
        await is_sound(page)
        await page.get_by_label("San Juan Mixtepec (Mixteca)").focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.locator(".said")).to_contain_text("Ya puede imprimirlo.")
        await is_sound(page)
        code = page.url.rpartition("/")[2]
        assert re.fullmatch(r"[2-9A-Z]{5}", code)
        await expect(page.get_by_text("Terminal de autobuses")).to_be_visible()
        await page.goto(f"{console.url}/suscribirse?c={code}")
        await expect(page.locator("h1")).to_have_text("Avisos para San Juan Mixtepec (Mixteca)")
        opened = page.get_by_role("link", name="Abrir Telegram")
        await expect(opened).to_have_attribute("href", f"/handset?start={code}")
        await is_sound(page)
    async with signed_in(chromium, console, Role.DUTY, size=DESK) as page:
        base = console.platform.settings.base_url
        for size in SIZES:
            await page.goto(f"{console.url}/carteles/{code}?tamano={size}")
            await is_sound(page)
            await page.emulate_media(media="print")
            pictures = page.locator(".sheet .code")
            await expect(pictures).to_have_count({"media": 4, "cuarto": 8}.get(size, 2))
            await reads_as(page, pictures.nth(0), f"{base}/handset?start={code}")
            await reads_as(page, pictures.nth(1), f"{base}/handset?sms=ALTA%20{code}")
            await expect(page.get_by_role("navigation")).to_be_hidden()
            printed = await page.pdf(prefer_css_page_size=True)
            assert printed.count(b"/MediaBox") == 1, "one sheet of paper"
            await page.emulate_media(media="null")
        await page.goto(f"{console.url}/carteles/{code}")
        await page.get_by_text("Retirar este cartel").click()
        await page.get_by_role("button", name="Retirar").click()
        await expect(page.locator(".said")).to_have_text("El cartel quedó retirado.")
        await is_sound(page)
    async with signed_in(chromium, console, None, size=DESK, language="en") as page:
        await page.goto(f"{console.url}/suscribirse?c={code}&lang=en")
        await expect(page.locator("h1")).to_have_text("Get notices")
        await is_sound(page)
