"""Writing a campaign in a browser: by the keyboard alone, on a phone, and over a lost session."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from campaigns import service
from campaigns.model import CampaignState
from kit.channels import Channel
from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import PHONE, faults_of_access, is_wider_than_the_window, signed_in
from tests.console_stage import Console, console_stage
from tests.stores.campaign_people import Person, add_people

pytestmark = needs_browser

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        async with opened.database.write() as session:
            about: dict[str, object] = {"state": "CA", "country": "US"}
            people = [Person((Channel.SMS,), about=about) for _ in range(3)]
            mixtec = Person((Channel.SMS,), language="mixteco", about=about)
            await add_people(session, [*people, mixtec, Person((Channel.SMS,))])
        yield opened


async def press(page: Page, name: str, key: str = "Enter") -> None:
    """Press a button by the keyboard."""
    button = page.get_by_role("button", name=name, exact=True).first
    await button.focus()
    await page.keyboard.press(key)
    await idle(page)


async def idle(page: Page) -> None:
    """Wait until no part of the page is on its way."""
    await expect(page.locator("#editor [aria-busy=true]")).to_have_count(0)


async def typed(page: Page, label: str, text: str) -> None:
    """Type into a field that has the focus."""
    field = page.get_by_label(label).first
    await field.focus()
    await page.keyboard.type(text)


async def is_sound(page: Page) -> None:
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


async def test_a_campaign_is_written_by_the_keyboard_alone_and_seen_while_it_is(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.COMMUNICATOR) as page:
        await page.goto(f"{console.url}/campanas/nueva")
        await is_sound(page)
        await typed(page, "Título", "Nadie cobra")
        await page.keyboard.press("Enter")
        assert page.url.endswith("/nueva")

        # Who gets it: a condition, its value, and how many they are.
        await page.locator("#row_new").focus()
        await page.keyboard.type("Estado")
        await press(page, "Agregar condición")
        await expect(page.locator("[id='row.0.more']")).to_be_focused()
        await page.keyboard.type("California")
        await page.keyboard.press("Enter")
        await expect(page.locator(".chip", has_text="California")).to_be_visible()
        await idle(page)
        await expect(page.locator("#count .big")).to_have_text("4")
        await expect(page.locator("#count .borrowed")).to_contain_text("mixteco la recibe en")
        await expect(page.locator("#count")).to_contain_text("aceptaron el tema: 0 de 4")

        # What it says, and at once what people will see; marks by a button.
        text = page.locator("[id='c.es.text']")
        await text.focus()
        await page.keyboard.type(f"Nadie cobra. {HOSTILE} Aquí no 😀 ")
        await press(page, "Negrita")
        await page.keyboard.type("nunca")
        see = page.locator("[id='preview.es']")
        await expect(see.locator("strong", has_text="nunca")).to_be_visible()
        await expect(see.locator(".bubble")).to_contain_text(HOSTILE)
        await expect(see.locator(".dear").first).to_have_text("í")
        await expect(see.locator(".measure", has_text="Partes de SMS: 2")).to_be_visible()

        # Another language, and a button of it; what is typed while they come stays.
        await page.locator("#language_new").focus()
        await page.keyboard.type("mixteco")
        await press(page, "Agregar lengua")
        await expect(page.locator("[id='c.mixteco.text']")).to_be_focused()
        await page.keyboard.type("Ñuu")
        # Whoever speaks it gets it in Spanish no more, and the page says so no more.
        await expect(page.locator("#count .borrowed")).to_have_count(0)
        await expect(page.locator("#count .big")).to_have_text("4")
        await page.locator("[id='words.mixteco'] summary", has_text="Botones").focus()
        await page.keyboard.press("Enter")
        await page.locator("[id='words.mixteco'] [value='button_add:mixteco']").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("[id='c.mixteco.button.0.label']")).to_be_focused()
        await page.keyboard.type("Leer")
        await expect(page.locator("[id='preview.mixteco'] li")).to_contain_text("Leer")
        await expect(text).to_have_value(f"Nadie cobra. {HOSTILE} Aquí no 😀 **nunca**")
        await is_sound(page)

        # A fault leads to its field, and nothing is lost.
        await press(page, "Guardar y pedir aprobación")
        await expect(page.locator("#faults")).to_be_focused()
        await page.locator("#faults a").focus()
        await page.keyboard.press("Enter")
        assert page.url.endswith("#c.mixteco.button.0.value")
        await page.locator("[id='c.mixteco.button.0.value']").focus()
        await page.keyboard.type("https://example.org/")
        await is_sound(page)
        await press_and_leave(page, "Guardar y pedir aprobación")
        await expect(page.locator(".said")).to_contain_text("aprueba otra persona")
        await nothing_is_kept(page)
    async with console.database.read() as session:
        one = await service.get(session, 1)
    assert one.state is CampaignState.REVIEW
    assert one.draft.audience == "state:CA"
    assert set(one.draft.contents) == {"es", "mixteco"}


async def press_and_leave(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def nothing_is_kept(page: Page) -> None:
    """What was taken does not stand in the browser any more, once its script has run."""
    for _try in range(400):
        names: list[str] = await page.evaluate("Object.keys(sessionStorage)")
        if not any(one.startswith("keep:") for one in names):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("what was saved is still kept")


async def test_on_a_phone_a_session_that_ends_in_the_middle_costs_no_word(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.COMMUNICATOR, size=PHONE) as page:
        await page.goto(f"{console.url}/campanas/nueva")
        await page.fill("#title", "Escrito a medias")
        await page.select_option("#language_new", "en")
        await press(page, "Agregar lengua")
        await page.fill("[id='c.en.text']", "Nobody charges")
        await page.select_option("#row_new", "region")
        await press(page, "Agregar condición")
        await page.locator(".chip", has_text="Mixteca").click()
        await idle(page)
        await expect(page.locator("[id='row.0.mixteca']")).to_be_checked()
        await page.check("[id='when.at']")
        await page.fill("#at_time", "10:00")
        await is_sound(page)

        await page.context.clear_cookies()
        await page.get_by_role("button", name="Guardar como borrador").click()
        await page.wait_for_url("**/entrar**")
        cookie = await console.cookie(Role.COMMUNICATOR)
        await page.context.add_cookies([{"name": "tequio", "value": cookie, "url": console.url}])
        await page.goto(f"{console.url}/campanas/nueva")
        await expect(page.locator("[data-restored]")).to_be_visible()
        await expect(page.locator("#title")).to_have_value("Escrito a medias")
        await expect(page.locator("[id='c.en.text']")).to_have_value("Nobody charges")
        await expect(page.locator("[id='row.0.mixteca']")).to_be_checked()
        await expect(page.locator("#at_time")).to_have_value("10:00")
        await is_sound(page)

        # And what came back can be saved.
        await page.fill("[id='c.es.text']", "Nadie cobra")
        await page.check("[id='when.now']")
        await page.get_by_role("button", name="Guardar como borrador").click()
        await expect(page.locator(".said")).to_have_text("Borrador guardado.")
        await nothing_is_kept(page)
