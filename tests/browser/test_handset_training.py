"""A desk with many phones, used with the keyboard, to learn by; and links that lead to it."""

import asyncio
import json
from urllib.parse import quote

from playwright.async_api import Page, Route, expect

from delivery.content import Button
from kit.channels import Channel
from locales.catalog import render
from tests.browser.chromium import needs_browser
from tests.browser.staff import DESK, PHONE, faults_of_access, is_wider_than_the_window
from tests.browser.window import open_page, panel, phone
from tests.transports.handset_stage import OFELIA, Stage
from transports.handset.store import add_phone, ensure_phones
from transports.intake import Arrival

HOSTILE = "<img src=x onerror=document.title='taken'>&\"' ‮مرحبا 🌽"

NAME = HOSTILE.replace("\u202e", "")
"""What turns the writing around is refused in a name."""

pytestmark = needs_browser


async def test_what_a_link_brings_stands_in_the_first_phone_and_is_not_sent(
    page: Page, playing: Stage
) -> None:
    title = await page.title()
    await page.goto(f"{playing.url}/handset?start={quote(HOSTILE)}")
    text = panel(page, 1, Channel.TELEGRAM).get_by_role("textbox")
    await expect(text).to_have_value(f"/start {HOSTILE}")
    await expect(text).to_be_focused()
    await expect(page.locator("#filled")).to_contain_text("Doña Ofelia")
    # What was not sent is still there after a reload, in its own tab alone.
    await page.reload()
    await expect(text).to_have_value(f"/start {HOSTILE}")
    await expect(page.locator("#filled")).to_be_hidden()
    assert (await page.title(), page.url) == (title, f"{playing.url}/handset")

    await page.goto(f"{playing.url}/handset?sms={quote('ALTA TLAXIACO ' + 'x' * 6000)}")
    text = panel(page, 1, Channel.SMS).get_by_role("textbox")
    await expect(text).to_be_visible()
    assert len(await text.input_value()) == 1000
    for odd in ("?sms=", "?sms=%20%0a", "?sms=%FF%00", "?start", "?other=1&start=a&start=b"):
        await page.goto(f"{playing.url}/handset{odd}")
        await page.locator("#phones[aria-busy=false]").wait_for()
    assert playing.arrivals == []
    assert await page.locator("#phones img").count() == 0


async def test_an_exercise_is_done_without_a_mouse_and_ticks_itself(
    page: Page, playing: Stage
) -> None:
    async def answer(arrival: Arrival) -> None:
        raw = json.loads(arrival.raw)
        pressed = raw.get("callback_query", {}).get("data")
        text = "" if pressed else raw["message"]["text"]
        yes = ((Button(render("chat.button.yes_notices", "es"), "yes"),),)
        if pressed == "yes":
            await playing.send(render("chat.subscribe.no_town", "es"), to=OFELIA)
        elif text == "Tlaxiaco":
            done = render("chat.subscribe.done", "es", {"town": text})
            await playing.send(done, to=OFELIA)
        else:
            await playing.send(render("chat.subscribe.ask", "es"), to=OFELIA, buttons=yes)

    playing.answer = answer
    await page.locator("#guide").focus()
    await page.keyboard.press("Enter")
    join = page.locator("[data-lesson=join]")
    await join.locator(".begin").focus()
    await page.keyboard.press("Enter")
    await expect(join.locator(".count")).to_have_text("0/4")
    await page.keyboard.press("Alt+Digit1")
    await page.keyboard.type("alta")
    await page.keyboard.press("Enter")
    await expect(join.locator("li.done")).to_have_count(2)
    await panel(page, 1, Channel.TELEGRAM).locator(".key").focus()
    await page.keyboard.press("Enter")
    await expect(join.locator("li.done")).to_have_count(3)

    # Another tab is as far, and so is this one after a reload.
    other = await page.context.new_page()
    await open_page(other, playing)
    await expect(other.locator("[data-lesson=join] li.done")).to_have_count(3)
    await other.close()
    await open_page(page, playing)
    await page.keyboard.press("Alt+Digit1")
    await page.keyboard.type("Tlaxiaco")
    await page.keyboard.press("Enter")
    await expect(join.locator(".finished")).not_to_be_empty()
    await expect(join.locator("li.done")).to_have_count(4)
    await page.keyboard.press("Alt+ArrowDown")
    await expect(panel(page, 2, Channel.TELEGRAM).get_by_role("textbox")).to_be_focused()
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        assert await faults_of_access(page) == []
        assert not await is_wider_than_the_window(page)


async def test_on_a_slow_or_broken_line_no_word_is_lost(page: Page, playing: Stage) -> None:
    async def slowly(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    playing.answer = None
    chat = panel(page, 1, Channel.TELEGRAM)
    await page.route("**/phones/1/text", slowly, times=1)
    await chat.get_by_role("textbox").fill("muy despacio")
    await page.keyboard.press("Enter")
    await expect(chat.locator(".pending .said")).to_have_text("muy despacio")
    await expect(chat.locator(".in:not(.pending) .ticks:visible")).to_have_count(1)
    await expect(chat.locator(".pending")).to_have_count(0)

    await page.context.set_offline(True)
    await chat.get_by_role("textbox").fill("sin línea")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_role("alert")).to_be_visible()
    await expect(chat.get_by_role("textbox")).to_have_value("sin línea")
    await page.context.set_offline(False)
    await playing.send("Mientras tanto " + "w" * 4000 + " مرحبا 🌽")
    await open_page(page, playing)
    await expect(chat.get_by_role("textbox")).to_have_value("sin línea")
    await expect(chat.locator(".out .said")).to_contain_text("مرحبا")
    assert not await is_wider_than_the_window(page)


async def test_among_fifty_phones_one_is_found_renamed_and_taken_away(
    page: Page, playing: Stage
) -> None:
    async with playing.database.write() as session:
        await ensure_phones(session)
        for n in range(50):
            await add_phone(session, f"Vecina {n} {'Ñuñez' * (n % 9)}")
    await page.set_viewport_size(PHONE)
    await open_page(page, playing)
    await expect(page.locator(".chip")).to_have_count(54)
    await page.locator("#find").fill("vecina 44")
    await expect(page.locator(".chip:visible")).to_have_count(1)
    await page.locator(".chip:visible").click()
    found = phone(page, 49)
    await expect(found).to_be_visible()
    await found.locator(".more").click()
    await found.locator(".rename").click()
    await page.locator("#d-name input").fill(HOSTILE)
    await page.keyboard.press("Enter")
    await expect(page.locator("#d-name").get_by_role("alert")).to_be_visible()
    await page.locator("#d-name input").fill(NAME)
    await page.keyboard.press("Enter")
    await expect(found.locator("h2")).to_have_text(NAME)
    await expect(page.locator(".chip").nth(48).locator(".chip-name")).to_have_text(NAME)
    assert not await is_wider_than_the_window(page)
    await found.locator(".more").click()
    await found.locator(".remove").click()
    await expect(page.locator("#d-remove")).to_contain_text("<img")
    await page.locator("#d-remove [type=submit]").click()
    await expect(page.locator(".chip")).to_have_count(53)
    await expect(page.locator("#d-remove")).to_be_hidden()
